"""Whatever a custom element answers: no method stumbles over it, no item is lost, and the run can be repeated."""

import json
import warnings

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import UnreadAnswerWarning
from a2i_al.labels.counting.votes import as_text
from a2i_al.labels.structured.deciding import decided
from a2i_al.labels.structured.registry import METHODS, make

KEYS = st.sampled_from([
    "boundingBoxes", "keypoints", "polygons", "entities", "labeledImage", "pngImageData", "labelMappings", "instances",
    "blocks", "id", "entityTypes", "relationships", "type", "ids", "text", "label", "left", "top", "width", "height",
    "x", "y", "vertices", "startOffset", "endOffset", "inputImageProperties", "size", "masks", "counts", "color", "key",
    "value", "moderationLabels", "name",
])  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 30)
    | st.floats()
    | st.sampled_from(["", "a", "KEY", "3", "🙂", "iVBORw0="])
)
JSON = st.recursive(LEAVES, lambda x: st.lists(x, max_size=4) | st.dictionaries(KEYS, x, max_size=4), max_leaves=12)


def mark(**parts):
    return st.fixed_dictionaries({"label": st.sampled_from("ab")} | parts)


N = st.integers(-2, 20) | st.floats(-2, 20)
CORNERS = st.lists(st.fixed_dictionaries({"x": N, "y": N}), min_size=2, max_size=5)
NEARLY = {
    "boxes": st.fixed_dictionaries({"boundingBoxes": st.lists(mark(left=N, top=N, width=N, height=N), max_size=3)}),
    "keypoints": st.fixed_dictionaries({"keypoints": st.lists(mark(x=N, y=N), max_size=3)}),
    "polygons": st.fixed_dictionaries({"polygons": st.lists(mark(vertices=CORNERS), max_size=3)}),
    "spans": st.fixed_dictionaries({"entities": st.lists(mark(startOffset=N, endOffset=N), max_size=3)}),
    "masks": st.lists(st.lists(st.integers(-1, 2), min_size=1, max_size=2), min_size=1, max_size=2),
    "numbers": N,
    "borda": st.lists(st.sampled_from("abc"), max_size=3),
    "kemeny": st.dictionaries(st.sampled_from("abc"), N, max_size=3),
}


@pytest.mark.parametrize("name", METHODS)
@settings(max_examples=25)
@given(data=st.data())
def test_nothing_that_json_can_say_stops_a_method(name, data):
    """What it cannot read it names in a warning; what it gives is in range, JSON, and the same again."""
    values = data.draw(st.lists(JSON | NEARLY.get(name, JSON), max_size=4))
    texts = [as_text(value) for value in values]
    cast = pd.DataFrame({"item_id": "i", "worker_id": [f"w{n}" for n in range(len(values))], "vote": texts})
    cast = cast.assign(value=pd.Series(values, dtype=object)).dropna(subset="vote")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        first, second = decided(cast, make(name, {})), decided(cast, make(name, {}))
    assert {warning.category for warning in caught} <= {UnreadAnswerWarning}
    pd.testing.assert_frame_equal(first, second)
    for row in first.itertuples():
        assert (row.value is None) == (row.label is None)
        assert json.loads(json.dumps([row.value, row.detail])) == [row.value, row.detail]
        assert row.n_answers <= len(cast)
        assert all(0 <= share <= 1 + 1e-9 or share != share for share in (row.confidence, row.agreement))  # noqa: PLR0124
