"""The rounds of a cycle and its last comparison come in; one self-contained HTML page goes out, to read or to mail."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd

from a2i_al.metrics import Comparison, ConfusionDisplay, LearningCurveDisplay, ReliabilityDisplay

_COLUMNS = {
    "round": "Round",
    "labels_bought": "Labels bought",
    "accuracy": "Accuracy, held-out",
    "disagreement": "Model ≠ people",
    "agreement": "Reviewers agree",
    "not_agreed": "No label",
}

_CAUTION = (
    "Of the reviewed items only. Most were chosen because the model was unsure of them, so these rates are not those of"
    " the whole stream."
)

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee6; --card: #fff; --page: #f5f7fa }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecf2; --soft: #a3adba; --line: #39424f; --card: #1d232c; --page: #141920 } }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem }
h1 { font-size: 1.6rem; margin: 0 0 .25rem } h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem }
p { color: var(--soft); margin: 0 0 1rem; max-width: 46rem }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.5rem 0 }
.facts div, table, figure { background: var(--card); border: 1px solid var(--line); border-radius: 10px }
.facts div { padding: .75rem 1rem } .facts b { display: block; font-size: 1.5rem; line-height: 1.2 }
.facts span { color: var(--soft); font-size: .85rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .5rem .75rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap }
th { color: var(--soft); font-weight: 600; font-size: .85rem } tr:last-child td { border: 0 }
figure { margin: 0; padding: 1rem; background: #fff } figure img { width: 100%; height: auto; display: block }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem }
"""


def report_html(
    title: str,
    *,
    lead: str,
    facts: Mapping[str, str],
    rounds: pd.DataFrame,
    curves: Mapping[str, pd.DataFrame],
    comparison: Comparison | None = None,
) -> str:
    """Return the page.

    Parameters
    ----------
    title, lead : str
        Heading, and a sentence or two below it.
    facts : mapping of str to str
        Headline numbers: what it is → the number as text.
    rounds : DataFrame
        A rounds table.
    curves : mapping of str to DataFrame
        Name → rounds table, for the learning curve.
    comparison : Comparison, optional
        Of model and people, for the confusion and reliability plots.
    """
    blocks = [
        f"<h1>{html.escape(title)}</h1><p>{html.escape(lead)}</p>",
        '<div class="facts">'
        + "".join(f"<div><b>{html.escape(v)}</b><span>{html.escape(k)}</span></div>" for k, v in facts.items())
        + "</div>",
        "<h2>What each label taught</h2>",
        _figure(LearningCurveDisplay.from_rounds(curves), "Accuracy on the held-out set by labels bought"),
        "<h2>Round by round</h2>",
        "<p>Ranges are 95 % Wilson intervals.</p>",
        f'<div class="scroll">{_rounds_table(rounds)}</div>',
    ]
    if comparison is not None:
        blocks += [
            "<h2>Where model and people differ</h2>",
            f"<p>{_CAUTION}</p>",
            '<div class="pair">',
            _figure(ConfusionDisplay.from_comparison(comparison), "Confusion of model and people"),
            _figure(ReliabilityDisplay.from_comparison(comparison), "Reliability of the model's confidence"),
            "</div>",
        ]
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
    )
    return (
        f'<!doctype html><html lang="en"><head>{head}<style>{_STYLE}</style></head><body><main>{"".join(blocks)}</main>'
    )


def _rounds_table(rounds: pd.DataFrame) -> str:
    shown = [name for name in _COLUMNS if name in rounds.columns]
    head = "".join(f"<th>{html.escape(_COLUMNS[name])}</th>" for name in shown)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(name, row)}</td>" for name in shown) + "</tr>" for _, row in rounds.iterrows()
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(name: str, row: pd.Series) -> str:
    if name == "round":
        return str(int(row[name]) + 1)
    if name in {"labels_bought", "not_agreed"}:
        return f"{int(row[name])}"
    text = percent(row[name])
    if f"{name}_low" in row.index:
        text += f" <small>({percent(row[name + '_low'])} – {percent(row[name + '_high'])})</small>"
    return text


def percent(share: float) -> str:
    """Return a share as text, ``"93.1 %"``; a dash where it is missing."""
    return "–" if pd.isna(share) else f"{100 * share:.1f} %"


def _figure(display: Any, caption: str) -> str:
    return f'<figure><img alt="{html.escape(caption)}" src="data:image/png;base64,{_png(display.figure_)}"></figure>'


def _png(figure: Any) -> str:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=144, bbox_inches="tight")
    return base64.b64encode(out.getvalue()).decode()
