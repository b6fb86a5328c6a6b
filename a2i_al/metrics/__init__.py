"""Predictions and labels in, what to believe out: agreement, disagreement with its interval, calibration, plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.metrics.agreement import (
        agreement_table,
        cohen_kappa,
        fleiss_kappa,
        gwet_ac1,
        krippendorff_alpha,
        mean_pairwise_agreement,
        reviewer_agreement,
    )
    from a2i_al.metrics.bootstrap import bootstrap_interval, bootstrap_sums
    from a2i_al.metrics.comparison import Comparison, compare
    from a2i_al.metrics.displays import ConfusionDisplay, LearningCurveDisplay, ReliabilityDisplay
    from a2i_al.metrics.intervals import wilson

__all__ = [
    "Comparison",
    "ConfusionDisplay",
    "LearningCurveDisplay",
    "ReliabilityDisplay",
    "agreement_table",
    "bootstrap_interval",
    "bootstrap_sums",
    "cohen_kappa",
    "compare",
    "fleiss_kappa",
    "gwet_ac1",
    "krippendorff_alpha",
    "mean_pairwise_agreement",
    "reviewer_agreement",
    "wilson",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "Comparison": "a2i_al.metrics.comparison",
        "ConfusionDisplay": "a2i_al.metrics.displays",
        "LearningCurveDisplay": "a2i_al.metrics.displays",
        "ReliabilityDisplay": "a2i_al.metrics.displays",
        "agreement_table": "a2i_al.metrics.agreement",
        "bootstrap_interval": "a2i_al.metrics.bootstrap",
        "bootstrap_sums": "a2i_al.metrics.bootstrap",
        "cohen_kappa": "a2i_al.metrics.agreement",
        "compare": "a2i_al.metrics.comparison",
        "fleiss_kappa": "a2i_al.metrics.agreement",
        "gwet_ac1": "a2i_al.metrics.agreement",
        "krippendorff_alpha": "a2i_al.metrics.agreement",
        "mean_pairwise_agreement": "a2i_al.metrics.agreement",
        "reviewer_agreement": "a2i_al.metrics.agreement",
        "wilson": "a2i_al.metrics.intervals",
    },
)
