"""A batch: the human loops of one submission, to look at, wait for, end, ask again and harvest."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pandas as pd

from a2i_al import arguments
from a2i_al.batch.following import Following
from a2i_al.errors import InvalidInput, QuarantineWarning
from a2i_al.harvest.read import Harvest

if TYPE_CHECKING:
    from a2i_al.widgets.progress import Progress


class Batch(Following):
    """The human loops that one submission asked for.

    A batch holds names and what was asked. What became of it is in the ledger and at the service, so a batch made again
    by the same cell, or in another notebook, is the same batch.

    Attributes
    ----------
    human_loop_names : tuple of str
        In the order of the picks.
    outcome : DataFrame
        A row per pick: ``item_id``, ``human_loop_name``, ``action`` (``start``, ``already asked``, ``refused`` or
        ``over budget``), ``reason``, ``characters``, ``files``, ``asked_at`` and ``cost``.
    quarantine : DataFrame
        The outputs that the last `harvest` could not read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from a2i_al import SimulatedReviewer, Workflow
    >>> items = pd.DataFrame({"item_id": ["1", "2"], "text": ["You have won!", "You owe us!"]})
    >>> ann = SimulatedReviewer("Ann", lambda shown: {"category": {"label": "spam"}})
    >>> with TemporaryDirectory() as home:
    ...     flow = Workflow.local("mail", template="text-classification", labels=["spam", "ham"], home=home)
    ...     batch = flow.submit(items, progress=False)
    ...     batch.outcome[["item_id", "action"]]
    ...     flow.simulate([ann])
    ...     batch.harvest()[["item_id", "field", "value"]]
    ...     flow.stop_service()
      item_id action
    0       1  start
    1       2  start
    2
      item_id     field value
    0       1  category  spam
    1       2  category  spam
    """

    quarantine: pd.DataFrame | None = None

    @property
    def fields(self) -> dict[str, str]:
        """Form field to the kind of its answers: what there is to `consolidate`; empty if the template is not known."""
        return self.workflow.fields

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
            if self.fields and arguments.text("field", field) not in self.fields:
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
