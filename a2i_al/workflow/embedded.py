"""What only a workflow on the embedded A2I has: its portal, reviewing in the notebook, simulated reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.workflow.asking import Asking

if TYPE_CHECKING:
    from a2i_al.local import SimulatedReviewer
    from a2i_al.widgets.review import Review


class OnEmbedded(Asking):
    """A workflow whose service may be the embedded A2I; what needs it says so where it is not."""

    @property
    def portal_url(self) -> str | None:
        """Link to the embedded A2I's worker portal, with its token: for people who may answer."""
        return self.service.portal_url if self.service else None

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
        arguments.text("worker", worker)
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
        reviewers = list(arguments.several("reviewers", reviewers, "SimulatedReviewer"))
        for reviewer in reviewers:
            arguments.able("one of reviewers", reviewer, "answer", "a SimulatedReviewer")
        if limit is not None:
            arguments.whole("limit", limit, 0)
        from a2i_al import local  # noqa: PLC0415

        return local.review(self.service, reviewers, flow_definition_arn=self.arn, limit=limit)

    def stop_service(self) -> None:
        """Stop the embedded A2I of this workflow's home; everything is kept and `Workflow.local` starts it again."""
        if self.service is not None:
            from a2i_al import local  # noqa: PLC0415

            local.stop(self.service.home)
