"""From decisions to an estimate: the picks say what was drawn and from how many, and `estimate` believes no more."""

import json

import numpy as np
import pandas as pd
import pytest

import a2i_al as al
from a2i_al.errors import InvalidInput, InvalidTable, NotRandom
from a2i_al.routing import Column, Confidence, Never, Percentage, Router
from a2i_al.routing.decision import picks_of

SIZE = 1000


def pool(seed=0, size=SIZE):
    """Return predictions that are wrong as often as their confidence says, and the truth."""
    rng = np.random.default_rng(seed)
    confidence = rng.beta(6, 1, size) / 2 + 0.5
    ids = [f"{seed}-{number}" for number in range(size)]
    table = {"item_id": ids, "predicted_label": "a", "confidence": confidence, "model_version": "v1"}
    return pd.DataFrame(table), pd.Series(np.where(rng.random(size) < confidence, "a", "b"), index=ids)


def labels_of(picks, truth):
    return pd.DataFrame({"item_id": picks["item_id"], "label": truth[picks["item_id"]].to_numpy(), "status": "agreed"})


def eligible(predictions, decisions):
    """Return the predictions that had a chance, as the error message says."""
    ids = decisions.loc[decisions["inclusion_probability"] > 0, "item_id"]
    return predictions[predictions["item_id"].isin(ids)]


@pytest.mark.parametrize("exact", [False, True])
def test_a_sample_of_a_percentage_is_a_draw_whose_size_is_chance(exact):
    """Five per cent of a thousand are seldom fifty; the interval covers the truth as often as it says."""
    covered = 0
    for seed in range(15):
        predictions, truth = pool(seed)
        router = Router([Percentage(5)], random_state=seed)
        picks = router.picks(router.decide_table(predictions))
        found = al.estimate(predictions, labels_of(picks, truth), picks, exact=exact)
        covered += found.low <= (truth == "b").mean() <= found.high
    assert covered >= 12


def test_draws_of_two_days_are_one_estimate():
    """Each day is a round; their picks together speak for all that was drawn from on both."""
    predictions, truth = pool(1)
    router = Router([Percentage(10)])
    days = [router.picks(router.decide_table(predictions)).assign(round=0)]
    rest = predictions[~predictions["item_id"].isin(days[0]["item_id"])]
    later = Router([Percentage(10)], random_state=5)
    days.append(later.picks(later.decide_table(rest)).assign(round=1))
    picks = pd.concat(days)
    found = al.estimate(predictions, labels_of(picks, truth), picks, rounds="all")
    assert found.n == len(picks)
    assert found.low < (truth == "b").mean() < found.high
    missing = predictions.drop(index=predictions.index[~predictions["item_id"].isin(picks["item_id"])][:300])
    with pytest.raises(InvalidInput, match="1,000 items had a chance of a review, and the predictions are of 700"):
        al.estimate(missing, labels_of(picks, truth), picks, rounds="all")


@pytest.mark.parametrize("rules", [[Percentage(10)], [Column("confidence", "<", 0.6), Percentage(10)]])
def test_what_is_labelled_besides_is_not_taken_for_what_was_no_candidate(rules):
    """Three hundred were labelled before, all wrong; two rounds drew from all the same."""
    errors = []
    for seed in range(6):
        predictions, truth = pool(seed)
        truth[:300] = "b"
        first, second = (Router(rules, random_state=seed + more) for more in (0, 99))
        days = [first.picks(first.decide_table(predictions)).assign(round=0)]
        rest = predictions[~predictions["item_id"].isin(days[0]["item_id"])]
        days.append(second.picks(second.decide_table(rest)).assign(round=1))
        picks = pd.concat(days)
        labels = labels_of(pd.DataFrame({"item_id": sorted({*predictions["item_id"][:300], *picks["item_id"]})}), truth)
        found = al.estimate(predictions, labels, picks, rounds="all")
        errors.append(found.value - (truth == "b").mean())
    assert abs(np.mean(errors)) < 0.04


def test_picks_of_two_batches_of_one_size_are_put_together():
    """Each says how many it was drawn from, and neither how many both were."""
    (one, first), (other, second) = pool(1), pool(2)
    router = Router([Percentage(10)])
    picks = pd.concat([router.picks(router.decide_table(each)) for each in (one, other)])
    truth = pd.concat([first, second])
    found = al.estimate(pd.concat([one, other]), labels_of(picks, truth), picks)
    assert found.low < (truth == "b").mean() < found.high


