"""What would be done comes in as steps; a Plan goes out, which shows them and carries them out in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from a2i_al.aws.tabulate import as_html, as_text
from a2i_al.errors import ServiceError

PROJECT_TAG = "a2i-al:project"
NOT_IMPLEMENTED = "NotImplemented"

Action = Literal["exists", "create", "change", "delete", "leave", "skip"]
_HEADS = ("action", "kind", "name", "detail")


@dataclass(frozen=True)
class Step:
    """One resource, or one setting of it, and what becomes of it.

    Attributes
    ----------
    action : str
        ``exists`` as it should be; ``create``, ``change``, ``delete``; ``leave`` what is not this project's;
        ``skip`` what this endpoint does not have.
    kind, name, detail : str
        What it is, for the reader.
    """

    action: Action
    kind: str
    name: str
    detail: str = ""
    do: Callable[[], Any] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Plan:
    """The steps towards what was asked for, done or not; a table in a terminal and in a notebook.

    Attributes
    ----------
    project : str
        Value of the tag that everything of it carries.
    steps : tuple of Step
        In the order in which they are done.
    applied : bool
        Whether the steps were carried out, or are only listed.
    flow_definition_arn : str
        For `Workflow.from_arn`; empty where the plan is about removing things.
    bucket : str
        Where inputs and outputs lie; empty likewise.

    Examples
    --------
    >>> Plan("spam", (Step("create", "bucket", "a2i-al-spam"),))
    Plan of 'spam': 1 to create (nothing was changed)
    action  kind    name         detail
    create  bucket  a2i-al-spam
    """

    project: str
    steps: tuple[Step, ...]
    applied: bool = False
    flow_definition_arn: str = ""
    bucket: str = ""

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that create, change or delete something."""
        return tuple(step for step in self.steps if step.action in {"create", "change", "delete"})

    def to_frame(self) -> pd.DataFrame:
        """Return one row per step: ``action``, ``kind``, ``name``, ``detail``."""
        return pd.DataFrame(self._rows(), columns=list(_HEADS), dtype="str")

    def _rows(self) -> list[list[str]]:
        return [[step.action, step.kind, step.name, step.detail] for step in self.steps]

    def _caption(self) -> str:
        actions = [step.action for step in self.changes]
        counts = [f"{actions.count(word)} to {word}" for word in ("create", "change", "delete") if word in actions]
        return f"Plan of {self.project!r}: {', '.join(counts) or 'nothing to do'} " + (
            "(done)" if self.applied else "(nothing was changed)"
        )

    def __repr__(self) -> str:
        """Return the table as text."""
        return f"{self._caption()}\n{as_text(_HEADS, self._rows())}"

    def _repr_html_(self) -> str:
        return as_html(self._caption(), _HEADS, self._rows())


def carry_out(plan: Plan) -> Plan:
    """Do the steps of a plan and return it as done.

    A setting that the endpoint does not know (the embedded S3 has no encryption) becomes a skipped step.

    Raises
    ------
    ServiceError
        If a step fails. Steps before it are done; the next plan finds them so.
    """
    return replace(plan, applied=True, steps=tuple(_done(step) for step in plan.steps))


def _done(step: Step) -> Step:
    if step.do is None:
        return step
    try:
        step.do()
    except ServiceError as error:
        if error.code != NOT_IMPLEMENTED:
            raise
        return replace(step, action="skip", detail="this endpoint does not have it")
    return step


def carries(tags: Sequence[dict[str, str]], project: str) -> bool:
    """Say whether a service's list of tags names the project.

    Examples
    --------
    >>> carries([{"Key": "a2i-al:project", "Value": "spam"}], "spam")
    True
    """
    return any(tag["Key"] == PROJECT_TAG and tag["Value"] == project for tag in tags)
