"""What the tests of consolidation by parts share: answers tables from a few values, and what holds for every method."""

import warnings

import pandas as pd
import pytest

from a2i_al.errors import UnreadAnswerWarning
from a2i_al.labels import consolidate
from a2i_al.tables import ANSWERS


def _answers(grid, kind=None):
    rows = [
        {"human_loop_name": f"loop-{item}", "item_id": item, "worker_id": worker, "field": "f", "value": value}
        for item, values in grid.items()
        for worker, value in zip("uvwxyzabcdefg", values, strict=False)
    ]
    table = ANSWERS.from_rows(rows)
    return table if kind is None else table.assign(kind=kind)


@pytest.fixture(scope="session")
def answers():
    """An answers table from {item: [value, ...]}, one worker per value."""
    return _answers


@pytest.fixture(scope="session")
def one():
    """Consolidate one item's answers, one per worker, and return its row."""

    def row(values, method=None, kind=None, **options):
        result = consolidate(_answers({"i": values}, kind), "f", method=method, **options)
        assert len(result) == 1
        return result.iloc[0]

    return row


@pytest.fixture(scope="session")
def unmoved():
    """Fail if the result depends on the order of rows or the names of workers; return it."""

    def check(values, method, **options):
        table = _answers({"i": values})
        other = table.iloc[::-1].assign(worker_id=[f"worker {w}" for w in reversed(range(len(table)))])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnreadAnswerWarning)
            before, after = (consolidate(t, "f", method=method, **options) for t in (table, other))
        pd.testing.assert_frame_equal(before, after)
        return before.iloc[0]

    return check
