"""Predictions and labels in, what to believe out: agreement, disagreement with its interval, calibration, plots."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from a2i_al.metrics.agreement import cohen_kappa, mean_pairwise_agreement, reviewer_agreement
    from a2i_al.metrics.comparison import Comparison, compare
    from a2i_al.metrics.displays import ConfusionDisplay, LearningCurveDisplay, ReliabilityDisplay
    from a2i_al.metrics.intervals import wilson

__all__ = [
    "Comparison",
    "ConfusionDisplay",
    "LearningCurveDisplay",
    "ReliabilityDisplay",
    "cohen_kappa",
    "compare",
    "mean_pairwise_agreement",
    "reviewer_agreement",
    "wilson",
]

_MODULES = {
    "Comparison": "comparison",
    "ConfusionDisplay": "displays",
    "LearningCurveDisplay": "displays",
    "ReliabilityDisplay": "displays",
    "cohen_kappa": "agreement",
    "compare": "comparison",
    "mean_pairwise_agreement": "agreement",
    "reviewer_agreement": "agreement",
    "wilson": "intervals",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
