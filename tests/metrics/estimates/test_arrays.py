"""Estimates from plain arrays: chances, weights, proxies; against the formulas, the peer and each other."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
from scipy.stats import beta, chi2, hypergeom

from a2i_al.errors import EstimateWarning, InvalidInput
from a2i_al.metrics import (
    estimate_mean,
    estimation_scores,
    exact_interval,
    hajek,
    horvitz_thompson,
    lure_weights,
    prediction_powered_mean,
)

RNG = np.random.default_rng(2)


@settings(max_examples=40)
@given(n=st.integers(2, 60), data=st.data())
def test_equal_chances_of_a_large_pool_give_jeffreys_interval(n, data):
    """Beta(k + ½, n − k + ½), and the rule of three where nothing or everything was seen."""
    k = data.draw(st.integers(0, n))
    found = estimate_mean(np.arange(n) < k, np.full(n, 1e-9), pool_size=10**9 * n)
    tail = 0.025 if 0 < k < n else chi2.sf(-2 * np.log(0.05), 1)
    low, high = beta.ppf([tail, 1 - tail], k + 0.5, n - k + 0.5)
    assert found.value == pytest.approx(k / n)
    assert found.low == pytest.approx(0 if k == 0 else low, abs=1e-6)
    assert found.high == pytest.approx(1 if k == n else high, abs=1e-6)


@settings(max_examples=40)
@given(data=st.data(), n=st.integers(2, 30))
def test_estimates_do_not_depend_on_the_order_and_keep_within_the_possible(data, n):
    """Whatever values, chances and proxies: from 0 to 1, and what was seen stays possible."""
    values = np.array(data.draw(st.lists(st.floats(0, 1), min_size=n, max_size=n)))
    chances = np.array(data.draw(st.lists(st.floats(0.05, 1), min_size=n, max_size=n)))
    proxy, size = RNG.random(n), 40 * n
    order = RNG.permutation(n)
    pool = np.concatenate([proxy, RNG.random(size - n)])
    if (chances >= 1 - 1e-12).all():
        return
    found = estimate_mean(values, chances, proxy=proxy, pool_proxy=pool)
    again = estimate_mean(values[order], chances[order], proxy=proxy[order], pool_proxy=pool)
    assert 0 <= found.low <= found.high <= 1
    assert 0 <= found.value <= 1
    assert [found.value, found.low, found.high] == pytest.approx([again.value, again.low, again.high], abs=1e-6)


def test_numbers_have_students_interval_and_scale_with_their_unit():
    values = RNG.normal(10, 3, 30)
    found = estimate_mean(values, np.full(30, 1e-6), pool_size=30_000_000)
    half = 2.0452 * values.std(ddof=1) / np.sqrt(30)
    assert [found.value, found.low, found.high] == pytest.approx(
        [values.mean(), values.mean() - half, values.mean() + half], rel=1e-3
    )
    cents = estimate_mean(100 * values, np.full(30, 1e-6), pool_size=30_000_000)
    assert [cents.low, cents.high] == pytest.approx([100 * found.low, 100 * found.high])


def test_a_single_draw_of_a_number_has_no_interval_and_says_so():
    with pytest.warns(EstimateWarning, match="single draw"):
        found = estimate_mean([7.0], [0.1])
    assert (found.value, found.low, found.high) == (7, -np.inf, np.inf)


def test_lure_weights_and_chances_agree_where_the_draw_was_uniform():
    """The weights are all 1 then, and so are those of equal inclusion probabilities."""
    values = RNG.random(20) < 0.3
    weights = lure_weights(1 / (100 - np.arange(20)), 100)
    assert weights == pytest.approx(np.ones(20))
    ours, theirs = estimate_mean(values, weights=weights, pool_size=100), estimate_mean(values, np.full(20, 0.2))
    assert [ours.value, ours.low, ours.high] == pytest.approx([theirs.value, theirs.low, theirs.high])
    assert lure_weights([0.5, 0.5], 2).tolist() == [1, 1]


def test_weighted_intervals_of_active_acquisition_cover():
    """LURE over 400 pools: items acquired one by one, difficult ones first, cover in 92 to 99 % of them."""
    rng, covered = np.random.default_rng(3), 0
    for _ in range(400):
        chance = rng.beta(0.5, 2, 300)
        errors = rng.random(300) < chance
        weights, left, q, at = np.sqrt(chance * (1 - chance)) + 0.2, np.ones(300, dtype=bool), [], []
        for _ in range(60):
            proposal = np.where(left, weights, 0) / weights[left].sum()
            at.append(rng.choice(300, p=proposal))
            q.append(proposal[at[-1]])
            left[at[-1]] = False
        found = estimate_mean(errors[at], weights=lure_weights(q, 300), proxy=chance[at], pool_proxy=chance)
        covered += found.low <= errors.mean() <= found.high
    assert 0.92 <= covered / 400 <= 0.99


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), n=st.integers(5, 80), extra=st.integers(5, 400))
def test_prediction_powered_inference_is_the_peers_where_its_slope_is_not_cut(seed, n, extra):
    rng = np.random.default_rng(seed)
    truth, unseen = rng.random(n), rng.random(extra)
    predicted = np.clip(truth + rng.normal(0, 0.2, n), 0, 1)
    ours = prediction_powered_mean(truth, predicted, unseen, confidence=0.9)
    if 0 <= ours.slope <= 1:
        low, high = ppi_mean_ci(truth, predicted, unseen, alpha=0.1)
        assert [ours.low, ours.high] == pytest.approx([low.item(), high.item()])
        assert ours.value == pytest.approx(ppi_mean_pointestimate(truth, predicted, unseen).item())
    for slope in (0, 0.4, 1):
        low, high = ppi_mean_ci(truth, predicted, unseen, alpha=0.1, lam=slope)
        fixed = prediction_powered_mean(truth, predicted, unseen, slope=slope, confidence=0.9)
        assert [fixed.low, fixed.high] == pytest.approx([low.item(), high.item()])


def test_prediction_powered_inference_weighs_as_the_peer_does():
    truth, unseen, weights = RNG.random(40), RNG.random(200), RNG.random(40) + 0.5
    predicted, theirs = truth + RNG.normal(0, 0.2, 40), RNG.random(200) + 0.5
    low, high = ppi_mean_ci(truth, predicted, unseen, alpha=0.05, w=weights, w_unlabeled=theirs)
    ours = prediction_powered_mean(truth, predicted, unseen, weights=weights, unlabelled_weights=theirs)
    assert 0 < ours.slope < 1
    assert [ours.low, ours.high] == pytest.approx([low.item(), high.item()])


def test_timid_predictions_are_used_for_more_than_they_claim():
    """A third of the truth is worth three times itself; the peer stops at once, and its interval is wider."""
    truth, unseen = RNG.random(200), RNG.random(5_000) / 3
    predicted = truth / 3 + RNG.normal(0, 0.01, 200)
    ours = prediction_powered_mean(truth, predicted, unseen)
    low, high = ppi_mean_ci(truth, predicted, unseen, alpha=0.05)
    assert ours.slope > 2
    assert ours.high - ours.low < 0.5 * (high - low).item()


@settings(max_examples=60)
@given(size=st.integers(1, 25), data=st.data())
def test_exact_intervals_keep_their_promise_for_every_truth(size, data):
    """Over all outcomes of the draw, with their chances, at least 90 % of them hold the truth."""
    n, truth = data.draw(st.integers(1, size)), data.draw(st.integers(0, size))
    covered = 0.0
    for k in range(max(0, n - (size - truth)), min(n, truth) + 1):
        low, high = exact_interval(k, n, size, confidence=0.9)
        covered += hypergeom.pmf(k, size, truth, n) * (low - 1e-9 <= truth / size <= high + 1e-9)
    assert covered >= 0.9 - 1e-9


def test_scores_for_an_estimate_are_between_neymans_and_a_uniform_draw():
    chance = np.array([0.5, 0.1, 0.02, 0.0, 1.0])
    neyman = np.sqrt(chance * (1 - chance))
    assert estimation_scores(chance, caution=0) == pytest.approx(neyman / neyman.mean())
    assert estimation_scores(chance, caution=1).tolist() == [1] * 5
    assert estimation_scores(chance).min() == 0.5
    assert estimation_scores([0.0, 1.0]).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("call", "found"),
    [
        (lambda: estimate_mean([], []), "values are empty"),
        (lambda: estimate_mean([1], [0]), "probability of row 0 is 0"),
        (lambda: estimate_mean([1], [1.1]), "probability of row 0 is 1.1"),
        (lambda: estimate_mean([1], [np.nan]), "probability of row 0 is nan.*deterministic"),
        (lambda: estimate_mean([np.nan], [0.5]), r"values\[0\] is missing"),
        (lambda: estimate_mean([1, 0], [0.5]), r"shape \(1,\)"),
        (lambda: estimate_mean([1]), "no chances"),
        (lambda: estimate_mean([1], [0.5], weights=[1]), "both chances and weights"),
        (lambda: estimate_mean([1], weights=[0], pool_size=3), "all weights are 0"),
        (lambda: estimate_mean([1], weights=[1]), "1 values of a pool of None"),
        (lambda: estimate_mean([1, 0, 1], [0.5] * 3, pool_size=2), "3 values of a pool of 2"),
        (lambda: estimate_mean([1, 0], [1, 1], pool_size=5), "every value has the chance 1, and 3 items"),
        (lambda: estimate_mean([1], [0.5], proxy=[1]), "one of proxy and pool_proxy"),
        (lambda: estimate_mean([1], [0.5], confidence=95), "confidence is 95"),
        (lambda: estimation_scores([1.2]), "item 0 is 1.2"),
        (lambda: estimation_scores([0.2], caution=2), "caution is 2"),
        (lambda: lure_weights([0.5, 0.5], 1), "2 items were acquired from a pool of 1"),
        (lambda: lure_weights([0.0], 5), "row 0 is 0"),
        (lambda: prediction_powered_mean([], [], [1]), "values are empty"),
        (lambda: prediction_powered_mean([1], [1, 2], [1]), "1 values and 2 predictions"),
        (lambda: prediction_powered_mean([1], [np.nan], [1]), r"predicted\[0\] is missing"),
        (lambda: prediction_powered_mean([1], [1], [1], confidence=0), "confidence is 0"),
        (lambda: exact_interval(3, 2, 5), "3 of 2 drawn from 5"),
        (lambda: horvitz_thompson([1, 1], [0.5, 0.5], 1), "2 values of a pool of 1"),
        (lambda: hajek([], []), "no value"),
    ],
)
def test_what_cannot_be_estimated_is_refused(call, found):
    with pytest.raises(InvalidInput, match=found):
        call()


def test_hajeks_mean_is_within_the_values_and_horvitz_thompsons_need_not_be():
    assert horvitz_thompson([1, 1], [0.1, 0.1], 10) == 2
    assert hajek([1, 1], [0.1, 0.1]) == 1


def test_a_constant_prediction_is_no_help_and_one_item_no_trouble():
    assert prediction_powered_mean([1, 0], [0.5, 0.5], [0.5, 0.5]).slope == 0
    assert prediction_powered_mean([1], [0.5], [0.5]).value == 1
