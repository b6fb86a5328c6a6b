"""Without bias, by enumeration: every sample of a tiny pool is drawn, and the estimates' mean is the pool's."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.metrics import horvitz_thompson, lure_weights
from a2i_al.metrics.estimates.designs import designs
from a2i_al.metrics.estimates.plan import mean_of
from a2i_al.tables import PICKS

VALUES = st.lists(st.sampled_from([0.0, 1.0, 0.25]), min_size=4, max_size=7)


def pool_of(scores):
    """Return predictions by item whose margin score is as given."""
    top = 1 - np.asarray(scores) / 2
    ids = pd.Index([f"i{number}" for number in range(len(top))], name="item_id")
    return pd.DataFrame({"predicted_label": "a", "proba_a": top, "proba_b": 1 - top}, index=ids)


def picks_of(pool, audit, chosen, scores):
    """Return the table that `sample` would make of these."""
    n, size = len(audit), len(pool)
    return PICKS.check(
        pd.DataFrame(
            {
                "item_id": [*pool.index[list(chosen)], *pool.index[list(audit)]],
                "score": [*np.asarray(scores)[list(chosen)], *[np.nan] * n],
                "strategy": ["margin"] * len(chosen) + ["audit"] * n,
                "inclusion_probability": [np.nan] * len(chosen) + [n / size] * n,
            }
        )
    )


def estimated(pool, picks, values, proxy=None):
    """Return the estimate by the best plan, and the plan."""
    labelled = pool.index.isin(picks["item_id"])
    everything = np.ones(len(pool), dtype=bool)
    plan = designs(pool, labelled, picks).plan_for(everything)
    return mean_of(plan, everything, values, proxy, confidence=0.95).value, plan


@settings(max_examples=15)
@given(values=VALUES, data=st.data())
def test_the_plain_estimate_from_a_uniform_draw_has_no_bias(values, data):
    values = np.array(values)
    pool = pool_of(np.linspace(0, 1, len(values)))
    n = data.draw(st.integers(1, len(values)))
    found = [
        estimated(pool, picks_of(pool, drawn, (), values), values)[0] for drawn in combinations(range(len(pool)), n)
    ]
    assert np.mean(found) == pytest.approx(values.mean())


def by_what_is_given(values, scores, audit_size, n_chosen, orders):
    """Collect the estimates of all audit slices, by what they are conditional on: the reviewed items of each stratum.

    Left out is what is estimated from the slice alone, because nothing in it scores below the lowest of the chosen.
    """
    pool, found = pool_of(scores), {}
    for ranked in orders:
        for audit in combinations(range(len(values)), audit_size):
            chosen = [row for row in ranked if row not in audit][:n_chosen]
            value, plan = estimated(pool, picks_of(pool, audit, chosen, scores), values)
            if len(np.unique(plan.stratum)) > 1:
                key = (scores[chosen].min(), *np.bincount(plan.stratum[plan.used]))
                found.setdefault(key, []).append(value)
    return found.values()


@settings(max_examples=15)
@given(values=VALUES, data=st.data())
def test_an_audit_slice_with_a_certain_part_has_no_bias(values, data):
    """For every audit slice of the pool, the strategy takes the best of the rest; all its choices count."""
    size = len(values)
    scores = np.array(data.draw(st.permutations(list(np.linspace(0.1, 0.9, size)))))
    audit_size = data.draw(st.integers(1, size - 2))
    n_chosen = data.draw(st.integers(1, size - audit_size - 1))
    for found in by_what_is_given(np.array(values), scores, audit_size, n_chosen, [np.argsort(-scores)]):
        assert np.mean(found) == pytest.approx(np.mean(values))


def test_ties_at_the_threshold_are_a_stratum_of_their_own():
    """Ties are broken by a random key: over all keys and all audit slices the estimate has the pool's mean."""
    values, scores = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 0.0]), np.array([0.9, 0.5, 0.5, 0.5, 0.2, 0.1])
    orders = [[0, *order, 4, 5] for order in permutations([1, 2, 3])]
    groups = by_what_is_given(values, scores, 3, 2, orders)
    assert len(groups) == 2
    for found in groups:
        assert np.mean(found) == pytest.approx(0.5)


def test_taking_the_chosen_for_a_stratum_and_the_audit_for_the_rest_would_be_wrong():
    """The tempting estimate counts the top twice: it says 50 % where 40 % are errors."""
    values, tempting = np.array([1.0, 1.0, 0.0, 0.0, 0.0]), []
    for audit in combinations(range(5), 2):
        chosen = [row for row in range(5) if row not in audit][:1]
        tempting.append((values[chosen].sum() + 4 * values[list(audit)].mean()) / 5)
    assert np.mean(tempting) == pytest.approx(0.5)


@settings(max_examples=15)
@given(values=st.lists(st.integers(0, 5), min_size=3, max_size=5), data=st.data())
def test_lure_has_no_bias_whatever_the_acquisition_learns(values, data):
    """All orders in which items can be acquired, each with its chance; proposals depend on what came before."""
    size, acquired = len(values), data.draw(st.integers(1, len(values)))
    taste = [data.draw(st.floats(0.1, 5)) for _ in values]
    expected = 0.0
    for order in permutations(range(size), acquired):
        chances, left = [], list(range(size))
        for row in order:
            learnt = sum(values[before] for before in order[: len(chances)])
            proposal = {other: taste[other] + learnt * (other % 2) for other in left}
            chances.append(proposal[row] / sum(proposal.values()))
            left.remove(row)
        weights = lure_weights(chances, size)
        expected += np.prod(chances) * (weights * np.array(values)[list(order)]).mean()
    assert expected == pytest.approx(np.mean(values))


@settings(max_examples=25)
@given(data=st.data(), values=st.lists(st.floats(-3, 3), min_size=1, max_size=7))
def test_horvitz_and_thompsons_mean_has_no_bias_whatever_the_chances(values, data):
    """Items are drawn independently of each other: every subset of the pool, with its chance."""
    size = len(values)
    chances = np.array([data.draw(st.floats(0.05, 1)) for _ in values])
    expected = 0.0
    for n in range(size + 1):
        for drawn in map(list, combinations(range(size), n)):
            chance = np.prod(np.where(np.isin(range(size), drawn), chances, 1 - chances))
            expected += chance * horvitz_thompson(np.array(values)[drawn], chances[drawn], size)
    assert expected == pytest.approx(np.mean(values), abs=1e-9)
