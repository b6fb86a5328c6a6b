"""A batch: the human loops of one submission, to look at, wait for and harvest."""

from __future__ import annotations

import html
import time
import warnings
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
from tqdm.auto import tqdm

from a2i_al.aws.flows import FlowDefinition
from a2i_al.errors import A2IError, InvalidInput, QuarantineWarning
from a2i_al.harvest.read import Harvest
from a2i_al.loops.ledger import FINAL, Ledger

if TYPE_CHECKING:
    from a2i_al.widgets.progress import Progress


class Asker(Protocol):
    """What a batch needs of the workflow that asked."""

    arn: str
    ledger: Ledger

    @property
    def definition(self) -> FlowDefinition:
        """The flow definition."""

    @property
    def fields(self) -> dict[str, str]:
        """Form field to the kind of its answers."""

    def loops(self) -> pd.DataFrame:
        """Return the loops table as the service has it now."""

    def harvest(self, human_loop_names: Collection[str] | None = None) -> Harvest:
        """Read the outputs of these loops."""


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

    def __init__(self, workflow: Asker, human_loop_names: Sequence[str], refused: pd.DataFrame) -> None:
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

    @property
    def fields(self) -> dict[str, str]:
        """Form field to the kind of its answers: what there is to `consolidate`; empty if the template is not known."""
        return self.workflow.fields

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

    def watch(self, timeout: float | None = None, poll: float = 2.0) -> Progress:
        """Show a live table of states, workers, rate and time left until all loops are Completed, Failed or Stopped.

        It stops by itself; interrupting the cell stops it too, and is no error. The last state stays in the saved
        notebook. In a terminal it prints a line with every change.

        Parameters
        ----------
        timeout : float, optional
            Seconds; a day if left out. 0 looks once.
        poll : float
            Seconds between looks.

        Returns
        -------
        Progress
            What was seen last.

        Raises
        ------
        ServiceError
            If the service refuses, or does not answer several times in a row.
        """
        from a2i_al.widgets.watch import watch  # noqa: PLC0415

        return watch(self.loops, self._answers_of, timeout=timeout, poll=poll)

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

    def consolidate(self, field: str | None = None, *, method: str | None = None, **options: Any) -> pd.DataFrame:
        """Return one label per item of what has been answered so far; see `a2i_al.consolidate`.

        Parameters
        ----------
        field : str, optional
            Of the form; may be left out if the form has one choice.
        method : str, optional
            As for `a2i_al.consolidate`: by default the kind of the answers decides.
        **options
            The method's own.

        Raises
        ------
        InvalidInput
            If the form has no such field, nobody has answered it, or it is not clear which one is meant.
        """
        from a2i_al.labels import consolidate  # noqa: PLC0415  # loads with its first use

        field = self._field(field)
        answers = self.harvest()
        if len(answers) and field not in set(answers["field"]):
            raise InvalidInput(f"nobody has answered {field!r} yet", expected="answers, or another field of the form")
        return consolidate(answers, field, method=method, reviewers=self.workflow.definition.reviewers, **options)

    def _field(self, field: str | None) -> str:
        """Return the field that is meant, after a look at those that the form has."""
        listed = ", ".join(f"{name!r} ({kind})" for name, kind in self.fields.items())
        if field is not None:
            if self.fields and field not in self.fields:
                raise InvalidInput(f"the form has no field {field!r}", expected=f"one of {listed}")
            return field
        choices = [name for name, kind in self.fields.items() if kind == "choice"]
        if len(choices) != 1:
            raise InvalidInput(
                f"the form has {len(choices)} fields to choose from",
                expected=f"field=, one of {listed or 'its fields'}",
            )
        return choices[0]

    def _answers_of(self, human_loop_names: Collection[str]) -> pd.DataFrame:
        """Return the answers of some loops; whoever wants to know about unreadable ones calls `harvest`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", QuarantineWarning)
            return self.workflow.harvest(human_loop_names).answers

    def _of(self, loops: pd.DataFrame) -> pd.DataFrame:
        return loops[loops["human_loop_name"].isin(self.human_loop_names)].reset_index(drop=True)
