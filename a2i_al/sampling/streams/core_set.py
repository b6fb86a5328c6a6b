"""An Arrow table of rows in, a core-set out: rows that stand for the others, chosen by the strategy itself.

A chunk is reduced to some times n rows, two core-sets are put together and reduced again, and the strategy chooses the
n from the core-set that is left: merge and reduce, with memory for one chunk and one core-set.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from a2i_al.sampling.choosing import Choice, Task, choose
from a2i_al.sampling.draws.uniform import smallest
from a2i_al.sampling.ids import keys
from a2i_al.sampling.pools.ids import PoolIds
from a2i_al.sampling.pools.pool import Pool
from a2i_al.sampling.registry import Strategy
from a2i_al.sampling.streams.chunks import Chunk, rows_column
from a2i_al.sampling.streams.columns import as_rows
from a2i_al.sampling.streams.kept import candidates, counted, joined
from a2i_al.sampling.streams.spec import Spec, take_rows


def chunk_core_set(chunk: Chunk, size: int, spec: Spec, strategy: Strategy, seed: int) -> pa.Table:
    """Reduce a chunk to a core-set.

    Parameters
    ----------
    chunk : Chunk
        The rows.
    size : int
        How many rows the core-set has; all where there are not more.
    spec : Spec
        The columns, what is excluded, and what else the strategy takes.
    strategy : Strategy
        A batch strategy that looks at the features.
    seed : int
        Of its random choices.

    Returns
    -------
    pyarrow.Table
        `item_id`, `audit_key`, `features` and, if `spec` keeps them, `proba`; its metadata counts the candidates.

    References
    ----------
    P. Indyk, S. Mahabadi, M. Mahdian and V. Mirrokni, "Composable core-sets for diversity and coverage maximization",
    PODS 2014; G. Malkomes, M. Kusner, W. Chen, K. Weinberger and B. Moseley, "Fast distributed k-center clustering with
    outliers on massive data", NeurIPS 2015: k centres from the union of the parts' centres cover the whole pool at most
    four times as far as the best k.
    """
    ids = spec.ids(chunk)
    left = np.flatnonzero(~ids.excluded(spec.exclude))
    chosen = ids.take(left)
    columns = {
        "item_id": chosen.texts(np.arange(len(left))),
        "audit_key": pa.array(keys(chosen.hashes(), spec.audit_seed)),
        "features": rows_column(spec.read_features(chunk)[left], chunk.where),
    }
    if "proba" in spec.keeps:
        columns["proba"] = rows_column(take_rows(spec.proba_columns(chunk), left), chunk.where)
    return reduce(counted(pa.table(columns), len(left)), size, spec, strategy, seed)


def merge_core_sets(
    one: pa.Table, other: pa.Table, size: int, *, spec: Spec, strategy: Strategy, seed: int
) -> pa.Table:
    """Put two core-sets together, in the higher one of their precisions, and reduce them to one."""
    return reduce(counted(joined(one, other), candidates(one) + candidates(other)), size, spec, strategy, seed)


def reduce(table: pa.Table, size: int, spec: Spec, strategy: Strategy, seed: int) -> pa.Table:
    """Let the strategy choose `size` rows of the table, if it has more; the audit slice stays beside them."""
    if len(table) <= size + spec.audits:
        return table
    chosen = chosen_by(strategy, table, size, spec, np.random.default_rng(seed)).rows
    return table.take(pa.array(np.union1d(chosen, smallest(table["audit_key"].to_numpy(), spec.audits))))


def chosen_by(strategy: Strategy, table: pa.Table, n: int, spec: Spec, rng: np.random.Generator) -> Choice:
    """Let a strategy choose n rows of a table in memory, as `sample` does: in the order of their ids' hashes.

    Raises
    ------
    InvalidInput
        If an id occurs twice, or the strategy breaks its contract.
    """
    wanted = [name for name in ("proba", "features") if name in table.schema.names]
    inputs = {name: as_rows(table, (name,), "the rows kept") for name in wanted}
    pool = Pool(PoolIds(table["item_id"].to_pylist(), len(table)), {**inputs, **spec.given})
    return choose(Task(strategy, pool, None, n, None, rng))
