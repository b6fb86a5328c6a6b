"""Comparisons and rounds in, matplotlib figures out, in scikit-learn's Display shape.

No pyplot: a figure of ours belongs to its Display, which a notebook shows as the value of its cell. Nothing is left
open, global settings stay as they are, and it works headless.
"""

from a2i_al.metrics.displays.classes import ClassesDisplay
from a2i_al.metrics.displays.confusion import ConfusionDisplay
from a2i_al.metrics.displays.drift import DriftDisplay
from a2i_al.metrics.displays.learning_curve import LearningCurveDisplay
from a2i_al.metrics.displays.operations import BacklogDisplay, OperationsDisplay
from a2i_al.metrics.displays.rates import RatesDisplay
from a2i_al.metrics.displays.reliability import ReliabilityDisplay
from a2i_al.metrics.displays.risk_coverage import RiskCoverageDisplay
from a2i_al.metrics.displays.threshold import ThresholdDisplay
from a2i_al.metrics.displays.versions import VersionsDisplay

__all__ = [
    "BacklogDisplay",
    "ClassesDisplay",
    "ConfusionDisplay",
    "DriftDisplay",
    "LearningCurveDisplay",
    "OperationsDisplay",
    "RatesDisplay",
    "ReliabilityDisplay",
    "RiskCoverageDisplay",
    "ThresholdDisplay",
    "VersionsDisplay",
]
