"""Score per unit cost, and budgets, against hand-worked cases and the best of all subsets."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling.scores.cost import per_unit_cost, within_budget

ITEMS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 12)), min_size=1, max_size=9)


def choose(scores, costs, budget, seed=0, **more):
    return within_budget(scores, costs, budget, np.random.default_rng(seed), **more).tolist()


def best_total(scores, costs, budget):
    subsets = itertools.chain.from_iterable(
        itertools.combinations(range(len(scores)), r) for r in range(len(scores) + 1)
    )
    return max(sum(scores[i] for i in s) for s in subsets if sum(costs[i] for i in s) <= budget)


def test_score_per_unit_cost_by_hand():
    """A quarter of the use at an eighth of the cost is worth twice as much."""
    assert per_unit_cost([1.0, 0.25], [8.0, 1.0]).tolist() == [0.125, 0.25]


def test_a_tiny_cost_ranks_first_without_a_warning():
    """Beyond the largest float is infinite."""
    assert per_unit_cost([1e300, 1.0], [1e-300, 1.0]).tolist() == [math.inf, 1.0]


def test_a_certain_item_whose_probabilities_sum_to_a_little_more_than_one_is_worth_nothing():
    """Its margin or least confidence is a little below 0."""
    proba = [[1.0005, 0.0], [0.6, 0.4]]
    assert per_unit_cost(1 - np.max(proba, axis=1), [1.0, 2.0]) == pytest.approx([0.0, 0.2])


def test_what_no_longer_fits_is_skipped_and_cheaper_ones_still_get_their_chance():
    """By ratio 0, 1, 2, 3; item 1 does not fit beside item 0."""
    assert choose([10, 18, 8, 1], [5, 10, 5, 2], 12) == [0, 2, 3]


def test_one_large_item_is_taken_when_it_beats_all_that_fit_by_ratio():
    """The greedy choice alone would end with 2 instead of 10, and what is left of the budget is still used."""
    assert choose([2, 10, 1], [1, 10, 1], 10) == [1]
    assert choose([2, 10, 0.5], [1, 10, 1], 11) == [0, 1]
    assert choose([2, 10, 0.1], [1, 9.5, 0.2], 10) == [1, 2]


@given(items=ITEMS, budget=st.integers(0, 40), seed=st.integers(0, 9))
def test_the_budget_is_kept_and_at_least_half_of_the_best_total_reached(items, budget, seed):
    """Against all subsets; and nothing that would still fit is left."""
    scores, costs = (list(each) for each in zip(*items, strict=True))
    chosen = choose(scores, costs, budget, seed)
    spent = sum(costs[i] for i in chosen)
    assert len(set(chosen)) == len(chosen)
    assert spent <= budget
    assert 2 * sum(scores[i] for i in chosen) >= best_total(scores, costs, budget)
    assert all(costs[i] > budget - spent for i in range(len(items)) if i not in chosen)


@given(items=ITEMS, n=st.integers(0, 10))
def test_n_is_never_exceeded(items, n):
    """With money enough, it is the number that ends it."""
    scores, costs = zip(*items, strict=True)
    assert len(choose(scores, costs, math.inf, n=n)) == min(n, len(items))


@given(items=ITEMS, budget=st.integers(0, 40), n=st.integers(0, 10))
def test_the_choice_comes_by_score_per_unit_cost(items, budget, n):
    """Whichever way it was made."""
    scores, costs = zip(*items, strict=True)
    chosen = choose(scores, costs, budget, n=n)
    assert (np.diff(per_unit_cost(scores, costs)[chosen]) <= 0).all()


def test_decimal_costs_fit_as_they_are_written():
    """A hundred reviews at 0.08 cost 8; stored in binary they sum to a little more."""
    assert len(choose([1.0] * 200, [0.08] * 200, 8.0)) == 100
    assert len(choose([1.0] * 3, [0.1] * 3, 0.3)) == 3
    assert len(choose([1.0] * 3, [0.1] * 3, 0.2999999)) == 2
    assert len(choose([1.0] * 3, np.full(3, 0.1, np.float32), 0.3)) == 3
    assert len(choose([1.0] * 3, np.full(3, 0.1, np.float32), 0.299999)) == 2
    assert choose([1.0], np.float32([0.7]), 0.7) == choose([1.0], np.float32([0.1]), 0.1) == [0]


def test_a_long_sum_does_not_drift():
    """10,000 reviews at 0.07 cost 700; added up one by one they would come to more, and the last not fit."""
    assert len(choose(np.ones(10_001), np.full(10_001, 0.07), 700)) == 10_000


def test_ties_are_broken_at_random_and_repeatably():
    """Each of four equal items is chosen about as often; a seed gives the same choice again."""
    counts = np.zeros(4)
    for seed in range(400):
        counts[choose([1.0] * 4, [2.0] * 4, 2.0, seed)] += 1
    assert counts.sum() == 400
    assert counts.min() > 60
    assert choose([1.0] * 50, [2.0] * 50, 20, 7) == within_budget([1.0] * 50, [2.0] * 50, 20, 7).tolist()


def test_ties_go_by_keys_where_there_are_some():
    """The smallest first, whatever the seed."""
    for seed in range(5):
        assert choose([1.0, 1.0, 2.0], [1.0, 1.0, 1.0], 2.0, seed, tie_keys=[7, 3, 9]) == [2, 1]


def test_a_budget_that_pays_for_nothing_gives_nothing():
    """An empty array of positions."""
    result = within_budget([1.0], [2.0], 1.0, np.random.default_rng(0))
    assert result.tolist() == []
    assert result.dtype == np.intp


@pytest.mark.parametrize(
    ("scores", "costs", "what"),
    [
        ([1.0, -0.5], [1, 1], r"score of item 1 is -0\.5"),
        ([math.nan], [1], "score of item 0 is nan"),
        ([math.inf], [1], "score of item 0 is inf"),
        ([1.0], [0], "cost of item 0 is 0"),
        ([1.0], [math.inf], "cost of item 0 is inf"),
        ([1.0], [math.nan], "cost of item 0 is nan"),
        ([1.0], [1, 2], r"scores has shape \(1,\), costs has shape \(2,\)"),
    ],
)
def test_what_cannot_be_divided_is_refused(scores, costs, what):
    """By item, from both doors."""
    with pytest.raises(InvalidInput, match=what):
        per_unit_cost(scores, costs)
    with pytest.raises(InvalidInput, match=what):
        choose(scores, costs, 1.0)


@pytest.mark.parametrize(("budget", "n"), [(-1, None), (math.nan, None), (1, -1)])
def test_a_negative_or_missing_budget_is_refused(budget, n):
    """And a negative number of items."""
    with pytest.raises(InvalidInput, match="the budget is"):
        choose([1.0], [1.0], budget, n=n)
