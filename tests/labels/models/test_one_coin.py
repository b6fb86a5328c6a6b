"""The one-coin model against another implementation, and where it is the better one."""

import warnings

import numpy as np
import pytest
from crowdkit.aggregation import OneCoinDawidSkene

from a2i_al.labels import consolidate
from a2i_al.labels.counting.ballots import ballots
from a2i_al.labels.models import one_coin as module
from a2i_al.labels.models.estimation import known_or_none
from a2i_al.labels.models.one_coin import Coins, one_coin


def test_one_step_by_hand(cast):
    """Two workers say a and a of i, a and b of j, where c is offered too; smoothing 1.

    Begun from the shares of the votes, i is a, and j is a or b by halves: 3/2 items are a, 1/2 is b. Either worker has
    been right 3/2 times of two: rate (3/2 + 1) / (2 + 2) = 5/8, and 3/16 for each of the two other labels. The labels'
    frequencies are 5/10, 3/10 and 2/10.
    """
    ballots_ = cast(i="aa", j="ab").with_classes("abc")
    begun = module._begun(ballots_, known_or_none(ballots_, None))
    assert begun == pytest.approx(np.array([3 / 2, 3 / 2, 1 / 2, 1 / 2, 3 / 2, 1 / 2, 0]))
    model = Coins(ballots_, begun[:2], begun[2:4], begun[4:], 1.0)
    assert model.rates().tolist() == [5 / 8, 5 / 8]
    i = np.array([5 / 10 * (5 / 8) ** 2, 3 / 10 * (3 / 16) ** 2, 2 / 10 * (3 / 16) ** 2])
    j = np.array([5 / 10 * 5 / 8 * 3 / 16, 3 / 10 * 3 / 16 * 5 / 8, 2 / 10 * (3 / 16) ** 2])
    i, j = i / i.sum(), j / j.sum()
    assert i[0] == pytest.approx(100 / 109)
    assert j[0] == pytest.approx(25 / 43)
    assert model.posterior(0, 2) == pytest.approx(np.array([i, j]))
    right = np.array([i[0] + j[0], i[0] + j[1]])
    assert model.step(known_or_none(ballots_, None))[0] == pytest.approx(np.concatenate([right, 2 - right, i + j]))


def test_it_is_crowd_kits(crowd):
    answers, _, _ = crowd(items=300, workers=10, per_item=4, seed=1)
    theirs = OneCoinDawidSkene(n_iter=500, tol=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.fit(answers.rename(columns={"item_id": "task", "worker_id": "worker", "value": "label"}))
    ours = consolidate(answers, "label", method="one_coin", smoothing=1e-6, proba=True).set_index("item_id")
    assert (ours["label"] == theirs.labels_.reindex(ours.index)).all()
    columns = [f"proba_{label}" for label in theirs.probas_.columns]
    assert np.abs(ours[columns].to_numpy() - theirs.probas_.reindex(ours.index).to_numpy()).max() < 1e-3


def test_it_finds_how_often_each_worker_is_right(crowd):
    answers, _, accuracy = crowd(items=1_500, workers=10, per_item=5, seed=2)
    cast = ballots(answers, "label")
    found = one_coin(cast).beliefs.rates()
    assert np.abs(found - accuracy.reindex(cast.workers.to_pylist())).max() < 0.06


def test_with_few_answers_per_worker_it_beats_confusions(crowd):
    answers, truth, _ = crowd(items=400, workers=100, per_item=3, classes=6, seed=6)
    right = {}
    for method in ("one_coin", "dawid_skene"):
        labels = consolidate(answers, "label", method=method).set_index("item_id")["label"]
        right[method] = (labels == truth.reindex(labels.index)).mean()
    assert right["one_coin"] > right["dawid_skene"] + 0.02
