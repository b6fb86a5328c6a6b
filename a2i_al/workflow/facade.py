"""The facade itself: how a workflow is made, what it looks like, and what it shows of its task pages."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from a2i_al import arguments, places
from a2i_al.aws.connection import Connection
from a2i_al.aws.flows import check_name, check_reviewers, ensure_flow
from a2i_al.errors import InvalidInput, InvalidTemplate
from a2i_al.loops.bookkeeping.ledger import Ledger
from a2i_al.loops.requests.attachments import BUCKET
from a2i_al.settings import home_directory
from a2i_al.templates.page import allowed_origins
from a2i_al.workflow import files as stored
from a2i_al.workflow.embedded import OnEmbedded
from a2i_al.workflow.sources import template_source

if TYPE_CHECKING:
    from a2i_al.widgets.preview import Preview, PreviewList

LEDGER_FILE = "ledger.sqlite3"


class Workflow(OnEmbedded):
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
    >>> items = pd.DataFrame({"item_id": ["1", "2"], "text": ["You have won!", "Lunch at one?"]})
    >>> flow.submit(items, dry_run=True, max_cost=0.1, price_per_object=0.08)[["item_id", "action", "cost"]]
      item_id       action  cost
    0       1        start  0.08
    1       2  over budget  0.00
    >>> batch = flow.submit(items, progress=False)
    >>> batch
    Batch(2 human loops)
    >>> batch.stop(progress=False)["status"].tolist()
    ['Stopped', 'Stopped']
    >>> flow.stop_service()
    """

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

        check_name(name)
        check_reviewers(reviewers)
        source = template_source(template, labels)
        for text, given in (("title", title), ("description", description), ("output_path", output_path)):
            if given is not None:
                arguments.text(text, given)
        if home is not None:
            places.path("home", home)
        allow_hosts = allowed_origins(allow_hosts)
        service = local.ensure(home)
        connection = Connection(service.boto3_session(), service.endpoints())
        stored.make_bucket(connection, BUCKET)
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
        if not arguments.text("arn", arn).startswith("arn:") or ":flow-definition/" not in arn:
            raise InvalidInput(
                f"arn is {arn!r}, of no flow definition",
                expected="arn:aws:sagemaker:<region>:<account>:flow-definition/<name>",
            )
        if template is not None:
            arguments.text("template", template)
        path = home_directory() / LEDGER_FILE if ledger is None else places.path("ledger", ledger)
        return cls(arn, connection=Connection(boto3_session), ledger=Ledger(path), template=template)

    def __repr__(self) -> str:
        return f"Workflow({self.arn!r})"

    def _repr_html_(self) -> str:
        counts = self.ledger.loops(self.arn)["status"].value_counts()
        states = (
            " · ".join(f"{html.escape(state)} <b>{count}</b>" for state, count in counts.items()) or "nothing asked yet"
        )
        # Without its token, which would let in whoever is shown the saved notebook.
        place = (self.portal_url or "").partition("?")[0]
        link = (
            f'<br><a href="{html.escape(place)}" target="_blank">worker portal</a>'
            " (<code>.portal_url</code> is the link that signs in)"
            if place
            else ""
        )
        return f"<p><code>{html.escape(self.arn)}</code><br>{states}{link}</p>"

    def upload(self, files: Mapping[str, bytes], *, suffix: str = ".png", max_workers: int = 16) -> pd.Series:
        """Store what task pages show next to the outputs, under its content's hash, and return the ``s3://`` URIs.

        Parameters
        ----------
        files : mapping of str to bytes
            Item id to content.
        suffix : str
            Tells the content's type: ``".png"``, ``".jpg"``, ``".pdf"``.
        max_workers : int, default 16
            Files under way at once, 64 at most.

        Returns
        -------
        Series of str
            The URIs, indexed by item id; use as a column of the items.
        """
        return stored.upload(
            self.connection, self.definition.output_path, files, suffix=suffix, max_workers=max_workers
        )

    def preview(self, item: Mapping[str, Any] | pd.DataFrame, *, height: int = 560) -> Preview | PreviewList:
        """Show the page that a worker would see for an item, inline, without starting anything.

        Images are put into the page, so that it still shows them when the saved notebook is opened next month. Of a
        DataFrame, each row is a page, and one is shown at a time.
        """
        from a2i_al.widgets.preview import preview  # noqa: PLC0415

        if self.template is None:
            raise InvalidTemplate("this workflow does not know its template", fix="pass template= to Workflow.from_arn")
        grant = partial(stored.inline_url, self.connection)
        return preview(self.template, item, grant_read_access=grant, allow_hosts=self.allow_hosts, height=height)
