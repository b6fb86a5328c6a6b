"""Draws of several rounds: without bias by enumeration, one uniform draw where they are one, refused where unknown."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import a2i_al as al
from a2i_al.errors import EstimateWarning, InvalidInput
from a2i_al.metrics.estimates.pooled import pooled
from a2i_al.sampling.draws.importance import importance
from a2i_al.tables import PICKS

SIZE = 300
RNG = np.random.default_rng(7)
CHANCE = RNG.beta(0.4, 2, SIZE)
WRONG = RNG.random(SIZE) < CHANCE
IDS = [f"t{number}" for number in range(SIZE)]
POOL = pd.DataFrame(
    {"item_id": IDS, "predicted_label": "a", "confidence": 1 - CHANCE, "model_version": "v1", "half": ["x", "y"] * 150}
)
PROBA = np.column_stack([1 - CHANCE, CHANCE])


def labels_of(picks, **columns):
    wrong = WRONG[[IDS.index(item) for item in picks["item_id"]]]
    return pd.DataFrame({"item_id": picks["item_id"], "label": np.where(wrong, "b", "a")} | columns)


def several(rounds=3, n=30, strategy="margin", audit_fraction=0.5, **options):
    """Return picks as an active learner buys them, round after round from what is left."""
    bought = []
    for number in range(rounds):
        bought.append(
            al.sample(
                PROBA,
                n,
                strategy=strategy,
                item_ids=IDS,
                audit_fraction=audit_fraction,
                round=number,
                exclude=pd.concat(bought) if bought else (),
                random_state=number,
                **options,
            )
        )
    return pd.concat(bought)


def table(rows):
    """Return picks of (item, round, chance)."""
    columns = ["item_id", "round", "inclusion_probability"]
    return PICKS.check(
        pd.DataFrame([(str(item), number, chance) for item, number, chance in rows], columns=columns).assign(
            strategy=lambda picks: np.where(picks["inclusion_probability"].isna(), "margin", "audit")
        )
    )


def test_rounds_whose_choices_learn_from_labels_have_no_bias():
    """Every way in which two draws, two choices between them by what the first draw showed, and two draws may come."""
    values = np.array([1.0, 0, 1, 0, 0, 1, 0])
    size, ids = len(values), [str(item) for item in range(7)]
    pool = pd.DataFrame({"predicted_label": "a"}, index=pd.Index(ids))
    means, weights = [], []
    for first in combinations(range(size), 2):
        left = [item for item in range(size) if item not in first]
        # Seen an error, take the last ones; otherwise the first.
        chosen = left[-2:] if values[list(first)].any() else left[:2]
        rest = [item for item in left if item not in chosen]
        for second in combinations(rest, 1):
            rows = [(item, 0, 2 / 7) for item in first] + [(item, 0, np.nan) for item in chosen]
            picks = table(rows + [(item, 1, 1 / 3) for item in second])
            plan = pooled(pool, pool.index.isin(picks["item_id"]), picks)
            means.append((plan.stands_for @ values / size, len(list(combinations(rest, 1)))))
            weights.append(plan.stands_for.sum())
    by_draw = np.array(means).reshape(-1, 3, 2)[:, :, 0].mean(axis=1)
    assert by_draw.mean() == pytest.approx(values.mean())
    assert np.mean(weights) == pytest.approx(size)


@pytest.mark.parametrize("proxy", [None, "auto"])
def test_uniform_draws_of_several_rounds_are_one_uniform_draw(proxy):
    picks = several(strategy="random", audit_fraction=0)
    at_once = picks.assign(round=0, inclusion_probability=90 / SIZE)
    apart = al.estimate(POOL, labels_of(picks), picks, rounds="all", proxy=proxy)
    together = al.estimate(POOL, labels_of(picks), at_once, proxy=proxy)
    assert apart.n == together.n == 90
    assert apart.value == pytest.approx(together.value, rel=1e-9 if proxy is None else 0.01)
    assert apart.low == pytest.approx(together.low, rel=0.02)
    assert apart.high == pytest.approx(together.high, rel=0.02)


def test_one_round_is_the_same_with_all_rounds():
    picks = several(rounds=1)
    labels = labels_of(picks)
    assert al.estimate(POOL, labels, picks, rounds="all") == al.estimate(POOL, labels, picks)


def test_all_rounds_are_narrower_than_the_last_and_hold_the_truth():
    picks = several(rounds=5, n=20)
    labels = labels_of(picks)
    found, last = (al.estimate(POOL, labels, picks, rounds=rounds) for rounds in ("all", "last"))
    assert found.low < WRONG.mean() < found.high
    assert found.high - found.low < 0.8 * (last.high - last.low)
    assert found.method == "draw in 5 rounds, with the model's predictions"
    assert found.notes == ("The 10 items that a strategy chose in the last round are not used.",)
    parts = al.estimate(POOL, labels, picks, rounds="all", by="half")
    for row in parts:
        assert row.low < WRONG[(POOL["half"] == row.group).to_numpy()].mean() < row.high


def test_a_draw_by_hand():
    """Of six items one is drawn, one chosen, then of the four left two drawn: ω is 1/30 and 2/8, of 17/60."""
    picks = table([("0", 0, 1 / 6), ("1", 0, np.nan), ("2", 1, 0.5), ("3", 1, 0.5)])
    pool = pd.DataFrame({"predicted_label": "a"}, index=pd.Index([str(item) for item in range(6)]))
    plan = pooled(pool, pool.index.isin(picks["item_id"]), picks)
    first, second = (1 / 30) / (17 / 60), (1 / 4) / (17 / 60)
    assert plan.stands_for == pytest.approx([6 * first + second, second, 2 * second, 2 * second, 0, 0])
    variance = [(5 / 6) * (6 * first) ** 2, 0, 0.5 * (2 * second) ** 2, 0.5 * (2 * second) ** 2]
    assert (plan.by_chance * plan.stands_for**2)[:4] == pytest.approx(variance)


def test_importance_draws_of_several_rounds_hold_the_truth():
    scores = al.estimation_scores(CHANCE)
    picks = several(rounds=2, n=40, strategy="importance", audit_fraction=0, scores=scores)
    found = al.estimate(POOL, labels_of(picks), picks, rounds="all")
    assert found.n == 80
    assert found.low < WRONG.mean() < found.high


def test_what_has_no_answer_is_taken_to_be_like_the_others():
    """An unanswered draw is represented by the answered ones of its round and by later rounds."""
    picks = several(strategy="random", audit_fraction=0)
    labels = labels_of(picks)[10:]
    found = al.estimate(POOL, labels, picks, rounds="all", proxy=None)
    wrong = (labels["label"] == "b").mean()
    assert found.n == 80
    assert found.value == pytest.approx(wrong, abs=0.02)
    assert found.notes[0] == "10 of 90 drawn items have no label; taken to be like the others."
    nobody = al.estimate(POOL, labels_of(picks[picks["round"] > 0]), picks, rounds="all", proxy=None)
    assert nobody.n == 60


def test_a_last_round_that_takes_all_that_is_left_leaves_nothing_open():
    first = al.sample(PROBA, 100, item_ids=IDS, strategy="random", random_state=0)
    second = al.sample(PROBA, 200, item_ids=IDS, strategy="random", exclude=first, round=1, random_state=0)
    picks = pd.concat([first, second])
    found = al.estimate(POOL, labels_of(picks), picks, rounds="all")
    assert [found.low, found.value, found.high] == pytest.approx([WRONG.mean()] * 3)


def test_a_round_that_is_not_told_is_missed():
    """Unless its items have a label: then they are known from elsewhere."""
    picks = several()
    later = picks[picks["round"] > 0]
    with pytest.raises(InvalidInput, match=r"draws of round 1 stand for 270 items, and .* had left 300 of 300"):
        al.estimate(POOL, labels_of(later), later, rounds="all")
    assert al.estimate(POOL, labels_of(picks), later, rounds="all").n > 60
    scores = al.estimation_scores(CHANCE)
    importance_picks = several(rounds=2, n=40, strategy="importance", audit_fraction=0, scores=scores)
    few = POOL[POOL["item_id"].isin(importance_picks["item_id"])]
    with pytest.raises(InvalidInput, match="draws of round 0 stand for"):
        al.estimate(few, labels_of(importance_picks), importance_picks, rounds="all")
    with pytest.raises(InvalidInput, match="rounds is 'first'"):
        al.estimate(POOL, labels_of(picks), picks, rounds="first")


def test_labels_from_elsewhere_are_known_if_they_were_no_candidates():
    """Seeds of an active learner are labelled, no picks, and were left out of every draw."""
    seeds = IDS[:20]
    picks, bought = [], seeds
    for number in range(2):
        one = al.sample(PROBA, 30, item_ids=IDS, strategy="random", exclude=bought, round=number, random_state=number)
        picks.append(one)
        bought = [*bought, *one["item_id"]]
    picks = pd.concat(picks)
    labels = labels_of(pd.DataFrame({"item_id": bought}))
    found = al.estimate(POOL, labels, picks, rounds="all", proxy=None)
    rest = WRONG[[IDS.index(item) for item in picks["item_id"]]].mean()
    assert found.value == pytest.approx((WRONG[:20].sum() + 280 * rest) / SIZE)


@pytest.mark.parametrize("rounds", ["last", "all"])
def test_draws_of_several_rounds_that_pass_for_one_are_refused(rounds):
    picks = several(strategy="random", audit_fraction=0).assign(round=0)
    with pytest.raises(InvalidInput, match=r"uniform draws of round 0 have chances from 0.1 to 0.125: .* one draw"):
        al.estimate(POOL, labels_of(picks), picks, rounds=rounds)


def test_a_model_that_knows_earlier_draws_by_heart_is_found_out():
    picks = several(rounds=4, n=30, strategy="random", audit_fraction=0)
    before = picks.loc[picks["round"] < 3, "item_id"]
    labels = labels_of(picks)
    learnt = POOL.assign(
        predicted_label=np.where(POOL["item_id"].isin(before), np.where(WRONG, "b", "a"), POOL["predicted_label"])
    )
    labels.loc[labels["item_id"].isin(picks.loc[picks["round"] == 3, "item_id"][:20]), "label"] = "b"
    with pytest.warns(EstimateWarning, match="wrong on 0 of 90 draws of earlier rounds"):
        al.estimate(learnt, labels, picks, rounds="all")
    al.estimate(learnt, labels, picks)


def test_a_group_of_certain_items_and_undrawn_ones_is_not_known():
    """What was bound to be drawn says nothing of what was not."""
    scores = np.where(np.arange(SIZE) < 10, 1_000.0, 1.0)
    drawn = importance(PROBA, scores=scores, n=40, rng=np.random.default_rng(0), floor=1e-6)
    picks = pd.DataFrame(
        {
            "item_id": np.array(IDS)[drawn.positions],
            "inclusion_probability": drawn.inclusion_probability,
            "strategy": "importance",
        }
    )
    alone = next(item for item in IDS[10:] if item not in set(picks["item_id"]))
    pool = POOL.assign(half=np.where(POOL["item_id"].isin([*IDS[:10], alone]), "sure", "rest"))
    with pytest.warns(EstimateWarning, match="'sure': no drawn label"):
        found = al.estimate(pool, labels_of(picks), picks, by="half")
    assert np.isnan(found["sure"].value)
    assert (found["sure"].low, found["sure"].high) == (0, 1)


def test_other_metrics_go_by_all_rounds_too_and_exact_intervals_do_not():
    picks = several(rounds=3, n=40)
    labels = labels_of(picks, amount=2.0)
    share = al.estimate(POOL, labels, picks, metric="share of b", rounds="all")
    assert share.low < WRONG.mean() < share.high
    recall = al.estimate(POOL, labels, picks, metric="recall", rounds="all")["b"]
    assert recall.value == 0
    assert al.estimate(POOL, labels, picks, metric="amount", rounds="all").value == pytest.approx(2)
    with pytest.raises(InvalidInput, match="no exact interval of error rate from a draw in 3 rounds"):
        al.estimate(POOL, labels, picks, rounds="all", exact=True)
