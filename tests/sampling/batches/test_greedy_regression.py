"""GSx and iGS against brute force, and on pools where an implementation may stumble."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling.batches import greedy_regression
from a2i_al.sampling.batches.greedy_regression import gsx, igs


def rng(seed=0):
    return np.random.default_rng(seed)


def brute(features, predictions, known, labels, n):
    """The papers' definition, all distances written out; labels of the chosen are their predictions."""
    known, labels, chosen = [*known], [*labels], []
    for _ in range(n):
        left = [i for i in range(len(features)) if i not in chosen]
        if known:
            gaps = {
                i: min(
                    np.linalg.norm(features[i] - x) * abs(predictions[i] - y)
                    for x, y in zip(known, labels, strict=True)
                )
                for i in left
            }
            pick = max(gaps, key=gaps.get)
        else:
            pick = min(left, key=lambda i: np.linalg.norm(features[i] - features.mean(axis=0)))
        chosen.append(pick)
        known.append(features[pick])
        labels.append(predictions[pick])
    return chosen


def pool(seed, m=25, d=3, labelled=4):
    generator = rng(seed)
    return (
        generator.normal(size=(m, d)),
        generator.normal(size=m),
        generator.normal(size=(labelled, d)),
        generator.normal(size=labelled),
    )


@given(seed=st.integers(0, 2**32 - 1), labelled=st.integers(0, 5), d=st.integers(1, 4))
def test_both_are_their_definition(seed, labelled, d):
    """Choice by choice, with and without labelled items."""
    features, predictions, known, labels = pool(seed, d=d, labelled=labelled)
    assert igs(features, predictions, known, labels, n=8, rng=rng())[0].tolist() == brute(
        features, predictions, known, labels, 8
    )


@given(seed=st.integers(0, 2**32 - 1), labelled=st.integers(0, 5))
def test_gsx_is_the_product_with_a_gap_of_one(seed, labelled):
    """Where predictions do not count."""
    features, _, known, _ = pool(seed, labelled=labelled)
    chosen = []
    points = [*known]
    for _ in range(8):
        left = [i for i in range(len(features)) if i not in chosen]
        if points:
            chosen.append(max(left, key=lambda i: min(np.linalg.norm(features[i] - x) for x in points)))
        else:
            chosen.append(min(left, key=lambda i: np.linalg.norm(features[i] - features.mean(axis=0))))
        points.append(features[chosen[-1]])
    assert gsx(features, known, n=8, rng=rng())[0].tolist() == chosen


def test_hand_worked_choices():
    """0, 1, 4, 9, 16, whose mean is 6: first 4, then 16, then 9; with both ends labelled, 9."""
    line = np.arange(5.0)[:, None] ** 2
    assert gsx(line, n=3, rng=rng())[0].tolist() == [2, 4, 3]
    assert gsx(line, np.array([[0.0], [16.0]]), n=1, rng=rng())[0].tolist() == [3]
    predictions = np.array([0.0, 10.0, 0.0, 1.0, 0.0])
    assert igs(line, predictions, line[[0]], predictions[[0]], n=1, rng=rng())[0].tolist() == [1]


def test_scores_are_distances_in_the_pools_own_unit_and_shrink():
    """Items at 0 and 2 lie 1 from their mean, so their distance of 2 scores 2; the first choice has none."""
    positions, scores = gsx(np.array([[0.0], [2.0]]) * 1e6, n=2, rng=rng())
    assert sorted(positions.tolist()) == [0, 1]
    assert scores == pytest.approx([0.0, 2.0])
    later = gsx(pool(1)[0], n=25, rng=rng())[1][1:]
    assert (np.diff(later) <= 1e-12).all()


def test_predictions_that_are_all_the_same_leave_the_features_to_decide():
    """Every product is zero; the choice is that of `gsx`, not a draw."""
    features, _, known, _ = pool(3)
    flat = igs(features, np.ones(25), known, np.ones(4), n=10, rng=rng())
    assert flat[0].tolist() == gsx(features, known, n=10, rng=rng())[0].tolist()
    assert (flat[1] == 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("labelled", [0, 3])
@pytest.mark.parametrize(
    "features",
    [np.zeros((6, 2)), np.ones((1, 1)), np.repeat(np.arange(3.0), 2)[:, None], 1e6 + rng(1).normal(size=(6, 4))],
    ids=["constant", "one", "duplicates", "offset"],
)
def test_any_pool_gives_all_its_items_once(features, labelled, dtype):
    """n = m, from read-only arrays in any order of memory, which stay as they are."""
    features = np.asfortranarray(features.astype(dtype))
    features.setflags(write=False)
    predictions = np.zeros(len(features))
    predictions.setflags(write=False)
    known, labels = np.zeros((labelled, features.shape[1]), dtype=dtype), np.zeros(labelled)
    m = len(features)
    for positions, scores in (
        gsx(features, known, n=m, rng=rng()),
        igs(features, predictions, known, labels, n=m, rng=rng()),
    ):
        assert sorted(positions.tolist()) == list(range(m))
        assert positions.dtype == np.intp
        assert scores.shape == (m,)
        assert not (scores < 0).any()


@pytest.mark.parametrize("labelled", [0, 1])
def test_ties_are_drawn_evenly_and_repeatably(labelled):
    """Each of four equal items comes first about as often; a seed gives the same again."""
    features, known = np.zeros((4, 2)), np.zeros((labelled, 2))
    firsts = [gsx(features, known, n=1, rng=rng(seed))[0][0] for seed in range(400)]
    assert np.bincount(firsts, minlength=4).min() > 60
    assert gsx(features, known, n=4, rng=rng(5))[0].tolist() == gsx(features, known, n=4, rng=rng(5))[0].tolist()


def test_blocks_change_nothing(monkeypatch):
    """Of the pool and of what is labelled."""
    features, predictions, known, labels = pool(4, m=600, labelled=30)
    whole = igs(features, predictions, known, labels, n=20, rng=rng())
    monkeypatch.setattr(greedy_regression, "_BLOCK_VALUES", 1)
    monkeypatch.setattr(greedy_regression, "_LABELLED_ROWS", 7)
    again = igs(features, predictions, known, labels, n=20, rng=rng())
    assert again[0].tolist() == whole[0].tolist()
    assert again[1] == pytest.approx(whole[1])


@pytest.mark.parametrize("labels", [None, np.zeros(3), np.array([0.0, np.nan]), np.array(["a", "b"])])
def test_labelled_items_need_their_numbers(labels):
    """None, too few, missing or text."""
    features = np.eye(3)
    with pytest.raises(InvalidInput, match="2 finite numbers"):
        igs(features, np.zeros(3), features[:2], labels, n=1, rng=rng())
