"""The default strategy: what is known of the pool in, the strategy that suits it out, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.sampling.pools.inputs import check_labelled, checked_input
from a2i_al.sampling.registry import AUTO, Strategy, resolve

FloatArray = npt.NDArray[np.floating[Any]]

# Chosen on the data sets that `benchmarks/contest/arenas.py` lists as CHOSEN_ON, and on no others.
CANDIDATES = 10.0
POWER = 2.0
# From this skill on, margins are trusted.
ENOUGH_SKILL = 0.5
# At most 200 candidates for each place: in most pools, all there are.
LEAST_TRUST = 0.05
# Of more labelled items, so many chosen at random tell as much.
_PROBED = 2_000


@dataclass(frozen=True)
class Decision:
    """What `auto` chose, and why.

    Attributes
    ----------
    strategy : Strategy
        Named ``"auto: …"``, as the picks table shows it.
    reason : str
        One sentence.
    """

    strategy: Strategy
    reason: str


def auto(
    proba: FloatArray | None = None,
    features: FloatArray | None = None,
    labelled_features: FloatArray | None = None,
    labelled_labels: npt.NDArray[Any] | None = None,
    scores: FloatArray | None = None,
    *,
    n: int,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Choose by what is known: representative items while labels teach little, uncertain and varied ones once they do.

    - Without features, or with texts in their place, nothing tells near-duplicates apart: `margin`.
    - Without probabilities nothing says where a model is unsure: `max_herding`, which represents the pool.
    - With both: `uncertainty_herding`, set by the labelled items' `skill`: how often the nearest other labelled item,
      or the nearest class mean, gives an item's label, above chance. While it is low, margins mean little: much of the
      pool is a candidate and counts almost alike, so the choice is representative. As it rises to one half, the choice
      narrows to ten candidates for each place, those with the least margins, each counting by the square of its margin
      score and still spread out. That is the guard against doing worse than chance: uncertainty is trusted as far as
      the labels bear it out.
    - With `scores` of one's own, by these.
    - With costs, the choice is by score per unit cost, and the score is `margin`.

    The picks' `strategy` shows what was chosen, as in ``"auto: uncertainty_herding"``.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float, optional
    features : ndarray of shape (m, d), float, optional
    labelled_features : ndarray of shape (l, d), float, optional
    labelled_labels : ndarray of shape (l,), optional
    scores : ndarray of shape (m,), float, optional
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        The chosen strategy's randomness.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of choice.
    scores : ndarray of shape (n,), float64
        The chosen strategy's.

    Raises
    ------
    InvalidInput
        If neither proba, features nor scores are given.

    References
    ----------
    W. Bae, D. Sutherland and G. Oliveira, "Uncertainty herding: one active learning method for all label budgets",
    ICLR 2025, for the strategy; that small budgets ask for typical items and large ones for uncertain ones: G. Hacohen,
    A. Dekel and D. Weinshall, "Active learning on a budget", ICML 2022. Measured by benchmarks/label_efficiency.py.

    Examples
    --------
    >>> proba = np.array([[0.5, 0.5], [0.51, 0.49], [0.6, 0.4], [0.99, 0.01]])
    >>> auto(proba, n=2, rng=np.random.default_rng(0))[0].tolist()
    [0, 1]
    """
    given = {
        "proba": proba,
        "features": features,
        "labelled_features": labelled_features,
        "labelled_labels": labelled_labels,
        "scores": scores,
    }
    known = {name: value for name, value in given.items() if value is not None}
    chosen = decide(known).strategy
    if chosen.kind == "batch":
        batch: tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]] = chosen({**known, "n": n, "rng": rng})
        return batch
    all_scores: npt.NDArray[np.float64] = chosen(known)
    shuffled_rows = rng.permutation(len(all_scores))
    positions = shuffled_rows[np.argsort(-all_scores[shuffled_rows], kind="stable")[:n]]
    return positions, all_scores[positions]


