"""Several people's answers to the same items in, how far they agree out: plainly, and beyond what chance explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.metrics.agreement.alpha import krippendorff_alpha
    from a2i_al.metrics.agreement.chance import fleiss_kappa, gwet_ac1
    from a2i_al.metrics.agreement.kappa import cohen_kappa
    from a2i_al.metrics.agreement.reviewers import mean_pairwise_agreement, reviewer_agreement
    from a2i_al.metrics.agreement.table import agreement_table

__all__ = [
    "agreement_table",
    "cohen_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "krippendorff_alpha",
    "mean_pairwise_agreement",
    "reviewer_agreement",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "agreement_table": "a2i_al.metrics.agreement.table",
        "cohen_kappa": "a2i_al.metrics.agreement.kappa",
        "fleiss_kappa": "a2i_al.metrics.agreement.chance",
        "gwet_ac1": "a2i_al.metrics.agreement.chance",
        "krippendorff_alpha": "a2i_al.metrics.agreement.alpha",
        "mean_pairwise_agreement": "a2i_al.metrics.agreement.reviewers",
        "reviewer_agreement": "a2i_al.metrics.agreement.reviewers",
    },
)
