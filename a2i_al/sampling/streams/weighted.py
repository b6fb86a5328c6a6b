"""An Arrow table of rows in, what an importance draw may need of it out; two into one; and of the whole, the draw.

The floor under the weights is a share of the mean score, which is known when all rows have gone past. Until then two
samples are kept of each band of scores, from one power of two to the next: a uniform one, should the band turn out to
lie below the floor, and one with chances in proportion to the scores, should it lie above. The floor is a power of two.
"""

from __future__ import annotations

import json
import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from a2i_al.sampling.draws.importance import FLOOR, lowest_weight
from a2i_al.sampling.draws.uniform import smallest
from a2i_al.sampling.ids import Hashes, keys
from a2i_al.sampling.streams.chunks import Chunk
from a2i_al.sampling.streams.kept import CANDIDATES
from a2i_al.sampling.streams.prefilter import margins
from a2i_al.sampling.streams.spec import Spec
from a2i_al.sampling.streams.top_n import Scores
from a2i_al.sampling.streams.var_opt import thin

_BANDS, _THRESHOLD = b"bands", b"threshold"
# A mean score is at most 1, so the floor is at most 2**-4: all scores from there on are one band.
_HIGHEST = -3
# Scores of 0 are a band of their own, below every floor.
_ZERO = -1_100

Bands = npt.NDArray[np.int32]


class Band(NamedTuple):
    """What is known of a band: how many candidates it has, their sum of scores, its sample's threshold by score."""

    rows: int
    total: float
    threshold: float


def chunk_weighted(chunk: Chunk, n: int, spec: Spec, seed: int) -> pa.Table:
    """Keep of a chunk what a draw of n by margin scores may need.

    Parameters
    ----------
    chunk : Chunk
        The rows.
    n : int
        How many are drawn.
    spec : Spec
        The columns and what is excluded.
    seed : int
        Of the draw, the same for every chunk.

    Returns
    -------
    pyarrow.Table
        `item_id`, `score`, `key`, `band`; `even` and `drawn` say in which of its band's two samples a row is, n in
        each at most. Its metadata holds for each band the number of its candidates, their sum of scores, and the
        threshold of the sample by score.

    References
    ----------
    E. Cohen, N. Duffield, H. Kaplan, C. Lund and M. Thorup, "Stream sampling for variance-optimal estimation of subset
    sums", SODA 2009.
    """
    ids = spec.ids(chunk)
    positions = np.flatnonzero(~ids.excluded(spec.exclude)) if len(spec.exclude) else np.arange(chunk.rows)
    scores = margins(spec.proba_columns(chunk), chunk.where, chunk.first_row_there)[positions]
    scores = np.maximum(scores, 0.0)  # a highest probability may be rounded to somewhat more than 1
    chosen = ids.take(positions)
    order, bands = keys(chosen.hashes(), seed), _bands(scores)
    known = {band: (len(rows), float(scores[rows].sum())) for band, rows in _by_band(bands).items()}
    there = np.ones(len(scores), dtype=np.bool_)
    even, drawn, thresholds = _samples(scores, order, bands, (there, there), np.zeros(len(scores)), n=n, seed=seed)
    kept = np.flatnonzero(even | drawn)
    table = pa.table(
        {
            "item_id": chosen.texts(kept),
            "score": pa.array(scores[kept]),
            "key": pa.array(order[kept]),
            "band": pa.array(bands[kept]),
            "even": pa.array(even[kept]),
            "drawn": pa.array(drawn[kept]),
        }
    )
    return _marked(table, known, thresholds)


def merge_weighted(one: pa.Table, other: pa.Table, n: int, seed: int) -> pa.Table:
    """Merge what was kept of two parts of a pool into what is kept of both.

    A sample's rows stand for what was left out there: a row below its threshold counts as much as the threshold.
    Commutative; another tree of merges keeps other rows, with the same chances.
    """
    both = pa.concat_tables([one, other]).combine_chunks()
    parts = [_known(one), _known(other)]
    flags = (_flag(both, "even"), _flag(both, "drawn"))
    below = np.concatenate([_below(one), _below(other)])
    scores, order, bands = (both[name].to_numpy() for name in ("score", "key", "band"))
    even, drawn, thresholds = _samples(scores, order, bands, flags, below, n=n, seed=seed)
    kept = np.flatnonzero(even | drawn)
    table = both.take(pa.array(kept)).drop_columns(["even", "drawn"])
    table = table.append_column("even", pa.array(even[kept])).append_column("drawn", pa.array(drawn[kept]))
    known = {}
    for band in {*parts[0], *parts[1]}:
        there = [part[band] for part in parts if band in part]
        known[band] = (sum(each.rows for each in there), sum(each.total for each in there))
    return _marked(table, known, thresholds)


