"""Entities: votes on characters, tokens and spans, in texts where a character is not always one unit long."""

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput, UnreadAnswerWarning
from a2i_al.harvest.annotations import Span
from a2i_al.harvest.values import typed

SPANS = st.tuples(st.sampled_from("ab"), st.integers(0, 8), st.integers(1, 4)).map(lambda s: (s[0], s[1], s[1] + s[2]))

ANSWERS = st.lists(st.lists(SPANS, max_size=3), min_size=1, max_size=4)


def marked(*spans):
    return {"entities": [{"label": n, "startOffset": a, "endOffset": b} for n, a, b in spans]}


def found(row):
    return [(e["label"], e["startOffset"], e["endOffset"]) for e in row["value"]["entities"]]


def test_hand_worked(one):
    """0-3: three of three; 4-7: two of three, with the blank before it; 12-14 one of three."""
    row = one([marked(("person", 0, 7)), marked(("person", 0, 7), ("person", 12, 14)), marked(("person", 0, 3))],
              kind="spans")  # fmt: skip
    assert row["method"] == "spans"
    assert found(row) == [("person", 0, 7)]
    assert row["confidence"] == pytest.approx((3 * 1 + 4 * 2 / 3 + 2 * 2 / 3) / 9)
    assert row["agreement"] == pytest.approx((14 / 16 + 6 / 10 + 6 / 12) / 3)
    told = [(s["startOffset"], s["endOffset"], s["votes"], s["verdict"]) for s in row["detail"]["spans"]]
    assert told == [(0, 7, 2, "in"), (12, 14, 1, "out")]
    assert typed(row["value"]).content == (Span("person", 0, 7),)


def test_labels_are_voted_on_apart(one):
    """Spans of two labels may overlap; a label that half gave is a tie."""
    row = one([marked(("a", 0, 5), ("b", 3, 8)), marked(("a", 0, 5), ("b", 3, 8))], "spans")
    assert found(row) == [("a", 0, 5), ("b", 3, 8)]
    assert one([marked(("a", 0, 5)), marked(("b", 0, 5))], "spans")["status"] == "tied"


def test_neighbours_stay_two_where_most_say_so(one):
    """Two names side by side: with one boundary of two, and of three."""
    apart, joined = marked(("a", 0, 3), ("a", 3, 6)), marked(("a", 0, 6))
    assert found(one([apart, apart, joined], "spans")) == [("a", 0, 3), ("a", 3, 6)]
    assert found(one([apart, joined, joined], "spans")) == [("a", 0, 6)]


def test_whole_spans(one):
    """Only those that enough people marked exactly alike."""
    values = [marked(("a", 0, 5)), marked(("a", 0, 5)), marked(("a", 0, 6))]
    assert found(one(values, "spans", unit="span")) == [("a", 0, 5)]
    assert one(values[1:], "spans", unit="span")["status"] == "tied"


def test_tokens(one):
    """Half a word marked is the word marked; blanks and punctuation are none."""
    texts = pd.Series({"i": "Ann Lee, Bo"})
    values = [marked(("a", 0, 5)), marked(("a", 1, 8)), marked(("a", 0, 7))]
    row = one(values, "spans", unit="token", texts=texts)
    assert found(row) == [("a", 0, 7)]
    assert row["detail"]["spans"][0]["text"] == "Ann Lee"
    blank = one([marked(("a", 3, 4))], "spans", unit="token", texts=texts)
    assert found(blank) == [("a", 3, 4)]


@pytest.mark.parametrize(("unit", "start", "end"), [("utf-16", 3, 6), ("code points", 2, 5)])
def test_an_emoji_is_two_units_of_a_page_and_one_of_python(one, unit, start, end):
    """Quoted right, and given back in the page's units."""
    texts = {"i": "🙂 Ann 🙂"}
    row = one([marked(("p", start, end))] * 2, "spans", texts=texts, offsets=unit)
    assert row["detail"]["spans"][0]["text"] == "Ann"
    assert found(row) == [("p", start, end)]


def test_the_units_are_not_mixed_up(one):
    """The text has 7 code points and 9 units: an end at 9 is within it only as units."""
    texts = {"i": "🙂 Ann 🙂"}
    assert one([marked(("p", 7, 9))], "spans", texts=texts)["detail"]["spans"][0]["text"] == "🙂"
    with pytest.warns(UnreadAnswerWarning, match=r"a span ends at 9, the text at 7 \(code points\)"):
        row = one([marked(("p", 7, 9)), marked(("p", 2, 5))], "spans", texts=texts, offsets="code points")
    assert row["n_answers"] == 1


