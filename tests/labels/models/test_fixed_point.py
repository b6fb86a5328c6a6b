"""Iterations end where steps change nothing, sooner than without extrapolation, and never lower what is maximised."""

import numpy as np

from a2i_al.labels.models import fixed_point as module
from a2i_al.labels.models.fixed_point import fixed_point

RATES = np.array([0.99, 0.9, 0.5])
END = np.array([3.0, 1.0, 2.0])


def slow(values):
    """Go a part of the way to the end; the objective is highest there."""
    return END + RATES * (values - END), -float(np.abs(values - END).sum())


def test_it_ends_in_a_fraction_of_the_steps():
    found = fixed_point(slow, np.zeros(3))
    assert found.converged
    assert np.abs(found.values - END).max() < 1e-3
    assert found.steps < 25


def test_without_room_to_remember_it_takes_the_steps_one_by_one(monkeypatch):
    monkeypatch.setattr(module, "_KEPT", 0)
    found = fixed_point(slow, np.zeros(3))
    assert found.converged
    assert found.steps > 500


def test_it_says_when_it_has_not_ended():
    found = fixed_point(slow, np.zeros(3), most=2)
    assert not found.converged
    assert found.steps == 2


def test_an_extrapolation_that_lowers_the_objective_is_taken_back():
    """Steps look as if they led to 1.5 and end at 1; beyond it nothing is won, and nothing moves."""
    seen = []

    def step(values):
        x = float(values[0])
        seen.append(x)
        return np.array([min(x + 0.1 * (1.5 - x), 1.0) if x <= 1 else x]), x if x <= 1 else -1.0

    found = fixed_point(step, np.zeros(1))
    assert max(seen) > 1
    assert found.converged
    assert found.values[0] == 1
