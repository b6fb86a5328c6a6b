"""A batch: the human loops of one submission, to look at, wait for and harvest."""

from __future__ import annotations

import html
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from tqdm.auto import tqdm

from a2i_al.errors import A2IError
from a2i_al.harvest.read import Harvest
from a2i_al.loops.ledger import FINAL

if TYPE_CHECKING:
    from a2i_al.workflow import Workflow


class Batch:
    """The human loops that one submission asked for.

    A batch holds names only. What they stand for is in the ledger and at the service, so a batch made again by the same
    cell, or in another notebook, is the same batch.

    Attributes
    ----------
    human_loop_names : tuple of str
        In the order of the picks.
    refused : DataFrame
        ``item_id``, ``human_loop_name`` and ``reason`` of the items that could not be submitted.
    quarantine : DataFrame
        The outputs that the last `harvest` could not read.
    """

    def __init__(self, workflow: Workflow, human_loop_names: Sequence[str], refused: pd.DataFrame) -> None:
        self.workflow = workflow
        self.human_loop_names = tuple(human_loop_names)
        self.refused = refused
        self.quarantine: pd.DataFrame | None = None

    def __len__(self) -> int:
        return len(self.human_loop_names)

    def __repr__(self) -> str:
        refused = f", {len(self.refused)} refused" if len(self.refused) else ""
        return f"Batch({len(self)} human loops{refused})"

    def _repr_html_(self) -> str:
        # From the ledger alone: showing a variable must not call the service.
        counts = self._of(self.workflow.ledger.loops(self.workflow.arn))["status"].value_counts()
        states = " · ".join(f"{html.escape(state)} <b>{count}</b>" for state, count in counts.items())
        refused = self.refused.to_html(max_rows=10, escape=True) if len(self.refused) else ""
        return f"<p>{html.escape(repr(self))}: {states}</p>{refused}"

    def loops(self) -> pd.DataFrame:
        """Return the loops table of this batch as the service has it now."""
        return self._of(self.workflow.loops())

    def status(self) -> pd.Series:
        """Return how many loops are in each state, as the service has it now."""
        return self.loops()["status"].value_counts()

    def wait(self, timeout: float, *, poll: float = 5.0, progress: bool = True) -> pd.DataFrame:
        """Wait until every loop is Completed, Failed or Stopped, and return the loops table.

        Parameters
        ----------
        timeout : float
            Seconds; 0 looks once.
        poll : float
            Seconds between looks.

        Raises
        ------
        A2IError
            If loops are still open after the timeout. Nothing is lost by it: wait again, or harvest what is there.
        """
        deadline = time.monotonic() + timeout
        with tqdm(total=len(self), desc="reviewed", unit="loop", disable=None if progress else True) as bar:
            while True:
                loops = self.loops()
                finished = int(loops["status"].isin(FINAL).sum())
                bar.update(finished - bar.n)
                if finished == len(self):
                    return loops
                if time.monotonic() >= deadline:
                    break
                time.sleep(min(poll, max(0.0, deadline - time.monotonic())))
        raise A2IError(
            f"{len(self) - finished} of {len(self)} human loops are still open after {timeout:g} s",
            fix="wait again, or harvest() what has been answered",
        )

    def harvest(self) -> pd.DataFrame:
        """Return the answers given so far, as the answers table; any number of times, at any time.

        Warns
        -----
        QuarantineWarning
            If outputs cannot be read; they are rows of `quarantine`.
        """
        found: Harvest = self.workflow.harvest(self.human_loop_names)
        self.quarantine = found.quarantine
        return found.answers

    def _of(self, loops: pd.DataFrame) -> pd.DataFrame:
        return loops[loops["human_loop_name"].isin(self.human_loop_names)].reset_index(drop=True)
