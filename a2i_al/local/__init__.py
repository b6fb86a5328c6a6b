"""The embedded A2I: a service that speaks A2I's wire protocol on loopback and keeps everything in one folder.

Nothing of the server loads with this package; each name below loads with its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from a2i_al.local.client import Service, ensure, running, stop
    from a2i_al.local.reviewers import SimulatedReviewer, review
    from a2i_al.local.server import serve
    from a2i_al.settings import home_directory

_HOME = {
    "Service": "a2i_al.local.client",
    "SimulatedReviewer": "a2i_al.local.reviewers",
    "ensure": "a2i_al.local.client",
    "home_directory": "a2i_al.settings",
    "review": "a2i_al.local.reviewers",
    "running": "a2i_al.local.client",
    "serve": "a2i_al.local.server",
    "stop": "a2i_al.local.client",
}

__all__ = ["Service", "SimulatedReviewer", "ensure", "home_directory", "review", "running", "serve", "stop"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'a2i_al.local' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
