"""Offsets: as the encoder counts them, there and back."""

from hypothesis import given, strategies as st

from a2i_al.labels.structured.offsets import Offsets


@given(text=st.text("a🙂é\u0301\U0001f1e9", max_size=12), unit=st.sampled_from(["utf-16", "code points"]))
def test_offsets_go_there_and_back(text, unit):
    """As the encoder counts; inside of a pair to its start, or its end."""
    places = Offsets(text, unit)
    for position in range(len(text) + 1):
        expected = len(text[:position].encode("utf-16-le")) // 2 if unit == "utf-16" else position
        assert places.to_page(position) == expected
        assert places.to_python(expected) == places.to_python(expected, end=True) == position
        if unit == "utf-16" and position < len(text) and ord(text[position]) > 0xFFFF:
            assert places.to_python(expected + 1) == position
            assert places.to_python(expected + 1, end=True) == position + 1
    assert places.length == places.to_page(len(text))
