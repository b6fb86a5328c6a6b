"""Dawid and Skene's estimates against their formulas, a hand-made crowd, and another implementation."""

import warnings

import numpy as np
import pytest
from crowdkit.aggregation import DawidSkene

from a2i_al.errors import InvalidInput
from a2i_al.labels import consolidate
from a2i_al.labels.counting.ballots import ballots
from a2i_al.labels.models import dawid_skene as module
from a2i_al.labels.models.dawid_skene import dawid_skene
from a2i_al.labels.models.estimation import known_or_none


def by_the_paper(cast, steps, smoothing):
    """Iterate equations 2.3 to 2.5 of the paper, smoothed, as they stand there; return the items' probabilities."""
    n, k, workers = len(cast.items), len(cast.classes), len(cast.workers)
    said = np.zeros((workers, n, k))
    said[cast.worker, cast.item, cast.vote] = 1
    true = said.sum(axis=0) / said.sum(axis=(0, 2))[:, None]
    for _ in range(steps):
        rates = np.einsum("ic,wil->wcl", true, said) + smoothing
        rates /= rates.sum(axis=2, keepdims=True)
        prior = true.sum(axis=0) + smoothing
        logs = np.log(prior / prior.sum()) + np.einsum("wil,wcl->ic", said, np.log(rates))
        true = np.exp(logs - logs.max(axis=1, keepdims=True))
        true /= true.sum(axis=1, keepdims=True)
    return true


def test_one_step_by_hand(cast):
    """Two workers say a and a of i, a and b of j; every confusion is taken to have been seen once before.

    Begun from the shares of the votes, i is a, and j is a or b by halves. So in expectation 3/2 items are a and 1/2 is
    b: frequencies 5/8 and 3/8. The first worker, who always says a, has done so 3/2 times where a was right, and 1/2
    where b was: rates (3/2 + 1) / (3/2 + 2) = 5/7 and (1/2 + 1) / (1/2 + 2) = 3/5. The second said a once where a was
    right, and b by halves: a for a 2 / (7/2) = 4/7, a for b 1 / (5/2) = 2/5, b for a 3/7, b for b 3/5.
    """
    ballots_ = cast(i="aa", j="ab")
    model = module._begun(ballots_, known_or_none(ballots_, None), 1.0)
    assert model.rates() == pytest.approx(np.array([[5 / 7, 3 / 5], [4 / 7, 2 / 5], [3 / 7, 3 / 5]]))
    i = np.array([5 / 8 * 5 / 7 * 4 / 7, 3 / 8 * 3 / 5 * 2 / 5])
    j = np.array([5 / 8 * 5 / 7 * 3 / 7, 3 / 8 * 3 / 5 * 3 / 5])
    i, j = i / i.sum(), j / j.sum()
    assert i[0] == pytest.approx(1250 / 1691)
    assert j[0] == pytest.approx(625 / 1066)
    assert model.posterior(0, 2) == pytest.approx(np.array([i, j]))
    values, _ = model.step(np.append(model.counts, model.classes), known_or_none(ballots_, None))
    assert values == pytest.approx(np.concatenate([i + j, i, j, i + j]))


@pytest.mark.parametrize("smoothing", [0.01, 1.0])
def test_it_ends_where_the_formulas_of_the_paper_end(crowd, smoothing):
    answers, _, _ = crowd(items=150, workers=8, per_item=4)
    cast = ballots(answers, "label")
    decision = dawid_skene(cast, smoothing=smoothing)
    expected = by_the_paper(cast, 3_000, smoothing)
    assert np.abs(decision.beliefs.posterior(0, 150) - expected).max() < 1e-3
    assert np.array_equal(decision.label, expected.argmax(axis=1))


def test_it_is_crowd_kits(crowd):
    """Run to the end, and without smoothing to speak of."""
    answers, _, _ = crowd(items=150, workers=8, per_item=5, low=0.7, seed=1)
    theirs = DawidSkene(n_iter=60, tol=-1)  # its own measure of progress goes down at times
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.fit(answers.rename(columns={"item_id": "task", "worker_id": "worker", "value": "label"}))
    ours = consolidate(answers, "label", method="dawid_skene", smoothing=1e-6, proba=True).set_index("item_id")
    assert (ours["label"] == theirs.labels_.reindex(ours.index)).all()
    columns = [f"proba_{label}" for label in theirs.probas_.columns]
    assert np.abs(ours[columns].to_numpy() - theirs.probas_.reindex(ours.index).to_numpy()).max() < 1e-3


def test_a_systematic_confusion_is_undone():
    """One worker calls every b a c; who knows that reads b in c, where one rate per worker cannot."""
    import pandas as pd  # noqa: PLC0415

    rng = np.random.default_rng(0)
    truth = np.array(list("abc"))[rng.integers(3, size=300)]
    said = {"u": truth, "v": truth, "w": np.where(truth == "b", "c", np.where(truth == "c", "b", truth))}
    rows = [
        (f"l{i}", f"{i:03}", worker, "label", vote[i])
        for worker, vote in said.items()
        for i in range(300)
        if worker == "w" or i < 200
    ]
    answers = pd.DataFrame(rows, columns=["human_loop_name", "item_id", "worker_id", "field", "value"])
    labels = consolidate(answers, "label", method="dawid_skene")["label"]
    assert (labels == truth).all()


def test_every_step_raises_what_is_maximised(crowd):
    answers, _, _ = crowd(items=200, seed=2)
    cast = ballots(answers, "label")
    known = known_or_none(cast, None)
    model = module._begun(cast, known, 0.1)
    values, heights = np.append(model.counts, model.classes), []
    for _ in range(12):
        values, height = model.step(values, known)
        heights.append(height)
    assert (np.diff(heights) >= -1e-9).all()


def test_threads_change_no_bit(crowd, monkeypatch):
    answers, _, _ = crowd(items=500, seed=4)
    cast = ballots(answers, "label")
    one = dawid_skene(cast)
    monkeypatch.setattr(module, "parts", lambda n, *_: [(0, 70), (70, 71), (71, n)])
    several = dawid_skene(cast)
    assert np.array_equal(one.confidence, several.confidence, equal_nan=True)
    assert np.array_equal(one.settled["counts"], several.settled["counts"])


def test_a_table_that_cannot_be_held_is_refused_with_what_can(cast, monkeypatch):
    monkeypatch.setattr(module, "_CELLS", 5)
    with pytest.raises(InvalidInput, match="one_coin"):
        dawid_skene(cast(i="abc", j="cab"))


@pytest.mark.parametrize("smoothing", [0, -1, float("nan"), float("inf"), "much"])
def test_smoothing_is_a_number_above_zero(cast, smoothing):
    with pytest.raises(InvalidInput, match="smoothing is"):
        dawid_skene(cast(i="ab"), smoothing=smoothing)
