"""GLAD's estimates against crowd-kit's, and at the point where the paper's gradients vanish."""

import warnings

import numpy as np
import pandas as pd
import pytest
from crowdkit.aggregation import GLAD

from a2i_al.errors import ConsolidationWarning
from a2i_al.labels import consolidate
from a2i_al.labels.counting.ballots import ballots
from a2i_al.labels.models import glad as module
from a2i_al.labels.models.beliefs import of_own_votes
from a2i_al.labels.models.glad import Abilities, glad


def test_it_is_crowd_kits(crowd):
    """A few of its steps, each of seconds for a hundred answers, go most of the way."""
    answers, _, _ = crowd(items=24, workers=6, per_item=4, classes=3, low=0.6, seed=1)
    theirs = GLAD(n_iter=6, tol=-1e9, m_step_max_iter=12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.fit(answers.rename(columns={"item_id": "task", "worker_id": "worker", "value": "label"}))
    ours = consolidate(answers, "label", method="glad", proba=True).set_index("item_id")
    assert (ours["label"] == theirs.labels_.reindex(ours.index)).all()
    columns = [f"proba_{label}" for label in theirs.probas_.columns]
    assert np.abs(ours[columns].to_numpy() - theirs.probas_.reindex(ours.index).to_numpy()).max() < 0.02


def test_an_item_by_hand(cast):
    """Abilities 1 and 1/2, easiness 2: votes are right by logistic(2) and logistic(1), the paper's equation 1.

    One says a, one says b, and c is offered too, so a wrong vote falls on each of two labels by halves. Held against c,
    for which both would be wrong, a is as likely as a right first vote to a wrong one: 2 e^2; b likewise: 2 e^1.
    """
    model = Abilities(cast(i="ab").with_classes("abc"), np.array([1.0, 0.5]), np.log([2.0]))
    likely = np.array([2 * np.e**2, 2 * np.e, 1])
    assert model.posterior(0, 1)[0] == pytest.approx(likely / likely.sum())


def test_the_gradients_of_the_paper_vanish(crowd):
    """Its equations for abilities and difficulties, with priors of mean 1 and variance 1 on both."""
    answers, _, _ = crowd(items=200, workers=10, per_item=4)
    cast = ballots(answers, "label")
    found = glad(cast).beliefs
    right, odds = of_own_votes(cast, found), found.odds()
    off = right - 1 / (1 + np.exp(-odds))
    by_worker = np.bincount(cast.worker, off * np.exp(found.easiness[cast.item])) - (found.ability - 1)
    by_item = np.bincount(cast.item, off * odds) - (found.easiness - 1)
    assert np.abs(by_worker).max() < 0.02
    assert np.abs(by_item).max() < 0.01


def test_the_unable_and_the_difficult_are_found():
    """A worker who guesses has little ability; an item on which the able differ is difficult."""
    rng = np.random.default_rng(0)
    truth = rng.integers(2, size=200)
    said = {f"w{n}": truth.copy() for n in range(5)} | {"x": rng.integers(2, size=200)}
    said["w0"][:20], said["w1"][:20] = 1 - truth[:20], 1 - truth[:20]
    rows = [(f"l{i}", f"{i:03}", w, "label", str(vote[i])) for w, vote in said.items() for i in range(200)]
    answers = pd.DataFrame(rows, columns=["human_loop_name", "item_id", "worker_id", "field", "value"])
    found = glad(ballots(answers, "label")).beliefs
    assert found.ability[-1] < found.ability[:-1].min() / 3
    assert found.easiness[:20].max() < found.easiness[20:].min()


def test_it_says_when_it_has_not_settled(cast, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 1)
    with pytest.warns(ConsolidationWarning, match="glad has not settled"):
        glad(cast(i="aab", j="abb"))
