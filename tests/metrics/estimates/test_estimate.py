"""`estimate` on tables: what each way of sampling allows, what is refused and why, and what the result says."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, precision_recall_fscore_support, recall_score

import a2i_al as al
from a2i_al.errors import EstimateWarning, InvalidInput, InvalidTable, NotRandom
from a2i_al.metrics import Estimate, Estimates
from a2i_al.metrics.estimates.intervals import exact_interval

SIZE = 400
RNG = np.random.default_rng(0)
CHANCE = RNG.beta(0.3, 2, SIZE)
WRONG = RNG.random(SIZE) < CHANCE
IDS = [f"t{number}" for number in range(SIZE)]
SAID = RNG.choice(["a", "b", "c"], SIZE)
TRUTH = pd.Series(np.where(WRONG, np.roll(["a", "b", "c"], 1)[pd.factorize(SAID, sort=True)[0]], SAID), index=IDS)
POOL = pd.DataFrame(
    {
        "item_id": IDS,
        "predicted_label": SAID,
        "confidence": 1 - CHANCE,
        "model_version": "v1",
        "segment": RNG.choice(["new", "old"], SIZE),
    }
)
PROBA = np.column_stack([1 - CHANCE, CHANCE])


def labels_of(picks, **columns):
    """Return people's labels of the picks, all agreed."""
    table = {"item_id": picks["item_id"], "label": TRUTH[picks["item_id"]].to_numpy(), "status": "agreed"}
    return pd.DataFrame(table | columns)


def drawn(strategy="random", n=100, **options):
    return al.sample(PROBA, n, item_ids=IDS, strategy=strategy, random_state=1, **options)


EVERY_DRAW = pytest.mark.parametrize(
    "picks",
    [
        drawn(),
        drawn("importance", scores=al.estimation_scores(CHANCE)),
        drawn("stratified", groups=SAID),
        drawn("least_confidence", audit_fraction=0.5),
        drawn("k_means", audit_fraction=0.5, features=PROBA),
    ],
    ids=["random", "importance", "stratified", "audit and top", "audit and batch"],
)


@EVERY_DRAW
def test_every_draw_gives_an_interval_that_holds_the_truth(picks):
    found = al.estimate(POOL, labels_of(picks), picks)
    assert found.low < WRONG.mean() < found.high
    assert found.high - found.low < 0.3
    assert found.size == SIZE


@EVERY_DRAW
def test_accuracy_is_one_minus_error(picks):
    error = al.estimate(POOL, labels_of(picks), picks)
    accuracy = al.estimate(POOL, labels_of(picks), picks, metric="accuracy")
    assert [accuracy.value, accuracy.low, accuracy.high] == pytest.approx(
        [1 - error.value, 1 - error.high, 1 - error.low]
    )


@EVERY_DRAW
def test_the_order_of_rows_does_not_matter(picks):
    shuffled = (table.sample(frac=1, random_state=3) for table in (POOL, labels_of(picks), picks))
    there, here = al.estimate(*shuffled), al.estimate(POOL, labels_of(picks), picks)
    assert [there.value, there.low, there.high] == pytest.approx([here.value, here.low, here.high])


def test_what_a_strategy_chose_counts_for_certain_if_its_scores_are_known():
    """All hundred labels count then, and the estimate is closer to what the census of the difficult says."""
    picks = drawn("least_confidence", audit_fraction=0.5)
    with_confidence = al.estimate(POOL, labels_of(picks), picks)
    scores = np.minimum(CHANCE, 1 - CHANCE)
    with_scores = al.estimate(POOL.drop(columns="confidence"), labels_of(picks), picks, scores=scores, proxy=None)
    without = al.estimate(POOL.drop(columns="confidence"), labels_of(picks), picks, proxy=None)
    assert with_scores.n == 100
    assert without.n == 50
    assert "not used" in without.notes[0]
    assert with_scores.high - with_scores.low < without.high - without.low
    assert with_confidence.n == 50  # 1 - confidence is no score where the confidence is below a half


def test_scores_of_the_probabilities_are_worked_out():
    pool = POOL.assign(proba_right=PROBA[:, 0], proba_wrong=PROBA[:, 1])
    picks = drawn("margin", audit_fraction=0.5)
    assert al.estimate(pool, labels_of(picks), picks).n == 100


def test_scores_that_are_not_those_of_the_picks_are_refused():
    picks = drawn("least_confidence", audit_fraction=0.5)
    with pytest.raises(InvalidInput, match="the scores that the picks were chosen by"):
        al.estimate(POOL, labels_of(picks), picks, scores=CHANCE + 1)


