"""Answers in, labels out: several people's answers to an item become one label, or a status that says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.labels.consolidation import consolidate
    from a2i_al.labels.next_review import needs_another_review
    from a2i_al.labels.running import RunningLabels
    from a2i_al.labels.workers import worker_confusion, worker_quality

__all__ = ["RunningLabels", "consolidate", "needs_another_review", "worker_confusion", "worker_quality"]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "RunningLabels": "a2i_al.labels.running",
        "consolidate": "a2i_al.labels.consolidation",
        "needs_another_review": "a2i_al.labels.next_review",
        "worker_confusion": "a2i_al.labels.workers",
        "worker_quality": "a2i_al.labels.workers",
    },
)
