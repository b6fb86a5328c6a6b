"""The estimator's parts, each by hand: weights of the unseen, strata, finite pools, proxies of the rest, ratios."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

import a2i_al as al
from a2i_al.metrics import estimate_mean
from a2i_al.metrics.estimates.designs import certain_part
from a2i_al.metrics.estimates.generalised import Drawn, Fitted, fitted
from a2i_al.metrics.estimates.intervals import share_interval
from a2i_al.metrics.estimates.means import NUMBER
from a2i_al.metrics.estimates.plan import Plan, mean_of

ERRORS = np.array([1.0, 0, 0, 1, 0, 0])
WEIGHTS = np.array([0.5, 0.5, 0.5, 1.5, 1.5, 1.5])


def test_an_unseen_event_weighs_what_the_heaviest_stratum_does_or_the_mean_item():
    """Before any was seen; the mean item of six draws with these weights weighs Σ w²/Σ w."""
    strata, none = np.array([0, 0, 0, 1, 1, 1]), np.zeros(6)
    assert fitted(Drawn(none, WEIGHTS, np.ones(6), strata=strata)).unseen == 1.5**2
    assert fitted(Drawn(none, WEIGHTS, np.ones(6))).unseen == pytest.approx(7.5 / 6)


def test_an_unseen_event_weighs_the_more_like_the_seen_the_more_are_seen():
    """Two events of weight ½ and the mean item twice over; six say nearly all."""
    light = np.array([1.0, 1, 0, 0, 0, 0])
    assert fitted(Drawn(light, WEIGHTS, np.ones(6))).unseen == pytest.approx((2 * 0.25 + 2 * 7.5 / 6) / 4)
    assert fitted(Drawn(1 - light, WEIGHTS, np.ones(6))).unseen == fitted(Drawn(light, WEIGHTS, np.ones(6))).unseen
    many = fitted(Drawn(np.tile(light, 20), np.tile(WEIGHTS, 20), np.ones(120))).unseen
    assert many == pytest.approx(0.25, rel=0.25)
    assert fitted(Drawn(light, WEIGHTS, np.ones(6)), 2).unseen == pytest.approx(7.5 / 6)  # of a ratio none is seen


def test_the_heavier_the_unseen_the_wider_the_interval():
    fit = Fitted(mean=0.1, squares=2.0, slope=0.0, events=2)
    light, heavy = share_interval(fit, 30, 1.0), share_interval(replace(fit, unseen=4.0), 30, 1.0)
    assert heavy[1] - heavy[0] > 1.05 * (light[1] - light[0])


def test_one_light_event_is_not_believed_to_be_all_of_the_spread():
    """The spread of outcomes that have nothing to do with the weights counts as one event more."""
    fit = Fitted(mean=0.1, squares=1.0, slope=0.0, events=1, usual=30.0)
    told = share_interval(replace(fit, squares=0.5 * 1.0 + 0.5 * 30 * 0.09, usual=0.0, events=1e9), 30, 1.0)
    assert share_interval(fit, 30, 1.0) == pytest.approx(told)
    many = share_interval(replace(fit, events=1e6), 30, 1.0)
    assert many == pytest.approx(share_interval(replace(fit, events=1e6, usual=0.0), 30, 1.0), rel=1e-4)


def test_heavy_items_move_the_interval_away_from_the_end_once_events_are_seen():
    fit = Fitted(mean=0.1, squares=2.0, slope=0.0, events=2)
    heavy = replace(fit, typical=2.0)
    assert share_interval(heavy, 30, 1.0)[1] > share_interval(fit, 30, 1.0)[1]
    none = replace(fit, events=0.0)
    assert share_interval(replace(none, typical=2.0), 30, 1.0) == share_interval(none, 30, 1.0)


def test_what_differs_between_strata_only_is_no_variance():
    strata = np.array([0, 0, 0, 1, 1, 1])
    values = np.where(strata, 5.0, 1.0)
    assert fitted(Drawn(values, np.ones(6), np.ones(6), strata=strata), 3).squares == pytest.approx(0)
    alone = np.array([0, 1, 2, 3, 4, 5])  # a stratum of one has no spread of its own: that of all stands in
    assert fitted(Drawn(values, np.ones(6), np.ones(6), strata=alone), 3).squares == pytest.approx(24)


def test_a_stratum_of_two_counts_its_spread_in_full():
    """n_h/(n_h − 1) of the squares about the stratum's mean."""
    found = fitted(Drawn(np.array([0.0, 2, 0, 2]), np.ones(4), np.ones(4), strata=np.array([0, 0, 1, 1])), 2)
    assert found.squares == pytest.approx(2 * 4)


