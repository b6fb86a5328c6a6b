"""Draws: candidates in, a random sample out, with the chance that each of the chosen had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.sampling.draws.drawn import Drawn
    from a2i_al.sampling.draws.uniform import best, draw

__all__ = ["Drawn", "best", "draw"]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "Drawn": "a2i_al.sampling.draws.drawn",
        "best": "a2i_al.sampling.draws.uniform",
        "draw": "a2i_al.sampling.draws.uniform",
    },
)
