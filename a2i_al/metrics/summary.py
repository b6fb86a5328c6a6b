"""What a comparison found in, the line and the HTML that a notebook shows of it out."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from a2i_al.metrics import markup
from a2i_al.metrics.scopes import ALL, AUDIT
from a2i_al.metrics.wording import count, interval, percent

# No more rows than a notebook cell takes in at a glance.
_TOP = 5
_VERSIONS = 6


def to_line(rates: pd.DataFrame) -> str:
    """Return the one-line summary of a disagreement table: items, disagreements, rate and interval."""
    overall = rates[rates["scope"] == ALL]
    if len(overall) != 1:
        return f"Comparison({len(overall)} model versions, {int(overall['n'].sum())} rows)"
    row = overall.iloc[0]
    items, differ = count(row["n"], "item"), count(row["disagreements"], "disagreement")
    return f"Comparison({items}, {differ}: {percent(row['rate'])} {interval(row['low'], row['high'])})"


def to_html(
    table: pd.DataFrame, rates: pd.DataFrame, *, left_out: Mapping[str, int], picked: bool, kappa: float | None
) -> str:
    """Return the summary as HTML: rates, what they say about the stream, and the commonest confusions.

    Parameters
    ----------
    table, rates : DataFrame
        The comparison table and its disagreement.
    left_out : mapping of str to int
        What could not be compared.
    picked : bool
        Whether it is known how the items were chosen.
    kappa : float or None
        None if there are several model versions: then the confusions are left out as well.
    """
    parts = [_rates(rates), markup.note(left_out_note(left_out)), markup.note(scope_note(rates, picked=picked))]
    if kappa is not None:
        parts.append(markup.note(f"Cohen's kappa {'not defined' if math.isnan(kappa) else f'{kappa:.2f}'}."))
        rows = [(row.predicted_label, row.label, str(row.n)) for row in confusions(table, _TOP).itertuples()]
        parts.append(markup.table(rows, head=("Model said", "People said", "n"), texts=2))
    return markup.frame("comparison", "Model against people", *parts)


def _rates(rates: pd.DataFrame) -> str:
    versions, scopes = rates["model_version"].nunique(), rates["scope"].nunique()
    several = versions > 1
    head = [*(["Model version"] if several else []), "Items", "n", "Differ", "Rate", "95 % interval"]
    rows = [
        [
            *([row.model_version] if several else []),
            row.scope,
            str(row.n),
            str(row.disagreements),
            percent(row.rate),
            interval(row.low, row.high),
        ]
        for row in rates.head(_VERSIONS * scopes).itertuples()
    ]
    hidden = versions - _VERSIONS
    more = f"and {count(hidden, 'more model version')}" if hidden > 0 else ""
    return markup.table(rows, head=head, texts=2 if several else 1) + markup.note(more)


def confusions(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the commonest differences of a comparison table: `predicted_label`, `label`, `n`; so many at the most."""
    wrong = table[table["disagrees"].astype(bool)]
    counts = wrong.groupby(["predicted_label", "label"]).size().rename("n").reset_index()
    return counts.sort_values(["n", "predicted_label", "label"], ascending=[False, True, True]).head(most)


def left_out_note(left_out: Mapping[str, int]) -> str:
    """Say what could not be compared; nothing if all could."""
    reasons = ", ".join(f"{n} {reason}" for reason, n in left_out.items())
    return f"Not compared: {reasons}." if reasons else ""


def scope_note(rates: pd.DataFrame, *, picked: bool) -> str:
    """Say what the rates are about: the pool, or the reviewed items only."""
    if not picked:
        return (
            "How the items were chosen is not known here: give compare() the picks before reading the rate as that of "
            "the stream."
        )
    if rates.loc[rates["scope"] == AUDIT, "n"].sum() == 0:
        return (
            "Every compared item was chosen deterministically: the rate describes these items and says nothing about "
            "the stream. Sample with audit_fraction above 0 for one that does."
        )
    return (
        "The audit slice was drawn at random: its rate estimates that of the pool. The others describe the reviewed "
        "items only."
    )