def test_what_was_reviewed_in_earlier_rounds_counts_as_known():
    """Its items were no candidates of the second draw; no label is wasted, and the sizes add up."""
    first = drawn("margin", 60)
    second = al.sample(PROBA, 60, item_ids=IDS, strategy="random", exclude=first, round=1, random_state=2)
    picks = pd.concat([first, second])
    found = al.estimate(POOL, labels_of(picks), picks, proxy=None)
    known, rest = WRONG[POOL["item_id"].isin(first["item_id"])].sum(), WRONG[POOL["item_id"].isin(second["item_id"])]
    assert found.n == 120
    assert found.value == pytest.approx((known + 340 * rest.mean()) / SIZE)


def test_earlier_reviews_that_are_not_in_yet_are_taken_for_like_the_others():
    """The first round was sent out and nobody has answered: the second speaks for all."""
    first = drawn("margin", 60)
    second = al.sample(PROBA, 60, item_ids=IDS, strategy="random", exclude=first, round=1, random_state=2)
    found = al.estimate(POOL, labels_of(second), pd.concat([first, second]), proxy=None)
    assert found.n == 60
    assert found.value == pytest.approx(WRONG[POOL["item_id"].isin(second["item_id"])].mean())
    assert found.notes[0] == "60 of 60 earlier items have no label; taken to be like the others."


def test_columns_of_both_tables_are_not_confused():
    """A predictions table with a column `label`, and labels with a segment of their own."""
    picks = drawn()
    plain = al.estimate(POOL, labels_of(picks), picks, by="segment")
    pool = POOL.assign(label="nobody's", amount=7.0)
    found = al.estimate(pool, labels_of(picks, segment="x", amount=3.0), picks, by="segment")
    assert found.to_frame().equals(plain.to_frame())
    assert al.estimate(pool, labels_of(picks, amount=3.0), picks, metric="amount").value == pytest.approx(3)


def test_decisions_of_a_router_are_draws_with_known_chances():
    """Rules that always ask are certain, the sample beside them speaks for the rest."""
    rng = np.random.default_rng(8)
    chances = np.where(CHANCE > 0.4, 1.0, 0.2)
    asked = rng.random(SIZE) < chances
    picks = pd.DataFrame({"item_id": IDS, "strategy": "router", "inclusion_probability": chances})[asked]
    found = al.estimate(POOL, labels_of(picks), picks, proxy=None)
    sure = (chances == 1).sum()
    others = WRONG[asked & (chances < 1)].mean()
    assert found.value == pytest.approx((WRONG[chances == 1].sum() + (SIZE - sure) * others) / SIZE)
    assert found.low < WRONG.mean() < found.high


def test_a_draw_of_ones_own_takes_the_very_number_of_its_candidates():
    """Of 400 items 120 were labelled before, all wrong: 40 of the other 280 speak for these alone."""
    rng = np.random.default_rng(3)
    known, rest = IDS[:120], IDS[120:]
    picks = pd.DataFrame(
        {"item_id": rng.choice(rest, 40, False), "strategy": "mine", "inclusion_probability": 40 / 280}
    )
    labels = labels_of(pd.DataFrame({"item_id": [*known, *picks["item_id"]]}))
    labels.loc[:119, "label"] = "neither"
    found = al.estimate(POOL, labels, picks, proxy=None)
    drawn_wrong = WRONG[POOL["item_id"].isin(picks["item_id"])].mean()
    assert found.value == pytest.approx((120 + 280 * drawn_wrong) / SIZE)
    unknown = POOL.index[~POOL["item_id"].isin(labels["item_id"])]
    with pytest.raises(InvalidInput, match="the draw was from 280 candidates"):
        al.estimate(POOL.drop(index=unknown[:50]), labels, picks)


def test_items_without_a_label_are_taken_for_like_the_others_and_said():
    picks = drawn()
    labels = labels_of(picks).assign(status=["tied"] * 10 + ["agreed"] * 90)
    found = al.estimate(POOL, labels, picks, proxy=None)
    assert found.n == 90
    assert found.value == pytest.approx(WRONG[POOL["item_id"].isin(picks["item_id"][10:])].mean())
    assert found.notes == ("10 of 100 drawn items have no label; taken to be like the others.",)


def test_a_reviewed_pool_has_no_error_left():
    picks = drawn("random", SIZE)
    found = al.estimate(POOL, labels_of(picks), picks)
    assert found.low == found.value == found.high == WRONG.mean()


def test_a_deterministic_choice_is_refused_with_the_way_out():
    picks = drawn("margin")
    with pytest.raises(NotRandom, match=r"chosen by 'margin', none was drawn.*audit_fraction.*importance"):
        al.estimate(POOL, labels_of(picks), picks)


