"""Honest estimates: from the items that people reviewed, and how they were chosen, to the pool they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.metrics.estimates.allocation import estimation_scores
    from a2i_al.metrics.estimates.arrays import estimate_mean
    from a2i_al.metrics.estimates.estimating import estimate
    from a2i_al.metrics.estimates.intervals import exact_interval
    from a2i_al.metrics.estimates.lure import lure_weights
    from a2i_al.metrics.estimates.prediction_powered import PredictionPowered, prediction_powered_mean
    from a2i_al.metrics.estimates.result import Estimate, Estimates
    from a2i_al.metrics.estimates.weighted_means import hajek, horvitz_thompson

__all__ = [
    "Estimate",
    "Estimates",
    "PredictionPowered",
    "estimate",
    "estimate_mean",
    "estimation_scores",
    "exact_interval",
    "hajek",
    "horvitz_thompson",
    "lure_weights",
    "prediction_powered_mean",
]

_ROOM = "a2i_al.metrics.estimates"

__getattr__, __dir__ = lazy(
    __name__,
    {
        "Estimate": f"{_ROOM}.result",
        "Estimates": f"{_ROOM}.result",
        "PredictionPowered": f"{_ROOM}.prediction_powered",
        "estimate": f"{_ROOM}.estimating",
        "estimate_mean": f"{_ROOM}.arrays",
        "estimation_scores": f"{_ROOM}.allocation",
        "exact_interval": f"{_ROOM}.intervals",
        "hajek": f"{_ROOM}.weighted_means",
        "horvitz_thompson": f"{_ROOM}.weighted_means",
        "lure_weights": f"{_ROOM}.lure",
        "prediction_powered_mean": f"{_ROOM}.prediction_powered",
    },
)
