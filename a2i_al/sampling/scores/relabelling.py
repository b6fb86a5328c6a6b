"""What the model and the reviewers say of each item in, one score for new and old items out: label, or label again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput, InvalidTable, UnknownLabel
from a2i_al.sampling.probabilities import check_proba
from a2i_al.sampling.scores.calibration import fit_temperature, scale
from a2i_al.sampling.scores.crowdlab import Answers, consensus

Scores = npt.NDArray[np.float64]
Columns = npt.NDArray[np.intp]


def active_lab(proba: npt.ArrayLike, answers: npt.ArrayLike, *, temperature: float | None = None) -> Scores:
    """Score what one more answer would be worth, for items that have answers and items that have none, on one scale.

    What the model and an item's reviewers say is averaged, together with one answer more that could be anything. The
    model weighs by how often it is right where several reviewers answered, a reviewer by how often others agree. The
    score is the doubt left in the most likely class: an item whose reviewers disagree can come before a new one, and
    one that all agree on comes late.

    Parameters
    ----------
    proba : array-like of shape (m, k), k >= 2
        Class probabilities of all items; of those with answers best from a model that was not trained on them.
    answers : array-like of shape (m, a)
        The column of `proba` that each of a reviewers chose, as `answer_matrix` gives it; negative or NaN for none.
    temperature : float, optional
        For the probabilities; by default fitted to the answers (see `calibration.fit_temperature`) if an item has
        several, else 1.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 to 1, and at most 1 - 1/k for an item without answers.

    Raises
    ------
    InvalidProbabilities
        If the rows are not class probabilities.
    InvalidInput
        If answers have another number of rows, or an answer is no column.

    Notes
    -----
    Where no item has two answers, agreement cannot be measured: the model and all reviewers weigh 1, and the doubt is
    that in the class answered. Reviewers who share no item with others get the others' mean agreement. Tied votes go to
    the class that the model prefers, then to the rarer, then to the first. The paper's score is low for useful items;
    this is 1 minus it. Time and memory O(m (k + a)).

    References
    ----------
    H. W. Goh and J. Mueller, "ActiveLab: Active learning with re-labeling by multiple annotators", ICLR workshop on
    trustworthy machine learning, 2023; the weights are those of H. W. Goh, U. Tkachenko and J. Mueller, "CROWDLAB:
    Supervised learning to infer consensus labels and quality scores for data with multiple annotators", 2022.

    Examples
    --------
    >>> proba = [[0.9, 0.1], [0.2, 0.8], [0.9, 0.1], [0.1, 0.9], [0.6, 0.4], [0.7, 0.3]]
    >>> answers = [[0, 0], [1, 1], [0, 0], [1, 1], [0, 1], [-1, -1]]  # two disagree on the fifth, the sixth is new
    >>> active_lab(proba, answers, temperature=1.0).round(2).tolist()
    [0.17, 0.22, 0.17, 0.17, 0.45, 0.35]
    """
    rows = check_proba(proba)
    return doubts(rows, _answers(answers, rows.shape), temperature=temperature)


def doubts(rows: npt.NDArray[np.floating[Any]], given: Answers, *, temperature: float | None = None) -> Scores:
    """Return the scores of `active_lab` for checked probabilities (m, k) and answers that are read already.

    Examples
    --------
    >>> at = np.array([0, 1])
    >>> answers = Answers(rows=at, by=at, chosen=at, counts=np.array([1, 1]), reviewers=2)
    >>> doubts(np.array([[0.9, 0.1], [0.6, 0.4]]), answers, temperature=1.0).round(2).tolist()
    [0.23, 0.57]
    """
    repeated = given.counts > 1
    if temperature is None:
        temperature = _fitted(rows, given) if repeated.any() else 1.0
    p = scale(rows, temperature).astype(np.float64)
    if repeated.any():
        found = consensus(p, given)
        likely = found.posterior[np.arange(len(p)), found.labels]
        best = np.where(given.counts > 0, likely, p.max(axis=1))
        weights, model_weight = found.weights, found.model_weight
    else:
        # The class answered, or where there is none the model's.
        best, weights, model_weight = p.max(axis=1), np.ones(given.reviewers), 1.0
        best[given.rows] = p[given.rows, given.chosen]
    one_more = float(weights.mean()) if len(weights) else 1.0
    together = np.bincount(given.rows, weights=weights[given.by], minlength=len(p)) + model_weight
    likely = (best * together + one_more / p.shape[1]) / (together + one_more)
    return np.asarray(np.maximum(1 - likely, 0.0))


def answer_matrix(answers: pd.DataFrame, item_ids: Sequence[Any] | pd.Series, classes: Sequence[Any]) -> Columns:
    """Turn answers, one row per worker and item, into the array that `active_lab` takes.

    Parameters
    ----------
    answers : DataFrame
        `item_id`, `worker_id`, and `vote` or else `value`: one field's answers, as `labels.counting.votes` gives them.
        Missing values are no answer.
    item_ids : sequence of length m
        The items, distinct, in the order of the probabilities' rows.
    classes : sequence of length k
        The labels, distinct, in the order of the probabilities' columns; compared as text.

    Returns
    -------
    ndarray of shape (m, a), intp
        A column per worker, in the order of their ids; the position of the answer in `classes`, -1 for none.

    Raises
    ------
    InvalidTable
        If it is no pandas DataFrame, a column is absent, a worker answers an item twice, or an item is not among the
        item_ids.
    UnknownLabel
        If an answer is none of the classes.
    InvalidInput
        If item_ids or classes are not distinct.

    Examples
    --------
    >>> answers = pd.DataFrame({"item_id": ["b", "b"], "worker_id": ["v", "w"], "value": ["yes", "no"]})
    >>> answer_matrix(answers, ["a", "b"], ["no", "yes"]).tolist()
    [[-1, -1], [1, 0]]
    """
    if not isinstance(answers, pd.DataFrame):
        raise InvalidTable(f"the answers are {arguments.told(answers)}", expected="a pandas DataFrame")
    value = "vote" if "vote" in answers.columns else "value"
    absent = {"item_id", "worker_id", value} - set(answers.columns)
    if absent:
        raise InvalidTable(
            f"the answers lack {', '.join(map(repr, sorted(absent)))}",
            expected="item_id, worker_id, and vote or value",
            fix="pass what a2i_al.labels.counting.votes.votes(answers, field) gives",
        )
    said = answers[answers[value].notna()]
    twice = said.duplicated(["item_id", "worker_id"])
    if twice.any():
        item_id, worker_id = said.loc[twice, ["item_id", "worker_id"]].iloc[0]
        raise InvalidTable(
            f"worker {worker_id!r} answers item {item_id!r} more than once",
            expected="one answer per worker and item, of one field of the form",
            fix="pass what a2i_al.labels.counting.votes.votes(answers, field) gives",
        )
    items, labels = _positions("item id", item_ids), _positions("class", classes)
    at = items.get_indexer(said["item_id"].map(str))
    column = labels.get_indexer(said[value].map(str))
    if (at < 0).any():
        stranger = said["item_id"].iloc[int((at < 0).argmax())]
        raise InvalidTable(f"item {stranger!r} has an answer and is not among the item_ids", fix="give all items")
    if (column < 0).any():
        stranger = said[value].iloc[int((column < 0).argmax())]
        raise UnknownLabel(
            f"an answer is {stranger!r}",
            expected=f"one of {', '.join(map(repr, labels[:10]))}",
            fix="leave out the rows of reviewers who could not tell",
        )
    worker, workers = pd.factorize(said["worker_id"].map(str), sort=True)
    matrix = np.full((len(items), len(workers)), -1, dtype=np.intp)
    matrix[at, worker] = column
    return matrix


def _answers(answers: npt.ArrayLike, shape: tuple[int, ...]) -> Answers:
    expected = (
        f"an array with {shape[0]} rows, a column per reviewer, of whole numbers from 0 to {shape[1] - 1}, or NaN"
    )
    try:
        given = np.asarray(answers)
        given = given if given.dtype.kind == "i" else given.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"the answers cannot be read as numbers: {error}", expected=expected) from error
    if given.ndim != 2 or len(given) != shape[0]:  # noqa: PLR2004 - items and reviewers
        raise InvalidInput(f"the answers have shape {given.shape}", expected=expected)
    # NaN is not 0 or more, so it is left out too.
    rows, by = np.nonzero(given >= 0)
    values = given[rows, by]
    wrong = (values >= shape[1]) | (values != np.floor(values))
    if wrong.any():
        at = int(wrong.argmax())
        raise InvalidInput(f"reviewer {by[at]} answers {values[at]} for item {rows[at]}", expected=expected)
    # Reviewers who answered nothing have no weight to be averaged.
    known, by = np.unique(by, return_inverse=True)
    counts = np.bincount(rows, minlength=len(given))
    return Answers(rows, by.reshape(-1), values.astype(np.intp), counts, len(known))


def _fitted(rows: npt.NDArray[np.floating[Any]], given: Answers) -> float:
    weights = 1 / given.counts[given.rows]
    return fit_temperature(rows[given.rows], given.chosen, weights=weights)


def _positions(what: str, values: Sequence[Any] | pd.Series) -> pd.Index:
    index = pd.Index([str(value) for value in values])
    if not index.is_unique:
        raise InvalidInput(f"{what} {index[index.duplicated()][0]!r} is given twice", expected="distinct ones")
    return index
