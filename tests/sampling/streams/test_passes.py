"""One pass over chunks: what each is reduced by, and the order they are merged in."""

import threading
import time

import pyarrow as pa
import pytest

from a2i_al.compute import threads as compute
from a2i_al.sampling.streams.chunks import Chunk
from a2i_al.sampling.streams.passes import one_pass


def chunks(count):
    return (Chunk.of_table(pa.table({"x": [number]})) for number in range(count))


def numbers(table):
    return [] if table is None else table["x"].to_pylist()


def together(one, other):
    return pa.concat_tables([one, other])


@pytest.mark.parametrize("threads", [False, True])
def test_a_chunk_is_reduced_by_all_that_is_kept_so_far(monkeypatch, threads):
    """One thread has every chunk before it merged when it begins the next."""
    monkeypatch.setattr(compute, "processors", lambda: 1)
    known = []

    def reduce(chunk, kept):
        known.append(numbers(kept))
        return chunk.read(["x"])

    assert numbers(one_pass(chunks(3), reduce, together, threads=threads)) == [0, 1, 2]
    assert known == [[], [0], [0, 1]]


def test_chunks_are_merged_in_the_order_of_the_source(monkeypatch):
    """However long the first one takes."""
    monkeypatch.setattr(compute, "processors", lambda: 2)
    others, begun = threading.Event(), []

    def reduce(chunk, _):
        table = chunk.read(["x"])
        begun.extend(numbers(table))
        if numbers(table) == [0]:
            assert others.wait(30)
            time.sleep(0.05)
            # What waits to be merged is bounded: three chunks of each thread.
            assert sorted(begun) == [0, 1, 2, 3, 4, 5]
        elif numbers(table) == [5]:
            others.set()
        return table

    assert numbers(one_pass(chunks(10), reduce, together, threads=True)) == list(range(10))


def test_no_chunk_leaves_nothing():
    assert one_pass(chunks(0), lambda chunk, _: chunk.read(["x"]), together, threads=True) is None
