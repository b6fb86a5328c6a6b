"""Outcomes in the order of time in; whether and since when their rate is another than it was out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.drift.evidence import first_alarm, likeliest_start, log_evidence
from a2i_al.metrics.outcomes import checked_outcomes
from a2i_al.metrics.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.displays import DriftDisplay

Direction = Literal["up", "down", "both"]

# First items to learn the rate from. A number, and no share of the items: a reference that grew from one look to the
# next would void the promise about false alarms.
REFERENCE = 100


@dataclass(frozen=True)
class Alarm:
    """The moment from which the evidence for a change is enough.

    Attributes
    ----------
    direction : {"up", "down"}
    item : int
        After so many items.
    time : object
        Of that item.
    since : int
        The change is likeliest to have come after so many items.
    since_time : object
        Of the first item after the change.
    """

    direction: str
    item: int
    time: object
    since: int
    since_time: object


@dataclass(frozen=True, eq=False, repr=False)
class Drift:
    """Whether a rate has changed; made by `Comparison.drift` and `detect_change`.

    Attributes
    ----------
    table : DataFrame
        One row per item in the order of time: `item` (1, 2, ...), `time`, `disagrees`, and `evidence_up` and
        `evidence_down`, e-values that the rate has risen or fallen; missing for the items of the reference.
    alarm : Alarm or None
        The first one.
    baseline : float
        The rate before: given, or that of the reference.
    bounds : tuple of float
        What the rate is tested against, down and up: the baseline, or what the reference leaves possible.
    reference : int
        Number of first items that the baseline was learned from.
    threshold : float
        The evidence at which there is an alarm.
    alpha : float
        Bound of the chance that there ever is a false alarm.
    average_run_length : int or None
        Of how many items at least, on average, there is a false alarm, if that was settled for.
    """

    table: pd.DataFrame
    alarm: Alarm | None
    baseline: float
    bounds: tuple[float, float]
    reference: int
    threshold: float
    alpha: float
    average_run_length: int | None = None

    def plot(self, ax: Axes | None = None) -> DriftDisplay:
        """Draw the rate by windows with the alarm; see `a2i_al.metrics.DriftDisplay`."""
        from a2i_al.metrics.displays import DriftDisplay  # noqa: PLC0415  # matplotlib comes with the first plot

        return DriftDisplay.from_drift(self, ax=ax)

    @property
    def summary(self) -> str:
        """What was found, in a sentence or two."""
        watched = len(self.table) - self.reference
        learned = f" (that of the first {self.reference:,} items)" if self.reference else ""
        if self.alarm is None:
            return f"In {watched:,} items no change of the rate of {percent(self.baseline)}{learned} is seen."
        moved = "risen" if self.alarm.direction == "up" else "fallen"
        after = self.table["disagrees"].iloc[self.alarm.since : self.alarm.item].astype(bool)
        return (
            f"After {self.alarm.item:,} items the rate had {moved} from {percent(self.baseline)}{learned}: it was "
            f"{percent(after.mean())} in the {len(after):,} items since about item {self.alarm.since + 1:,}."
        )

    def __repr__(self) -> str:
        found = "no alarm" if self.alarm is None else f"{self.alarm.direction} by item {self.alarm.item}"
        return f"Drift({len(self.table)} items, baseline {percent(self.baseline)}: {found})"

    def _repr_html_(self) -> str:
        caution = (
            f"A false alarm, ever, has a chance of at most {percent(self.alpha)}, however often this is looked at."
            if self.average_run_length is None
            else f"A false alarm comes once in {self.average_run_length:,} items on average, or more rarely."
        )
        return (
            '<div class="a2i-al-drift" style="line-height:1.4"><strong>Has the rate changed?</strong>'
            f'<p style="margin:.3em 0">{escape(self.summary)}</p>'
            f'<p style="opacity:.7;margin:.3em 0">{escape(caution)}</p></div>'
        )


def detect_change(
    outcomes: npt.ArrayLike,
    *,
    times: npt.ArrayLike | None = None,
    baseline: float | None = None,
    reference: int | None = None,
    alpha: float = 0.05,
    direction: Direction = "both",
    average_run_length: int | None = None,
) -> Drift:
    """Look for a change of the rate of an outcome, after every item, with a bound on false alarms.

    Parameters
    ----------
    outcomes : array-like of bool, shape (n,)
        In the order of time.
    times : array-like of shape (n,), optional
        Shown beside the items.
    baseline : float, optional
        The rate before. By default it is learned from the reference.
    reference : int, optional
        How many first items to learn it from, 100 by default. What they leave possible is taken into account, so that
        an unlucky reference is no alarm; more of them leave less possible, and changes are found sooner. Keep to one
        number from look to look.
    alpha : float, default 0.05
        The chance that there ever is a false alarm, at most.
    direction : {"both", "up", "down"}
    average_run_length : int, optional
        Settle for false alarms once in so many items, on average, and find changes sooner. alpha is then that of the
        reference only.

    Raises
    ------
    InvalidInput
        If a rate or count is impossible, or no items are left to watch.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> stream = np.concatenate([rng.random(400) < 0.1, rng.random(200) < 0.4])
    >>> drift = detect_change(stream, baseline=0.1)
    >>> drift
    Drift(600 items, baseline 10.0 %: up by item 471)
    >>> drift.alarm.since
    397
    """
    seen = checked_outcomes(outcomes)
    _check(seen, times, alpha, direction, average_run_length)
    if reference is not None:
        arguments.whole("reference", reference, 0, of="items")
    if baseline is not None:
        arguments.number("baseline", baseline, lambda rate: 0 <= rate <= 1, "a rate, 0 to 1")
    learn = 0 if baseline is not None else REFERENCE if reference is None else reference
    if not (baseline is not None or learn > 0) or learn >= len(seen):
        raise InvalidInput(
            f"there are {len(seen)} items and a reference of {learn}",
            expected="a reference of at least 1 item, and more items to watch",
            fix="give baseline=, or a smaller reference=",
        )
    sides = 2 if direction == "both" else 1
    # Half of what may go wrong is the reference's, where there is one and alarms may go wrong as well.
    each = alpha / sides / (2 if learn and average_run_length is None else 1)
    rate = float(seen[:learn].mean()) if baseline is None else float(baseline)
    bounds = _possible(int(seen[:learn].sum()), learn, each) if learn else (rate, rate)
    threshold = 1 / each if average_run_length is None else float(sides * average_run_length)
    watched = seen[learn:]
    up = log_evidence(watched, bounds[1], average_run_length=average_run_length)
    down = log_evidence(~watched, 1 - bounds[0], average_run_length=average_run_length)
    items = pd.Series(np.arange(1, len(seen) + 1))
    unseen = np.full(learn, np.nan)
    most = math.log(np.finfo(np.float64).max)
    table = pd.DataFrame(
        {
            "item": items,
            "time": items if times is None else pd.Series(times).reset_index(drop=True),
            "disagrees": seen,
            "evidence_up": np.concatenate([unseen, np.exp(np.minimum(up, most))]),
            "evidence_down": np.concatenate([unseen, np.exp(np.minimum(down, most))]),
        }
    )
    reached = {"up": first_alarm(up, threshold), "down": first_alarm(down, threshold)}
    alarms = [(at, name) for name, at in reached.items() if at is not None and direction in (name, "both")]
    alarm = _alarm(*min(alarms), seen, learn, rate, table["time"]) if alarms else None
    return Drift(table, alarm, rate, bounds, learn, threshold, alpha, average_run_length)


def _alarm(  # noqa: PLR0917 - an alarm's parts
    at: int, direction: str, seen: npt.NDArray[np.bool_], learned: int, rate: float, times: pd.Series
) -> Alarm:
    watched = seen[learned : learned + at + 1]
    start = likeliest_start(watched, rate) if direction == "up" else likeliest_start(~watched, 1 - rate)
    since = learned + start
    return Alarm(direction, learned + at + 1, times.iloc[learned + at], since, times.iloc[since])


def _possible(hits: int, n: int, alpha: float) -> tuple[float, float]:
    """Bound a rate from below and from above, each wrong with a chance of at most alpha (Clopper and Pearson, 1934)."""
    from scipy.stats import beta  # noqa: PLC0415  # comes with the first call

    low = 0.0 if hits == 0 else float(beta.ppf(alpha, hits, n - hits + 1))
    high = 1.0 if hits == n else float(beta.ppf(1 - alpha, hits + 1, n - hits))
    return low, high


def _check(
    seen: npt.NDArray[np.bool_], times: Any, alpha: float, direction: str, average_run_length: int | None
) -> None:
    if seen.ndim != 1:
        raise InvalidInput(f"outcomes have shape {seen.shape}", expected="one stream, (n,)")
    if times is not None:
        arguments.able("times", times, "__len__", "a time for each outcome")
    if times is not None and len(times) != len(seen):
        raise InvalidInput(f"there are {len(seen)} outcomes and {len(times)} times", expected="a time for each")
    arguments.share("alpha", alpha, such_as=0.05)
    arguments.one_of("direction", direction, ("up", "down", "both"))
    if average_run_length is not None:
        arguments.number(
            "average_run_length", average_run_length, lambda items: items > 1, "more than 1 item, such as 10_000"
        )
