"""A human loop's name is a function of what is asked, and one that A2I takes."""

import re

from hypothesis import given, strategies as st

from a2i_al.loops.requests.names import human_loop_name

A2I_NAME = re.compile(r"[a-z0-9](-*[a-z0-9])*")
TEXT = st.text(max_size=80)


@given(flow=TEXT, item=TEXT, version=TEXT, round_=st.integers(0, 10_000))
def test_any_question_has_a_name_that_a2i_takes(flow, item, version, round_):
    """Whatever the ids are made of, the name fits the pattern and the 63 characters."""
    name = human_loop_name(f"arn:aws:sagemaker:us-east-1:000000000000:flow-definition/{flow}", item, version, round_)
    assert A2I_NAME.fullmatch(name)
    assert len(name) <= 63


@given(a=st.tuples(TEXT, TEXT, TEXT, st.integers(0, 99)), b=st.tuples(TEXT, TEXT, TEXT, st.integers(0, 99)))
def test_names_are_equal_exactly_when_the_questions_are(a, b):
    """Flow definition, item, model version and round each make another name; nothing else does."""
    assert (human_loop_name(*a) == human_loop_name(*b)) == (a == b)


@given(question=st.tuples(TEXT, TEXT, TEXT, st.integers(0, 99)), attempts=st.lists(st.integers(1, 999), max_size=3))
def test_each_attempt_has_a_name_of_its_own_that_a2i_takes(question, attempts):
    """The first keeps the name that it always had; the others add their number to it."""
    names = {attempt: human_loop_name(*question, attempt) for attempt in {0, *attempts}}
    assert len(set(names.values())) == len(names)
    assert names[0] == human_loop_name(*question)
    for attempt, name in names.items():
        assert A2I_NAME.fullmatch(name)
        assert len(name) <= 63
        assert not attempt or name.endswith(f"-{attempt}")


def test_neighbouring_parts_do_not_run_together():
    """An item 'a' under version 'bc' is not an item 'ab' under version 'c'."""
    assert human_loop_name("f", "a", "bc") != human_loop_name("f", "ab", "c")
