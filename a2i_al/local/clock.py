"""Times: aware UTC inside, whole milliseconds in the store, and the forms in which A2I writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)


def to_ms(time: datetime) -> int:
    """Return whole milliseconds since 1970.

    Examples
    --------
    >>> to_ms(datetime(1970, 1, 1, 0, 0, 1, 500_999, tzinfo=UTC))
    1500
    """
    # Integer arithmetic: as floats, two times a millisecond apart may become one.
    since = time.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def from_ms(ms: int) -> datetime:
    """Return the aware time of milliseconds since 1970."""
    return datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000)


def iso(ms: int) -> str:
    """Return the form of output.json.

    Examples
    --------
    >>> iso(1_585_595_153_306)
    '2020-03-30T19:05:53.306Z'
    """
    return from_ms(ms).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def epoch(ms: int) -> float:
    """Return the form of the wire: seconds, with which no client goes wrong about zones."""
    return ms / 1000
