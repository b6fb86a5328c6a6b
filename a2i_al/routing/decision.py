"""What a router says of one prediction, and a table of it as picks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from a2i_al import arguments
from a2i_al.errors import InvalidTable

if TYPE_CHECKING:
    import pandas as pd

STRATEGY = "router"
NO_RULE = "no rule asks for it"
REACHED = "among the most uncertain that the budget reaches"
NOT_REACHED = "less uncertain than the budget reaches"
SPENT = "the day's budget is spent"
_COLUMNS = ["item_id", "review", "reason", "inclusion_probability"]


@dataclass(frozen=True)
class Decision:
    """Whether a person should see a prediction, why, and the chance there was that they would.

    Parameters
    ----------
    item_id : str
        The item.
    review : bool
        Whether to start a human loop.
    reasons : tuple of str
        The rules that asked for the review, or what spoke against one.
    inclusion_probability : float
        The chance of a review, given all that was decided before: 1 where a rule without a draw decided, the share
        of the samples where only a draw could, 0 where nothing could (the never list, a spent budget, no sampling
        rule). Weighting reviews by its inverse estimates all traffic of which it is above 0 without bias.

    Examples
    --------
    >>> Decision("7", False, ("no rule asks for it",), 0.05).review
    False
    """

    item_id: str
    review: bool
    reasons: tuple[str, ...]
    inclusion_probability: float

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as plain JSON values, for a log."""
        return {**asdict(self), "reasons": list(self.reasons)}


def picks_of(decisions: pd.DataFrame | Iterable[Decision]) -> pd.DataFrame:
    """Return the reviews among decisions as a picks table, in the order in which they were decided.

    Parameters
    ----------
    decisions : DataFrame or iterable of Decision
        From `Router.decide_table`, or single ones.

    Returns
    -------
    DataFrame
        A picks table with the extra column `reason`. An item that was decided on several times is there once, as it
        was first sent to review.

    Examples
    --------
    >>> picks_of([Decision("7", True, ("5 % sample",), 0.05)])[["item_id", "rank", "inclusion_probability"]]
      item_id  rank  inclusion_probability
    0       7     1                   0.05
    """
    # Imported here: a Lambda that decides about one prediction at a time needs no table.
    import pandas as pd  # noqa: PLC0415

    from a2i_al.tables import PICKS  # noqa: PLC0415

    if isinstance(decisions, pd.DataFrame):
        absent = [name for name in _COLUMNS if name not in decisions.columns]
        if absent:
            raise InvalidTable(
                f"decisions lacks {', '.join(map(repr, absent))}", expected="the table that Router.decide_table gave"
            )
    else:
        decisions = list(arguments.several("decisions", decisions, "decisions, or the table of decide_table"))
        for each in decisions:
            arguments.able("one of decisions", each, "inclusion_probability", "what Router.decide gave")
        rows = [(d.item_id, d.review, "; ".join(d.reasons), d.inclusion_probability) for d in decisions]
        decisions = pd.DataFrame(rows, columns=_COLUMNS)
    chosen = decisions[decisions["review"].astype(bool)].drop_duplicates("item_id").drop(columns="review")
    return PICKS.check(chosen.assign(rank=range(1, len(chosen) + 1), strategy=STRATEGY))
