"""The facade: one flow definition, on the embedded A2I or the real one, and the verbs that a notebook needs of it."""

from __future__ import annotations

import hashlib
import html
import mimetypes
import os
import warnings
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from a2i_al import templates
from a2i_al.aws.connection import Connection
from a2i_al.aws.flows import FlowDefinition, describe_flow, ensure_flow
from a2i_al.batch import Batch
from a2i_al.errors import AlreadyExists, InvalidInput, InvalidTemplate, RefusedWarning, service_errors
from a2i_al.harvest.read import Harvest, read_outputs
from a2i_al.loops import submit as submission
from a2i_al.loops.ledger import Ledger
from a2i_al.loops.track import refresh
from a2i_al.settings import home_directory
from a2i_al.storage import data_url, open_store
from a2i_al.templates.page import allowed_origins

if TYPE_CHECKING:
    from a2i_al.local import Service, SimulatedReviewer
    from a2i_al.widgets.preview import Preview, PreviewList
    from a2i_al.widgets.review import Review

BUCKET = "a2i-al"
LEDGER_FILE = "ledger.sqlite3"


class Workflow:
    """A flow definition to ask people through. Make one with `Workflow.local` or `Workflow.from_arn`.

    Parameters
    ----------
    arn : str
        Of the flow definition.
    connection : Connection
        How A2I and S3 are reached.
    ledger : Ledger
        Where it is written what was asked.
    template : str, optional
        Source of the worker task template, for previews and for the labels it offers.
    service : Service, optional
        The embedded A2I behind the connection, for its portal and its simulated reviewers.
    allow_hosts : sequence of str
        Hosts that the pages shown in the notebook may load from; see `preview`.

    Examples
    --------
    >>> import tempfile
    >>> flow = Workflow.local("spam", template="text-classification", labels=["spam", "ham"], home=tempfile.mkdtemp())
    >>> flow.submit(pd.DataFrame({"item_id": ["1"], "text": ["You have won!"]}), progress=False)
    Batch(1 human loops)
    >>> flow.stop_service()
    """

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

    @classmethod
    def local(
        cls,
        name: str,
        *,
        template: str,
        labels: Sequence[str] | None = None,
        title: str | None = None,
        description: str = "",
        reviewers: int = 1,
        output_path: str | None = None,
        home: str | os.PathLike[str] | None = None,
        allow_hosts: Sequence[str] = (),
    ) -> Workflow:
        """Make or find a workflow on the embedded A2I, starting it in the background if nothing serves its home.

        Parameters
        ----------
        name : str
            Lower-case letters, digits and hyphens. The flow definition's name is this and a hash of the settings: the
            same call finds the same one, another template or other labels make another.
        template : str
            Name of a template of the catalogue (``"text-classification"``) or the source of one.
        labels : sequence of str, optional
            The categories, for a template of the catalogue.
        title, description : str
            Shown to the worker.
        reviewers : int
            Distinct people per item, 1 to 3.
        output_path : str, optional
            ``s3://bucket/prefix`` (kept in the home) or ``file:///folder``; by default a bucket in the home.
        home : path-like, optional
            Where everything is kept; see `a2i_al.settings.home_directory`.
        allow_hosts : sequence of str
            Hosts from which the task pages may load scripts, styles, pictures and fonts; by default none.

        Raises
        ------
        InvalidTemplate
            If the template is unknown or does not parse.
        LocalServiceError
            If the embedded A2I cannot be started.
        """
        from a2i_al import local  # noqa: PLC0415  # the service and its web server load with the first use

        source = _template_source(template, labels)
        allow_hosts = allowed_origins(allow_hosts)
        service = local.ensure(home)
        connection = Connection(service.boto3_session(), service.endpoints())
        _make_bucket(connection, BUCKET)
        definition = ensure_flow(
            connection,
            name,
            template=source,
            workteam_arn=service.workteam_arn(),
            role_arn=f"arn:aws:iam::{service.account}:role/a2i-al-local",
            output_path=output_path or f"s3://{BUCKET}/outputs",
            title=title or name.replace("-", " "),
            description=description or "Please answer as shown in the instructions.",
            reviewers=reviewers,
            allow_hosts=allow_hosts,
        )
        flow = cls(
            definition.arn,
            connection=connection,
            ledger=Ledger(service.home / LEDGER_FILE),
            template=source,
            service=service,
            allow_hosts=allow_hosts,
        )
        flow.__dict__["definition"] = definition  # known already: spares the cached property its request
        return flow

    @classmethod
    def from_arn(
        cls,
        arn: str,
        *,
        template: str | None = None,
        ledger: str | os.PathLike[str] | None = None,
        boto3_session: Any = None,
    ) -> Workflow:
        """Use a flow definition that exists. Makes no request before the first verb.

        Parameters
        ----------
        arn : str
            ``arn:aws:sagemaker:<region>:<account>:flow-definition/<name>``.
        template : str, optional
            Source of its worker task template, which A2I does not give back.
        ledger : path-like, optional
            The ledger's file; in `a2i_al.settings.home_directory` by default.
        boto3_session : boto3.Session, optional
            Credentials and Region; boto3's default session, and its endpoint variables, if left out.

        Raises
        ------
        InvalidInput
            If it is not the ARN of a flow definition.
        """
        if not arn.startswith("arn:") or ":flow-definition/" not in arn:
            raise InvalidInput(
                f"the flow definition is {arn!r}",
                expected="arn:aws:sagemaker:<region>:<account>:flow-definition/<name>",
            )
        path = Path(ledger) if ledger else home_directory() / LEDGER_FILE
        return cls(arn, connection=Connection(boto3_session), ledger=Ledger(path), template=template)

    def __repr__(self) -> str:
        return f"Workflow({self.arn!r})"

    def _repr_html_(self) -> str:
        counts = self.ledger.loops(self.arn)["status"].value_counts()
        states = (
            " · ".join(f"{html.escape(state)} <b>{count}</b>" for state, count in counts.items()) or "nothing asked yet"
        )
        link = (
            f'<br><a href="{html.escape(self.portal_url)}" target="_blank">worker portal</a>' if self.portal_url else ""
        )
        return f"<p><code>{html.escape(self.arn)}</code><br>{states}{link}</p>"

    @cached_property
    def definition(self) -> FlowDefinition:
        """The flow definition as the service describes it; raises NotFound if there is none."""
        return describe_flow(self.connection, self.arn)

    @property
    def portal_url(self) -> str | None:
        """Link to the embedded A2I's worker portal, with its token: for people who may answer."""
        return self.service.portal_url if self.service else None

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
        found = read_outputs(place, human_loop_names=names, offered=self.offered, connection=self.connection)
        self.ledger.found_outputs(dict(found.uris))
        return found

    def upload(self, files: Mapping[str, bytes], *, suffix: str = ".png", max_workers: int = 16) -> pd.Series:
        """Store what task pages show next to the outputs, under its content's hash, and return the ``s3://`` URIs.

        Parameters
        ----------
        files : mapping of str to bytes
            Item id to content.
        suffix : str
            Tells the content's type: ``".png"``, ``".jpg"``, ``".pdf"``.

        Returns
        -------
        Series of str
            The URIs, indexed by item id; use as a column of the items.
        """
        base = self.definition.output_path
        base = base if base.startswith("s3://") else f"s3://{BUCKET}"
        store, prefix = open_store(f"{base}/inputs", self.connection)
        content_type = mimetypes.guess_type(f"x{suffix}")[0] or "application/octet-stream"

        def put(content: bytes) -> str:
            key = f"{prefix}/{hashlib.sha256(content).hexdigest()[:32]}{suffix}"
            return store.put(key, content, content_type=content_type)

        with ThreadPoolExecutor(max_workers) as pool:
            uris = list(pool.map(put, files.values()))
        return pd.Series(uris, index=pd.Index(list(files), name="item_id"), dtype=object)

    def preview(self, item: Mapping[str, Any] | pd.DataFrame, *, height: int = 560) -> Preview | PreviewList:
        """Show the page that a worker would see for an item, inline, without starting anything.

        Images are put into the page, so that it still shows them when the saved notebook is opened next month. Of a
        DataFrame, each row is a page, and one is shown at a time.
        """
        from a2i_al.widgets.preview import preview  # noqa: PLC0415

        if self.template is None:
            raise InvalidTemplate("this workflow does not know its template", fix="pass template= to Workflow.from_arn")
        return preview(
            self.template, item, grant_read_access=self._data_url, allow_hosts=self.allow_hosts, height=height
        )

    def review(self, worker: str = "me", *, limit: int | None = None, undo_seconds: float = 1.5) -> Review:
        """Answer the tasks of this workflow in the notebook's cell; returns at once, and opens no task before Start.

        The answers take the worker portal's own way: what was saved is on disk, and counts like any other answer.

        Parameters
        ----------
        worker : str
            Who answers; people who share a kernel should each give their own name.
        limit : int, optional
            Stop after so many answers.
        undo_seconds : float
            For how long an answer can be taken back before it is saved, 0 to 3.

        Raises
        ------
        InvalidInput
            If this is not the embedded A2I: on AWS, the work team answers in its own portal.
        """
        if self.service is None or self.template is None:
            raise InvalidInput(
                f"{self!r} is not on the embedded A2I", fix="answer in the work team's portal, or use Workflow.local"
            )
        from a2i_al import local  # noqa: PLC0415
        from a2i_al.widgets.pages import TaskPages  # noqa: PLC0415
        from a2i_al.widgets.portal import PortalDesk  # noqa: PLC0415
        from a2i_al.widgets.review import Review  # noqa: PLC0415

        home = self.service.home

        def link() -> str | None:
            service = local.running(home)
            return service.portal_url if service else None

        return Review(
            PortalDesk(link, worker, self.definition.name),
            TaskPages(self.template, self.connection, img_hosts=(self.service.url,), allow_hosts=self.allow_hosts),
            title=self.definition.name.rpartition("-")[0].replace("-", " "),
            waiting=int((self.loops()["status"] == "InProgress").sum()),
            limit=limit,
            undo_seconds=undo_seconds,
        )

    def simulate(self, reviewers: Sequence[SimulatedReviewer], *, limit: int | None = None) -> int:
        """Let simulated reviewers answer what waits, through the portal's own routes; return how many answers.

        Raises
        ------
        InvalidInput
            If this is not the embedded A2I: nobody is simulated on AWS.
        """
        if self.service is None:
            raise InvalidInput(f"{self!r} is not on the embedded A2I", fix="use Workflow.local for simulated reviewers")
        from a2i_al import local  # noqa: PLC0415

        return local.review(self.service, reviewers, flow_definition_arn=self.arn, limit=limit)

    def stop_service(self) -> None:
        """Stop the embedded A2I of this workflow's home; everything is kept and `Workflow.local` starts it again."""
        if self.service is not None:
            from a2i_al import local  # noqa: PLC0415

            local.stop(self.service.home)

    def _data_url(self, uri: str) -> str:
        store, key = open_store(uri, self.connection)
        return data_url(key, store.get(key))


def _template_source(template: str, labels: Sequence[str] | None) -> str:
    """Return the source for a catalogue name with its labels, or the given source."""
    if "<" not in template:
        found = templates.load(template)
        return found.with_labels(labels) if labels is not None else found.source
    if labels is not None:
        raise InvalidInput(
            "labels= was given with the source of a template", fix="write the labels into the template's categories"
        )
    templates.check_syntax(template)
    return template


def _make_bucket(connection: Connection, bucket: str) -> None:
    try:
        with service_errors(f"making the bucket {bucket!r}"):
            connection.s3.create_bucket(Bucket=bucket)
    except AlreadyExists:
        return