def test_groups_share_the_pool_and_their_mean_is_the_whole():
    picks = drawn()
    whole = al.estimate(POOL, labels_of(picks), picks, proxy=None)
    found = al.estimate(POOL, labels_of(picks), picks, by="segment", proxy=None)
    assert [row.group for row in found] == ["new", "old"]
    assert sum(row.size for row in found) == SIZE
    assert sum(row.n for row in found) == whole.n
    for row in found:
        inside = (POOL["segment"] == row.group).to_numpy()
        assert row.value == pytest.approx(WRONG[inside & POOL["item_id"].isin(picks["item_id"]).to_numpy()].mean())
        assert row.low < WRONG[inside].mean() < row.high


def test_a_group_without_a_drawn_label_is_not_known_and_said():
    picks = drawn()
    pool = POOL.assign(segment=np.where(POOL["item_id"] == "t0", "alone", "others"))
    assert "t0" not in set(picks["item_id"])
    with pytest.warns(EstimateWarning, match="'alone': no drawn label"):
        found = al.estimate(pool, labels_of(picks), picks, by="segment")
    assert np.isnan(found["alone"].value)
    assert (found["alone"].low, found["alone"].high, found["alone"].n) == (0, 1, 0)
    assert found["others"].n == 100


@EVERY_DRAW
@pytest.mark.parametrize("metric", ["recall", "precision", "f1"])
def test_metrics_by_class_hold_the_truth(picks, metric):
    """Of scikit-learn's on the whole pool, nine intervals of nearly all."""
    found = al.estimate(POOL, labels_of(picks), picks, metric=metric)
    truth = dict(zip(["precision", "recall", "f1"], precision_recall_fscore_support(TRUTH, SAID), strict=False))[metric]
    assert [row.group for row in found] == ["a", "b", "c"]
    assert sum(row.low <= value <= row.high for row, value in zip(found, truth, strict=True)) >= 2


@EVERY_DRAW
def test_macro_f1_holds_the_truth(picks):
    found = al.estimate(POOL, labels_of(picks), picks, metric="macro_f1")
    assert found.low < f1_score(TRUTH, SAID, average="macro") < found.high


def test_ratios_of_a_reviewed_pool_are_scikit_learns():
    picks = drawn("random", SIZE)
    f1 = al.estimate(POOL, labels_of(picks), picks, metric="f1")
    assert [row.value for row in f1] == pytest.approx(f1_score(TRUTH, SAID, average=None))
    recall = al.estimate(POOL, labels_of(picks), picks, metric="recall")
    assert [row.value for row in recall] == pytest.approx(recall_score(TRUTH, SAID, average=None))
    macro = al.estimate(POOL, labels_of(picks), picks, metric="macro_f1")
    assert [macro.value, macro.low, macro.high] == pytest.approx([f1_score(TRUTH, SAID, average="macro")] * 3)


def test_shares_of_labels_and_columns_of_numbers():
    picks = drawn("importance", scores=al.estimation_scores(CHANCE))
    share = al.estimate(POOL, labels_of(picks), picks, metric="share of a")
    assert share.low < (TRUTH == "a").mean() < share.high
    amounts = pd.Series(RNG.lognormal(3, 0.5, SIZE) * (1 + WRONG), index=IDS)
    labels = labels_of(picks, amount=amounts[picks["item_id"]].to_numpy())
    mean = al.estimate(POOL, labels, picks, metric="amount", proxy="confidence")
    assert mean.low < amounts.mean() < mean.high
    assert "%" not in repr(mean)
    with pytest.raises(InvalidInput, match="no metric 'amonut'"):
        al.estimate(POOL, labels, picks, metric="amonut")
    with pytest.raises(InvalidInput, match="the labels' 'note' values are no numbers"):
        al.estimate(POOL, labels_of(picks, note="cheap"), picks, metric="note")
    with pytest.raises(InvalidInput, match="no item is 'x'"):
        al.estimate(POOL, labels, picks, metric="share of x")


def test_an_exact_interval_is_clopper_and_pearsons_and_only_of_uniform_draws():
    picks = drawn()
    found = al.estimate(POOL, labels_of(picks), picks, exact=True)
    errors = int(WRONG[POOL["item_id"].isin(picks["item_id"])].sum())
    assert (found.low, found.high) == exact_interval(errors, 100, SIZE)
    importance = drawn("importance")
    with pytest.raises(InvalidInput, match="no exact interval of error rate from a draw with unequal chances"):
        al.estimate(POOL, labels_of(importance), importance, exact=True)
    with pytest.raises(InvalidInput, match="no exact interval of f1"):
        al.estimate(POOL, labels_of(picks), picks, metric="f1", exact=True)


