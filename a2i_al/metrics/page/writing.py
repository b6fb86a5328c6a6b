"""What the page says, section by section."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from a2i_al.errors import ComparisonWarning
from a2i_al.metrics.drift.alarms import REFERENCE
from a2i_al.metrics.groups import window_of
from a2i_al.metrics.page import parts
from a2i_al.metrics.scopes import ALL, AUDIT
from a2i_al.metrics.summary import confusions, left_out_note, scope_note
from a2i_al.metrics.wording import count, interval, percent

if TYPE_CHECKING:
    from a2i_al.metrics.comparison import Comparison

_TOP = 10
# Classes that a confusion matrix half as wide as the page still shows.
_SIDE_BY_SIDE = 8

_HOW = """\
The label is what people agreed on; items on which they did not are not compared.
Intervals are 95 %: Wilson's for rates; for scores, from the linearised variance of the confusion matrix.
Where every item was drawn with a known chance, it counts 1 / chance: rates are those of the pool it was drawn from.
Macro-averaged scores count every class alike, however rare it is.
Cohen's kappa is agreement beyond what the labels' frequencies give by chance: 1 is full agreement, 0 is chance.
The calibration error is how far the model's confidence is from how often people confirm it; debiased, less what \
chance adds to it. Brier score and log-loss are better the lower they are.
The test for a change may be looked at after every item: a false alarm, ever, has a chance of at most 5 %.
"""


def page(
    comparison: Comparison,
    *,
    title: str,
    segments: Sequence[str],
    time: str | None,
    model_version: str | None,
) -> str:
    """Return the page; what it is given is that of `Comparison.to_html`."""
    versions = comparison.model_versions
    about = model_version if model_version is not None else (versions[-1] if versions else None)
    one = comparison.only(model_version=about)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ComparisonWarning)
        sections = [_head(comparison, one, title), _rates(comparison)]
        if len(one.table):
            sections += [_versions(comparison, about), _classes(one), _confidence(one)]
            sections += [_segments(comparison, segments), _drift(one, time)]
    sections.append(_cautions(caught))
    how = "".join(f"<li>{escape(sentence)}</li>" for sentence in _HOW.splitlines())
    sections.append(f"<details><summary>How to read this</summary><ul>{how}</ul></details>")
    return parts.document(title, *sections)


def _head(comparison: Comparison, one: Comparison, title: str) -> str:
    rates = one.disagreement()
    of_pool = rates[(rates["scope"] == AUDIT) & (rates["n"] > 0)]
    which = of_pool if len(of_pool) else rates[rates["scope"] == ALL]
    numbers = {"Items compared": (f"{len(one.table):,}", _about(comparison, one))}
    for row in which.itertuples():
        kind = "estimates the pool's" if len(of_pool) or one.weighted else "of these items"
        numbers["Model and people differ"] = (percent(row.rate), f"{interval(row.low, row.high)}, {kind}")
    for row in one.scores().itertuples():
        if row.metric == "macro_f1":
            numbers["Macro-averaged F1"] = (percent(row.value), interval(row.low, row.high))
        if row.metric == "cohen_kappa" and not np.isnan(row.value):
            numbers["Cohen's kappa"] = (f"{row.value:.2f}", f"[{row.low:.2f}, {row.high:.2f}]")
    return parts.heading(title) + parts.facts(numbers)


def _cautions(caught: Iterable[warnings.WarningMessage]) -> str:
    """Say on the page what a notebook would be warned of; what is none of ours is warned of all the same."""
    found: dict[str, None] = {}
    for warning in caught:
        if issubclass(warning.category, ComparisonWarning):
            found[str(warning.message)] = None
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    sentences = (text[0].upper() + text[1:] + "." for text in found)
    return parts.section("Look out for", *(parts.paragraph(text) for text in sentences))


def _about(comparison: Comparison, one: Comparison) -> str:
    versions = comparison.model_versions
    return f"of model version {one.model_versions[0]}" if len(versions) > 1 else "by model and people"


def _rates(comparison: Comparison) -> str:
    rates = comparison.disagreement()
    several = len(comparison.model_versions) > 1
    rows = [
        [
            *([row.model_version] if several else []),
            row.scope,
            f"{row.n:,}",
            f"{row.disagreements:,}",
            percent(row.rate),
            interval(row.low, row.high),
        ]
        for row in rates.itertuples()
    ]
    head = [*(["Model version"] if several else []), "Items", "n", "differ", "rate", "95 % interval"]
    notes = parts.paragraph(scope_note(rates, picked=comparison.picked))
    notes += parts.paragraph(left_out_note(comparison.left_out), soft=True)
    return parts.section("How often they differ", notes, parts.table(head, rows, words=2 if several else 1))


def _versions(comparison: Comparison, about: str | None) -> str:
    from a2i_al.metrics.displays import VersionsDisplay  # noqa: PLC0415  # matplotlib comes with the first page

    others = [version for version in comparison.model_versions if version != about]
    if about is None or not others:
        return ""
    versions = comparison.against(others[-1], about)
    tests = [[row.test, f"{row.statistic:.4g}", f"{row.p_value:.3g}"] for row in versions.tests().itertuples()]
    caption = f"{about} against {others[-1]}, on {count(len(versions.table), 'item')} that both predicted"
    shown = parts.figure(VersionsDisplay.from_versions(versions), caption)
    return parts.section("Is the new model better?", shown, parts.table(["Test", "statistic", "p-value"], tests))


def _classes(one: Comparison) -> str:
    from a2i_al.metrics.displays import ClassesDisplay, ConfusionDisplay  # noqa: PLC0415

    wrong = int(one.table["disagrees"].sum())
    pairs = confusions(one.table, _TOP).itertuples()
    rows = [[row.label, row.predicted_label, f"{row.n:,}", percent(row.n / wrong)] for row in pairs]
    head = ["People said", "the model said", "n", "of all differences"]
    matrix = ConfusionDisplay.from_comparison(one)
    figures = (
        parts.figure(matrix, "People's label by row, the model's by column"),
        parts.figure(ClassesDisplay.from_comparison(one), "What people confirm of a class, and what the model finds"),
    )
    return parts.section(
        "Where they differ",
        parts.pair(*figures) if len(matrix.matrix) <= _SIDE_BY_SIDE else "".join(figures),
        parts.table(head, rows, words=2) if rows else parts.paragraph("They differ nowhere."),
    )


def _confidence(one: Comparison) -> str:
    from a2i_al.metrics.displays import ReliabilityDisplay  # noqa: PLC0415

    known = int(one.table["confidence"].notna().sum())
    if not known:
        return ""
    found = one.calibration()
    numbers = [
        ["Mean confidence", percent(found["confidence"])],
        ["Confirmed by people", percent(found["accuracy"])],
        ["Expected calibration error", percent(found["ece"])],
        ["… debiased", percent(found["ece_debiased"])],
        ["Root mean squared error, debiased", percent(found["rmsce_debiased"])],
        ["Brier score", f"{found['brier_score']:.3f}"],
        ["Log-loss", f"{found['log_loss']:.3f}"],
    ]
    return parts.section(
        "Does the model know when it is right?",
        parts.pair(
            parts.figure(ReliabilityDisplay.from_comparison(one), "Confidence against how often people confirm it"),
            parts.table(["Calibration", ""], numbers),
        ),
    )


def _segments(comparison: Comparison, columns: Sequence[str]) -> str:
    from a2i_al.metrics.displays import RatesDisplay  # noqa: PLC0415

    return parts.section(
        "For which items",
        *(parts.figure(RatesDisplay.from_comparison(comparison, column), f"By {column}") for column in columns),
    )


def _drift(one: Comparison, time: str | None) -> str:
    from a2i_al.metrics.displays import DriftDisplay  # noqa: PLC0415

    if time is None:
        return ""
    window_of(one.table, time, 1)  # says what is wrong with the column, however few the items
    if len(one.table) <= REFERENCE:
        return parts.section(
            "Has it changed?", parts.paragraph(f"Too early to say: that takes over {REFERENCE} items.")
        )
    drift = one.drift(time)
    return parts.section(
        "Has it changed?",
        parts.paragraph(drift.summary),
        parts.figure(DriftDisplay.from_drift(drift), f"In the order of {time}"),
    )