def test_a_span_never_cuts_a_character_in_two(one):
    """Half a surrogate pair marked is the emoji marked, as token too."""
    texts = {"i": "a🙂b"}
    for unit in ("character", "span"):
        assert found(one([marked(("p", 0, 2))], "spans", texts=texts, unit=unit)) == [("p", 0, 3)]
    assert found(one([marked(("p", 2, 4))], "spans", texts=texts)) == [("p", 1, 4)]


def test_ties_over_blanks_and_punctuation_do_not_count(one):
    """With the text at hand; without, nobody knows what lies there."""
    values = [marked(("p", 0, 3)), marked(("p", 0, 4))]
    assert one(values, "spans")["status"] == "tied"
    assert found(one(values, "spans", texts={"i": "Ann, Bo"})) == [("p", 0, 3)]
    assert one(values, "spans", texts={"i": "Anna"})["status"] == "tied"
    assert one(values, "spans", texts={"other": "Ann, Bo"})["status"] == "tied"
    assert one(values, "spans", texts=pd.Series({"i": None}))["status"] == "tied"


def test_that_there_is_nothing_is_never_concluded_from_what_nobody_said(one):
    """Three spans in three places tie the item; where one of the three marked none, there is none."""
    apart = [marked(("a", 0, 2)), marked(("a", 4, 6)), marked(("a", 8, 9))]
    assert one(apart, "spans")["status"] == "tied"
    assert found(one([*apart[:2], marked()], "spans")) == []


def test_no_entities_are_an_answer(one):
    row = one([marked(), marked()], "spans")
    assert row[["status", "confidence", "agreement"]].tolist() == ["agreed", 1, 1]
    assert one([marked(), (Span("a", 0, 1),), [{"label": "a", "start": 0, "end": 1}]], "spans")["n_answers"] == 3


@pytest.mark.parametrize(
    "entity",
    [
        {"label": "a", "startOffset": 3, "endOffset": 3},
        {"label": "a", "startOffset": -1, "endOffset": 3},
        {"label": "a", "startOffset": 0.5, "endOffset": 3},
        {"label": "a", "startOffset": True, "endOffset": 3},
        {"label": "a", "startOffset": float("nan"), "endOffset": 3},
        {"label": "a", "startOffset": 0},
        {"label": 1, "startOffset": 0, "endOffset": 3},
        "Ann",
    ],
)
def test_what_is_no_span_does_not_count(one, entity):
    with pytest.warns(UnreadAnswerWarning, match="worker 'u' for item 'i'"):
        assert one([{"entities": [entity]}, marked(("a", 0, 3))], "spans")["n_answers"] == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [({"unit": "word"}, "unit is 'word'"), ({"unit": "token"}, "no texts"), ({"offsets": "bytes"}, "'bytes'")],
)
def test_options_are_checked(one, options, said):
    with pytest.raises(InvalidInput, match=said):
        one([marked()], "spans", **options)


@settings(max_examples=25)
@given(answers=ANSWERS, threshold=st.sampled_from([0.3, 0.5, 1.0]))
def test_what_stays_is_what_enough_people_marked(unmoved, answers, threshold):
    """Character by character, whoever they are."""
    row = unmoved([marked(*spans) for spans in answers], "spans", threshold=threshold)
    for label in "ab":
        votes = [sum(any(n == label and a <= at < b for n, a, b in spans) for spans in answers) for at in range(13)]
        told = {s_at: s["verdict"] for s in row["detail"]["spans"] if s["label"] == label
                for s_at in range(s["startOffset"], s["endOffset"])}  # fmt: skip
        assert set(told) == {at for at, n in enumerate(votes) if n}
        for at, verdict in told.items():
            tied = threshold == 0.5 and 2 * votes[at] == len(answers)
            assert verdict == ("tied" if tied else "in" if votes[at] >= threshold * len(answers) - 1e-9 else "out")


def test_an_offset_of_no_text_takes_no_memory(one):
    """A billion billion characters, three stretches; with the text at hand it cannot be read."""
    far = 10**18
    row = one([marked(("p", 0, far)), marked(("p", 0, 3)), marked(("p", 0, 3))], "spans")
    assert found(row) == [("p", 0, 3)]
    assert row["confidence"] == pytest.approx(2 / 3)
    with pytest.warns(UnreadAnswerWarning, match="a span ends at 1000000000000000000, the text at 4"):
        one([marked(("p", 0, far))], "spans", texts={"i": "Anna"})
