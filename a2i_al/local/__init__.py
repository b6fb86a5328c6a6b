"""The embedded A2I: a service that speaks A2I's wire protocol on loopback and keeps everything in one folder.

Nothing of the server loads with this package; each name below loads with its first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.local.client import ensure, join, running, stop, visiting
    from a2i_al.local.reviewers import SimulatedReviewer, review
    from a2i_al.local.server import serve
    from a2i_al.local.service import Service

_HOME = {
    "Service": "a2i_al.local.service",
    "SimulatedReviewer": "a2i_al.local.reviewers",
    "ensure": "a2i_al.local.client",
    "join": "a2i_al.local.client",
    "review": "a2i_al.local.reviewers",
    "running": "a2i_al.local.client",
    "serve": "a2i_al.local.server",
    "stop": "a2i_al.local.client",
    "visiting": "a2i_al.local.client",
}

__all__ = ["Service", "SimulatedReviewer", "ensure", "join", "review", "running", "serve", "stop", "visiting"]

__getattr__, __dir__ = lazy(__name__, _HOME)
