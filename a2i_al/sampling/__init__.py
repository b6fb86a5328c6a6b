"""Predictions in, picks out: which items of a pool are worth a person's minute. Pure; arrays in, a table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.sampling.probabilities import check_proba
    from a2i_al.sampling.registry import known_names, register, strategies
    from a2i_al.sampling.scores.uncertainty import entropy, least_confidence, margin, ratio
    from a2i_al.sampling.selection import sample

__all__ = [
    "check_proba",
    "entropy",
    "known_names",
    "least_confidence",
    "margin",
    "ratio",
    "register",
    "sample",
    "strategies",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "check_proba": "a2i_al.sampling.probabilities",
        "entropy": "a2i_al.sampling.scores.uncertainty",
        "known_names": "a2i_al.sampling.registry",
        "least_confidence": "a2i_al.sampling.scores.uncertainty",
        "margin": "a2i_al.sampling.scores.uncertainty",
        "ratio": "a2i_al.sampling.scores.uncertainty",
        "register": "a2i_al.sampling.registry",
        "sample": "a2i_al.sampling.selection",
        "strategies": "a2i_al.sampling.registry",
    },
)
