"""What a router says of one prediction, and a table of it as picks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
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


def picks_of(decisions: pd.DataFrame | Iterable[Decision | Mapping[str, Any]]) -> pd.DataFrame:
    """Return the reviews among decisions as a picks table, in the order in which they were decided.

    Parameters
    ----------
    decisions : DataFrame or iterable of Decision or mapping
        All of them, not the reviews alone: from `Router.decide_table`, or single ones, also as `Decision.to_dict` wrote
        them into a log.

    Returns
    -------
    DataFrame
        A picks table with the extra columns `reason` and `n_candidates`. An item that was decided on several times is
        there once, as it was first sent to review, with the highest chance it ever had: a draw is the item's own, so
        whoever had been drawn by the smaller chance would have been by the larger one.

        If rules asked for some and nothing was left to chance, `inclusion_probability` is NaN: what rules ask for says
        nothing of the rest.
        `n_candidates` is the number of items that had a chance. Picks estimate these; what never had one (the never
        list, a day whose budget was spent) has to be left out of the predictions then.

    Examples
    --------
    >>> decisions = [Decision("7", True, ("5 % sample",), 0.05), Decision("8", False, (NO_RULE,), 0.05)]
    >>> picks_of(decisions)[["item_id", "rank", "inclusion_probability", "n_candidates"]]
      item_id  rank  inclusion_probability  n_candidates
    0       7     1                   0.05             2
    """
    # Imported here: a Lambda that decides about one prediction at a time needs no table.
    from a2i_al.tables import PICKS  # noqa: PLC0415

    table = _table(decisions)
    highest = table.groupby("item_id")["inclusion_probability"].max()
    chosen = table[table["review"].astype(bool)].drop_duplicates("item_id").drop(columns="review")
    chosen["inclusion_probability"] = float("nan") if set(highest) == {0, 1} else chosen["item_id"].map(highest)
    candidates = int((highest > 0).sum())
    return PICKS.check(chosen.assign(rank=range(1, len(chosen) + 1), strategy=STRATEGY, n_candidates=candidates))


def _table(decisions: pd.DataFrame | Iterable[Decision | Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    if isinstance(decisions, pd.DataFrame):
        absent = [name for name in _COLUMNS if name not in decisions.columns]
        if absent == ["reason"] and "reasons" in decisions.columns:
            return decisions.assign(reason=decisions["reasons"].map(_joined)).drop(columns="reasons")
        if absent:
            raise InvalidTable(
                f"decisions lacks {', '.join(map(repr, absent))}", expected="the table that Router.decide_table gave"
            )
        return decisions
    rows = []
    for each in arguments.several("decisions", decisions, "decisions, or the table of decide_table"):
        one = _logged(each) if isinstance(each, Mapping) else each
        arguments.able("one of decisions", one, "inclusion_probability", "what Router.decide gave")
        rows.append((one.item_id, one.review, "; ".join(one.reasons), one.inclusion_probability))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _joined(reasons: Iterable[str]) -> str:
    if isinstance(reasons, str):
        raise InvalidTable(
            f"the reasons of a decision are the text {reasons[:40]!r}",
            expected="a list of them, as Decision.to_dict gave it",
            fix="keep the log as JSON lines: CSV has no lists",
        )
    return "; ".join(reasons)


def _logged(entry: Mapping[str, Any]) -> Decision:
    absent = [field.name for field in fields(Decision) if field.name not in entry]
    if absent:
        raise InvalidTable(
            f"one of decisions lacks {', '.join(map(repr, absent))}", expected="what Decision.to_dict gave"
        )
    return Decision(entry["item_id"], entry["review"], (_joined(entry["reasons"]),), entry["inclusion_probability"])
