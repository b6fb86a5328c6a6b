"""Answers that are one label each in, the labels table out: what is true whichever way the votes are weighed.

A method sees the ballots alone and decides label and confidence; who answered, how far the answers agree, and which
status follows is settled here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from a2i_al import arguments
from a2i_al.compute.threads import in_threads
from a2i_al.labels.counting.ballots import Ballots, ballots
from a2i_al.labels.counting.encoding import Codes, as_texts, encoded, text_column
from a2i_al.labels.counting.votes import as_text, check_offered, votes
from a2i_al.labels.gold import check_gold, known_labels
from a2i_al.labels.models.beliefs import Decision, blocks
from a2i_al.labels.models.estimation import warn_of_one_class
from a2i_al.labels.models.majority import majority
from a2i_al.labels.models.predicted import check_columns, predicted_classes
from a2i_al.labels.structured.registry import check_options
from a2i_al.tables import ANSWERS, LABELS

# Name → the function, as module and name: what it needs loads with its first use. It takes the ballots and, by keyword,
# its own options.
METHODS: Final[Mapping[str, str]] = {
    "crowdlab": "a2i_al.labels.models.crowdlab:crowdlab",
    "dawid_skene": "a2i_al.labels.models.dawid_skene:dawid_skene",
    "glad": "a2i_al.labels.models.glad:glad",
    "majority": "a2i_al.labels.models.majority:majority",
    "one_coin": "a2i_al.labels.models.one_coin:one_coin",
    "weighted_majority": "a2i_al.labels.models.weighted_majority:weighted_majority",
}
AGREED, TIED, ABSTAINED, INCOMPLETE = range(4)
STATUSES: Final = ("agreed", "tied", "abstained", "incomplete")


def categorical(
    answers: pd.DataFrame,
    field: str,
    *,
    method: str,
    reviewers: int | None = None,
    labels: Iterable[str] | None = None,
    proba: bool = False,
    **options: Any,
) -> pd.DataFrame:
    """Consolidate answers that are one label each; see `a2i_al.consolidate` for parameters, result and errors.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": ["l1", "l1"], "item_id": ["i"] * 2, "field": ["category"] * 2,
    ...     "worker_id": ["u", "v"], "value": ["cat", "dog"]})
    >>> categorical(answers, "category", method="majority", proba=True).loc[0, "status":].to_dict()
    {'status': 'tied', 'method': 'majority', 'proba_cat': 0.5, 'proba_dog': 0.5}
    """
    check_options(method, function_of(method), options)
    labels = None if labels is None else [str(label) for label in labels]
    cast = offered_ballots(answers, field, labels)
    if labels is not None and options.get("gold") is not None:
        check_gold(known_labels(options["gold"]), labels)
    cast, decision = decided(cast, method, options)
    table = labels_table(cast, decision, method, reviewers)
    if proba:
        table = table.assign(**proba_columns(cast, decision))
    for name, extra in constant_extras(answers, set(table.columns)).items():
        table[name] = extra
    return table


def check_asked(field: Any, labels: Any, *, reviewers: Any = None) -> None:
    """Refuse a field, labels or a number of reviewers that are none, before the answers are read.

    Raises
    ------
    InvalidInput
        Naming the argument.

    Examples
    --------
    >>> check_asked("category", ["cat", "dog"], reviewers=3)
    """
    arguments.text("field", field)
    if labels is not None:
        arguments.several("labels", labels, "the labels that the task page offers")
    if reviewers is not None:
        arguments.whole("reviewers", reviewers, 1, of="worker per item")


def offered_ballots(answers: pd.DataFrame, field: str, labels: Iterable[str] | None) -> Ballots:
    """Return the ballots, with every offered label among the classes.

    Raises
    ------
    UnknownLabel
        If somebody answered what is none of `labels`.
    """
    cast = ballots(answers, field)
    if labels is None:
        return cast
    offered = [str(label) for label in labels]
    check_offered_classes(cast, answers, field, offered)
    return cast.with_classes(offered)


def check_offered_classes(cast: Ballots, answers: pd.DataFrame, field: str, offered: list[str]) -> None:
    """Refuse answers that are none of the offered labels; see `votes.check_offered`."""
    if not set(cast.class_names) <= set(offered):
        # A list of offered labels is none of them, and passes.
        check_offered(votes(ANSWERS.check(answers), field), offered)


def decided(cast: Ballots, method: str, options: Mapping[str, Any]) -> tuple[Ballots, Decision]:
    """Let a method decide; the ballots come back with all the classes that it knows of.

    Raises
    ------
    InvalidInput
        If an option's value is not what the method takes.
    """
    given = dict(options)
    if given.get("gold") is not None:
        known = known_labels(given["gold"])
        cast = cast.with_classes(known.values())
        given["gold"] = codes_of(cast, known)
    if given.get("predictions") is not None:
        check_columns(given["predictions"], cast)
        cast = cast.with_classes(predicted_classes(given["predictions"]))
    if "majority" not in method:
        warn_of_one_class(cast)
    if not len(cast.classes):
        return cast, majority(cast)
    decision: Decision = function_of(method)(cast, **given)
    return cast, decision


def codes_of(cast: Ballots, known: Mapping[str, str]) -> Codes:
    """Return the class of every item that is known, -1 for the others: (n,)."""
    place = {name: code for code, name in enumerate(cast.class_names)}
    return np.array([place[known[item]] if item in known else -1 for item in cast.items.to_pylist()], dtype=np.int64)


def labels_table(cast: Ballots, decision: Decision, method: str, reviewers: int | None) -> pd.DataFrame:
    """Return the labels table, sorted by item."""
    n = len(cast.items)
    n_answers = np.diff(cast.cast.starts)
    status = np.where(decision.label < 0, TIED, AGREED)
    status[n_answers == 0] = ABSTAINED
    status[cast.responded < (reviewers or 1)] = INCOMPLETE
    agreed = status == AGREED
    columns: list[tuple[pa.Array, Codes | None]] = [
        (cast.items, None),
        (cast.classes, np.where(agreed, decision.label, -1)),
        (as_texts(list(STATUSES)), status),
        (as_texts([method]), np.zeros(n, dtype=np.int64)),
    ]
    item_id, label, status_text, method_text = in_threads(lambda column: text_column(*column), columns)
    return pd.DataFrame(
        {
            "item_id": item_id,
            "label": label,
            "confidence": np.where(agreed, decision.confidence, np.nan),
            "n_answers": n_answers,
            "agreement": cast.tallies.agreement,
            "status": status_text,
            "method": method_text,
        },
        copy=False,  # the columns are nobody else's
    )


def proba_columns(cast: Ballots, decision: Decision) -> dict[str, np.ndarray]:
    """Return ``proba_<label>`` for every class, each (n,); NaN for an item that nobody has judged."""
    n, k = len(cast.items), len(cast.classes)
    out = np.empty((k, n))
    for first, last in blocks(n, k):
        out[:, first:last] = decision.beliefs.posterior(first, last).T
    out[:, np.diff(cast.cast.starts) == 0] = np.nan
    return {f"proba_{name}": out[code] for code, name in enumerate(cast.class_names)}


def function_of(method: str) -> Any:
    """Return what decides by a method's name."""
    module, name = METHODS[method].split(":")
    return getattr(import_module(module), name)


def constant_extras(answers: pd.DataFrame, taken: set[str]) -> dict[str, pd.Series]:
    """Return the columns beyond the tables' own that have one value per item, a row per item in the order of ids."""
    taken = taken | {column.name for column in (*ANSWERS.columns, *LABELS.columns)}
    names = [name for name in answers.columns if name not in taken]
    if not names:
        return {}
    item = encoded(answers["item_id"])
    first = np.empty(len(item.texts), dtype=np.int64)
    rows = np.arange(len(answers))
    first[item.codes[::-1]] = rows[::-1]
    kept = {}
    for name in names:
        codes = encoded(answers[name], as_text).codes
        if (codes == codes[first[item.codes]]).all():
            kept[name] = answers[name].iloc[first].reset_index(drop=True)
    return kept
