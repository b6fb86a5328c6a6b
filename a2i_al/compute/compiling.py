"""Loops in, compiled loops out: kept on disk where a folder can be written, compiled in each process where none can.

They leave the interpreter to other threads, and never make threads of their own: see `compute.threads`. The first
compilation of a process is announced as a message of the logger of this module, at level INFO.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit
from numba.core.event import Event, Listener, register

Function = TypeVar("Function", bound=Callable[..., Any])

_log = logging.getLogger(__name__)


class Announcer(Listener):
    """Says what is waited for when the first of this package's loops is compiled; what is read from disk takes no time.

    Numba tells it of every compilation in the process: those of others are none of its business.
    """

    def __init__(self) -> None:
        self.said = False

    def on_start(self, event: Event) -> None:
        """Say it once, and where the result is kept."""
        function = event.data["dispatcher"]
        if self.said or not function.py_func.__module__.startswith("a2i_al."):
            return
        self.said = True
        place = function.stats.cache_path
        then = (
            f"kept in {place}" if place else "in every process, as no folder can be written: NUMBA_CACHE_DIR names one"
        )
        _log.info("compiling loops, which takes some seconds: %s", then)

    def on_end(self, event: Event) -> None:
        """Say nothing: there are more to come."""


register("numba:compile", Announcer())  # type: ignore[no-untyped-call]


def compiled(function: Callable[..., Any], signature: Any = None, *, fastmath: Any = False) -> Callable[..., Any]:
    """Compile a function of numbers and arrays.

    Parameters
    ----------
    function : callable
        Of what numba understands.
    signature : numba signature, optional
        Compile for it now; by default for whatever comes, when it comes.
    fastmath : bool or set of str
        Liberties with floating point, by LLVM's names.

    Returns
    -------
    callable
        Does the same, faster.

    Examples
    --------
    >>> compiled(lambda x: x + 1)(2)
    3
    """
    # Numba's own types know no signature and function at once.
    jit: Any = njit
    given = () if signature is None else (signature,)
    try:
        return jit(*given, nogil=True, cache=True, fastmath=fastmath)(function)  # type: ignore[no-any-return]
    except RuntimeError:
        # A read-only installation and a read-only home, as in a Lambda function: numba finds no place for its cache.
        return jit(*given, nogil=True, fastmath=fastmath)(function)  # type: ignore[no-any-return]


def inlined(function: Function) -> Function:
    """Make a function part of the compiled functions that call it: what is constant there is constant in it, too.

    Examples
    --------
    >>> @inlined
    ... def power(x, n):
    ...     result = 1
    ...     for _ in range(n):
    ...         result *= x
    ...     return result
    >>> compiled(lambda x: power(x, 3))(2)
    8
    """
    jit: Any = njit
    return jit(inline="always")(function)  # type: ignore[no-any-return]
