"""Ranked batch mode against the algorithm written out."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.batches.ranked_batch import ranked_batch


def naive(proba, features, labelled, n):
    """The paper's loop: all similarities anew for every place, distances in the unit of the pool's spread."""
    unit = np.sqrt(((features - features.mean(axis=0)) ** 2).sum(axis=1).mean())
    known, chosen, scores = [*labelled], [], []
    for _ in range(n):
        free = [i for i in range(len(features)) if i not in chosen]
        alpha = len(free) / (len(free) + len(known))
        score = {}
        for i in free:
            similar = max((1 / (1 + np.linalg.norm(features[i] - x) / unit) for x in known), default=0)
            score[i] = alpha * (1 - similar) + (1 - alpha) * (1 - proba[i].max())
        best = max(free, key=lambda i: score[i] if known else 1 - proba[i].max())
        chosen.append(best)
        scores.append(score[best])
        known.append(features[best])
    return chosen, scores


@given(seed=st.integers(0, 2**32 - 1), labelled=st.integers(0, 8), n=st.integers(1, 12))
def test_the_ranking_is_that_of_the_plain_loop(seed, labelled, n):
    """Positions and scores, with and without labelled items."""
    rng = np.random.default_rng(seed)
    proba, features = rng.dirichlet(np.ones(3), 12), rng.normal(3, 2, size=(12, 4))
    known = rng.normal(3, 2, size=(labelled, 4))
    positions, scores = ranked_batch(proba, features, known, n=n, rng=rng)
    expected, expected_scores = naive(proba, features, known, n)
    assert positions.tolist() == expected
    assert scores == pytest.approx(expected_scores, abs=1e-9)


def test_no_labelled_items_are_the_same_as_none_given():
    """An empty table and None mean one thing."""
    rng = np.random.default_rng(0)
    proba, features = rng.dirichlet(np.ones(3), 30), rng.normal(size=(30, 2))
    given_none = ranked_batch(proba, features, n=9, rng=np.random.default_rng(1))[0]
    given_empty = ranked_batch(proba, features, np.empty((0, 2)), n=9, rng=np.random.default_rng(1))[0]
    assert given_none.tolist() == given_empty.tolist()
    assert given_none[0] == (1 - proba.max(axis=1)).argmax()


def test_the_unit_of_the_features_changes_nothing():
    """Metres or millimetres, anywhere."""
    rng = np.random.default_rng(0)
    proba, features, known = rng.dirichlet(np.ones(3), 30), rng.normal(size=(30, 2)), rng.normal(size=(5, 2))
    metres = ranked_batch(proba, features, known, n=9, rng=np.random.default_rng(1))[0]
    moved = ranked_batch(proba, 1000 * features + 7, 1000 * known + 7, n=9, rng=np.random.default_rng(1))[0]
    assert moved.tolist() == metres.tolist()
