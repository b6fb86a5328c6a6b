"""The arguments of one submission, to be asked again with some of them changed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from a2i_al.loops.planning import Terms


@dataclass(frozen=True)
class Submission:
    """What `Workflow.submit` was called with, the caps and prices worked into its terms."""

    items: pd.DataFrame
    picks: pd.DataFrame | None
    predictions: pd.DataFrame | None
    terms: Terms
    wait_for_room: float
    max_workers: int
    progress: bool
