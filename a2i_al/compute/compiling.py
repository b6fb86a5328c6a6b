"""Loops in, compiled loops out: kept on disk where a folder can be written, compiled in each process where none can.

They leave the interpreter to other threads, and never make threads of their own: see `compute.threads`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


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
