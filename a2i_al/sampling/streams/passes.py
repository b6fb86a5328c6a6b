"""Chunks in, one small table out: every chunk is reduced, some at a time, and merged in the order of the source."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pyarrow as pa

from a2i_al.compute.threads import processors
from a2i_al.sampling.streams.chunks import Chunk

# From a chunk and what is kept so far (None at first) to what is kept of the chunk. What is kept so far may be older
# than the chunk before: it can only save work.
Reduce = Callable[[Chunk, pa.Table | None], pa.Table]
Merge = Callable[[pa.Table, pa.Table], pa.Table]

# Chunks in the queue per thread: a slow one at its head leaves the others something to do. What waits is not read yet,
# or a batch of a few megabytes.
_AHEAD = 3


def one_pass(chunks: Iterator[Chunk], reduce: Reduce, merge: Merge, *, threads: bool) -> pa.Table | None:
    """Reduce every chunk and merge the results; None where there was no chunk.

    Parameters
    ----------
    chunks : iterator of Chunk
        Is read once, a few chunks ahead of the slowest thread.
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
    if not threads:
        for chunk in chunks:
            part = reduce(chunk, kept)
            kept = part if kept is None else merge(kept, part)
        return kept
    first = next(chunks, None)
    if first is None:
        return None
    # The first one alone: what is kept of it spares the others, all at once, most of their work.
    kept = reduce(first, None)
    workers = processors()
    running: deque[Future[pa.Table]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for chunk in chunks:
                if len(running) >= _AHEAD * workers:
                    kept = merge(kept, running.popleft().result())
                running.append(pool.submit(reduce, chunk, kept))
            while running:
                kept = merge(kept, running.popleft().result())
        finally:
            pool.shutdown(cancel_futures=True)
    return kept