def decide(given: Mapping[str, Any]) -> Decision:
    """Choose the strategy that `auto` stands for, by its rules.

    Parameters
    ----------
    given : mapping of str to Any
        Inputs of `sample` by name; what was not given is absent or None. Only `labelled_features` and
        `labelled_labels` are looked into.

    Raises
    ------
    InvalidInput
        If neither proba, features nor scores are given.

    Examples
    --------
    >>> decide({"proba": [[0.5, 0.5]]}).strategy.name
    'auto: margin'
    >>> known = {"labelled_features": np.array([[0.0], [0.1], [5.0], [5.1]]), "labelled_labels": ["a", "a", "b", "b"]}
    >>> decide({"proba": [[0.5, 0.5]], "features": [[1.0]], **known}).reason
    'skill 1.00: spread over the least margins, 10 candidates for each place'
    """
    there = {name for name, value in given.items() if value is not None}
    if "scores" in there:
        return Decision(_named("given_scores"), "scores were given: the highest")
    if not there & {"proba", "features"}:
        raise InvalidInput(
            f"strategy {AUTO!r} has neither probabilities nor features to choose by",
            fix="pass probabilities or an estimator first, or features=",
        )
    if "proba" not in there:
        return Decision(_named("max_herding"), "no probabilities: items that represent the pool")
    if "features" not in there:
        return Decision(_named("margin"), "no features: the least margins")
    if there & {"costs", "budget"}:
        return Decision(_named("margin"), "costs: the most margin score for the money")
    learnt = skill(given.get("labelled_features"), given.get("labelled_labels"))
    trust = min(1.0, learnt / ENOUGH_SKILL)
    beta = CANDIDATES / max(trust, LEAST_TRUST)
    named = _named(resolve("uncertainty_herding").function, beta=beta, power=POWER * trust)
    reason = f"skill {learnt:.2f}: spread over the least margins, {beta:.0f} candidates for each place"
    return Decision(named, reason)


def skill(features: npt.ArrayLike | None, labels: npt.ArrayLike | None) -> float:
    """Say how much the labelled items' places among each other tell about their labels, from 0 (nothing) to 1 (all).

    How often an item's label is that of its nearest neighbour, or of the nearest class mean, whichever is more often,
    the item itself left out; above always answering the largest class, as a share of what there is to gain.

    Parameters
    ----------
    features : array-like of shape (l, d), or None
    labels : array-like of shape (l,), or None

    Returns
    -------
    float
        0 with fewer than two labelled items. 1 if all have one label: then only the model's margins can say more.

    Raises
    ------
    InvalidInput
        If the features are no table of finite numbers, the two differ in length, or a label is missing.

    References
    ----------
    T. Cover and P. Hart, "Nearest neighbor pattern classification", IEEE Transactions on Information Theory, 1967.

    Examples
    --------
    >>> skill([[0.0], [0.1], [5.0], [5.1]], ["a", "a", "b", "b"]), skill([[0.0], [0.1], [5.0]], ["a", "b", "b"])
    (1.0, 0.0)
    """
    from a2i_al.sampling.batches.distances import shuffled  # noqa: PLC0415 - only on demand

    if features is None or labels is None or len(np.asarray(labels)) < 2:  # noqa: PLR2004 - a neighbour is another one
        return 0.0
    known = {"labelled_features": checked_input("labelled_features", features), "labelled_labels": np.asarray(labels)}
    check_labelled(known)
    codes = pd.factorize(known["labelled_labels"])[0]
    if (codes < 0).any():
        raise InvalidInput(f"the label of labelled item {int(codes.argmin())} is missing", expected="a label for each")
    near = shuffled(known["labelled_features"], np.random.default_rng(0))
    rows = near.rows[:_PROBED]
    answers = pd.factorize(codes[near.order[:_PROBED]])[0]
    largest = float(np.bincount(answers).max() / len(answers))
    if largest == 1:
        return 1.0
    right = max(
        float((answers[guess] == answers).mean()) for guess in (_neighbour(rows), _of_nearest_mean(rows, answers))
    )
    return max(0.0, (right - largest) / (1.0 - largest))


def _neighbour(rows: FloatArray) -> npt.NDArray[np.intp]:
    """Return each row's nearest other row."""
    from a2i_al.sampling.batches.distances import squared_distances  # noqa: PLC0415 - only on demand

    distances = squared_distances(rows, rows)
    np.fill_diagonal(distances, np.inf)
    return np.asarray(distances.argmin(axis=1), dtype=np.intp)


def _of_nearest_mean(rows: FloatArray, answers: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return, for each row, some row of the class whose mean, without the row itself, is nearest."""
    from a2i_al.sampling.batches.distances import squared_distances  # noqa: PLC0415 - only on demand

    counts = np.bincount(answers)
    sums = np.zeros((len(counts), rows.shape[1]))
    np.add.at(sums, answers, rows)
    distances = squared_distances(rows.astype(np.float64), sums / counts[:, None])
    own = np.arange(len(rows))
    # Without the row its class's mean is further away by the factor c / (c - 1); a class of one has none left.
    size = counts[answers]
    without = distances[own, answers] * (size / np.maximum(size - 1, 1)) ** 2
    distances[own, answers] = np.where(size > 1, without, np.inf)
    return np.asarray(np.unique(answers, return_index=True)[1][distances.argmin(axis=1)], dtype=np.intp)


def _named(strategy: Any, **knobs: Any) -> Strategy:
    chosen = resolve(partial(strategy, **knobs) if knobs else strategy)
    return replace(chosen, name=f"{AUTO}: {chosen.name}")
