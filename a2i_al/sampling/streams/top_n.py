"""An Arrow table of rows in, a small Arrow table of the best n out; and two such tables into one.

Both are pure. `merge` is associative and commutative, and the keys that break ties come from the seed and the item's
id alone: whatever the pool is cut into, in whatever order and tree the pieces are merged, the same n rows are left. So
any engine can run them, one `chunk_top` per partition.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from a2i_al.sampling.draws.uniform import smallest
from a2i_al.sampling.ids import Hashes, keys
from a2i_al.sampling.probabilities import SUM_TOLERANCE
from a2i_al.sampling.scores import uncertainty
from a2i_al.sampling.scores.top import LARGE
from a2i_al.sampling.streams.chunks import Chunk, rows_column
from a2i_al.sampling.streams.columns import Floats
from a2i_al.sampling.streams.item_ids import ItemIds
from a2i_al.sampling.streams.kept import candidates, counted, joined
from a2i_al.sampling.streams.prefilter import bound, check_rows, folded, survivors
from a2i_al.sampling.streams.spec import Spec, all_rows, take_rows
from a2i_al.sampling.streams.widths import Widths

Positions = npt.NDArray[np.intp]
Scores = npt.NDArray[np.float64]

# Rows that are scored first, so that the others need only be compared with the n-th best of these.
_HEAD = 16_384
# The score of a row that is as sure as may be: a highest probability somewhat above 1 is taken for rounding.
_LOWEST = -SUM_TOLERANCE


def chunk_top(table: pa.Table, n: int, spec: Spec, seed: int) -> pa.Table:
    """Keep the n rows of a table with the highest scores; among equal scores the keys decide.

    Parameters
    ----------
    table : pyarrow.Table
        With the columns that `spec` names, m rows.
    n : int
        How many to keep; fewer come back where the table has fewer candidates.
    spec : Spec
        The score, the columns and what is excluded. Without a column of ids the rows are counted from 0 in each
        table: name one where the pool has several partitions.
    seed : int
        Seed of the keys, the same for all partitions.

    Returns
    -------
    pyarrow.Table
        `item_id`, `score` (0 under a uniform draw), `key`, `audit_key` if there is an audit slice, and what `spec`
        keeps; the best first. Its metadata counts the candidates.

    Raises
    ------
    InvalidTable, InvalidProbabilities, InvalidInput
        If a column is absent, a row is not what it should be, or an id is missing.

    Notes
    -----
    O(m k) time, with one pass over the probabilities in cache-sized blocks for the built-in uncertainty scores.

    Examples
    --------
    >>> table = pa.table({"item_id": ["a", "b", "c"], "p0": [0.9, 0.6, 0.3], "p1": [0.1, 0.4, 0.7]})
    >>> chunk_top(table, 2, Spec("margin", "item_id", ("p0", "p1")), seed=0)["item_id"].to_pylist()
    ['b', 'c']
    """
    # A table is a pool of its own: how many classes one has does not bind the next.
    return top_of(Chunk.of_table(table), n, replace(spec, widths=Widths()), seed)


def merge(one: pa.Table, other: pa.Table, n: int, audits: int = 0) -> pa.Table:
    """Merge what `chunk_top` kept of two parts of a pool into what it keeps of both together.

    Parameters
    ----------
    one, other : pyarrow.Table
        From `chunk_top` or `merge`, with the same `n`, `spec` and `seed`.
    n, audits : int
        As they were there.

    Returns
    -------
    pyarrow.Table
        Of the same columns.

    Examples
    --------
    >>> spec = Spec("margin", "item_id", ("p0", "p1"))
    >>> parts = [pa.table({"item_id": [i], "p0": [p], "p1": [1 - p]}) for i, p in [("a", 0.9), ("b", 0.6), ("c", 0.5)]]
    >>> a, b, c = (chunk_top(part, 2, spec, seed=0) for part in parts)
    >>> merge(merge(a, b, 2), c, 2)["item_id"].to_pylist()
    ['c', 'b']
    """
    both = joined(one, other)
    kept = _kept(both, n, audits)
    return counted(both.take(pa.array(kept)), candidates(one) + candidates(other))


def cut_of(table: pa.Table | None, n: int) -> float:
    """Return the score below which a row cannot be among the best n any more; minus infinity while there is none.

    Examples
    --------
    >>> cut_of(None, 3)
    -inf
    """
    return -np.inf if table is None or len(table) < n or n == 0 else float(table["score"][n - 1].as_py())


def top_of(chunk: Chunk, n: int, spec: Spec, seed: int, cut: float = -np.inf) -> pa.Table:
    """Do what `chunk_top` does, reading no column that is not needed and leaving out rows below a cut known already.

    Examples
    --------
    >>> top_of(Chunk.of_table(pa.table({"item_id": ["a", "b"]})), 2, Spec(None, "item_id"), seed=0).num_rows
    2
    """
    ids: ItemIds | None = None
    left: Positions | None = None
    audit = np.empty(0, dtype=np.intp)
    # With a cut from rows that are candidates, only what reaches it has to be identified: many chunks are done without
    # reading the ids, which often are as large as the probabilities.
    if spec.strategy is None or spec.audits or (len(spec.exclude) and cut == -np.inf):
        ids = spec.ids(chunk)
        left = np.flatnonzero(~ids.excluded(spec.exclude)) if len(spec.exclude) else None
        audit = _audited(ids, left, spec)
    count = chunk.rows if left is None else len(left)
    positions, scores = scored(chunk, left, n, spec, cut)
    if ids is None:
        ids = spec.ids(chunk) if len(positions) else ItemIds(pa.array([], pa.int64()), chunk.where)
        if len(spec.exclude):
            stays = ~ids.take(positions).excluded(spec.exclude)
            positions, scores = positions[stays], scores[stays]
    chosen = best(scores, positions, ids, n, seed)
    positions, scores = positions[chosen], scores[chosen]
    if spec.audits:
        # The slice is drawn from all candidates: a row may be in it and among the best. One that is not is kept
        # below all others, and can never take the place of one that is.
        alone = np.setdiff1d(audit, positions, assume_unique=True)
        positions = np.concatenate([positions, alone])
        scores = np.concatenate([scores, np.full(len(alone), -np.inf)])
    return counted(_table(chunk, spec, ids.take(positions), positions, scores=scores, seed=seed), count)


def scored(chunk: Chunk, left: Positions | None, n: int, spec: Spec, cut: float) -> tuple[Positions, Scores]:
    """Return the candidates (None: all rows) that may be among the best n and reach the cut, and their scores.

    Positions ascend. Every row that is read is checked, excluded or not.
    """
    if spec.strategy is None or (left is not None and len(left) == 0):
        among = np.arange(chunk.rows) if left is None else left
        return among, np.zeros(len(among))
    # A wrong row makes None of it: the slow way finds out which one.
    quick = _by_two_highest(chunk, left, n, spec=spec, cut=cut)
    if quick is not None:
        return quick
    columns = spec.proba_columns(chunk) if spec.proba and spec.reads("proba", "label_proba") else None
    if columns is not None and _bounded_score(spec):
        kept = _bounded(chunk, columns, left, n, spec=spec, cut=cut)
        scores = spec.scores(take_rows(columns, kept), None, len(kept)) if len(kept) else np.empty(0)
    else:
        kept = np.arange(chunk.rows) if left is None else left
        distributions = spec.reads("proba")
        proba = None if columns is None else all_rows(columns, chunk, distributions=distributions)[kept]
        features = spec.read_features(chunk)[kept] if spec.features and spec.reads("features") else None
        hashes = spec.ids(chunk).take(kept).hashes() if spec.reads("hashes") else None
        scores = spec.scores(proba, features, len(kept), hashes)
    stays = scores >= cut
    return kept[stays], scores[stays]


def _by_two_highest(
    chunk: Chunk, left: Positions | None, n: int, *, spec: Spec, cut: float
) -> tuple[Positions, Scores] | None:
    """Score a large chunk, its columns one by one, by a score that looks at two probabilities only, if it is so."""
    name = _bounded_score(spec)
    score = uncertainty.OF_TWO_HIGHEST.get(name)
    if score is None or chunk.rows < LARGE:
        return None
    columns = spec.each_proba(chunk)
    two = None if columns is None else folded(columns, chunk.rows)
    if two is not None and cut == -np.inf:
        size = max(_HEAD, 2 * n)
        cut = _cut_of_head(score(*(values[:size].astype(np.float64) for values in two)), left, n)
    test = bound(name, max(cut, _LOWEST), len(spec.proba))
    if two is None or test is None:
        return None
    kept = test.positions(*two)
    kept = kept if left is None else np.intersect1d(kept, left, assume_unique=True)
    scores = score(*(values[kept].astype(np.float64) for values in two))
    return kept[scores >= cut], scores[scores >= cut]


def _bounded_score(spec: Spec) -> str:
    """Return the name of the score if two probabilities bound it, else none."""
    strategy = spec.scored_by
    ours = strategy.built_in if strategy.function.__module__ == uncertainty.__name__ else None
    return ours if ours is not None and bound(ours, 0.0, 2) is not None else ""


def _bounded(
    chunk: Chunk, columns: list[Floats] | Floats, left: Positions | None, n: int, *, spec: Spec, cut: float
) -> Positions:
    classes = columns.shape[1] if isinstance(columns, np.ndarray) else len(columns)
    size = max(_HEAD, 2 * n)
    if cut == -np.inf and chunk.rows > 2 * size:
        rows = take_rows(columns, np.arange(size))
        check_rows(rows, chunk.where, chunk.first_row_there)
        cut = _cut_of_head(spec.scores(rows, None, size), left, n)
    test = bound(_bounded_score(spec), max(cut, _LOWEST), classes)
    kept = survivors(columns, test, chunk.where, chunk.first_row_there) if test else np.arange(chunk.rows)
    return kept if left is None else np.intersect1d(kept, left, assume_unique=True)


def _cut_of_head(scores: Scores, left: Positions | None, n: int) -> float:
    """Return the n-th best score of a chunk's first rows, as far as they are candidates; minus infinity if too few."""
    head = scores if left is None else scores[left[left < len(scores)]]
    return float(np.partition(head, -n)[-n]) if 0 < n <= len(head) else -np.inf


