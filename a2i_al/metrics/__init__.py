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
    from a2i_al.metrics.displays import (
        BacklogDisplay,
        ClassesDisplay,
        ConfusionDisplay,
        DriftDisplay,
        LearningCurveDisplay,
        OperationsDisplay,
        RatesDisplay,
        ReliabilityDisplay,
        RiskCoverageDisplay,
        ThresholdDisplay,
        VersionsDisplay,
    )
    from a2i_al.metrics.drift import Drift, confidence_sequence, detect_change
    from a2i_al.metrics.estimates import (
        Estimate,
        Estimates,
        PredictionPowered,
        estimate,
        estimate_mean,
        estimation_scores,
        exact_interval,
        hajek,
        horvitz_thompson,
        lure_weights,
        prediction_powered_mean,
    )
    from a2i_al.metrics.intervals import wilson, wilson_weighted
    from a2i_al.metrics.proper import brier_score, log_loss
    from a2i_al.metrics.reviewing import Operations, operations
    from a2i_al.metrics.structured.boxes import box_scores, mean_average_precision
    from a2i_al.metrics.structured.fields import field_accuracy
    from a2i_al.metrics.structured.label_sets import multi_label_scores, multi_label_summary
    from a2i_al.metrics.structured.masks import mask_scores
    from a2i_al.metrics.structured.number_errors import number_errors
    from a2i_al.metrics.structured.spans import span_scores
    from a2i_al.metrics.structured.texts import character_error_rate, text_errors, word_error_rate
    from a2i_al.metrics.thresholds import (
        Certified,
        RiskCoverage,
        ThresholdChoice,
        certified_threshold,
        choose_threshold,
        expected_costs,
    )
    from a2i_al.metrics.thresholds.risk_coverage import risk_coverage
    from a2i_al.metrics.versions import PairedComparison

__all__ = [
    "BacklogDisplay",
    "Certified",
    "ClassesDisplay",
    "Comparison",
    "ConfusionDisplay",
    "Drift",
    "DriftDisplay",
    "Estimate",
    "Estimates",
    "LearningCurveDisplay",
    "Operations",
    "OperationsDisplay",
    "PairedComparison",
    "PredictionPowered",
    "RatesDisplay",
    "ReliabilityDisplay",
    "RiskCoverage",
    "RiskCoverageDisplay",
    "ThresholdChoice",
    "ThresholdDisplay",
    "VersionsDisplay",
    "agreement_table",
    "bootstrap_interval",
    "bootstrap_sums",
    "box_scores",
    "brier_score",
    "certified_threshold",
    "character_error_rate",
    "choose_threshold",
    "cohen_kappa",
    "compare",
    "confidence_sequence",
    "detect_change",
    "estimate",
    "estimate_mean",
    "estimation_scores",
    "exact_interval",
    "expected_costs",
    "field_accuracy",
    "fleiss_kappa",
    "gwet_ac1",
    "hajek",
    "horvitz_thompson",
    "krippendorff_alpha",
    "log_loss",
    "lure_weights",
    "mask_scores",
    "mean_average_precision",
    "mean_pairwise_agreement",
    "multi_label_scores",
    "multi_label_summary",
    "number_errors",
    "operations",
    "prediction_powered_mean",
    "reviewer_agreement",
    "risk_coverage",
    "span_scores",
    "text_errors",
    "wilson",
    "wilson_weighted",
    "word_error_rate",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "BacklogDisplay": "a2i_al.metrics.displays",
        "Certified": "a2i_al.metrics.thresholds",
        "ClassesDisplay": "a2i_al.metrics.displays",
        "Comparison": "a2i_al.metrics.comparison",
        "ConfusionDisplay": "a2i_al.metrics.displays",
        "Drift": "a2i_al.metrics.drift",
        "DriftDisplay": "a2i_al.metrics.displays",
        "Estimate": "a2i_al.metrics.estimates",
        "Estimates": "a2i_al.metrics.estimates",
        "LearningCurveDisplay": "a2i_al.metrics.displays",
        "Operations": "a2i_al.metrics.reviewing",
        "OperationsDisplay": "a2i_al.metrics.displays",
        "PairedComparison": "a2i_al.metrics.versions",
        "PredictionPowered": "a2i_al.metrics.estimates",
        "RatesDisplay": "a2i_al.metrics.displays",
        "ReliabilityDisplay": "a2i_al.metrics.displays",
        "RiskCoverage": "a2i_al.metrics.thresholds",
        "RiskCoverageDisplay": "a2i_al.metrics.displays",
        "ThresholdChoice": "a2i_al.metrics.thresholds",
        "ThresholdDisplay": "a2i_al.metrics.displays",
        "VersionsDisplay": "a2i_al.metrics.displays",
        "agreement_table": "a2i_al.metrics.agreement",
        "bootstrap_interval": "a2i_al.metrics.bootstrap",
        "bootstrap_sums": "a2i_al.metrics.bootstrap",
        "box_scores": "a2i_al.metrics.structured.boxes",
        "brier_score": "a2i_al.metrics.proper",
        "certified_threshold": "a2i_al.metrics.thresholds",
        "character_error_rate": "a2i_al.metrics.structured.texts",
        "choose_threshold": "a2i_al.metrics.thresholds",
        "cohen_kappa": "a2i_al.metrics.agreement",
        "compare": "a2i_al.metrics.comparison",
        "confidence_sequence": "a2i_al.metrics.drift",
        "detect_change": "a2i_al.metrics.drift",
        "estimate": "a2i_al.metrics.estimates",
        "estimate_mean": "a2i_al.metrics.estimates",
        "estimation_scores": "a2i_al.metrics.estimates",
        "exact_interval": "a2i_al.metrics.estimates",
        "expected_costs": "a2i_al.metrics.thresholds",
        "field_accuracy": "a2i_al.metrics.structured.fields",
        "fleiss_kappa": "a2i_al.metrics.agreement",
        "gwet_ac1": "a2i_al.metrics.agreement",
        "hajek": "a2i_al.metrics.estimates",
        "horvitz_thompson": "a2i_al.metrics.estimates",
        "krippendorff_alpha": "a2i_al.metrics.agreement",
        "log_loss": "a2i_al.metrics.proper",
        "lure_weights": "a2i_al.metrics.estimates",
        "mask_scores": "a2i_al.metrics.structured.masks",
        "mean_average_precision": "a2i_al.metrics.structured.boxes",
        "mean_pairwise_agreement": "a2i_al.metrics.agreement",
        "multi_label_scores": "a2i_al.metrics.structured.label_sets",
        "multi_label_summary": "a2i_al.metrics.structured.label_sets",
        "number_errors": "a2i_al.metrics.structured.number_errors",
        "operations": "a2i_al.metrics.reviewing",
        "prediction_powered_mean": "a2i_al.metrics.estimates",
        "reviewer_agreement": "a2i_al.metrics.agreement",
        "risk_coverage": "a2i_al.metrics.thresholds.risk_coverage",
        "span_scores": "a2i_al.metrics.structured.spans",
        "text_errors": "a2i_al.metrics.structured.texts",
        "wilson": "a2i_al.metrics.intervals",
        "wilson_weighted": "a2i_al.metrics.intervals",
        "word_error_rate": "a2i_al.metrics.structured.texts",
    },
)
