"""What the tests of consolidation by parts share: answers tables from a few values, and what holds for every method."""

import pandas as pd
import pytest

from a2i_al.labels import consolidate
from a2i_al.labels.counting.votes import as_text
from a2i_al.labels.structured.registry import consolidated
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
        texts = [as_text(value) for value in values]
        cast = pd.DataFrame({"item_id": "i", "worker_id": [f"w{i}" for i in range(len(values))], "vote": texts})
        cast["value"] = pd.Series(values, dtype=object)
        other = cast.iloc[::-1].assign(worker_id=[f"worker {w}" for w in reversed(range(len(cast)))])
        before, after = (consolidated(t, method, options) for t in (cast, other))
        pd.testing.assert_frame_equal(before, after)
        return before.assign(status="agreed" if before.iloc[0]["value"] is not None else "tied").iloc[0]

    return check
