"""The human loops of one submission come in; how they stand goes out, and they are ended or asked again."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any, Self

import pandas as pd

from a2i_al import arguments
from a2i_al.batch.asker import Asker
from a2i_al.errors import InvalidInput
from a2i_al.loops.bookkeeping.ledger import DELETED, FINAL
from a2i_al.loops.calling.rate import RateController
from a2i_al.loops.following.ending import DONE, GONE, end
from a2i_al.loops.following.events import Inbox
from a2i_al.loops.following.waiting import wait_for
from a2i_al.loops.requests.planning import ASKED, OVER_BUDGET, REFUSED, START

FAILED, STOPPED, STOPPING = "Failed", "Stopped", "Stopping"
LOST = (FAILED, STOPPED, DELETED)  # final, without the answers that were asked for


class Following:
    """What can be seen of human loops and done with them, without looking at their answers.

    Parameters
    ----------
    workflow : Asker
        The workflow that asked.
    outcome : DataFrame
        A row per pick, see `Batch`.
    again : callable, optional
        Takes item ids with the attempts that are wanted of them, and items in place of those that were submitted;
        submits once more and returns the batch that comes of it.
    """

    def __init__(
        self,
        workflow: Asker,
        outcome: pd.DataFrame,
        again: Callable[[Mapping[str, int], pd.DataFrame | None], Any] | None = None,
    ) -> None:
        self.workflow, self.outcome, self._again = workflow, outcome, again
        asked = outcome.loc[outcome["action"].isin([START, ASKED]), "human_loop_name"]
        self.human_loop_names = tuple(asked)

    def __len__(self) -> int:
        return len(self.human_loop_names)

    def __repr__(self) -> str:
        left_out = ((self.refused, "refused"), (self.over_budget, "over budget"))
        return (
            f"Batch({len(self)} human loops{''.join(f', {len(rows)} {what}' for rows, what in left_out if len(rows))})"
        )

    def _repr_html_(self) -> str:
        # From the ledger alone: showing a variable must not call the service.
        counts = self._seen()["status"].value_counts()
        states = " · ".join(f"{html.escape(state)} <b>{count}</b>" for state, count in counts.items())
        left_out = pd.concat([self.refused, self.over_budget], ignore_index=True)
        table = left_out.to_html(max_rows=10, escape=True) if len(left_out) else ""
        return f"<p>{html.escape(repr(self))}: {states}</p>{table}"

    @property
    def refused(self) -> pd.DataFrame:
        """Items that could not be submitted: ``item_id``, ``human_loop_name`` and ``reason``."""
        return self._left_out(REFUSED)

    @property
    def over_budget(self) -> pd.DataFrame:
        """Items that a cap left out, with the same columns; submit again with a higher cap, or in another round."""
        return self._left_out(OVER_BUDGET)

    @property
    def failed(self) -> pd.DataFrame:
        """Rows of the loops table that have failed, with their reasons, as last seen: `status` and `wait` look."""
        seen = self._seen()
        return seen[seen["status"] == FAILED].reset_index(drop=True)

    def loops(self) -> pd.DataFrame:
        """Return the loops table of this batch as the service has it now."""
        return self._of(self.workflow.loops())

    def status(self) -> pd.Series:
        """Return how many loops are in each state, as the service has it now."""
        return self.loops()["status"].value_counts()

    def wait(
        self, timeout: float, *, poll: float = 5.0, queue_url: str | None = None, progress: bool = True
    ) -> pd.DataFrame:
        """Wait until every loop is Completed, Failed, Stopped or Deleted, and return the loops table.

        It looks at the lists of the service, a hundred loops a request, and ever less often while nothing happens.

        Parameters
        ----------
        timeout : float
            Seconds; 0 looks once.
        poll : float
            Seconds until the second look; the gap grows to a minute.
        queue_url : str, optional
            Of an SQS queue with A2I's events, see `a2i_al.loops.following.events`: then it waits for those, knows of an
            answer as soon as its event is there, and asks the service once a minute at most.
        progress : bool
            Show a progress bar.

        Raises
        ------
        A2IError
            If loops are still open after the timeout. Nothing is lost by it: wait again, or harvest what is there.
        """
        timeout, poll = arguments.seconds("timeout", timeout), arguments.seconds("poll", poll)
        arguments.flags(progress=progress)
        if queue_url is not None:
            arguments.text("queue_url", queue_url)
        clock = self.workflow.rate.clock
        inbox = Inbox(self.workflow.connection, self.workflow.ledger, queue_url, clock=clock) if queue_url else None
        return wait_for(
            self.loops, timeout=timeout, poll=poll, progress=progress, clock=clock, inbox=inbox, glance=self._seen
        )

    def stop(self, *, max_workers: int = 8, progress: bool = True) -> pd.DataFrame:
        """Stop the loops that are not finished, and return the loops table.

        A task that somebody has open stays with them until they submit it, and its loop is Stopping until then; answers
        given by then are in the outputs. What was planned and never started is forgotten.
        """
        arguments.flags(progress=progress)
        loops = self.loops()
        names = loops.loc[~loops["status"].isin([*FINAL, STOPPING]), "human_loop_name"].tolist()
        came = end(self.workflow.connection, names, "stop", max_workers=max_workers, progress=progress, rate=self._rate)
        self.workflow.ledger.withdraw(*(name for name, what in came.items() if what == GONE))
        return self.loops()

    def delete(self, *, max_workers: int = 8, progress: bool = True) -> pd.DataFrame:
        """Delete at A2I the loops that are finished, and return the loops table with a column ``deleted``.

        Outputs stay where they are, and the ledger keeps what became of the loops, so that nothing is asked twice.
        Loops that are not finished cannot be deleted: `stop` them first.
        """
        arguments.flags(progress=progress)
        loops = self.loops()
        names = loops.loc[loops["status"].isin(FINAL), "human_loop_name"].tolist()
        came = end(
            self.workflow.connection, names, "delete", max_workers=max_workers, progress=progress, rate=self._rate
        )
        return loops.assign(deleted=loops["human_loop_name"].map(came).isin([DONE, GONE]))

    def resubmit(self, failed: pd.DataFrame | None = None, *, items: pd.DataFrame | None = None) -> Self:
        """Ask again what has failed, once for each failed loop however often this is called.

        The new loops are further attempts at the same questions, under names of their own that follow from the old
        ones; they count against the caps of the submission. The batch that comes back is the one that submitting again
        in the same way would give: of each item, the last attempt.

        Parameters
        ----------
        failed : DataFrame, optional
            Rows of `failed`, or any table with the ``human_loop_name`` of loops that have failed or were stopped; all
            that have failed, as the service has it now, if left out.
        items : DataFrame, optional
            Items in place of those of the same id, where these are why the loops have failed.

        Raises
        ------
        InvalidInput
            If a loop is not of this batch, or is not one that has failed or was stopped.
        """
        if self._again is None:
            raise InvalidInput(
                "this batch does not know what was asked", fix="submit the items again, and use that one"
            )
        loops = self.loops()
        wanted = set(loops.loc[loops["status"] == FAILED, "human_loop_name"] if failed is None else _names_in(failed))
        lost = loops[loops["status"].isin(LOST)]
        unknown = sorted(wanted - set(lost["human_loop_name"]))
        if unknown:
            raise InvalidInput(
                f"human loop {unknown[0]!r} has not failed",
                expected="loops of this batch that are Failed, Stopped or Deleted",
                fix="pass rows of the batch's `failed` table",
            )
        rows = lost[lost["human_loop_name"].isin(wanted)]
        batch: Self = self._again(dict(zip(rows["item_id"], rows["attempt"] + 1, strict=True)), items)
        return batch

    @property
    def _rate(self) -> RateController:
        # A limit of its own: what was found for starting says nothing of stopping.
        return RateController(self.workflow.rate.clock)

    def _seen(self) -> pd.DataFrame:
        """Return the loops table as it was last seen."""
        return self._of(self.workflow.ledger.loops(self.workflow.arn))

    def _left_out(self, action: str) -> pd.DataFrame:
        rows = self.outcome[self.outcome["action"] == action]
        return rows[["item_id", "human_loop_name", "reason"]].reset_index(drop=True)

    def _of(self, loops: pd.DataFrame) -> pd.DataFrame:
        return loops[loops["human_loop_name"].isin(self.human_loop_names)].reset_index(drop=True)


def _names_in(loops: pd.DataFrame) -> pd.Series:
    if not isinstance(loops, pd.DataFrame) or "human_loop_name" not in loops.columns:
        raise InvalidInput(
            f"failed is a {type(loops).__name__}", expected="a table with human_loop_name, such as the batch's `failed`"
        )
    return loops["human_loop_name"]
