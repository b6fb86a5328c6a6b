"""Chunks in, one small table out: every chunk is reduced, some at a time, and merged in the order of the source."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from threading import Lock

import pyarrow as pa

from a2i_al.compute.threads import processors, share
from a2i_al.sampling.streams.chunks import Chunk

# From a chunk and what is kept so far (None at first) to what is kept of the chunk. What is kept so far may be older
# than the chunk before: it can only save work.
Reduce = Callable[[Chunk, pa.Table | None], pa.Table]
Merge = Callable[[pa.Table, pa.Table], pa.Table]

# How many chunks per thread may pass a slow one: what is kept of them waits until it is done.
_AHEAD = 3


def one_pass(chunks: Iterator[Chunk], reduce: Reduce, merge: Merge, *, threads: bool) -> pa.Table | None:
    """Reduce every chunk and merge the results; None where there was no chunk.

    Parameters
    ----------
    chunks : iterator of Chunk
        Is read once, a chunk at a time, when a thread is free for it.
    reduce, merge : callable
        See `Reduce` and `Merge`.
    threads : bool
        Whether chunks may be reduced at the same time.

    Returns
    -------
    pyarrow.Table or None

    Examples
    --------
    >>> chunks = (Chunk.of_table(pa.table({"x": [i]})) for i in range(3))
    >>> together = one_pass(
    ...     chunks, lambda chunk, _: chunk.read(["x"]), lambda a, b: pa.concat_tables([a, b]), threads=True
    ... )
    >>> together["x"].to_pylist()
    [0, 1, 2]
    """
    kept: pa.Table | None = None
    # Parts whose turn has not come yet: a slow chunk lets others pass it.
    waiting: dict[int, pa.Table] = {}
    merged, merging = 0, Lock()

    def step(numbered: tuple[int, Chunk]) -> None:
        nonlocal kept, merged
        at, chunk = numbered
        part = reduce(chunk, kept)
        with merging:
            waiting[at] = part
            while merged in waiting:
                part = waiting.pop(merged)
                kept = part if kept is None else merge(kept, part)
                merged += 1

    if threads:
        share(step, enumerate(chunks), ahead=_AHEAD * processors())
    else:
        deque(map(step, enumerate(chunks)), maxlen=0)
    return kept
