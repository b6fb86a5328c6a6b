"""Thresholds: from which confidence on the model's answers need no review, by a promise or by prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.metrics.thresholds.certified import Certified, certified_threshold
    from a2i_al.metrics.thresholds.choice import ThresholdChoice
    from a2i_al.metrics.thresholds.choosing import choose_threshold
    from a2i_al.metrics.thresholds.costs import expected_costs
    from a2i_al.metrics.thresholds.risk_coverage import RiskCoverage

__all__ = ["Certified", "RiskCoverage", "ThresholdChoice", "certified_threshold", "choose_threshold", "expected_costs"]

_ROOM = "a2i_al.metrics.thresholds"

__getattr__, __dir__ = lazy(
    __name__,
    {
        "Certified": f"{_ROOM}.certified",
        "RiskCoverage": f"{_ROOM}.risk_coverage",
        "ThresholdChoice": f"{_ROOM}.choice",
        "certified_threshold": f"{_ROOM}.certified",
        "choose_threshold": f"{_ROOM}.choosing",
        "expected_costs": f"{_ROOM}.costs",
    },
)
