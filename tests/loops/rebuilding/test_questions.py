"""The name of an open loop is all that A2I gives away of it, and enough if the items are known."""

from hypothesis import given, strategies as st

from a2i_al.loops.rebuilding.questions import Question, questions_of

ARN = "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/"
FLOWS = st.sampled_from(
    [ARN + "f", ARN + "a-rather-long-name-of-a-flow-definition-with-54-characters", ARN + "ab" * 13]
)
QUESTIONS = st.builds(
    Question, st.sampled_from(["a", "b", "ä", "7"]), st.sampled_from(["", "m1"]), st.integers(0, 3), st.integers(0, 12)
)


@given(flow=FLOWS, asked=st.sets(QUESTIONS, max_size=6))
def test_every_question_about_the_items_is_known_by_its_name(flow, asked):
    """Whatever version, round and attempt, and however long the flow definition's name: the question comes back."""
    names = {question.name(flow): question for question in asked}
    assert questions_of(names, flow, ["7", "a", "b", "ä"], model_versions=["", "m1"], rounds=range(4)) == names


@given(flow=FLOWS, asked=QUESTIONS)
def test_what_is_about_other_items_stays_unknown(flow, asked):
    """Another item, version, round or flow definition explains no name."""
    name = asked.name(flow)
    other_items = [item for item in ("a", "b", "ä", "7") if item != asked.item_id]
    assert questions_of([name], flow, other_items, model_versions=["", "m1"], rounds=range(4)) == {}
    assert questions_of([name], flow, [asked.item_id], model_versions=["m2"], rounds=range(4)) == {}
    assert questions_of([name], flow, [asked.item_id], model_versions=["", "m1"], rounds=range(asked.round)) == {}
    assert questions_of([name], flow + "x", [asked.item_id], model_versions=["", "m1"], rounds=range(4)) == {}


def test_names_of_other_programs_are_left_alone():
    """A name that is not made as ours are explains nothing and breaks nothing."""
    assert questions_of(["", "loop-1", "x" * 63, "0" * 26 + "-", "f-" + "0" * 26], ARN + "f", ["a"]) == {}
