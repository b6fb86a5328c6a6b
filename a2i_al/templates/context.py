"""The state of one rendering of a template: what its values and filters may do, and what that has cost so far."""

from __future__ import annotations

from collections.abc import Callable
from sys import getsizeof
from typing import Any

from liquid import BoundTemplate, RenderContext, Undefined
from liquid.exceptions import FilterArgumentError, LiquidError, LocalNamespaceLimitError

from a2i_al.templates.limits import OUTPUT_BYTES, Effort

# Some of python-liquid's filters let these through: `sum` of text, `date` of the year 10000.
_FILTER_FAULTS = (ArithmeticError, AttributeError, LookupError, ValueError)


class Context(RenderContext):
    """The state of one rendering: A2I's read access, what was printed but undefined, and the effort so far."""

    __slots__ = ("_assigned", "effort", "grant_read_access", "price", "undefined")

    def __init__(self, template: BoundTemplate, **kwargs: Any) -> None:
        super().__init__(template, **kwargs)
        self.grant_read_access: Callable[[str], str] = str
        self.undefined: list[str] = []
        self.effort = Effort()
        self.price = 0  # of a round of the loop that is about to start
        self._assigned = 0

    def get(self, path: list[object], **kwargs: Any) -> object:
        """Resolve a path; what is undefined knows its whole path, for the report."""
        value = super().get(path, **kwargs)
        if isinstance(value, Undefined) and value.name == path[0]:
            value.name = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path)[1:]
        self.effort.looked_at(value)
        return value

    def assign(self, key: str, val: Any) -> None:
        """Bind a name; python-liquid adds up the sizes of all names anew each time."""
        self._assigned += getsizeof(val) - (getsizeof(self.locals[key]) if key in self.locals else 0)
        self.locals[key] = val
        if self._assigned > OUTPUT_BYTES:
            raise LocalNamespaceLimitError("what is assigned takes too much memory", token=None)

    def filter(self, name: str, token: Any) -> Callable[..., object]:
        """Return the filter, made to account for what it works on and to fail as Liquid does."""
        apply, account = super().filter(name, token), self.effort.account
        # What the caller's own function raises is the caller's to see.
        faults = () if name == "grant_read_access" else _FILTER_FAULTS

        def bounded(*args: object, **kwargs: object) -> object:
            account(name, args)
            try:
                return apply(*args, **kwargs)
            except LiquidError:
                raise
            except faults as error:
                raise FilterArgumentError(f"{name}: {type(error).__name__}", token=token) from error

        return bounded

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Count every iteration of every loop, nested or one after the other."""
        self.effort.loop(length, self.price)
