"""Stratified and importance draws: exactly n, and chances that are stated as they are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling import sample
from a2i_al.sampling.draws.allocation import expected_shares, whole_shares
from a2i_al.sampling.draws.importance import importance, proportional_chances
from a2i_al.sampling.draws.stratified import stratified
from a2i_al.sampling.ids import hash_ids

SEEDS = 3_000
GROUPS = np.array(list("aaaaabbbcd"))
PROBA = np.random.default_rng(4).dirichlet([0.5, 0.5, 0.5], size=10)


def frequencies(draw, size=10):
    """Return each position's share of the draws, and its stated chance where it was drawn."""
    counts, stated = np.zeros(size), np.full(size, np.nan)
    for seed in range(SEEDS):
        drawn = draw(np.random.default_rng(seed))
        counts[drawn.positions] += 1
        stated[drawn.positions] = drawn.inclusion_probability
    return counts / SEEDS, stated


def agree(shares, stated, n):
    """Frequencies match the stated chances within five standard errors, and the chances sum to n."""
    assert stated.sum() == pytest.approx(n)
    assert (np.abs(shares - stated) <= 5 * np.sqrt(stated * (1 - stated) / SEEDS) + 1e-12).all()


@pytest.mark.parametrize("allocation", ["proportional", "equal"])
@pytest.mark.parametrize("n", [1, 3, 4, 9])
def test_stratified_chances_are_the_frequencies_of_the_draws(allocation, n):
    """Shares that are no whole numbers, too: no stratum is without a chance."""
    hashes = hash_ids(np.arange(10))
    agree(*frequencies(lambda rng: stratified(groups=GROUPS, hashes=hashes, n=n, rng=rng, allocation=allocation)), n)


def test_strata_are_the_predicted_classes_unless_there_are_groups():
    """Half of each predicted class is drawn when half of all is."""
    proba, hashes = np.eye(2)[[0, 0, 0, 0, 1, 1]], hash_ids(np.arange(6))
    drawn = stratified(proba, hashes=hashes, n=3, rng=np.random.default_rng(0))
    assert (drawn.positions >= 4).sum() == 1
    with pytest.raises(InvalidInput, match="no strata"):
        stratified(hashes=hashes, n=3, rng=np.random.default_rng(0))


@pytest.mark.parametrize("n", [1, 2, 5, 9, 10])
@pytest.mark.parametrize("score", ["margin", "least_confidence", lambda proba: proba[:, 0] > 0.5])
def test_importance_chances_are_the_frequencies_of_the_draws(n, score):
    """Scores of zero and many ties included: the floor gives every candidate a chance."""
    agree(*frequencies(lambda rng: importance(PROBA, n=n, rng=rng, score=score)), n)


def test_scores_of_ones_own_decide_the_chances():
    """In proportion to them, by `sample` too."""
    scores = np.array([3.0, 1.0, 1.0, 1.0, 2.0])
    drawn = importance(PROBA[:5], scores=scores, n=2, rng=np.random.default_rng(0), floor=0.1)
    assert drawn.inclusion_probability == pytest.approx(scores[drawn.positions] / 4)
    picks = sample(PROBA[:5], 2, strategy="importance", scores=scores, random_state=1)
    assert picks["inclusion_probability"].to_numpy() == pytest.approx(scores[picks["item_id"].astype(int)] / 4)
    with pytest.raises(InvalidInput, match="negative or infinite"):
        importance(PROBA[:5], scores=-scores, n=2, rng=np.random.default_rng(0))


def test_scores_that_are_all_zero_give_a_uniform_draw():
    drawn = importance(np.eye(3), n=2, rng=np.random.default_rng(0))
    assert drawn.inclusion_probability.tolist() == [2 / 3, 2 / 3]


@given(weights=st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=40), data=st.data())
def test_chances_sum_to_n_and_are_proportional_where_they_are_below_one(weights, data):
    weights = np.array(weights)
    n = data.draw(st.integers(1, len(weights)))
    chances = proportional_chances(weights, n)
    assert chances.sum() == pytest.approx(n)
    assert ((chances > 0) & (chances <= 1)).all()
    below = chances < 1
    assert chances[below] / weights[below] == pytest.approx((chances[below] / weights[below])[:1].sum(), rel=1e-6)


@pytest.mark.parametrize(
    ("knobs", "found"),
    [
        ({"floor": 0.0}, "floor is 0.0"),
        ({"score": "random"}, "is a draw of"),
        ({"score": lambda proba: -proba[:, 0]}, "negative or infinite"),
    ],
)
def test_a_score_that_gives_no_chances_is_refused(knobs, found):
    with pytest.raises(InvalidInput, match=found):
        importance(PROBA, n=2, rng=np.random.default_rng(0), **knobs)


@given(sizes=st.lists(st.integers(1, 50), min_size=1, max_size=12), data=st.data())
def test_shares_sum_to_n_and_none_is_more_than_its_stratum_may_give(sizes, data):
    sizes = np.array(sizes)
    room = np.array([data.draw(st.integers(0, int(size))) for size in sizes])
    n = data.draw(st.integers(0, int(room.sum())))
    shares = expected_shares(sizes, n, at_most=room)
    assert shares.sum() == pytest.approx(n)
    whole = whole_shares(shares, np.random.default_rng(0))
    assert whole.sum() == n
    assert ((whole >= 0) & (whole <= room)).all()
    assert (np.abs(whole - shares) < 1 + 1e-6).all()


