"""The small tables of what is kept of a pool: how many candidates each was chosen from, and two of them as one."""

from __future__ import annotations

import pyarrow as pa

from a2i_al.errors import InvalidTable

# In a table's metadata.
CANDIDATES = b"candidates"


def counted(table: pa.Table, count: int) -> pa.Table:
    """Return a table that says from how many candidates it was chosen.

    Examples
    --------
    >>> candidates(counted(pa.table({"score": [0.5]}), 90))
    90
    """
    return table.replace_schema_metadata({CANDIDATES: str(count)})


def candidates(table: pa.Table) -> int:
    """Return how many candidates a table was chosen from."""
    return int((table.schema.metadata or {}).get(CANDIDATES, b"0"))


def joined(one: pa.Table, other: pa.Table) -> pa.Table:
    """Return the rows of two parts, in the higher one of their precisions.

    Raises
    ------
    InvalidTable
        If they were kept by different specs.

    Examples
    --------
    >>> joined(pa.table({"score": pa.array([0.5], pa.float32())}), pa.table({"score": [0.25]}))["score"].to_pylist()
    [0.5, 0.25]
    """
    # A part without rows may lack the columns that the other keeps.
    parts = [part for part in (one, other) if len(part)] or [one]
    first, last = (parts[at].column_names for at in (0, -1))
    if {*first} != {*last}:
        raise InvalidTable(
            f"one part has the columns {', '.join(first)}, the other {', '.join(last)}",
            expected="what was kept by one spec",
        )
    return pa.concat_tables(parts, promote_options="permissive").combine_chunks()
