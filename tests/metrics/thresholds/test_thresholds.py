"""Thresholds: curves against their definition, the promise in simulation, prices by hand, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import a2i_al as al
from a2i_al.errors import EstimateWarning, InvalidInput, NotRandom
from a2i_al.metrics import certified_threshold, expected_costs, risk_coverage
from a2i_al.metrics.thresholds.betting import evidence

IDS = [f"t{number}" for number in range(600)]
RNG = np.random.default_rng(0)
CHANCE = RNG.beta(0.25, 2.2, 600)
POOL = pd.DataFrame(
    {"item_id": IDS, "predicted_label": "yes", "confidence": 1 - CHANCE, "model_version": "v1"},
)
TRUTH = pd.Series(np.where(RNG.random(600) < CHANCE, "no", "yes"), index=IDS)
PROBA = np.column_stack([1 - CHANCE, CHANCE])


def labels_of(picks):
    return pd.DataFrame({"item_id": picks["item_id"], "label": TRUTH[picks["item_id"]].to_numpy(), "status": "agreed"})


def everything():
    return pd.DataFrame({"item_id": IDS, "label": TRUTH.to_numpy(), "status": "agreed"})


ANSWERS = st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.8, 0.9]), st.booleans()), min_size=1, max_size=30)


@given(answers=ANSWERS, data=st.data())
def test_the_curve_is_its_definition_for_every_threshold(answers, data):
    sure, wrong = (np.array(each, dtype=float) for each in zip(*answers, strict=True))
    weights = np.array(data.draw(st.lists(st.floats(0.1, 9), min_size=len(sure), max_size=len(sure))))
    curve = risk_coverage(sure, wrong, weights)
    assert curve.thresholds.tolist() == sorted(set(sure.tolist()), reverse=True)
    for threshold, coverage, risk in zip(curve.thresholds, curve.coverage, curve.risk, strict=True):
        taken = sure >= threshold
        assert coverage == pytest.approx(weights[taken].sum() / weights.sum())
        assert risk == pytest.approx((weights * wrong)[taken].sum() / weights[taken].sum())


@settings(max_examples=20)
@given(answers=ANSWERS)
def test_the_area_is_the_mean_risk_over_all_coverages_ties_in_even_order(answers):
    sure, wrong = (np.array(each, dtype=float) for each in zip(*answers, strict=True))
    curve = risk_coverage(sure, wrong)
    order = np.argsort(-sure, kind="stable")
    rate = pd.Series(wrong[order]).groupby(-sure[order]).transform("mean").to_numpy()
    fine = np.repeat(rate, 4_000)
    area = (np.cumsum(fine) / np.arange(1, len(fine) + 1)).mean()
    assert curve.aurc == pytest.approx(area, abs=2e-3)


def test_the_best_order_has_no_excess():
    wrong = np.repeat([0, 1], [70, 30])
    best, worst = risk_coverage(np.linspace(1, 0, 100), wrong), risk_coverage(np.linspace(0, 1, 100), wrong)
    assert best.excess_aurc == pytest.approx(0, abs=1e-3)
    assert worst.excess_aurc > 0.5
    assert risk_coverage([0.5], [1]).excess_aurc == 0


@pytest.mark.parametrize("knows", [True, False], ids=["informative", "uninformative"])
def test_the_promise_is_kept_in_nine_of_ten_samples(knows):
    """1,000 samples of 300; the risk of a threshold is known, as the chances of error are. It is no idle promise."""
    rng, broken, promised = np.random.default_rng(1), 0, 0
    grid = np.linspace(0.3, 1, 200)
    population = rng.beta(0.25, 2.2, 200_000)
    shown = population if knows else rng.permutation(population)
    order = np.argsort(shown)
    risks = np.cumsum(population[order]) / np.arange(1, len(order) + 1)
    for _ in range(1_000):
        rows = rng.integers(0, len(population), 300)
        errors = rng.random(300) < population[rows]
        found = certified_threshold(1 - shown[rows], errors, target_error=0.05, level=0.9, thresholds=grid)
        if np.isfinite(found.threshold):
            promised += 1
            taken = np.searchsorted(shown[order], 1 - found.threshold, side="right")
            broken += risks[max(taken - 1, 0)] > 0.05
    assert broken <= 100
    assert not knows or (promised > 950 and broken > 10)


def test_one_error_among_the_surest_does_not_end_it_all():
    """The first test is of more items than it needs at least."""
    sure, wrong = np.linspace(1, 0.5, 1_000), np.zeros(1_000)
    wrong[3] = 1
    found = certified_threshold(sure, wrong, target_error=0.05)
    assert found.n == 1_000
    assert found.bound < 0.05


def test_too_few_labels_promise_nothing():
    assert certified_threshold(np.ones(58), np.zeros(58), target_error=0.05).threshold == np.inf
    assert certified_threshold(np.ones(59), np.zeros(59), target_error=0.05).threshold == 1


def test_choosing_by_target_says_what_it_takes_and_sends_to_review():
    picks = al.sample(PROBA, 400, item_ids=IDS, strategy="random", random_state=0)
    choice = al.choose_threshold(POOL, labels_of(picks), picks, target_error=0.1, items_per_day=1_000)
    taken = POOL["confidence"] >= choice.threshold
    assert choice.taken == pytest.approx(taken.mean())
    assert choice.reviews_per_day == pytest.approx(1_000 * (1 - taken.mean()))
    assert (TRUTH[taken.to_numpy()] == "no").mean() <= 0.1
    assert choice.risk <= choice.bound <= 0.1
    assert choice.n == 400
    assert "at most" in repr(choice)
    assert "Reviews per day" in choice._repr_html_()
    assert choice.to_frame().loc[0, "threshold"] == choice.threshold


def test_only_draws_count_and_what_a_strategy_chose_is_left_out():
    picks = al.sample(PROBA, 400, item_ids=IDS, strategy="margin", audit_fraction=0.75, random_state=0)
    assert al.choose_threshold(POOL, labels_of(picks), picks, target_error=0.1).n == 300
    chosen = picks[picks["inclusion_probability"].isna()]
    with pytest.raises(NotRandom, match="none was drawn at random"):
        al.choose_threshold(POOL, labels_of(chosen), chosen, target_error=0.1)


def test_unequal_draws_have_a_cost_and_a_promise_that_takes_more_labels():
    scores = al.estimation_scores(CHANCE)
    picks = al.sample(PROBA, 400, item_ids=IDS, strategy="importance", scores=scores, random_state=0)
    choice = al.choose_threshold(POOL, labels_of(picks), picks, target_error=0.1)
    taken = (POOL["confidence"] >= choice.threshold).to_numpy()
    assert taken.mean() > 0.5
    assert (TRUTH[taken] == "no").mean() <= choice.bound <= 0.1
    assert choice.method == "learn then test by weighted bets"
    with pytest.warns(EstimateWarning, match="review everything"):
        al.choose_threshold(POOL, labels_of(picks)[:100], picks, target_error=0.05)
    cost = al.choose_threshold(POOL, labels_of(picks), picks, review_cost=1, error_cost=5)
    exact = al.choose_threshold(POOL, everything(), review_cost=1, error_cost=5)
    assert cost.cost == pytest.approx(exact.cost, rel=0.3)
    assert np.isnan(cost.bound)


@pytest.mark.parametrize("knows", [True, False], ids=["informative", "uninformative"])
def test_the_promise_of_weighted_draws_is_kept(knows):
    """Chances that differ fourfold, 500 of 2,000 items, 200 samples; it is made in most where the model knows."""
    rng, broken, promised = np.random.default_rng(3), 0, 0
    for _ in range(200):
        chance = rng.beta(0.25, 2.2, 2_000)
        shown = chance if knows else rng.permutation(chance)
        scores = al.estimation_scores(shown)
        at = rng.choice(2_000, 500, p=scores / scores.sum())
        found = certified_threshold(
            1 - shown[at], rng.random(500) < chance[at], target_error=0.05, thresholds=1 - shown, weights=1 / scores[at]
        )
        if np.isfinite(found.threshold):
            promised += 1
            broken += chance[1 - shown >= found.threshold].mean() > 0.05
    assert broken <= 10
    assert promised > 150 if knows else promised <= 10


def test_evidence_is_a_fair_game_where_the_risk_is_the_target():
    """Its mean over all outcomes of two weighted draws is 1: half of the items have weight 1 and all errors, ¼ of these
    wrong; the others weight 3."""
    mean, most = 0.0, 0.0
    draws = [(1.0, 1.0, 0.75 * 0.25), (1.0, 0.0, 0.75 * 0.75), (3.0, 0.0, 0.25)]
    for first in draws:
        for second in draws:
            weights, errors, chances = zip(first, second, strict=True)
            told = float(np.exp(evidence(np.array(weights), np.array(errors), 0.125, 3.0)[-1]))
            mean, most = mean + np.prod(chances) * told, max(most, told)
    assert mean == pytest.approx(1)
    assert most > 1.15


def test_the_bound_of_weighted_draws_is_where_the_evidence_ends():
    sure, wrong, weights = np.linspace(1, 0.5, 400), np.zeros(400), np.tile([1.0, 2.0], 200)
    wrong[[150, 390]] = 1
    found = certified_threshold(sure, wrong, target_error=0.1, weights=weights)
    assert (found.n, found.errors) == (400, 2)
    assert evidence(weights, wrong, found.bound, 2.0)[-1] == pytest.approx(-np.log(0.05), abs=1e-6)
    safer = certified_threshold(sure, wrong, target_error=0.1, weights=weights, largest_weight=4.0)
    assert safer.bound > found.bound
    scaled = certified_threshold(sure, wrong, target_error=0.1, weights=7 * weights)
    assert scaled.bound == pytest.approx(found.bound)
    with pytest.raises(InvalidInput, match=r"largest_weight is 1\.5"):
        certified_threshold(sure, wrong, target_error=0.1, weights=weights, largest_weight=1.5)


def test_the_least_cost_is_the_least_of_all_thresholds():
    choice = al.choose_threshold(POOL, everything(), review_cost=1, error_cost=8, items_per_day=100)
    wrong = (TRUTH == "no").to_numpy()
    by_hand = [
        (POOL["confidence"] < threshold).mean() + 8 * (wrong & (POOL["confidence"] >= threshold)).mean()
        for threshold in [np.inf, *POOL["confidence"]]
    ]
    assert choice.cost == pytest.approx(min(by_hand))
    assert "Cost per item" in choice._repr_html_()


def test_prices_decide_between_reviewing_everything_and_nothing():
    free_reviews = al.choose_threshold(POOL, everything(), review_cost=0, error_cost=1)
    free_errors = al.choose_threshold(POOL, everything(), review_cost=1, error_cost=0)
    assert free_reviews.cost == 0
    assert free_errors.taken == 1
    table = expected_costs([0.9, 0.6], [0, 1], review_cost=1, error_cost=1, pool_confidence=[0.9] * 9 + [0.6])
    assert table["reviewed"].tolist() == pytest.approx([1, 0.1, 0])


def test_nothing_to_promise_is_a_warning_and_a_full_review():
    with pytest.warns(EstimateWarning, match="review everything"):
        choice = al.choose_threshold(POOL, everything()[:20], target_error=0.01, items_per_day=50)
    assert choice.reviewed == 1
    assert choice.reviews_per_day == 50
    assert "review everything" in repr(choice)
    assert "nothing" in choice._repr_html_()


def test_draws_of_earlier_rounds_are_not_mixed_with_those_of_the_last():
    first = al.sample(PROBA, 150, item_ids=IDS, strategy="random", random_state=0)
    second = al.sample(PROBA, 200, item_ids=IDS, strategy="random", exclude=first, round=1, random_state=0)
    picks = pd.concat([first, second])
    assert al.choose_threshold(POOL, labels_of(picks), picks, target_error=0.2).n == 200


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, "not one thing"),
        ({"target_error": 0.1, "review_cost": 1, "error_cost": 1}, "not one thing"),
        ({"review_cost": 1}, "not one thing"),
        ({"target_error": 0}, "target_error is 0"),
        ({"target_error": 0.1, "confidence": 1}, "confidence is 1"),
        ({"review_cost": -1, "error_cost": 1}, "review_cost is -1"),
        ({"review_cost": 0, "error_cost": 0}, "are 0"),
        ({"target_error": 0.1, "items_per_day": -5}, "items_per_day is -5"),
    ],
)
def test_questions_without_an_answer_are_refused(options, found):
    with pytest.raises(InvalidInput, match=found):
        al.choose_threshold(POOL, everything(), **options)


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(InvalidInput, match="predictions have no confidence"):
        al.choose_threshold(POOL.assign(confidence=np.nan), everything(), target_error=0.1)
    with pytest.raises(InvalidInput, match="2 model versions"):
        al.choose_threshold(POOL.assign(model_version=["a", "b"] * 300), everything(), target_error=0.1)
    with pytest.raises(InvalidInput, match="same item ids"):
        al.choose_threshold(POOL, everything().assign(item_id="x" + everything()["item_id"]), target_error=0.1)
    with pytest.raises(InvalidInput, match="neither 0 nor 1"):
        certified_threshold([0.5], [0.5], target_error=0.1)
    with pytest.raises(InvalidInput, match="no labelled item"):
        risk_coverage([], [])
    with pytest.raises(InvalidInput, match="confidence of row 0"):
        risk_coverage([np.nan], [0])
    with pytest.raises(InvalidInput, match="error of row 0 is 2"):
        risk_coverage([0.5], [2])
