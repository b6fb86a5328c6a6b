"""The one-coin model against another implementation, and where it is the better one."""

import warnings

import numpy as np
from crowdkit.aggregation import OneCoinDawidSkene

from a2i_al.labels import consolidate
from a2i_al.labels.counting.ballots import ballots
from a2i_al.labels.models.one_coin import one_coin


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
