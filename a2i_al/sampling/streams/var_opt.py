"""An Arrow table of rows in, a random sample of n with chances in proportion to their scores out; and two into one.

The chance of every item is exactly min(1, w/τ), whatever the pool is cut into: τ is a property of the whole pool.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from a2i_al.sampling.ids import keys
from a2i_al.sampling.streams.chunks import Chunk
from a2i_al.sampling.streams.prefilter import margins
from a2i_al.sampling.streams.spec import Spec
from a2i_al.sampling.streams.top_n import CANDIDATES, Positions, Scores, candidates

_THRESHOLD = b"threshold"


def chunk_weighted(chunk: Chunk, n: int, spec: Spec, seed: int, floor: float = 0.01) -> pa.Table:
    """Draw n rows of a chunk with chances proportional to their margin scores.

    Parameters
    ----------
    chunk : Chunk
        The rows.
    n : int
        How many to keep; all where there are not more.
    spec : Spec
        The columns and what is excluded.
    seed : int
        Of the draw, the same for every chunk.
    floor : float
        The weight of rows that score less than this, so that each has a chance; above 0.

    Returns
    -------
    pyarrow.Table
        `item_id`, `score`, `weight` and `key`; its metadata holds the threshold τ, 0 where nothing was left out, and
        the number of candidates.

    References
    ----------
    E. Cohen, N. Duffield, H. Kaplan, C. Lund and M. Thorup, "Stream sampling for variance-optimal estimation of subset
    sums", SODA 2009.
    """
    ids = spec.ids(chunk)
    positions = np.flatnonzero(~ids.excluded(spec.exclude)) if len(spec.exclude) else np.arange(chunk.rows)
    scores = margins(spec.proba_columns(chunk), chunk.where, chunk.first_row_there)[positions]
    chosen = ids.take(positions)
    weights = np.maximum(scores, floor)
    order = keys(chosen.hashes(), seed)
    kept, threshold = thin(weights, order, n, seed)
    table = pa.table(
        {
            "item_id": chosen.texts(kept),
            "score": pa.array(scores[kept]),
            "weight": pa.array(weights[kept]),
            "key": pa.array(order[kept]),
        }
    )
    return _marked(table, threshold, len(positions))


def merge_weighted(one: pa.Table, other: pa.Table, n: int, seed: int) -> pa.Table:
    """Merge the samples of two parts of a pool into a sample of both.

    Each part's rows stand for what was left out there: a row below the part's threshold counts as much as the
    threshold. Commutative; another tree of merges draws other rows, with the same chances.
    """
    both = pa.concat_tables([one, other]).combine_chunks()
    parts = [np.full(len(part), threshold_of(part)) for part in (one, other)]
    weights = np.maximum(both["weight"].to_numpy(), np.concatenate(parts))
    kept, threshold = thin(weights, both["key"].to_numpy(), n, seed)
    threshold = threshold or max(threshold_of(one), threshold_of(other))
    return _marked(both.take(pa.array(kept)), threshold, candidates(one) + candidates(other))


def threshold_of(table: pa.Table) -> float:
    """Return τ: an item of weight w was kept with the chance min(1, w/τ); 0 where every item was kept."""
    return float((table.schema.metadata or {}).get(_THRESHOLD, b"0"))


def thin(weights: Scores, order: npt.NDArray[np.uint64], n: int, seed: int) -> tuple[Positions, float]:
    """Keep n rows, each with the chance min(1, weight/τ), by systematic sampling along a random order.

    Parameters
    ----------
    weights : ndarray of shape (m,)
        Above 0.
    order : ndarray of shape (m,), uint64
        A random key for each row.
    n : int
        How many to keep.
    seed : int
        Of the draw.

    Returns
    -------
    kept : ndarray of shape (min(m, n),), intp
        Positions, those of the smaller keys first.
    threshold : float
        τ, with Σ min(1, weight/τ) = n; 0 where m <= n.

    Examples
    --------
    >>> kept, threshold = thin(np.array([10.0, 1.0, 1.0]), np.array([5, 3, 4], dtype=np.uint64), 2, seed=0)
    >>> 0 in kept, threshold
    (True, 2.0)
    """
    by_key = np.argsort(order, kind="stable")
    if len(weights) <= n:
        return by_key, 0.0
    parted = np.partition(weights, len(weights) - n)
    descending = np.sort(parted[-n:])[::-1]
    # What is left of the weights when the largest 0, 1, ... n-1 are certain; summed from the smallest.
    rest = parted[:-n].sum() + np.cumsum(descending[::-1])[::-1]
    certain = int(np.argmax(descending * (n - np.arange(n)) <= rest * (1 + 1e-12)))  # 1e-12: rounding of the sums
    threshold = float(rest[certain] / (n - certain))
    surely = weights > threshold
    drawn = by_key[~surely[by_key]]
    places = n - int(surely.sum())
    chances = np.cumsum(weights[drawn])
    chances *= places / chances[-1]
    mixed = np.bitwise_xor.reduce(order) ^ np.uint64(len(order))
    start = float(keys(np.array([mixed]), seed ^ n)[0] >> np.uint64(11)) / 2**53
    hit = np.minimum(np.searchsorted(chances, start + np.arange(places), side="right"), len(drawn) - 1)
    chosen = np.zeros(len(weights), dtype=np.bool_)
    chosen[drawn[hit]] = True
    # Rounding can put two of the equidistant points into a row whose chance is 1: the next heaviest takes the place.
    spare = drawn[~chosen[drawn]]
    chosen[spare[np.argsort(-weights[spare], kind="stable")][: places - int(chosen.sum())]] = True
    chosen |= surely
    return by_key[chosen[by_key]], threshold


def _marked(table: pa.Table, threshold: float, count: int) -> pa.Table:
    return table.replace_schema_metadata({_THRESHOLD: repr(threshold), CANDIDATES: str(count)})
