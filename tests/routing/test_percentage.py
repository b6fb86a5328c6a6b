"""The sampling rule: the same answer for the same item, the right share, and independence from other draws."""

import pytest
from hypothesis import given, strategies as st

from a2i_al.routing import Percentage, Router
from a2i_al.routing.percentage import item_key
from a2i_al.sampling.ids import hash_ids, keys

IDS = [f"item-{i}" for i in range(20_000)]


def sample(rule):
    """Return which of the ids are in a rule's sample."""
    return {i for i in IDS if rule.judge({}, i).fired}


@given(item_id=st.text(min_size=1, max_size=100), seed=st.integers(0, 2**64 - 1))
def test_one_id_has_the_key_that_it_has_in_a_whole_column(item_id, seed):
    """So a table and a single prediction are sampled alike, with and without numpy."""
    assert item_key(item_id, seed) == int(keys(hash_ids([item_id]), seed)[0])


@pytest.mark.parametrize("percent", [0.5, 5, 50])
def test_the_sample_is_the_share_that_was_asked_for(percent):
    p, n = percent / 100, len(IDS)
    assert len(sample(Percentage(percent))) == pytest.approx(n * p, abs=5 * (n * p * (1 - p)) ** 0.5)


def test_a_hundred_per_cent_is_everything():
    assert sample(Percentage(100)) == set(IDS)


def test_a_larger_percentage_keeps_the_sample_of_a_smaller_one_and_another_salt_draws_another():
    small = sample(Percentage(5))
    assert small < sample(Percentage(10))
    assert len(small & sample(Percentage(5, salt="other"))) == pytest.approx(len(small) * 0.05, abs=35)


def test_the_sample_of_a_release_is_that_of_the_next():
    """A changed hash would sample anew what was decided before."""
    assert sorted(sample(Percentage(0.02))) == ["item-1815", "item-6396"]


@pytest.mark.parametrize(
    "rules",
    [[Percentage(20), Percentage(30)], [Percentage(20) | Percentage(30)], [Percentage(50) & Percentage(88)]],
    ids=["two rules", "or", "and"],
)
def test_several_samples_in_one_router_are_independent(rules):
    """20 % or 30 % are 44 %, 50 % and 88 % are 44 %: as the decisions say, and as often as they come up."""
    router = Router(rules)
    decisions = [router.decide({}, item_id=i) for i in IDS]
    assert {round(d.inclusion_probability, 12) for d in decisions} == {0.44}
    assert sum(d.review for d in decisions) == pytest.approx(len(IDS) * 0.44, abs=5 * (len(IDS) * 0.44 * 0.56) ** 0.5)


def test_the_random_state_and_not_the_place_among_other_rules_decides_the_sample():
    """A rule that is added in front must not draw all samples anew."""
    from a2i_al.routing import Confidence  # noqa: PLC0415

    def reviewed(*rules, **settings):
        router = Router(rules, **settings)
        return {i for i in IDS[:5000] if router.decide({"confidence": 0.9}, item_id=i).review}

    assert reviewed(Percentage(5)) == reviewed(Confidence(below=0.5), Percentage(5))
    assert reviewed(Percentage(5)) != reviewed(Percentage(5), random_state=1)