def best(scores: Scores, positions: Positions, ids: ItemIds, n: int, seed: int) -> Positions:
    """Return which of the scored rows are the best n; only equal scores at the cut are hashed."""
    if len(scores) <= n:
        return np.arange(len(scores))
    if n == 0:
        return np.empty(0, dtype=np.intp)
    cut = np.partition(scores, -n)[-n]
    above, at_cut = np.flatnonzero(scores > cut), np.flatnonzero(scores == cut)
    open_places = n - len(above)
    if len(at_cut) > open_places:
        at_cut = at_cut[smallest(keys(ids.take(positions[at_cut]).hashes(), seed), open_places)]
    return np.sort(np.concatenate([above, at_cut]))


def _audited(ids: ItemIds, left: Positions | None, spec: Spec) -> Positions:
    if not spec.audits:
        return np.empty(0, dtype=np.intp)
    hashes = ids.hashes() if left is None else ids.take(left).hashes()
    drawn = smallest(keys(hashes, spec.audit_seed), spec.audits)
    return drawn if left is None else left[drawn]


def _table(chunk: Chunk, spec: Spec, ids: ItemIds, positions: Positions, *, scores: Scores, seed: int) -> pa.Table:
    hashes = ids.hashes()
    columns = {
        "item_id": ids.texts(np.arange(len(ids))),
        "score": pa.array(scores, pa.float64()),
        "key": pa.array(keys(hashes, seed)),
    }
    if spec.audits:
        columns["audit_key"] = pa.array(keys(hashes, spec.audit_seed))
    if "proba" in spec.keeps and len(positions):
        columns["proba"] = rows_column(take_rows(spec.proba_columns(chunk), positions), chunk.where)
    if "features" in spec.keeps and len(positions):
        columns["features"] = rows_column(spec.read_features(chunk)[positions], chunk.where)
    return pa.table(columns).take(pa.array(_ranked(scores, columns["key"].to_numpy())))


def _ranked(scores: Scores, by_key: Hashes) -> Positions:
    """Return the order from the best on: by score, equal ones by key."""
    # Two parts that are in order are merged in no time; keys are in none, and few have to be compared.
    order = np.argsort(-scores, kind="stable")
    equal = scores[order[1:]] == scores[order[:-1]]
    tied = np.zeros(len(order), dtype=np.bool_)
    tied[1:] = equal
    tied[:-1] |= equal
    among = order[tied]
    order[tied] = among[np.lexsort((by_key[among], -scores[among]))]
    return order


def _kept(table: pa.Table, n: int, audits: int) -> Positions:
    order = _ranked(table["score"].to_numpy(), table["key"].to_numpy())
    if not audits:
        return order[:n]
    stays = np.zeros(len(order), dtype=np.bool_)
    stays[order[:n]] = True
    stays[smallest(table["audit_key"].to_numpy(), audits)] = True
    return order[stays[order]]
