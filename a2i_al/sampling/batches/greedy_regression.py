"""Features, and a regressor's predictions, in; out a batch that is far from all that is labelled, in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.errors import InvalidInput
from a2i_al.sampling.batches.distances import block_rows, shuffled, squared_distances, squared_norms
from a2i_al.sampling.batches.k_center import k_center

Floats = npt.NDArray[np.floating[Any]]
Batch = tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]

# Values of a block of features: its differences from one row stay in the second-level cache.
_BLOCK_VALUES = 131_072
_LABELLED_ROWS = 1024


def gsx(features: Floats, labelled_features: Floats | None = None, *, n: int, rng: np.random.Generator) -> Batch:
    """Choose items one by one, each the farthest from everything labelled or chosen: greedy sampling of the inputs.

    With nothing labelled, the first is the item nearest to the mean of the pool. It needs no model, so it is the way to
    begin a regression; like every farthest-first choice it goes for outliers, and features on larger scales decide, so
    standardise them.

    Parameters
    ----------
    features : ndarray of shape (m, d), float
        The candidates.
    labelled_features : ndarray of shape (l, d), float, optional
        What has been labelled already; none by default.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Breaks ties.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of choice.
    scores : ndarray of shape (n,), float64
        The distance to the nearest item labelled or chosen before, where the pool's root mean squared distance to its
        mean is 1; zero for a first choice with nothing to be far from.

    Notes
    -----
    The same choice as `k_center`, which another field came to for another reason. Time O((n + l) m d) at worst, memory
    O(m d).

    References
    ----------
    D. Wu, C.-T. Lin and J. Huang, "Active learning for regression using greedy sampling", Information Sciences 474,
    2019 (GSx); the first choice follows H. Yu and S. Kim, "Passive sampling for regression", ICDM 2010.

    Examples
    --------
    >>> features = np.array([[0.0], [1.0], [4.0], [9.0]])
    >>> gsx(features, n=3, rng=np.random.default_rng(0))[0].tolist()
    [2, 3, 0]
    """
    return k_center(features, labelled_features, n=n, rng=rng)


def igs(
    features: Floats,
    predictions: npt.NDArray[np.float64],
    labelled_features: Floats | None = None,
    labelled_labels: npt.NDArray[Any] | None = None,
    chosen: npt.NDArray[np.intp] | None = None,
    *,
    n: int,
    rng: np.random.Generator,
) -> Batch:
    """Choose items one by one, each far from everything labelled or chosen in both its features and its prediction.

    How far is the product of the two distances, the smallest over all labelled items. An item chosen in this batch has
    no label yet; its prediction stands for it. Where every product is 0, as with predictions that are all the same, the
    distance of the features decides, as in `gsx`. It needs a model that has learnt something; before that, use `gsx`.

    Parameters
    ----------
    features : ndarray of shape (m, d), float
        The candidates. Features on larger scales decide, so standardise them.
    predictions : ndarray of shape (m,), float
        What the model predicts for them.
    labelled_features : ndarray of shape (l, d), float, optional
        What has been labelled already; none by default.
    labelled_labels : ndarray of shape (l,), float, optional
        Their labels, in the unit of the predictions.
    chosen : ndarray of shape (c,), intp, optional
        Positions of the batch's first items, chosen before: the others keep away from them, too. `sample` gives them
        where quotas have cut a batch.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Breaks ties.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of choice.
    scores : ndarray of shape (n,), float64
        The smallest product: in the target's unit, times distances where the pool's root mean squared distance to its
        mean is 1; zero for a first choice with nothing to be far from.

    Raises
    ------
    InvalidInput
        If labelled items come without their labels, or these are no finite numbers.

    Notes
    -----
    Time O((n + l) m d), memory O(m d).

    References
    ----------
    D. Wu, C.-T. Lin and J. Huang, "Active learning for regression using greedy sampling", Information Sciences 474,
    2019 (iGS).

    Examples
    --------
    >>> features = np.array([[0.0], [1.0], [4.0], [5.0]])
    >>> predictions = np.array([0.0, 6.0, 1.0, 1.0])
    >>> igs(features, predictions, np.array([[0.0]]), np.array([0.0]), n=2, rng=np.random.default_rng(0))[0].tolist()
    [1, 3]
    """
    known = _known_labels(labelled_features, labelled_labels)
    pool = shuffled(features, rng, labelled_features)
    values = np.asarray(predictions, dtype=np.float64)[pool.order]
    gaps = _Gaps(pool.rows, values, np.full(len(values), np.inf), np.full(len(values), np.inf))
    for start, stop in row_blocks(len(pool.labelled), _LABELLED_ROWS):
        gaps.approach(pool.labelled[start:stop], known[start:stop])
    before = np.empty(0, dtype=np.intp) if chosen is None else np.argsort(pool.order)[chosen]
    for item in before.tolist():
        gaps.choose(item)
    # The rows come in random order, so the first of the farthest is a fair choice.
    picked, scores = np.empty(n, dtype=np.intp), np.zeros(n)
    for turn in range(n):
        if turn == 0 and not len(pool.labelled) and not len(before):
            picked[0] = squared_norms(pool.rows).argmin()
        else:
            picked[turn], scores[turn] = gaps.farthest()
        gaps.choose(int(picked[turn]))
    return pool.order[picked], scores


@dataclass
class _Gaps:
    """How far each row is from the nearest item labelled or chosen: by its features, and times its prediction's gap.

    A row that is chosen has -1, which no later item lowers.
    """

    rows: Floats
    predictions: npt.NDArray[np.float64]
    apart: npt.NDArray[np.float64]
    product: npt.NDArray[np.float64]

    def farthest(self) -> tuple[int, float]:
        """Return the row to choose next, and how far it is."""
        pick = int((self.product if self.product.max() > 0 else self.apart).argmax())
        return pick, float(self.product[pick])

    def choose(self, pick: int) -> None:
        """Take a row out, and bring the others near to it."""
        here = slice(pick, pick + 1)
        self.approach(self.rows[here], self.predictions[here])
        self.apart[pick] = self.product[pick] = -1

    def approach(self, items: Floats, labels: npt.NDArray[np.float64]) -> None:
        """Shorten the distances to those from some items where these are shorter."""

        def shorten(block: tuple[int, int]) -> None:
            here = slice(*block)
            distances = np.sqrt(squared_distances(self.rows[here], items))
            np.minimum(self.apart[here], distances.min(axis=1), out=self.apart[here])
            products = distances * np.abs(self.predictions[here, None] - labels)
            np.minimum(self.product[here], products.min(axis=1), out=self.product[here])

        size = min(block_rows(len(items)), max(256, _BLOCK_VALUES // self.rows.shape[1]))
        in_threads(shorten, row_blocks(len(self.rows), size))


def _known_labels(
    labelled_features: Floats | None, labelled_labels: npt.NDArray[Any] | None
) -> npt.NDArray[np.float64]:
    items = 0 if labelled_features is None else len(labelled_features)
    if not items:
        return np.empty(0)
    expected = f"{items} finite numbers, one for each of the labelled_features"
    try:
        labels = np.asarray(labelled_labels, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"labelled_labels cannot be read as numbers: {error}", expected=expected) from error
    if labels.shape != (items,) or not np.isfinite(labels).all():
        raise InvalidInput(
            f"labelled_labels has shape {labels.shape}"
            if labelled_labels is not None
            else "there are no labelled_labels",
            expected=expected,
            fix="pass labelled_labels=, or use 'gsx', which needs none",
        )
    return labels