def test_half_of_the_pool_leaves_half_of_the_variance():
    values = np.random.default_rng(0).normal(5, 2, 40)
    few, many = estimate_mean(values, np.full(40, 1e-6)), estimate_mean(values, np.full(40, 0.5))
    assert many.high - many.low == pytest.approx((few.high - few.low) * np.sqrt(0.5), rel=1e-4)


def test_what_was_seen_is_possible_whatever_the_distribution_says():
    """Nine of ten drawn, eight of them errors: between eight and nine of ten."""
    found = estimate_mean(np.arange(9) < 8, np.full(9, 0.9))
    assert found.low >= 0.8
    assert found.high <= 0.9


def test_the_proxy_of_the_known_is_not_that_of_the_rest():
    """Where the drawn are like the rest in what the model expects, its expectation changes nothing."""
    proxy = np.array([9.0, 9, 1, 2, 3, 1, 2, 3])
    used = np.array([True, True, True, True, True, False, False, False])
    plan = Plan(np.array([1, 1, 0, 0, 0, 0, 0, 0]), used, None, "")
    values = np.array([70.0, 80, 4, 5, 9, 0, 0, 0])
    found = mean_of(plan, np.ones(8, dtype=bool), values, proxy, confidence=0.95, scale=NUMBER)
    assert found.slope > 0
    assert found.value == pytest.approx((70 + 80 + 6 * 6) / 8)


def test_in_a_part_of_the_pool_the_weights_are_taken_relative_to_each_other():
    """How many of a group's items were drawn is known: chances ten times smaller give the same estimate of it."""
    part = np.arange(100) < 50
    used, chances = np.zeros(100, dtype=bool), np.full(100, np.nan)
    used[[1, 2, 3, 70]] = True
    values = np.zeros(100)
    values[1] = 1.0
    found = []
    for scale in (1.0, 0.1):
        chances[[1, 2, 3, 70]] = scale * np.array([0.1, 0.2, 0.4, 0.1])
        plan = Plan(np.zeros(100, dtype=np.intp), used, chances.copy(), "")
        found.append(mean_of(plan, part, values, None, confidence=0.95).value)
    assert found[0] == pytest.approx(found[1])


def test_what_a_strategy_passed_over_makes_its_choices_no_certain_part():
    """A quota: the second best is no pick, so what was chosen is not all that scores so high."""
    scores, everything = np.array([0.9, 0.8, 0.7, 0.1]), np.ones(4, dtype=bool)
    picked = np.array([True, False, True, True])
    assert certain_part(scores, np.array([0, 2]), everything, picked, everything) is None
    picked[1] = True
    assert certain_part(scores, np.array([0, 1, 2]), everything, picked, everything) is not None
    assert certain_part(None, np.array([0]), everything, picked, everything) is None


@pytest.mark.parametrize(("hits", "truly"), [(10, 20), (36, 40), (3, 12)])
def test_a_recall_has_the_interval_of_the_items_that_it_is_about(hits, truly):
    """Of a thousand draws from a large pool, a few are of the class: Jeffreys' interval for these."""
    n, size = 1_000, 200_000
    ids = pd.Series(np.arange(size).astype(str))
    said = np.where(np.arange(size) < hits, "rare", "common")
    predictions = pd.DataFrame({"item_id": ids, "predicted_label": said, "model_version": "v1"})
    truth = np.where(np.arange(n) < truly, "rare", "common")
    labels = pd.DataFrame({"item_id": ids[:n], "label": truth})
    picks = pd.DataFrame({"item_id": ids[:n], "strategy": "random", "inclusion_probability": n / size})
    found = al.estimate(predictions, labels, picks, metric="recall")["rare"]
    low, high = beta.ppf([0.025, 0.975], hits + 0.5, truly - hits + 0.5)
    assert found.value == pytest.approx(hits / truly)
    assert [found.low, found.high] == pytest.approx([low, high], abs=0.03)
