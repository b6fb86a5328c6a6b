"""Temperatures that undo what is known to have been done, and stay sane where labels are few."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling.scores.calibration import HIGHEST, LOWEST, fit_temperature, scale


def drawn(seed, rows=4000, k=4):
    """Probabilities, and labels drawn from them: calibrated by construction."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet(np.full(k, 0.7), size=rows)
    labels = (rng.random((rows, 1)) > proba.cumsum(axis=1)).sum(axis=1)
    return proba, np.minimum(labels, k - 1)


def loss(proba, labels, temperature, prior_labels):
    """The regularised log-loss, written out."""
    total = 0.0
    for p, label in zip(np.asarray(proba), labels, strict=True):
        q = p ** (1 / temperature)
        q = q / q.sum()
        total -= math.log(q[label])
        total -= prior_labels / len(proba) * sum(a * math.log(b) for a, b in zip(p, q, strict=True) if a > 0)
    return total


@pytest.mark.parametrize("true", [0.3, 1.0, 2.5, 6.0])
def test_a_known_temperature_is_found_again(true):
    """What was sharpened by T is softened by T."""
    proba, labels = drawn(0)
    assert fit_temperature(scale(proba, 1 / true), labels) == pytest.approx(true, rel=0.1)


@given(seed=st.integers(0, 2**32 - 1), prior=st.sampled_from([0.5, 10.0]))
def test_no_other_temperature_has_a_smaller_loss(seed, prior):
    """The search ends in the minimum of the documented loss."""
    rng = np.random.default_rng(seed)
    proba, labels = rng.dirichlet(np.ones(3), size=30), rng.integers(0, 3, size=30)
    found = fit_temperature(proba, labels, prior_labels=prior)
    least = loss(proba, labels, found, prior)
    others = [found * 1.01, found / 1.01, 0.05, 0.3, 1, 3, 20]
    assert all(least <= loss(proba, labels, each, prior) + 1e-9 for each in others if LOWEST <= each <= HIGHEST)


def test_the_hand_worked_case():
    """A model that says 0.99 and is right 80 times of 100 is softened until it says 0.8: T = logit 0.99 / logit 0.8."""
    temperature = fit_temperature([[0.99, 0.01]] * 100, [0] * 80 + [1] * 20, prior_labels=0)
    assert temperature == pytest.approx(math.log(99) / math.log(4))


def test_twenty_labels_that_are_all_right_do_not_make_the_temperature_vanish():
    """Without the prior the search ends at its bound; with it, what is said stays believable."""
    proba = np.tile([0.8, 0.2], (20, 1))
    assert fit_temperature(proba, np.zeros(20, dtype=int), prior_labels=0) == LOWEST
    temperature = fit_temperature(proba, np.zeros(20, dtype=int))
    # Ten labels of which two are wrong, by the model's own word, beside twenty right ones: 28 of 30.
    assert scale(proba[:1], temperature)[0, 0] == pytest.approx(28 / 30)


def test_labels_that_are_all_wrong_end_at_the_other_bound():
    """Nothing is softer than the highest temperature."""
    assert fit_temperature([[0.8, 0.2]] * 20, [1] * 20, prior_labels=0) == HIGHEST


def test_one_label_counts_as_one_of_eleven():
    """A single surprise, beside ten labels as the model would have them: 7 of 11 for the first class."""
    assert scale([[0.7, 0.3]], fit_temperature([[0.7, 0.3]], [1]))[0, 0] == pytest.approx(7 / 11)


@pytest.mark.parametrize("row", [[0.5, 0.5], [1.0, 0.0], [0.0, 1.0], [1 / 3, 1 / 3, 1 / 3]])
@pytest.mark.parametrize("prior", [0.0, 10.0])
def test_rows_that_no_temperature_changes_give_one(row, prior):
    """Uniform or certain rows say nothing of the temperature, right or wrong."""
    assert fit_temperature([row] * 7, [0] * 7, prior_labels=prior) == 1.0


def test_a_label_of_probability_zero_counts_and_does_not_end_everything():
    """It softens, and by no more than one of a millionth."""
    proba, labels = drawn(1, rows=200)
    with_zero = np.vstack([proba, [[0.7, 0.3, 0.0, 0.0]]])
    found = fit_temperature(with_zero, [*labels, 3])
    assert fit_temperature(proba, labels) < found < 2


def test_what_rows_sum_to_within_the_tolerance_does_not_matter():
    """The rows are taken as if they were normalised."""
    proba, labels = drawn(4, rows=50)
    assert fit_temperature(proba * 1.0009, labels) == pytest.approx(fit_temperature(proba, labels), rel=1e-8)