def test_predictions_of_another_pool_are_refused():
    picks = drawn()
    without_some = POOL[~POOL["item_id"].isin(IDS[:40]) | POOL["item_id"].isin(picks["item_id"])]
    with pytest.raises(InvalidInput, match=f"from 400 candidates, and the predictions are of {len(without_some)}"):
        al.estimate(without_some, labels_of(picks), picks)
    reviewed = POOL[POOL["item_id"].isin(picks["item_id"])]
    with pytest.raises(InvalidInput, match="100"):
        al.estimate(reviewed, labels_of(picks), picks)
    importance = drawn("importance")
    reviewed = POOL[POOL["item_id"].isin(importance["item_id"])]
    with pytest.raises(InvalidInput, match="100 draws stand for about"):
        al.estimate(reviewed, labels_of(importance), importance)
    with pytest.raises(InvalidInput, match="picks are not in the predictions"):
        al.estimate(POOL[50:], labels_of(picks), picks)


@pytest.mark.parametrize(
    ("change", "error", "found"),
    [
        (
            lambda p, lab, k: (p, lab.assign(item_id="x" + lab["item_id"]), k),
            InvalidInput,
            "no item of the predictions has a label",
        ),
        (lambda p, lab, k: (p, lab.assign(status="tied"), k), InvalidInput, "no item of the predictions has a label"),
        (lambda p, lab, k: (p, lab, k.assign(inclusion_probability=0.0)), InvalidInput, "probability of row 0 is 0"),
        (lambda p, lab, k: (p, lab, k.assign(inclusion_probability=1.5)), InvalidInput, "probability of row 0 is 1.5"),
        (lambda p, lab, k: (p.assign(confidence=1.5), lab, k), InvalidInput, "confidences are outside"),
        (lambda p, lab, k: (p.assign(model_version=["v1", "v2"] * 200), lab, k), InvalidInput, "2 model versions"),
        (lambda p, lab, k: (p, lab, k.drop(columns="item_id")), InvalidTable, "lacks 'item_id'"),
        (lambda p, lab, k: (p[:0], lab, k), InvalidInput, "no predictions"),
        (lambda p, lab, k: (p, lab, k[:0]), NotRandom, "no picks"),
        (lambda p, lab, k: (p, lab[:0], k), InvalidInput, "no item of the predictions has a label"),
    ],
)
def test_tables_that_do_not_fit_are_refused(change, error, found):
    picks = drawn()
    with pytest.raises(error, match=found):
        al.estimate(*change(POOL, labels_of(picks), picks))


def test_one_class_and_one_label_have_a_wide_interval_and_no_warning():
    picks = drawn("random", 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = al.estimate(POOL.assign(predicted_label=TRUTH.to_numpy()), labels_of(picks), picks)
    assert found.value == 0
    assert found.low == 0
    assert found.high > 0.8
    assert "Only 1 label" in found.notes[0]


def test_a_proxy_that_is_one_number_is_as_good_as_none():
    picks = drawn()
    constant = al.estimate(POOL, labels_of(picks), picks, proxy=np.full(SIZE, 0.3))
    none = al.estimate(POOL, labels_of(picks), picks, proxy=None)
    assert [constant.value, constant.low, constant.high] == pytest.approx([none.value, none.low, none.high])
    with pytest.raises(InvalidInput, match="missing or infinite"):
        al.estimate(POOL, labels_of(picks), picks, proxy=np.full(SIZE, np.nan))


def test_a_good_proxy_narrows_the_interval_and_a_random_one_hardly_widens_it():
    picks = drawn()
    none = al.estimate(POOL, labels_of(picks), picks, proxy=None)
    good = al.estimate(POOL, labels_of(picks), picks)
    useless = al.estimate(POOL, labels_of(picks), picks, proxy=np.random.default_rng(5).random(SIZE))
    assert good.high - good.low < 0.95 * (none.high - none.low)
    assert useless.high - useless.low < 1.05 * (none.high - none.low)
    assert good.slope > 0.3


def test_the_result_is_a_row_a_line_and_a_table_with_everything_escaped():
    picks = drawn()
    pool = POOL.assign(segment=np.where(POOL["segment"] == "new", "<b>new</b>", "old"))
    found = al.estimate(pool, labels_of(picks), picks, by="segment")
    assert isinstance(found, Estimates)
    assert found.to_frame()["group"].tolist() == ["<b>new</b>", "old"]
    assert "<b>" not in found._repr_html_()
    assert "&lt;b&gt;new" in found._repr_html_()
    one = al.estimate(pool, labels_of(picks), picks)
    assert isinstance(one, Estimate)
    assert one.to_frame().loc[0, ["value", "n", "size"]].tolist() == [one.value, 100, SIZE]
    assert "95 % interval" in one._repr_html_()
    assert "Naive" in one._repr_html_()
    with pytest.raises(KeyError, match="no group 'x'"):
        _ = found["x"]
    with pytest.raises(InvalidInput, match="by is 'colour'"):
        al.estimate(pool, labels_of(picks), picks, by="colour")
