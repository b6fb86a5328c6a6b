"""The keywords of `Workflow.submit` for type checkers, but for ``dry_run``, on which depends what comes back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypedDict

import pandas as pd


class SubmitOptions(TypedDict, total=False):
    """What each is for, `Workflow.submit` says."""

    predictions: pd.DataFrame | None
    max_loops: int | None
    max_cost: float | None
    price_per_object: float | None
    price_per_worker: float | None
    redact: Collection[str]
    as_files: Collection[str]
    content_classifiers: Sequence[str]
    wait_for_room: float
    max_workers: int
    progress: bool
    check: bool
