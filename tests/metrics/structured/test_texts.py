"""Transcriptions: errors by character and by word, and what counts as one."""

import math

from a2i_al.metrics import (
    character_error_rate,
    text_errors,
    word_error_rate,
)


def test_texts_by_hand():
    """In order: one letter of four, and nothing of two words; errors over all items, not the mean of rates."""
    predicted, actual = {"i": "abcd", "j": "to be"}, {"i": "abcf", "j": "to  be"}
    table = text_errors(predicted, actual).set_index("item_id")
    assert table.loc["i"].tolist() == [False, 1, 4, 1, 1]
    assert table.loc["j"].tolist() == [True, 0, 5, 0, 2]
    assert character_error_rate(predicted, actual) == 1 / 9
    assert word_error_rate(predicted, actual) == 1 / 3


def test_what_counts_in_a_text():
    """Case does unless told otherwise; space does if told so; invented text may be more than there was."""
    assert character_error_rate(["AB"], ["ab"]) == 1
    assert character_error_rate(["AB"], ["ab"], ignore_case=True) == 0
    assert character_error_rate(["a  b"], ["a b"], ignore_space=False) == 1 / 3
    assert word_error_rate(["a b c d"], ["a"]) == 3
    assert math.isnan(word_error_rate([""], [""]))
    assert text_errors([""], [""])["exact"].tolist() == [True]
