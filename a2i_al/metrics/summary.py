"""A comparison in, the line and the HTML that a notebook shows of it out. Everything from the data is escaped."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from a2i_al.metrics.wording import count, interval, percent

if TYPE_CHECKING:
    from a2i_al.metrics.comparison import Comparison

# No more rows than a notebook cell takes in at a glance.
_TOP = 5
_VERSIONS = 6

_CELL = "padding:.15em .9em .15em 0;text-align:left;background:none;border:none"
_NUMBER = "padding:.15em .9em .15em 0;text-align:right;background:none;border:none;font-variant-numeric:tabular-nums"
# A table takes no colour or size from around it in quirks mode, which some notebook front ends use.
_TABLE = "border-collapse:collapse;margin:.4em 0;color:inherit;font-size:inherit"
_QUIET = "opacity:.7;margin:.3em 0"


def to_line(rates: pd.DataFrame) -> str:
    """Return the one-line summary of a disagreement table: items, disagreements, rate and interval."""
    overall = rates[rates["scope"] == "all reviewed"]
    if len(overall) != 1:
        return f"Comparison({len(overall)} model versions, {int(overall['n'].sum())} rows)"
    row = overall.iloc[0]
    items, differ = count(row["n"], "item"), count(row["disagreements"], "disagreement")
    return f"Comparison({items}, {differ}: {percent(row['rate'])} {interval(row['low'], row['high'])})"


def to_html(comparison: Comparison) -> str:
    """Return the summary as self-contained HTML: rates, what they say about the stream, and the commonest confusions.

    It takes the notebook's own text colour, so that it reads on light and dark themes.
    """
    rates = comparison.disagreement()
    parts = ["<strong>Model against people</strong>", _rates_table(rates)]
    parts += [
        f'<p style="{_QUIET}">{escape(text)}</p>' for text in (left_out_note(comparison), scope_note(comparison, rates))
    ]
    if len(comparison.model_versions) == 1:
        parts.append(_confusions(comparison))
    return f'<div class="a2i-al-comparison" style="line-height:1.4">{"".join(p for p in parts if p)}</div>'


def _rates_table(rates: pd.DataFrame) -> str:
    versions, scopes = rates["model_version"].nunique(), rates["scope"].nunique()
    several = versions > 1
    head = [("Model version", _CELL)] * several + [("Items", _CELL), ("n", _NUMBER), ("Differ", _NUMBER)]
    head += [("Rate", _NUMBER), ("95 % interval", _NUMBER)]
    body = []
    for _, row in rates.head(_VERSIONS * scopes).iterrows():
        cells = [(str(row["model_version"]), _CELL)] * several + [(str(row["scope"]), _CELL)]
        cells += [(str(row["n"]), _NUMBER), (str(row["disagreements"]), _NUMBER)]
        cells += [(percent(row["rate"]), _NUMBER), (interval(row["low"], row["high"]), _NUMBER)]
        body.append(_row("td", cells))
    hidden = versions - _VERSIONS
    more = f'<p style="{_QUIET}">and {count(hidden, "more model version")}</p>' if hidden > 0 else ""
    return f'<table style="{_TABLE}">{_row("th", head)}{"".join(body)}</table>{more}'


def left_out_note(comparison: Comparison) -> str:
    """Say what could not be compared; nothing if all could."""
    reasons = ", ".join(f"{n} {reason}" for reason, n in comparison.left_out.items())
    return f"Not compared: {reasons}." if reasons else ""


def scope_note(comparison: Comparison, rates: pd.DataFrame) -> str:
    """Say what the rates are about: the pool, or the reviewed items only."""
    if not comparison.picked:
        return (
            "How the items were chosen is not known here: give compare() the picks before reading the rate as that of "
            "the stream."
        )
    if rates.loc[rates["scope"] == "audit slice", "n"].sum() == 0:
        return (
            "Every compared item was chosen deterministically: the rate describes these items and says nothing about "
            "the stream. Sample with audit_fraction above 0 for one that does."
        )
    return (
        "The audit slice was drawn at random: its rate estimates that of the pool. The others describe the reviewed "
        "items only."
    )


def _confusions(comparison: Comparison) -> str:
    table = comparison.table
    wrong = table[table["disagrees"].astype(bool)]
    kappa = comparison.kappa()
    agreement = f'<p style="{_QUIET}">Cohen\'s kappa {"not defined" if math.isnan(kappa) else f"{kappa:.2f}"}.</p>'
    if wrong.empty:
        return agreement
    counts = wrong.groupby(["predicted_label", "label"]).size().rename("n").reset_index()
    top = counts.sort_values(["n", "predicted_label", "label"], ascending=[False, True, True]).head(_TOP)
    head = _row("th", [("Model said", _CELL), ("People said", _CELL), ("n", _NUMBER)])
    body = "".join(
        _row("td", [(row.predicted_label, _CELL), (row.label, _CELL), (str(row.n), _NUMBER)])
        for row in top.itertuples()
    )
    return f'{agreement}<table style="{_TABLE}">{head}{body}</table>'


def _row(tag: str, cells: list[tuple[str, str]]) -> str:
    return (
        f"<tr>{''.join(f'<{tag} style={chr(34)}{style}{chr(34)}>{escape(text)}</{tag}>' for text, style in cells)}</tr>"
    )
