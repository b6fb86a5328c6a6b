"""The edit distance, held against the table of partial distances."""

from hypothesis import given, strategies as st

from a2i_al.labels.structured.edit_distance import edit_distance, similarity

WORDS = st.text("abAB é🙂", max_size=6)


def table_distance(a, b):
    """Levenshtein's distance by the table of partial distances."""
    row = [*range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


@given(a=WORDS, b=WORDS)
def test_the_distance_is_that_of_the_table(a, b):
    """Of texts and of lists of words; it is symmetric."""
    assert edit_distance(a, b) == table_distance(a, b) == edit_distance(b, a)
    assert edit_distance(a.split(), b.split()) == table_distance(a.split(), b.split())
    assert 0 <= similarity(a, b) <= 1


def test_long_texts_take_no_time():
    """Ten thousand characters against as many, one in a hundred of them wrong."""
    long = "the quick brown fox " * 500
    wrong = "".join("#" if i % 100 == 0 else c for i, c in enumerate(long))
    assert edit_distance(long, wrong) == 100