@pytest.mark.parametrize(
    "router", [Router([Confidence(below=0.8)]), Router(budget_per_day=100)], ids=["rule", "budget"]
)
def test_what_rules_asked_for_is_no_draw(router):
    """Nobody looked at the rest: there is no chance, no audit slice, and no estimate."""
    predictions, truth = pool()
    picks = router.picks(router.decide_table(predictions))
    assert len(picks) > 40
    assert picks["inclusion_probability"].isna().all()
    labels = labels_of(picks, truth)
    with pytest.raises(NotRandom, match="chosen by 'router'"):
        al.estimate(predictions, labels, picks)
    with pytest.raises(NotRandom):
        al.choose_threshold(predictions, labels, picks=picks, target_error=0.05)
    assert al.compare(predictions, labels, picks=picks).disagreement().set_index("scope")["n"]["audit slice"] == 0


def test_a_sample_of_which_nothing_was_drawn_tells_nothing_of_the_rest():
    """The reviews that are there were all certain."""
    predictions, truth = pool()
    decisions = Router([Confidence(below=0.8), Percentage(5)]).decide_table(predictions)
    decisions["review"] &= decisions["inclusion_probability"] == 1
    picks = picks_of(decisions)
    with pytest.raises(NotRandom, match=r"all \d+ draws were certain, of 1,000 items"):
        al.estimate(predictions, labels_of(picks, truth), picks)


def test_a_census_is_one():
    """All of them reviewed: nothing is left to be estimated."""
    predictions, truth = pool(size=50)
    router = Router([Percentage(100)])
    picks = router.picks(router.decide_table(predictions))
    found = al.estimate(predictions, labels_of(picks, truth), picks)
    assert found.low == found.value == found.high == (truth == "b").mean()


@pytest.mark.parametrize("rules", [[Percentage(20)], [Confidence(below=0.8), Percentage(20)]], ids=["sample", "both"])
def test_what_had_no_chance_has_to_be_left_out(rules):
    """The never list is a fifth of the traffic, the model always wrong there: an estimate of all would be far off."""
    predictions, truth = pool(3)
    truth[::5] = "b"
    decisions = Router([*rules, Never(predictions["item_id"][::5])]).decide_table(predictions)
    picks = picks_of(decisions)
    labels = labels_of(picks, truth)
    assert set(picks["n_candidates"]) == {800}
    with pytest.raises(
        InvalidInput, match=r"800 items had a chance of a review, and .* 1,000.*inclusion_probability'\] > 0"
    ):
        al.estimate(predictions, labels, picks)
    rest = eligible(predictions, decisions)
    found = al.estimate(rest, labels, picks)
    assert found.low < (truth[rest["item_id"]] == "b").mean() < found.high


def test_an_item_that_was_decided_twice_has_the_higher_chance():
    """Drawn with a tenth, certain on the second day: over many seeds the weights stand for the items that there are."""
    predictions, _ = pool()
    sure = predictions["item_id"].isin(predictions["item_id"][::2])
    days = [predictions.assign(confidence=0.95), predictions.assign(confidence=np.where(sure, 0.5, 0.95))]
    stood_for = []
    for seed in range(40):
        router = Router([Confidence(below=0.8), Percentage(10)], random_state=seed)
        picks = router.picks(pd.concat([router.decide_table(day) for day in days]))
        assert (picks["inclusion_probability"][picks["item_id"].isin(predictions["item_id"][sure])] == 1).all()
        stood_for.append((1 / picks["inclusion_probability"]).sum())
    assert np.mean(stood_for) == pytest.approx(SIZE, rel=0.05)


def test_decisions_in_a_log_are_read_back():
    """As JSON lines, or as the table that pandas makes of them."""
    predictions, _ = pool()
    router = Router([Confidence(below=0.8), Percentage(10)])
    decided = [router.decide(row) for row in predictions.to_dict("records")]
    log = [json.loads(json.dumps(each.to_dict())) for each in decided]
    wanted = router.picks(decided)
    pd.testing.assert_frame_equal(router.picks(log), wanted)
    pd.testing.assert_frame_equal(router.picks(pd.DataFrame(log)), wanted)
    with pytest.raises(InvalidTable, match="lacks 'reasons', 'inclusion_probability'"):
        router.picks([{"item_id": "7", "review": True}])
    text = pd.DataFrame(log).assign(reasons="['a sample']")
    for read in (text, text.to_dict("records")):
        with pytest.raises(InvalidTable, match="CSV has no lists"):
            router.picks(read)
