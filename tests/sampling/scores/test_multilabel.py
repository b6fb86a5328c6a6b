"""Uncertainty over several labels against hand-worked values and the bounds that it promises."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling.scores import multilabel
from a2i_al.sampling.scores.multilabel import multilabel_uncertainty

LABELS = hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.floats(0, 1))
ALL = pytest.mark.parametrize("aggregate", ["mean", "max", "min"])


def test_hand_worked_values():
    """Labels at 0.5, 0.75 and 1 are unsure by 1, 0.5 and 0; that rows sum to more than 1 does not matter."""
    proba = [[0.5, 0.75, 1.0], [1.0, 0.0, 0.0], [0.25, 0.75, 0.25]]
    assert multilabel_uncertainty(proba).tolist() == [0.5, 0.0, 0.5]
    assert multilabel_uncertainty(proba, aggregate="max").tolist() == [1.0, 0.0, 0.5]
    assert multilabel_uncertainty(proba, aggregate="min").tolist() == [0.0, 0.0, 0.5]


@given(proba=LABELS, seed=st.integers(0, 99))
def test_bounds_order_and_symmetry(proba, seed):
    """0 <= min <= mean <= max <= 1; neither the order of labels nor what counts as yes matters."""
    least, mean, most = (multilabel_uncertainty(proba, aggregate=each) for each in ("min", "mean", "max"))
    assert (least >= 0).all()
    assert (least <= mean + 1e-12).all()
    assert (mean <= most + 1e-12).all()
    assert (most <= 1).all()
    shuffled = proba[:, np.random.default_rng(seed).permutation(proba.shape[1])]
    assert multilabel_uncertainty(shuffled) == pytest.approx(mean)
    assert multilabel_uncertainty(1 - proba) == pytest.approx(mean)


@ALL
def test_blocks_float32_memory_order_and_read_only_arrays_change_nothing(aggregate, monkeypatch):
    """Scores are float64 and those of the plain array."""
    proba = np.random.default_rng(0).random((100, 7))
    whole = multilabel_uncertainty(proba, aggregate=aggregate)
    single = np.asfortranarray(proba.astype(np.float32))
    single.setflags(write=False)
    monkeypatch.setattr(multilabel, "_BLOCK_ROWS", 7)
    assert multilabel_uncertainty(proba, aggregate=aggregate).tolist() == whole.tolist()
    assert multilabel_uncertainty(single, aggregate=aggregate) == pytest.approx(whole, abs=1e-6)
    assert multilabel_uncertainty(single).dtype == np.float64


@ALL
def test_a_single_label_is_every_aggregate(aggregate):
    """One item and one label are enough."""
    assert multilabel_uncertainty([[0.75]], aggregate=aggregate).tolist() == [0.5]


@pytest.mark.parametrize("bad", [-0.1, 1.1, np.nan, np.inf])
def test_what_is_no_probability_is_refused_by_row(bad, monkeypatch):
    """The row counts from the first of all blocks."""
    monkeypatch.setattr(multilabel, "_BLOCK_ROWS", 2)
    proba = np.full((5, 2), 0.5)
    proba[3, 1] = bad
    with pytest.raises(InvalidProbabilities, match="row 3 of label_proba"):
        multilabel_uncertainty(proba)


@pytest.mark.parametrize("shape", [(3,), (0, 2), (2, 0), (1, 2, 3)])
def test_other_shapes_are_refused(shape):
    """There must be an item and a label."""
    with pytest.raises(InvalidProbabilities, match="label_proba has shape"):
        multilabel_uncertainty(np.zeros(shape))


def test_text_and_unknown_aggregates_are_refused():
    """The message lists the aggregates."""
    with pytest.raises(InvalidProbabilities, match="cannot be read as numbers"):
        multilabel_uncertainty([["a"]])
    with pytest.raises(InvalidInput, match="'mean', 'max', 'min'"):
        multilabel_uncertainty([[0.5]], aggregate="median")
