"""A kind of model, an error rate and a seed in, simulated pools out: who is wrong, and what the model thought of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# good: knows its chance of error. overconfident: tells apart what is hard, and is too sure of all. poor: is right about
# half of the items, and the other half's confidences are shuffled. uninformative: all are.
MODELS = ("good", "overconfident", "poor", "uninformative")
# Where errors are rare they are concentrated: so large a share of the items has most of them.
_HARD, _THEIR_SHARE = 0.1, 0.8
_RARE = 0.03
_HALF = 0.5
CLASSES = 5


@dataclass(frozen=True)
class Pools:
    """Pools of one kind, one a row.

    Attributes
    ----------
    errors, expected : ndarray of shape (pools, items)
        0 or 1; and the chance of error that the model states, 1 − confidence.
    predicted : ndarray of shape (pools, items)
        Classes, of unequal sizes and error rates.
    """

    errors: Floats
    expected: Floats
    predicted: npt.NDArray[np.intp]


def simulated(model: str, rate: float, pools: int, items: int, rng: np.random.Generator) -> Pools:
    """Draw pools in which the rate of errors is about the one that is asked for."""
    shape = (pools, items)
    chance = rng.beta(0.25, 0.25 * (1 - rate) / rate, shape)
    if rate < _RARE:
        hard = rng.random(shape) < _HARD
        of_hard, of_easy = rate * _THEIR_SHARE / _HARD, rate * (1 - _THEIR_SHARE) / (1 - _HARD)
        chance = np.where(hard, rng.beta(1, 1 / of_hard - 1, shape), rng.beta(1, 1 / of_easy - 1, shape))
    stated = chance
    if model == "overconfident":
        clipped = np.clip(chance, 1e-9, 1 - 1e-9)
        stated = 1 / (1 + np.exp(0.5 - 1.7 * np.log(clipped / (1 - clipped))))
    elif model in ("poor", "uninformative"):
        shuffled = rng.permuted(chance, axis=1)
        stated = np.where(rng.random(shape) < _HALF, chance, shuffled) if model == "poor" else shuffled
    # Harder items are more often of a later class.
    order = np.argsort(np.argsort(stated, axis=1), axis=1) / items
    predicted = np.minimum(
        (CLASSES * np.clip(0.5 * order + 0.5 * rng.random(shape), 0, 1)).astype(np.intp), CLASSES - 1
    )
    return Pools((rng.random(shape) < chance).astype(np.float64), stated, predicted)
