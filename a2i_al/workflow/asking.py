"""A flow definition, a connection and a ledger come in; what asks through them, on AWS and here alike, goes out."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from a2i_al import templates
from a2i_al.aws.connection import Connection
from a2i_al.aws.flows import FlowDefinition, describe_flow
from a2i_al.batch import Batch
from a2i_al.errors import RefusedWarning
from a2i_al.harvest.read import Harvest, read_outputs
from a2i_al.loops import submit as submission
from a2i_al.loops.ledger import Ledger
from a2i_al.loops.track import refresh

if TYPE_CHECKING:
    from a2i_al.local import Service


class Asking:
    """What asks people and reads what they answered."""

    def __init__(
        self,
        arn: str,
        *,
        connection: Connection,
        ledger: Ledger,
        template: str | None = None,
        service: Service | None = None,
        allow_hosts: Sequence[str] = (),
    ) -> None:
        self.arn = arn
        self.connection = connection
        self.ledger = ledger
        self.template = template
        self.service = service
        self.allow_hosts = tuple(allow_hosts)

    @cached_property
    def definition(self) -> FlowDefinition:
        """The flow definition as the service describes it; raises NotFound if there is none."""
        return describe_flow(self.connection, self.arn)

    @cached_property
    def fields(self) -> dict[str, str]:
        """Form field to the kind of its answers, see `answer_fields`; empty where the template is not known."""
        return templates.answer_fields(self.template) if self.template else {}

    @cached_property
    def offered(self) -> dict[str, tuple[str, ...]]:
        """Form field to the labels that the task page offers to choose from; empty where the template is not known."""
        listed = templates.offered_labels(self.template) if self.template else {}
        return {field: labels for field, labels in listed.items() if self.fields[field] in {"choice", "choices"}}

    def submit(
        self,
        items: pd.DataFrame,
        picks: pd.DataFrame | None = None,
        *,
        predictions: pd.DataFrame | None = None,
        dry_run: bool = False,
        max_workers: int = 8,
        progress: bool = True,
        check: bool = True,
    ) -> Batch | pd.DataFrame:
        """Start a human loop per pick: once, however often this is called with the same arguments.

        Parameters
        ----------
        items : DataFrame
            An items table; its columns are what the task page reads as ``task.input``.
        picks : DataFrame, optional
            A picks table; all items if left out.
        predictions : DataFrame, optional
            A predictions table of one model version. The version is part of what is asked: another model's doubts about
            the same item are another question.
        dry_run : bool
            Start nothing; return what would be started, was asked already, or is refused.
        check : bool
            Refuse items without a column that the task page prints: every page would have a hole.

        Returns
        -------
        Batch, or DataFrame with ``dry_run=True``
            Of ``item_id``, ``human_loop_name``, ``action``, ``reason`` and ``characters``.

        Raises
        ------
        InvalidTable, UnknownLabel
            Before anything is started.
        NotFound
            If the flow definition does not exist.
        ServiceError
            If the service stops the submission half-way; call again to go on.

        Warns
        -----
        RefusedWarning
            If single items cannot be submitted; they are rows of the batch's ``refused``.
        """
        if check and self.template:
            submission.check_columns(items, templates.needed_columns(self.template))
        labels = next(iter(self.offered.values())) if len(self.offered) == 1 else None
        arn = self.definition.arn
        planned = submission.plan(arn, items, picks, predictions=predictions, labels=labels, ledger=self.ledger)
        if dry_run:
            return planned.table
        refused = submission.start(
            self.connection, planned, ledger=self.ledger, max_workers=max_workers, progress=progress
        )
        refused = pd.concat([planned.refused, refused], ignore_index=True) if len(refused) else planned.refused
        if len(refused):
            first = refused.iloc[0]
            warnings.warn(
                f"{len(refused)} of {len(planned.table)} items were not submitted, such as {first['item_id']!r}:"
                f" {first['reason']} See the batch's `refused` table.",
                RefusedWarning,
                stacklevel=2,
            )
        names = planned.table["human_loop_name"]
        return Batch(self, names[~names.isin(refused["human_loop_name"])].tolist(), refused)

    def loops(self) -> pd.DataFrame:
        """Return the loops table of this workflow as the service has it now."""
        refresh(self.connection, self.ledger, self.arn)
        return self.ledger.loops(self.arn)

    def asked(self) -> set[str]:
        """Return the ids of the items that were asked about, in any round: what `sample` should exclude."""
        return set(self.ledger.loops(self.arn)["item_id"])

    def harvest(self, human_loop_names: Collection[str] | None = None) -> Harvest:
        """Read the outputs of these loops, or of all that were started from this ledger."""
        known = self.ledger.loops(self.arn)["human_loop_name"]
        names = set(known if human_loop_names is None else human_loop_names)
        place = f"{self.definition.output_path}/{self.definition.name}"
        found = read_outputs(
            place,
            human_loop_names=names,
            offered=self.offered,
            cache=self.ledger.path.parent / "harvest",
            connection=self.connection,
        )
        self.ledger.found_outputs(dict(found.uris))
        return found
