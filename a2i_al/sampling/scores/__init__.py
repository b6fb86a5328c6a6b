"""Scores: what the model says of the candidates in, one number per item out, higher meaning more useful to review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.sampling.scores.uncertainty import entropy, least_confidence, margin, ratio

__all__ = ["entropy", "least_confidence", "margin", "ratio"]

__getattr__, __dir__ = lazy(__name__, dict.fromkeys(__all__, "a2i_al.sampling.scores.uncertainty"))