def draw_weighted(kept: pa.Table, n: int, seed: int) -> pa.Table:
    """Draw n of what was kept of the whole pool, each with the chance min(1, weight/τ).

    Returns
    -------
    pyarrow.Table
        `item_id` and `weight`: the score, or the floor if that is more. Its metadata holds τ and the number of the
        pool's candidates.
    """
    known = _known(kept)
    count, total = sum(band.rows for band in known.values()), sum(band.total for band in known.values())
    floor = lowest_weight(total / max(count, 1), FLOOR)
    highest_low = round(math.log2(floor))
    order, bands = kept["key"].to_numpy(), kept["band"].to_numpy()
    low = np.flatnonzero((bands <= highest_low) & _flag(kept, "even"))
    low = low[smallest(_others(order[low], seed), n)]
    # All below the floor weigh the same: so many of them stand for the others.
    lows = sum(each.rows for band, each in known.items() if band <= highest_low)
    standing = np.full(len(low), floor * lows / len(low) if lows > len(low) else 0.0)
    high = np.flatnonzero((bands > highest_low) & _flag(kept, "drawn"))
    rows, below = np.concatenate([low, high]), np.concatenate([standing, _below(kept)[high]])
    weights = np.maximum(kept["score"].to_numpy()[rows], floor)
    at, threshold = thin(np.maximum(weights, below), order[rows], n, seed)
    threshold = threshold or float(below.max(initial=0.0))
    table = pa.table({"item_id": kept["item_id"].take(pa.array(rows[at])), "weight": pa.array(weights[at])})
    return table.replace_schema_metadata({_THRESHOLD: repr(threshold), CANDIDATES: str(count)})


def threshold_of(table: pa.Table) -> float:
    """Return τ: an item of weight w was drawn with the chance min(1, w/τ); 0 where every item was."""
    return float((table.schema.metadata or {}).get(_THRESHOLD, b"0"))


def _bands(scores: Scores) -> Bands:
    """Return each score's band: b where it is below 2**b and not below 2**(b-1)."""
    return np.where(scores > 0, np.minimum(np.frexp(scores)[1], _HIGHEST), _ZERO).astype(np.int32)


def _by_band(bands: Bands) -> dict[int, npt.NDArray[np.intp]]:
    """Return the positions of each band's rows, ascending."""
    order = np.argsort(bands.astype(np.int16), kind="stable")  # of 16 bits it is a radix sort
    found, starts = np.unique(bands[order], return_index=True)
    stops = [*starts[1:], len(order)]
    return {band: order[start:stop] for band, start, stop in zip(found.tolist(), starts, stops, strict=True)}


def _samples(
    scores: Scores,
    order: Hashes,
    bands: Bands,
    among: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
    below: Scores,
    *,
    n: int,
    seed: int,
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], dict[int, float]]:
    """Draw each band's uniform sample and its sample by score from the rows that are in those of its parts."""
    even, drawn = np.zeros((2, len(scores)), dtype=np.bool_)
    thresholds: dict[int, float] = {}
    for band, here in _by_band(bands).items():
        if band < _HIGHEST:
            rows = here[among[0][here]]
            even[rows[smallest(_others(order[rows], seed), n)]] = True
        if band > _ZERO:
            rows = here[among[1][here]]
            kept, threshold = thin(np.maximum(scores[rows], below[rows]), order[rows], n, seed)
            drawn[rows[kept]] = True
            thresholds[band] = threshold or float(below[rows].max(initial=0.0))
    return even, drawn, thresholds


def _others(order: Hashes, seed: int) -> Hashes:
    """Return keys that have nothing to do with the order in which `thin` goes through the rows."""
    return keys(order, seed)


def _flag(table: pa.Table, name: str) -> npt.NDArray[np.bool_]:
    return np.asarray(table[name].to_numpy(), dtype=np.bool_)


def _below(table: pa.Table) -> Scores:
    """Return for each row the threshold of its band's sample by score."""
    known = _known(table)
    bands, at = np.unique(table["band"].to_numpy(), return_inverse=True)
    return np.array([known[band].threshold for band in bands.tolist()], dtype=np.float64)[at]


def _known(table: pa.Table) -> dict[int, Band]:
    return {band: Band(*known) for band, *known in json.loads(table.schema.metadata[_BANDS])}


def _marked(table: pa.Table, known: dict[int, tuple[int, float]], thresholds: dict[int, float]) -> pa.Table:
    bands = [(band, count, total, thresholds.get(band, 0.0)) for band, (count, total) in sorted(known.items())]
    count = sum(number for number, _ in known.values())
    return table.replace_schema_metadata({_BANDS: json.dumps(bands), CANDIDATES: str(count)})
