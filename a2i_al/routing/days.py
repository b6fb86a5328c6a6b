"""Days in a time zone: a moment in, the day that it is in out. Moments are whole microseconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from a2i_al import arguments
from a2i_al.errors import InvalidInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
HOURS = 24


@dataclass(frozen=True)
class Day:
    """One day in the router's time zone: 23 or 25 hours long where clocks change.

    Parameters
    ----------
    name : str
        Its date.
    start, end : int
        Microseconds since 1970; the end is the next day's start.

    Examples
    --------
    >>> day_of(microseconds(datetime(2026, 7, 1, 12, tzinfo=UTC)), UTC).name
    '2026-07-01'
    """

    name: str
    start: int
    end: int

    def hour(self, at: int) -> int:
        """Return which 24th of the day a moment is in."""
        return (at - self.start) * HOURS // (self.end - self.start)


def microseconds(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970.

    Raises
    ------
    InvalidInput
        If it is no datetime, or has no time zone.
    """
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise InvalidInput(f"now is {moment!r}", expected="an aware datetime", fix="datetime.now(tz=UTC)")
    return (moment - EPOCH) // _MICROSECOND


def day_of(at: int, zone: tzinfo) -> Day:
    """Return the day that a moment is in."""
    date = (EPOCH + timedelta(microseconds=at)).astimezone(zone).date()
    start, end = (
        microseconds(datetime(day.year, day.month, day.day, tzinfo=zone)) for day in (date, date + timedelta(days=1))
    )
    return Day(date.isoformat(), start, end)


def zone_of(name: str) -> tzinfo:
    """Return a time zone by its name.

    Raises
    ------
    InvalidInput
        If there is none of this name.

    Examples
    --------
    >>> zone_of("UTC")
    datetime.timezone.utc
    """
    if arguments.text("tz", name) == "UTC":
        return UTC
    # Imported here: reading time zones costs a cold start, and most routers count their days in UTC.
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidInput(f"tz is {name!r}", expected="a time zone such as 'Europe/Zurich'") from error
