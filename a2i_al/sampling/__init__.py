"""Predictions in, picks out: which items of a pool are worth a person's minute. Pure; arrays in, a table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.sampling.probabilities import check_proba
    from a2i_al.sampling.scores import entropy, least_confidence, margin
    from a2i_al.sampling.selection import sample
    from a2i_al.sampling.strategies import register

__all__ = ["check_proba", "entropy", "least_confidence", "margin", "register", "sample"]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "check_proba": "a2i_al.sampling.probabilities",
        "entropy": "a2i_al.sampling.scores",
        "least_confidence": "a2i_al.sampling.scores",
        "margin": "a2i_al.sampling.scores",
        "register": "a2i_al.sampling.strategies",
        "sample": "a2i_al.sampling.selection",
    },
)
