"""A router and a table of predictions in, a table of decisions out: the same as one by one, a column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from a2i_al.routing.budget import MILLION, Budget
from a2i_al.routing.decision import NO_RULE, NOT_REACHED, REACHED, SPENT
from a2i_al.routing.rulebook import Rulebook
from a2i_al.routing.scores import scores_of
from a2i_al.routing.spending import Rows, moments_of, spend, spend_at_once
from a2i_al.routing.table import Flags, PredictionTable, Verdicts
from a2i_al.tables import TEXT

_Reason = tuple[str, Flags]
# So many reasons at a time are told apart by the bits of a number.
_BITS = 16


def decide_table(
    rulebook: Rulebook, predictions: pd.DataFrame, *, budget: Budget | None, score: str, now: Any
) -> pd.DataFrame:
    """Decide about all rows, as `Router.decide_table` documents it.

    Examples
    --------
    >>> from a2i_al.routing import Confidence
    >>> rulebook = Rulebook([Confidence(below=0.8)], random_state=0)
    >>> rows = pd.DataFrame({"item_id": [1, 2], "confidence": [0.5, 0.9]})
    >>> decide_table(rulebook, rows, budget=None, score="margin", now=None)["review"].tolist()
    [True, False]
    """
    table = PredictionTable(predictions)
    judged = _Judged(rulebook, table)
    reached, spent = judged.candidate, table.none()
    if budget is not None:
        moments = moments_of(table, datetime.now(tz=UTC) if now is None else now)
        # Rounds halves to even, as `round` does.
        chances = np.where(judged.always, MILLION, np.rint(judged.chance * MILLION)).astype(np.int64)
        scores = scores_of(table, score)
        rows = Rows(moments, scores, table.lots(rulebook.lots), judged.candidate, judged.drawn, judged.always, chances)
        reached, spent = (spend_at_once if now is None else spend)(budget, rows)
    spent = spent & ~judged.listed
    chance = np.where(spent, 0.0, np.where(reached | judged.always, 1.0, judged.chance))
    return pd.DataFrame(
        {
            "item_id": table.column("item_id") if table.has_text_ids else table.ids,
            "review": judged.always | (~spent & (reached | judged.drawn)),
            "reason": _joined(_reasons(judged, reached, spent, budgeted=budget is not None), len(table)),
            "inclusion_probability": chance,
        }
    )


class _Judged:
    """What the rules say of every row: `rulebook.Judged` by the column."""

    def __init__(self, rulebook: Rulebook, table: PredictionTable) -> None:
        said = [rule.judge_table(table) for rule in rulebook.others]
        self.lists = _first(
            [(rule.reason, rule.judge_table(table).fired) for rule in (*rulebook.never, *rulebook.always)]
        )
        self.listed = _any([flags for _, flags in self.lists], table)
        self.always = _any([flags for _, flags in self.lists[len(rulebook.never) :]], table)
        free = ~self.listed
        names = [rule.reason for rule in rulebook.others]
        self.sure = [(name, free & (each.probability >= 1)) for name, each in zip(names, said, strict=True)]
        self.sampled = [
            (name, free & each.fired & (each.probability < 1)) for name, each in zip(names, said, strict=True)
        ]
        self.candidate = free & (_any([flags for _, flags in self.sure], table) | rulebook.everything)
        self.drawn = _any([flags for _, flags in self.sampled], table)
        draws = [Verdicts(each.fired, np.where(each.probability < 1, each.probability, 0.0)) for each in said]
        self.chance = np.where(free, table.any_of(draws).probability, 0.0)


def _any(flags: Sequence[Flags], table: PredictionTable) -> Flags:
    return np.asarray(np.logical_or.reduce([table.none(), *flags]))


def _first(lists: list[_Reason]) -> list[_Reason]:
    """Leave every row to the first of the lists that it is on."""
    kept: list[_Reason] = []
    for reason, flags in lists:
        for _, before in kept:
            flags = flags & ~before  # noqa: PLW2901 - narrowed by one list after the other
        kept.append((reason, flags))
    return kept


def _reasons(judged: _Judged, reached: Flags, spent: Flags, *, budgeted: bool) -> list[_Reason]:
    """Return each reason with the rows that it is given for, in the order in which `Router.decide` gives them."""
    silent = ~(judged.listed | spent | reached | judged.drawn)
    return [
        *judged.lists,
        (SPENT, spent),
        *((name, flags & reached) for name, flags in judged.sure),
        *((name, flags & ~spent) for name, flags in judged.sampled),
        (REACHED, reached & budgeted),
        (NOT_REACHED, silent & judged.candidate),
        (NO_RULE, silent & ~judged.candidate),
    ]


def _joined(reasons: list[_Reason], m: int) -> pd.Series:
    """Join each row's reasons; there are few different sets of them, however many rows."""
    codes, texts = np.zeros(m, dtype=np.int64), [""]
    for first in range(0, len(reasons), _BITS):
        part = reasons[first : first + _BITS]
        for bit, (_, flags) in enumerate(part):
            codes = codes | flags.astype(np.int64) << bit
        sets, codes = np.unique(codes, return_inverse=True)
        texts = [_text(texts[code >> _BITS], part, code) for code in sets.tolist()]
        codes = codes << _BITS
    return pd.Series(texts, dtype=TEXT).take(codes >> _BITS).reset_index(drop=True)


def _text(before: str, part: list[_Reason], code: int) -> str:
    return "; ".join([*filter(None, [before]), *(reason for bit, (reason, _) in enumerate(part) if code >> bit & 1)])
