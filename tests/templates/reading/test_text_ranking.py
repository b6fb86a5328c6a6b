"""<crowd-text-ranking>: ranks by keys and by pointer, ties where they are allowed, and the answer."""

import pytest

pytestmark = pytest.mark.browser


def ranking(dimensions, responses='["one", "two", "three"]'):
    return f"""<crowd-form><crowd-text-ranking name="r" text="Why?" ordinal-ranking-dimensions='{dimensions}'
      responses='{responses}'><short-instructions>Read.</short-instructions></crowd-text-ranking></crowd-form>"""


TIES = '[{"name": "Clarity", "allowTie": true}]'
STRICT = '[{"name": "Truth", "allowTie": false}]'


def test_digits_rank_one_response_after_the_other(task):
    """Also over two dimensions; a tie is kept where it is allowed."""
    page = task(ranking('[{"name": "Clarity", "allowTie": true}, {"name": "Truth", "allowTie": false},]'))
    page.press("2", "1", "1", "3", "1", "Enter")
    assert page.answer() == {
        "r": {"rankings": [{"dimension": "Clarity", "ranks": [2, 1, 1]}, {"dimension": "Truth", "ranks": [3, 1, 2]}]}
    }


def test_without_ties_two_responses_swap_their_ranks(task):
    page = task(ranking(STRICT))
    page.press("1", "2")
    page.frame.get_by_role("radiogroup", name="Response C, Truth").get_by_role("radio", name="1").click()
    page.frame.get_by_role("button", name="Submit").click()
    assert page.answer() == {"r": {"rankings": [{"dimension": "Truth", "ranks": [3, 2, 1]}]}}


def test_of_two_responses_one_key_ranks_both(task):
    page = task(ranking(STRICT, '["a", {"text": "b"}]'))
    page.press("2", "Enter")
    assert page.answer() == {"r": {"rankings": [{"dimension": "Truth", "ranks": [2, 1]}]}}


def test_arrow_keys_change_a_rank(task):
    page = task(ranking(TIES, '["a", "b"]'))
    page.press("1", "1", "ArrowRight", "ArrowRight", "Enter")
    assert page.answer() == {"r": {"rankings": [{"dimension": "Clarity", "ranks": [1, 2]}]}}


def test_a_response_without_a_rank_is_asked_for(task):
    page = task(ranking(TIES))
    page.press("1")
    page.frame.get_by_role("button", name="Submit").click()
    page.says("Give every response a rank.")
    assert page.focused() == "1"
    page.press("3", "2", "Enter")
    assert page.answer() == {"r": {"rankings": [{"dimension": "Clarity", "ranks": [1, 3, 2]}]}}


def test_what_is_missing_is_said(task):
    page = task('<crowd-form><crowd-text-ranking name="r" ordinal-ranking-dimensions="[\'a\']"></crowd-text-ranking>')
    page.says("<crowd-text-ranking> has no responses.")


def test_axe_finds_nothing(violations):
    assert violations(ranking(TIES), "1") == []