def test_strata_that_cannot_give_n_say_how_many_they_can():
    with pytest.raises(InvalidInput, match="the strata can give 3"):
        expected_shares(np.array([2, 5]), 4, at_most=np.array([2, 1]))
    with pytest.raises(InvalidInput, match="allocation is 'fair'"):
        expected_shares(np.array([2, 5]), 4, allocation="fair")


@pytest.mark.parametrize("strategy", ["random", "stratified"])
def test_a_draw_within_quotas_states_the_chances_it_gives(strategy):
    """At most one of each group: the large group's members have the smallest chance."""
    counts, stated = np.zeros(10), np.full(10, np.nan)
    for seed in range(SEEDS):
        picks = sample(PROBA, 3, strategy=strategy, groups=GROUPS, quotas=1, random_state=seed)
        at = picks["item_id"].astype(int)
        assert len(set(GROUPS[at])) == 3
        counts[at] += 1
        stated[at] = picks["inclusion_probability"]
    agree(counts / SEEDS, stated, 3)


def test_importance_does_not_pretend_to_keep_quotas():
    with pytest.raises(InvalidInput, match="cannot keep quotas and state exact chances"):
        sample(PROBA, 3, strategy="importance", groups=GROUPS, quotas=1)


@pytest.mark.parametrize("strategy", ["stratified", "importance"])
def test_every_pick_of_a_draw_is_a_draw_whatever_the_audit_fraction(strategy):
    picks = sample(PROBA, 4, strategy=strategy, audit_fraction=0.5, random_state=0)
    assert picks["strategy"].unique().tolist() == [strategy]
    assert picks["inclusion_probability"].between(0, 1, inclusive="right").all()


class AtRandom:
    """A source of randomness whose number from 0 to 1 is chosen."""

    def __init__(self, number):
        self.number = number

    def random(self):
        return self.number

    def permutation(self, size):
        return np.random.default_rng(0).permutation(size)


@pytest.mark.parametrize("number", [0.0, 1e-7, 0.5, 1 - 1e-7, np.nextafter(1, 0)])
def test_very_many_strata_share_out_n_and_not_one_less(number):
    """A third of a place for each of 20,001: rounded to nine digits these sum to 6,666.999993."""
    counts = whole_shares(np.full(20_001, 1 / 3), AtRandom(number))
    assert counts.sum() == 6_667
    assert set(counts.tolist()) == {0, 1}


@pytest.mark.parametrize("limited", [False, True])
def test_the_first_ranks_are_a_sample_of_all_strata(limited):
    """A budget for a few of the picks reviews those that come first: half of 10, so 2.5 of the small group's 5."""
    groups, in_first = np.array(["a"] * 190 + ["b"] * 10), []
    for seed in range(200):
        if limited:
            picks = sample(None, 10, strategy="random", groups=groups, quotas={"a": 5}, random_state=seed,
                           item_ids=range(200))  # fmt: skip
            at = picks["item_id"].astype(int).to_numpy()
        else:
            rng = np.random.default_rng(seed)
            at = stratified(groups=groups, hashes=hash_ids(np.arange(200)), n=10, rng=rng, allocation="equal").positions
        assert (groups[at] == "b").sum() == 5
        in_first.append((groups[at[:5]] == "b").sum())
    # The standard deviation of a hypergeometric draw of 5 from 5 and 5 is 0.83.
    assert np.mean(in_first) == pytest.approx(2.5, abs=5 * 0.83 / np.sqrt(200))


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_an_item_without_a_group_is_in_no_stratum(missing):
    """The row is the pool's, whatever the order of the ids; of a list numpy would make the text "nan"."""
    groups = ["x", "x", "y", missing, "y"]
    with pytest.raises(InvalidInput, match="the group of row 3 is missing"):
        sample(None, 2, strategy="stratified", groups=groups, item_ids=list("edcba"))
    with pytest.raises(InvalidInput, match="the group of row 3 is missing"):
        stratified(groups=pd.Series(groups).to_numpy(), hashes=hash_ids("abcde"), n=2, rng=np.random.default_rng(0))


def test_chances_by_scores_of_ones_own_do_not_depend_on_their_scale():
    """And a floor of 1 is a uniform draw below the mean."""
    scores, options = np.random.default_rng(2).gamma(0.3, size=50), {"n": 10, "rng": np.random.default_rng(0)}
    proba = np.full((50, 2), 0.5)
    one, other = (importance(proba, scores=factor * scores, **options) for factor in (1.0, 1.3))
    chances = [dict(zip(each.positions, each.inclusion_probability, strict=True)) for each in (one, other)]
    both = chances[0].keys() & chances[1].keys()
    assert len(both) > 3
    assert all(chances[0][at] == pytest.approx(chances[1][at]) for at in both)
    low = np.append(np.full(49, 0.5), 0.6)
    assert importance(proba, scores=low, floor=1.0, **options).inclusion_probability.min() == pytest.approx(
        10 * low.mean() / np.maximum(low, low.mean()).sum()
    )
    with pytest.raises(InvalidInput, match="infinite"):
        importance(proba, scores=np.full(50, 1e308), **options)
