"""Predictions in, picks out: which items of a pool are worth a person's minute. Pure; arrays in, a table out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from a2i_al.sampling.probabilities import check_proba
    from a2i_al.sampling.scores import entropy, least_confidence, margin
    from a2i_al.sampling.selection import sample
    from a2i_al.sampling.strategies import register

__all__ = ["check_proba", "entropy", "least_confidence", "margin", "register", "sample"]

_MODULES = {
    "check_proba": "probabilities",
    "entropy": "scores",
    "least_confidence": "scores",
    "margin": "scores",
    "register": "strategies",
    "sample": "selection",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
