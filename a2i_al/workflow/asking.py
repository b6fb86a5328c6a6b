"""A flow definition, a connection and a ledger come in; what asks through them, on AWS and here alike, goes out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Unpack, overload

import pandas as pd

from a2i_al import arguments, templates
from a2i_al.aws.connection import Connection
from a2i_al.aws.flows import FlowDefinition, describe_flow
from a2i_al.batch import Batch
from a2i_al.harvest.read import Harvest, read_outputs
from a2i_al.loops.bookkeeping.ledger import Ledger
from a2i_al.loops.calling.rate import RateController
from a2i_al.loops.calling.threads import checked_workers
from a2i_al.loops.following.track import refresh
from a2i_al.loops.rebuilding.rebuild import rebuild
from a2i_al.loops.requests.attachments import folder
from a2i_al.loops.requests.budget import Prices, most_loops
from a2i_al.loops.requests.planning import Plan, Terms, plan
from a2i_al.loops.submission.outcome import warn_of, with_left_out
from a2i_al.loops.submission.starting import Pace, start
from a2i_al.workflow.options import SubmitOptions
from a2i_al.workflow.submission import Submission

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
        self.rate = RateController()  # shared by its submissions: the service's limit is found once

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

    @overload
    def submit(
        self,
        items: pd.DataFrame,
        picks: pd.DataFrame | None = None,
        *,
        dry_run: Literal[False] = False,
        **options: Unpack[SubmitOptions],
    ) -> Batch: ...
    @overload
    def submit(
        self,
        items: pd.DataFrame,
        picks: pd.DataFrame | None = None,
        *,
        dry_run: Literal[True],
        **options: Unpack[SubmitOptions],
    ) -> pd.DataFrame: ...
    @overload
    def submit(
        self,
        items: pd.DataFrame,
        picks: pd.DataFrame | None = None,
        *,
        dry_run: bool,
        **options: Unpack[SubmitOptions],
    ) -> Batch | pd.DataFrame: ...
    def submit(
        self,
        items: pd.DataFrame,
        picks: pd.DataFrame | None = None,
        *,
        predictions: pd.DataFrame | None = None,
        dry_run: bool = False,
        max_loops: int | None = None,
        max_cost: float | None = None,
        price_per_object: float | None = None,
        price_per_worker: float | None = None,
        redact: Collection[str] = (),
        as_files: Collection[str] = (),
        content_classifiers: Sequence[str] = (),
        wait_for_room: float = 3600.0,
        max_workers: int = 8,
        progress: bool = True,
        check: bool = True,
    ) -> Batch | pd.DataFrame:
        """Start a human loop per pick: once, however often this is called with the same arguments.

        It goes as fast as the service lets it: throttling slows it down, and a full quota of loops in flight makes it
        wait until people have answered some. Interrupted, it can be called again and goes on.

        Parameters
        ----------
        items : DataFrame
            An items table; its columns are what the task page reads as ``task.input``. Bytes, Pillow images and
            `pathlib.Path` become files, see ``as_files``.
        picks : DataFrame, optional
            A picks table; all items if left out.
        predictions : DataFrame, optional
            A predictions table of one model version. The version is part of what is asked: another model's doubts about
            the same item are another question.
        dry_run : bool
            Start nothing; return what would be started, was asked already and when, is refused, or exceeds a cap.
        max_loops, max_cost : int and float, optional
            Caps for a round of this workflow, whatever submissions it is made of: what the ledger has of it counts.
            Picks beyond them are rows of the batch's ``over_budget``.
        price_per_object, price_per_worker : float, optional
            What A2I charges per loop and the work team per person, in any currency; for ``max_cost`` and ``cost``.
        redact : collection of str
            Columns of the items that are not sent. Their names are, in ``task.input.a2i_al.redacted``; everything else
            of the item is, with its id, its prediction and the round.
        as_files : collection of str
            Columns whose values are stored once, under their contents' hashes beside the outputs, and sent as ``s3://``
            URIs: long texts, arrays of pixels. A template reads them with ``grant_read_access``.
        content_classifiers : sequence of str
            ``"FreeOfPersonallyIdentifiableInformation"`` (Mechanical Turk needs it), ``"FreeOfAdultContent"``.
        wait_for_room : float
            Seconds to wait at most, without one loop started, while the quota of loops in flight is exhausted.
        max_workers : int
            Requests at once, 1 to 64.
        progress : bool
            Show a progress bar, with the rate and the time left.
        check : bool
            Refuse items without a column that the task page prints: every page would have a hole.

        Returns
        -------
        Batch, or DataFrame with ``dry_run=True``
            Of ``item_id``, ``human_loop_name``, ``action`` (``start``, ``already asked``, ``refused`` or
            ``over budget``), ``reason``, ``characters`` and ``files`` of what would be sent, ``asked_at``, ``cost``.

        Raises
        ------
        InvalidInput, InvalidTable, UnknownLabel
            Before anything is started.
        NotFound
            If the flow definition does not exist.
        ServiceError
            If the service stops the submission half-way; call again to go on.

        Warns
        -----
        RefusedWarning
            If single items cannot be submitted; they are rows of the batch's ``refused``.
        OverBudgetWarning
            If a cap leaves items out.
        """
        arguments.flags(dry_run=dry_run, progress=progress, check=check)
        arguments.texts("content_classifiers", content_classifiers)
        pace, max_workers = Pace(self.rate, wait_for_room), checked_workers(max_workers)
        prices = Prices(price_per_object, price_per_worker)
        reviewers = self.definition.reviewers
        terms = Terms(
            needed=templates.needed_columns(self.template) if check and self.template else (),
            redact=redact,
            as_files=as_files,
            folder=folder(self.definition.output_path),
            content_classifiers=content_classifiers,
            workteam_arn=self.definition.workteam_arn,
            most=most_loops(max_loops, max_cost, prices, reviewers),
            cost=prices.of_loop(reviewers),
        )
        asked = Submission(items, picks, predictions, terms, pace, max_workers, progress)
        return self._plan(asked).table if dry_run else self._ask(asked)

    def _plan(self, asked: Submission) -> Plan:
        return plan(
            self.definition.arn,
            asked.items,
            asked.picks,
            predictions=asked.predictions,
            labels=next(iter(self.offered.values())) if len(self.offered) == 1 else None,
            ledger=self.ledger,
            terms=asked.terms,
        )

    def _ask(self, asked: Submission, *, stacklevel: int = 4) -> Batch:
        planned = self._plan(asked)
        left_out = start(
            self.connection,
            planned,
            ledger=self.ledger,
            max_workers=asked.max_workers,
            progress=asked.progress,
            pace=asked.pace,
        )
        outcome = with_left_out(planned.table, left_out)
        warn_of(outcome, stacklevel=stacklevel)

        def again(attempts: Mapping[str, int], items: pd.DataFrame | None) -> Batch:
            return self._ask(asked.again(attempts, items), stacklevel=5)

        return Batch(self, outcome, again)

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
        names = set(known if human_loop_names is None else arguments.texts("human_loop_names", human_loop_names))
        found = read_outputs(
            self.definition.outputs,
            human_loop_names=names,
            offered=self.offered,
            cache=self.ledger.path.parent / "harvest",
            connection=self.connection,
        )
        self.ledger.found_outputs(dict(found.uris))
        return found

    def rebuild_ledger(
        self, items: pd.DataFrame | None = None, *, model_versions: Collection[str] = (), dry_run: bool = False
    ) -> pd.DataFrame:
        """Put back what the ledger has lost, from A2I's list, the outputs and the items; see `rebuild`.

        Any number of times; nothing that the ledger has is lost by it. Submitting the same items again finds their
        loops too: this is for harvesting and following them without.

        Parameters
        ----------
        items : DataFrame, optional
            An items table, by which loops without an output are known.
        model_versions : collection of str
            Versions that were asked about, beside those in ledger and outputs.
        dry_run : bool
            Write nothing.

        Returns
        -------
        DataFrame
            A row per loop, with its ``source`` and, where that is ``unknown``, the ``reason``.
        """
        arguments.flags(dry_run=dry_run)
        model_versions = arguments.texts("model_versions", model_versions)
        place = self.definition.outputs
        return rebuild(
            self.connection, self.ledger, self.arn, place, items, model_versions=model_versions, dry_run=dry_run
        )