def test_weights_count_rows_several_times():
    """A row of weight two is that row twice, for one amount of prior."""
    proba, labels = drawn(2, rows=50)
    weights = np.random.default_rng(0).integers(1, 4, size=50)
    repeated = fit_temperature(np.repeat(proba, weights, axis=0), np.repeat(labels, weights), prior_labels=0)
    assert fit_temperature(proba, labels, weights=weights, prior_labels=0) == pytest.approx(repeated)


@given(seed=st.integers(0, 2**32 - 1))
def test_neither_the_order_of_rows_nor_of_classes_matters(seed):
    """Shuffled, the temperature is the same."""
    rng = np.random.default_rng(seed)
    proba, labels = drawn(seed, rows=40)
    order, classes = rng.permutation(40), rng.permutation(4)
    again = fit_temperature(proba[order][:, classes], np.argsort(classes)[labels[order]])
    assert again == pytest.approx(fit_temperature(proba, labels), rel=1e-6)


@pytest.mark.parametrize(
    ("labels", "more", "what"),
    [
        ([0], {}, "shape"),
        ([0.0, 1.0], {}, "float64"),
        (["a", "b"], {}, "<U1"),
        ([0, 2], {}, "label 1 is 2"),
        ([-1, 0], {}, "label 0 is -1"),
        ([0, 1], {"weights": [1]}, "weights has shape"),
        ([0, 1], {"weights": [1, -1]}, "below 0"),
        ([0, 1], {"prior_labels": -1}, "prior_labels is -1"),
        ([0, 1], {"prior_labels": math.nan}, "prior_labels is nan"),
        ([0, 1], {"prior_labels": None}, "prior_labels is None"),
        ([0, 1], {"weights": ["a", "b"]}, "weights are no numbers"),
    ],
)
def test_what_cannot_be_fitted_is_refused(labels, more, what):
    """The message says what was wrong."""
    with pytest.raises(InvalidInput, match=what):
        fit_temperature([[0.5, 0.5], [0.2, 0.8]], labels, **more)


def test_scale_by_hand():
    """Square root and square, normalised."""
    assert scale([[0.64, 0.36]], 2)[0] == pytest.approx([0.8 / 1.4, 0.6 / 1.4])
    assert scale([[0.8, 0.2]], 0.5)[0] == pytest.approx([0.64 / 0.68, 0.04 / 0.68])


def test_scaling_by_one_gives_the_same_array_back():
    """Not even a copy."""
    proba = drawn(3)[0]
    assert scale(proba, 1.0) is proba


@given(
    seed=st.integers(0, 2**32 - 1), temperature=st.floats(1e-3, 1e3), dtype=st.sampled_from([np.float32, np.float64])
)
def test_scaled_rows_are_distributions_in_the_same_order_with_zeros_kept(seed, temperature, dtype):
    """The dtype stays, the input stays as it was."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet(np.full(5, 0.3), size=20)
    proba[:, 2] = 0
    proba = np.asfortranarray((proba / proba.sum(axis=1, keepdims=True)).astype(dtype))
    proba.setflags(write=False)
    scaled = scale(proba, temperature)
    assert scaled.dtype == dtype
    assert scaled.sum(axis=1) == pytest.approx(np.ones(20), abs=1e-5)
    assert (scaled[:, 2] == 0).all()
    by_belief = np.argsort(proba, axis=1, kind="stable")
    assert (np.diff(np.take_along_axis(scaled, by_belief, axis=1), axis=1) >= 0).all()


@pytest.mark.parametrize("temperature", [1e-300, 1e300])
def test_extreme_temperatures_end_in_certainty_and_uniformity(temperature):
    """Tied best classes stay tied."""
    result = scale([[0.4, 0.4, 0.2]], temperature)[0]
    assert result == pytest.approx([0.5, 0.5, 0.0] if temperature < 1 else [1 / 3] * 3)


@pytest.mark.parametrize("temperature", [0, -1, math.nan, math.inf, "2", None])
def test_what_is_no_temperature_is_refused(temperature):
    """Zero, negative, missing or infinite."""
    with pytest.raises(InvalidInput, match="the temperature is"):
        scale([[0.5, 0.5]], temperature)


def test_rows_that_are_no_distributions_are_refused():
    """By the door that all scores share."""
    with pytest.raises(InvalidProbabilities, match=r"sums to 1\.4"):
        scale([[0.7, 0.7]], 2)
    with pytest.raises(InvalidProbabilities, match=r"sums to 1\.4"):
        fit_temperature([[0.7, 0.7]], [0])
