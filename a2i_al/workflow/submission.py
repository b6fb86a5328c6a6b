"""The arguments of one submission, to be asked again with some of them changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from a2i_al.loops.requests.planning import Terms
from a2i_al.loops.submission.starting import Pace
from a2i_al.tables import ITEMS


@dataclass(frozen=True)
class Submission:
    """What `Workflow.submit` was called with, the caps and prices worked into its terms."""

    items: pd.DataFrame
    picks: pd.DataFrame | None
    predictions: pd.DataFrame | None
    terms: Terms
    pace: Pace
    max_workers: int
    progress: bool

    def again(self, attempts: Mapping[str, int], items: pd.DataFrame | None) -> Submission:
        """Return the same with these attempts, by item, and with items in place of those of the same id."""
        changed = self.items
        if items is not None:
            items, before = ITEMS.check(items), ITEMS.check(self.items)
            every = pd.concat([before[~before["item_id"].isin(items["item_id"])], items])
            # In the old order, and no more of them: without picks, all items are asked about.
            changed = every.set_index("item_id", drop=False).loc[before["item_id"]].reset_index(drop=True)
        return replace(self, items=changed, terms=replace(self.terms, attempts=attempts))
