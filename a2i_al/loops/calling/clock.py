"""How submitting and waiting tell the time and pass it: replaced in tests, so that nobody waits there."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """Tells seconds and lets them pass."""

    def now(self) -> float:
        """Return seconds that never go back."""

    def wait(self, seconds: float, halt: threading.Event | None = None) -> None:
        """Let seconds pass, fewer if ``halt`` is set."""


class SystemClock:
    """The machine's clock.

    Examples
    --------
    >>> clock, halt = SystemClock(), threading.Event()
    >>> halt.set()
    >>> clock.wait(3600, halt)
    """

    def now(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def wait(self, seconds: float, halt: threading.Event | None = None) -> None:
        """Let seconds pass, fewer if ``halt`` is set."""
        if seconds <= 0:
            return
        if halt is None:
            time.sleep(seconds)
        else:
            halt.wait(seconds)
