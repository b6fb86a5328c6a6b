"""What was kept of two parts of a pool in, one table out, in the higher one of their precisions."""

from __future__ import annotations

import pyarrow as pa

from a2i_al.errors import InvalidTable


def joined(one: pa.Table, other: pa.Table) -> pa.Table:
    """Return the rows of both.

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
