"""The rounds of a cycle and its last comparison come in; one self-contained HTML page goes out, to read or to mail."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from a2i_al.metrics import Comparison, ConfusionDisplay, LearningCurveDisplay, ReliabilityDisplay
from a2i_al.metrics.page import parts
from a2i_al.metrics.wording import interval, percent

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
    sections = [
        parts.heading(title),
        parts.paragraph(lead),
        parts.facts({what: (number, "") for what, number in facts.items()}),
        parts.section(
            "What each label taught",
            parts.figure(LearningCurveDisplay.from_rounds(curves), "Accuracy on the held-out set by labels bought"),
        ),
        parts.section("Round by round", parts.paragraph("Intervals are 95 %, Wilson's.", soft=True), _table(rounds)),
    ]
    if comparison is not None:
        matrix, reliability = (d.from_comparison(comparison) for d in (ConfusionDisplay, ReliabilityDisplay))
        sections.append(
            parts.section(
                "Where model and people differ",
                parts.paragraph(_CAUTION),
                parts.pair(
                    parts.figure(matrix, "People's label by row, the model's by column"),
                    parts.figure(reliability, "Confidence against how often people confirm it"),
                ),
            )
        )
    return parts.document(title, *sections)


def _table(rounds: pd.DataFrame) -> str:
    shown = {name: title for name, title in _COLUMNS.items() if name in rounds.columns}
    rows = [[_cell(name, row) for name in shown] for _, row in rounds.iterrows()]
    return parts.table(list(shown.values()), rows)


def _cell(name: str, row: pd.Series) -> str:
    if name == "round":
        return str(int(row[name]) + 1)
    if name in {"labels_bought", "not_agreed"}:
        return f"{int(row[name]):,}"
    ends = f" {interval(row[f'{name}_low'], row[f'{name}_high'])}" if f"{name}_low" in row.index else ""
    return percent(row[name]) + ends
