"""Answers in, labels out: several people's answers to an item become one label, or a status that says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.labels.consolidation import consolidate

__all__ = ["consolidate"]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "consolidate": "a2i_al.labels.consolidation",
    },
)
