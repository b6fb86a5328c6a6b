"""How the reviewing goes, as tables: waiting, backlog, workers, throughput, costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.reviewing.backlog import open_by_status, open_over_time
from a2i_al.metrics.reviewing.page import to_html
from a2i_al.metrics.reviewing.submissions import DURATIONS, quantiles, submissions
from a2i_al.metrics.wording import count, duration
from a2i_al.tables import ANSWERS, LABELS, LOOPS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.displays import OperationsDisplay

_HOUR = 3600.0


def operations(
    answers: pd.DataFrame,
    loops: pd.DataFrame | None = None,
    labels: pd.DataFrame | None = None,
    *,
    now: pd.Timestamp | str | None = None,
) -> Operations:
    """Measure how the reviewing goes.

    Parameters
    ----------
    answers : DataFrame
        The answers table. Times of acceptance may be missing: what can be known without is.
    loops : DataFrame, optional
        The loops table: when each was created, and which are still open.
    labels : DataFrame, optional
        The labels table, for the cost of a label.
    now : Timestamp or str, optional
        For the age of what is open; by default the latest time in the tables.

    Returns
    -------
    Operations

    Raises
    ------
    InvalidTable
        If a table is not what it should be.
    InvalidInput
        If `now` is no time.

    Warns
    -----
    ComparisonWarning
        If clocks went backwards.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": ["l1", "l1"], "item_id": "i", "worker_id": ["u", "v"],
    ...     "field": "ok", "value": True, "submitted_at": "2026-11-01T10:00Z", "seconds": [30, 90]})
    >>> operations(answers)
    Operations(2 forms sent in by 2 workers, half of them within 1 min of opening)
    """
    checked = None if loops is None else LOOPS.check(loops)
    table = submissions(ANSWERS.check(answers), checked)
    return Operations(table, checked, None if labels is None else LABELS.check(labels), _now(now, table, checked))


@dataclass(frozen=True, eq=False, repr=False)
class Operations:
    """How the reviewing goes; made by `operations`.

    Attributes
    ----------
    table : DataFrame
        One row per form sent in: `human_loop_name`, `item_id`, `worker_id`, `accepted_at`, `submitted_at`,
        `created_at`, and in seconds `pick_up`, `answer` and `turnaround`.
    loops : DataFrame or None
    labels : DataFrame or None
    now : Timestamp
        What ages are counted to; NaT where no time is known at all.
    """

    table: pd.DataFrame
    loops: pd.DataFrame | None
    labels: pd.DataFrame | None
    now: pd.Timestamp

    def times(self) -> pd.DataFrame:
        """Return how long things took.

        Returns
        -------
        DataFrame
            One row each for `pick_up` (from the loop's start until a worker opened it), `answer` (from opening until
            sending in) and `turnaround` (from start to sending in): `n` known and `missing` durations, `mean`,
            `median`, `p90`, `p95`, `max` in seconds.
        """
        return pd.DataFrame([{"duration": name} | quantiles(self.table[name]) for name in DURATIONS])

    def backlog(self) -> pd.DataFrame:
        """Return what is open, by status.

        Returns
        -------
        DataFrame
            `status`, `loops`, `median_age` and `oldest` in seconds up to `now`; no row if nothing is open.

        Raises
        ------
        InvalidInput
            If there is no loops table.
        """
        return open_by_status(self._loops(), self.now)

    def backlog_over_time(self, points: int = 100) -> pd.DataFrame:
        """Return how many loops were open at evenly spaced times: `time`, `open`, and `finished` so far.

        A loop that is over without a time of its end counts as over with its last answer, or else from the start.

        Raises
        ------
        InvalidInput
            If there is no loops table, or points is below 2.
        """
        points = arguments.whole("points", points, least=2)
        return open_over_time(self._loops(), self.table, self.now, points)

    def workers(self) -> pd.DataFrame:
        """Return what each worker did.

        Returns
        -------
        DataFrame
            `worker_id`, `forms` sent in, `items`, `median_seconds` and `hours` at work (over the forms whose time is
            known), `forms_per_hour` at work, `first_at`, `last_at`; most forms first.
        """
        grouped = self.table.groupby("worker_id")
        known = grouped["answer"].count()
        hours = grouped["answer"].sum() / _HOUR
        table = pd.DataFrame(
            {
                "forms": grouped.size(),
                "items": grouped["item_id"].nunique(),
                "median_seconds": grouped["answer"].median(),
                "hours": hours.where(known > 0),
                "forms_per_hour": (known / hours).where(hours > 0),
                "first_at": grouped["submitted_at"].min(),
                "last_at": grouped["submitted_at"].max(),
            }
        )
        return table.reset_index().sort_values(["forms", "worker_id"], ascending=[False, True], ignore_index=True)

    def throughput(self, window: str = "1D") -> pd.DataFrame:
        """Return what was sent in per window of time.

        Parameters
        ----------
        window : str, default "1D"
            A pandas frequency.

        Returns
        -------
        DataFrame
            `window` (its start), `forms`, `workers`, `forms_per_worker`; windows in which nothing came are rows too.

        Raises
        ------
        InvalidInput
            If the window is no frequency.
        """
        known = self.table.dropna(subset="submitted_at")
        try:
            grouped = known.groupby(pd.Grouper(key="submitted_at", freq=window))["worker_id"]
            forms, workers = grouped.size(), grouped.nunique()
        except (TypeError, ValueError) as error:
            raise InvalidInput(
                f"window is {arguments.told(window)}: {error}", expected="such as '1h', '1D' or '7D'"
            ) from error
        table = pd.DataFrame(
            {"forms": forms, "workers": workers, "forms_per_worker": forms / workers.where(workers > 0)}
        )
        return table.rename_axis("window").reset_index()

    def costs(self, *, per_loop: float = 0.0, per_form: float = 0.0, per_hour: float = 0.0) -> pd.DataFrame:
        """Return what the reviewing cost, in the currency of the prices.

        Parameters
        ----------
        per_loop : float
            The service's price of a human loop.
        per_form : float
            The price of a form sent in, of a public or vendor's workforce.
        per_hour : float
            The wage of an hour at work, of one's own people; forms whose time is not known cost what the others do on
            average.

        Returns
        -------
        DataFrame
            `what` (loops, forms, hours, total, per label), `quantity`, `price`, `cost`. The quantity of the last row is
            the number of agreed labels, or without a labels table of items with an answer; its cost is missing without
            any.

        Raises
        ------
        InvalidInput
            If a price is negative or missing.
        """
        for name, price in (("per_loop", per_loop), ("per_form", per_form), ("per_hour", per_hour)):
            arguments.number(name, price, lambda price: 0 <= price < np.inf, "a price of 0 or more")
        forms = len(self.table)
        started = self.table["human_loop_name"].nunique() if self.loops is None else len(self.loops)
        mean = self.table["answer"].mean()
        hours = 0.0 if not forms else forms * mean / _HOUR
        rows = [("loops", started, per_loop), ("forms", forms, per_form), ("hours", hours, per_hour)]
        # Without a price it costs nothing, whether or not it is known how much there was.
        table = [(what, n, price, n * price if price else 0.0) for what, n, price in rows]
        total = float(sum(row[3] for row in table))
        items = (
            self.table["item_id"].nunique() if self.labels is None else int((self.labels["status"] == "agreed").sum())
        )
        table += [("total", np.nan, np.nan, total), ("per label", items, np.nan, total / items if items else np.nan)]
        columns = ["what", "quantity", "price", "cost"]
        return pd.DataFrame(table, columns=columns).astype(dict.fromkeys(columns[1:], "float64"))

    def plot(self, ax: Axes | None = None) -> OperationsDisplay:
        """Draw how long people took; see `a2i_al.metrics.OperationsDisplay`."""
        from a2i_al.metrics.displays import OperationsDisplay  # noqa: PLC0415  # matplotlib comes with the first plot

        return OperationsDisplay.from_operations(self, ax=ax)

    def _loops(self) -> pd.DataFrame:
        if self.loops is None:
            raise InvalidInput(
                "there is no loops table", expected="it, for what is open", fix="operations(answers, loops)"
            )
        return self.loops

    def _in_words(self) -> str:
        sent, workers = count(len(self.table), "form"), count(self.table["worker_id"].nunique(), "worker")
        median = quantiles(self.table["answer"])["median"]
        half = "" if np.isnan(median) else f", half of them within {duration(median)} of opening"
        return f"{sent} sent in by {workers}{half}"

    def __repr__(self) -> str:
        return f"Operations({self._in_words()})"

    def _repr_html_(self) -> str:
        backlog = None if self.loops is None else self.backlog()
        return to_html(self._in_words(), self.times(), self.workers(), backlog)


def _now(now: pd.Timestamp | str | None, table: pd.DataFrame, loops: pd.DataFrame | None) -> pd.Timestamp:
    if now is not None:
        # Pandas makes times of numbers, and no time of an empty text.
        moment = pd.to_datetime(now, utc=True, errors="coerce") if isinstance(now, (str, datetime)) else pd.NaT
        if moment is pd.NaT:
            raise InvalidInput(f"now is {arguments.told(now)}", expected="a time, such as '2026-11-28T12:00Z'")
        return moment
    known = [table["submitted_at"], *([] if loops is None else [loops["created_at"], loops["finished_at"]])]
    return pd.concat(known).max()
