"""What the runtime API puts up with: requests a second and human loops in flight, refused in A2I's words and counted.

Read and changed at ``/limits``, signed like everything else, while the service runs.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from a2i_al.errors import InvalidInput
from a2i_al.local.home import Home
from a2i_al.local.wire.call import Call, Refusal, invalid, json_object, json_refusal, json_reply
from a2i_al.local.wire.signed_json import SignedJson

PATH = "/limits"
SETTINGS = ("requests_per_second", "loops_in_flight")


class Limits:
    """The limits of a home, and what came of them since the service started.

    Requests pass as tokens leave a bucket that holds a second's worth, one at least, and fills at the limit's rate.

    Parameters
    ----------
    home : Home
        Keeps the limits; 0 is no limit.
    clock : callable
        Returns seconds that never go back.

    Examples
    --------
    >>> import tempfile
    >>> limits = Limits(Home.open(tempfile.mkdtemp()), clock=lambda: 0.0)
    >>> limits.change(requests_per_second=2)
    >>> limits.admit(), limits.admit()
    (None, None)
    >>> limits.admit()
    Traceback (most recent call last):
    ...
    a2i_al.local.wire.call.Refusal: ThrottlingException: Rate exceeded
    """

    def __init__(self, home: Home, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._home, self._clock = home, clock
        self._lock = threading.Lock()
        self._requests, self._refused = 0, Counter[str]()
        self._refill()

    def _refill(self) -> None:
        self._tokens, self._filled = self._size, self._clock()

    @property
    def _size(self) -> float:
        return max(1.0, self._home.config.requests_per_second)

    @property
    def loops_in_flight(self) -> int:
        """Loops that a flow definition may have in flight; 0 is any number."""
        return self._home.config.loops_in_flight

    def admit(self) -> None:
        """Let a request pass, or raise ``ThrottlingException``."""
        with self._lock:
            rate = self._home.config.requests_per_second
            if not rate:
                return
            now = self._clock()
            self._tokens = min(self._size, self._tokens + (now - self._filled) * rate)
            self._filled = now
            if self._tokens < 1:
                raise Refusal("ThrottlingException", "Rate exceeded", 429)
            self._tokens -= 1

    def count(self, refused: str | None) -> None:
        """Count a request by the code that it was refused with, None if it was not."""
        with self._lock:
            self._requests += 1
            if refused:
                self._refused[refused] += 1

    def change(self, **changes: float) -> None:
        """Change limits, durably; raises InvalidInput for what is none."""
        with self._lock:
            self._home = self._home.configure(**changes)
            self._refill()

    def report(self) -> dict[str, Any]:
        """Return the limits, the number of requests, and of those refused by code."""
        with self._lock:
            limits = {name: getattr(self._home.config, name) for name in SETTINGS}
            return limits | {"requests": self._requests, "refused": dict(self._refused)}


class LimitsApi:
    """``GET`` reports them, ``PUT`` changes those that its JSON object names.

    Parameters
    ----------
    limits : Limits
        Of the service.
    signed : SignedJson
        Opens what is signed for ``sagemaker``.
    """

    def __init__(self, limits: Limits, signed: SignedJson) -> None:
        self._limits, self._signed = limits, signed

    def __call__(self, call: Call) -> Response:
        """Answer a request; every refusal is a JSON error."""
        try:
            changes = json_object(self._signed.open(call))
            if call.method == "PUT":
                self._change(changes)
            return json_reply(self._limits.report())
        except Refusal as refusal:
            return json_refusal(refusal)

    def _change(self, changes: dict[str, Any]) -> None:
        unknown = changes.keys() - set(SETTINGS)
        if unknown:
            raise invalid(f"There is no limit {min(unknown)!r}, but {', '.join(SETTINGS)}.")
        try:
            self._limits.change(**changes)
        except InvalidInput as error:
            raise invalid(str(error)) from None
