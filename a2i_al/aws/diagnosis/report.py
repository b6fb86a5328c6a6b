"""Checks come in; a Diagnosis goes out: a table for a terminal, a notebook or a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from a2i_al.aws.tabulate import as_html, as_text

Status = Literal["ok", "warn", "fail", "skipped"]
_HEADS = ("status", "check", "why", "fix")


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: how it stands, why, and the command or policy that puts it right."""

    name: str
    status: Status
    why: str
    fix: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """All checks, in the order in which one depends on another.

    Examples
    --------
    >>> Diagnosis((Check("credentials", "fail", "none were found", "aws configure"),))
    Diagnosis: 1 fail
    status  check        why
    fail    credentials  none were found
                         → aws configure
    """

    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether no check failed."""
        return all(check.status != "fail" for check in self.checks)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per check: ``status``, ``check``, ``why``, ``fix``."""
        return pd.DataFrame(self._rows(), columns=list(_HEADS), dtype="str")

    def _rows(self) -> list[list[str]]:
        return [[check.status, check.name, check.why, check.fix] for check in self.checks]

    def _caption(self) -> str:
        statuses = [check.status for check in self.checks]
        counts = [f"{statuses.count(word)} {word}" for word in ("ok", "warn", "fail", "skipped") if word in statuses]
        return f"Diagnosis: {', '.join(counts)}"

    def __repr__(self) -> str:
        """Return the table as text, each fix under its check."""
        rows = []
        for status, name, why, fix in self._rows():
            rows += [[status, name, why]] + ([["", "", f"→ {fix}"]] if fix else [])
        return f"{self._caption()}\n{as_text(_HEADS[:3], rows)}"

    def _repr_html_(self) -> str:
        return as_html(self._caption(), _HEADS, self._rows())
