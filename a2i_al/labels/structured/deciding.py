"""Votes in, one row per item out: reads what people answered, lets a method decide, and names what cannot be read."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import dataclass, field
from itertools import combinations, groupby
from operator import itemgetter
from typing import Any, Generic, TypeVar

import pandas as pd

from a2i_al.errors import InvalidInput, UnreadAnswerWarning
from a2i_al.labels.counting.votes import as_text

Content = TypeVar("Content")

# What consolidate() takes from here, beside the item's id.
COLUMNS = ("label", "confidence", "n_answers", "agreement", "value", "detail")
_DTYPES = {"confidence": "float64", "agreement": "float64", "n_answers": "int64"}


class Unreadable(Exception):
    """An answer is not what the method works on; the text says why."""


@dataclass(frozen=True)
class Decision:
    """What an item's answers come to.

    Attributes
    ----------
    value : JSON value
        The consolidated answer; None where the item is tied.
    confidence : float
        From 0 to 1.
    agreement : float
        How alike the answers are, from 0 to 1; NaN for a single one.
    detail : dict
        What every part got, in JSON types: votes, spread, what is tied.
    """

    value: Any
    confidence: float
    agreement: float
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Method(Generic[Content]):
    """A way to consolidate: how one answer is read, and how the answers to one item are decided.

    Attributes
    ----------
    read : callable
        An answer as the table has it → its content; raises `Unreadable`.
    decide : callable
        Item id and its answers' contents, in an order that does not depend on that of the rows → `Decision`.
    labels : callable, optional
        Content → the labels in it, for methods whose answers name labels.
    size : callable, optional
        Content → width and height of the picture, None where unknown. Answers about pictures of different sizes are
        not compared: those of the commonest size count, and where none is, the item is tied.
    fits : callable, optional
        Item id and content → why the content cannot belong to the item, or None.
    """

    read: Callable[[Any], Content]
    decide: Callable[[str, Sequence[Content]], Decision]
    labels: Callable[[Content], Iterable[str]] | None = None
    size: Callable[[Content], tuple[int, int] | None] | None = None
    fits: Callable[[str, Content], str | None] | None = None


def decided(cast: pd.DataFrame, method: Method[Content], offered: Iterable[str] | None = None) -> pd.DataFrame:
    """Decide item by item.

    Parameters
    ----------
    cast : DataFrame
        One row per vote: `item_id`, `worker_id`, `value`, `vote`; no missing votes.
    method : Method
        What reads and decides.
    offered : iterable of str, optional
        The labels that the page offers. An answer that names another cannot be read.

    Returns
    -------
    DataFrame
        Indexed by `item_id`: `label`, the value as text, None where tied; `confidence`; `n_answers`, those that could
        be read; `agreement`; `value`; `detail`. Items without a readable answer are not in it.

    Warns
    -----
    UnreadAnswerWarning
        If answers could not be read, with the first of them.
    """
    known = None if offered is None else _known(offered, method)
    rows: dict[str, tuple[Any, ...]] = {}
    unread: list[str] = []
    ordered = cast.sort_values(["item_id", "vote", "worker_id"])
    triples = zip(ordered["item_id"], ordered["worker_id"], ordered["value"], strict=True)
    for item, answers in groupby(triples, key=itemgetter(0)):
        contents: list[tuple[str, Content]] = []
        for _, worker, value in answers:
            try:
                contents.append((worker, _read(item, value, method, known)))
            except Unreadable as reason:
                unread.append(f"worker {worker!r} for item {item!r}: {reason}")
        counted, odd = _of_one_size(contents, method)
        unread += [f"worker {worker!r} for item {item!r}: {reason}" for worker, reason in odd]
        if contents:
            decision = method.decide(item, counted) if counted else _incomparable(contents, method)
            rows[item] = (
                as_text(decision.value), decision.confidence, len(counted) or len(contents), decision.agreement,
                decision.value, decision.detail,
            )  # fmt: skip
    if unread:
        warnings.warn(
            f"{len(unread)} of {len(cast)} answers cannot be read and do not count, first {unread[0]}",
            UnreadAnswerWarning,
            stacklevel=4,  # who called consolidate()
        )
    return _frame(rows, cast["item_id"].dtype)


def _frame(rows: dict[str, tuple[Any, ...]], dtype: Any) -> pd.DataFrame:
    index = pd.Index(list(rows), name="item_id", dtype=dtype)
    columns = zip(*rows.values(), strict=True) if rows else [()] * len(COLUMNS)
    return pd.DataFrame(
        {name: pd.Series(list(column), index=index, dtype=_DTYPES.get(name, object))
         for name, column in zip(COLUMNS, columns, strict=True)},
        index=index,
    )  # fmt: skip


def _of_one_size(
    contents: Sequence[tuple[str, Content]], method: Method[Content]
) -> tuple[list[Content], list[tuple[str, str]]]:
    """Return the contents about pictures of the commonest size, none if two lead, and who answered about another."""
    every = [content for _, content in contents]
    if method.size is None:
        return every, []
    sizes = [method.size(content) for content in every]
    votes = Counter(size for size in sizes if size is not None).most_common(2)
    if len(votes) < 2:  # noqa: PLR2004 - all alike
        return every, []
    (lead, most), (_, next_most) = votes
    if most == next_most:
        return [], []
    odd = [(worker, f"its picture is {size[0]} × {size[1]} pixels, most are {lead[0]} × {lead[1]}")
           for (worker, _), size in zip(contents, sizes, strict=True) if size not in (None, lead) and size]  # fmt: skip
    return [content for content, size in zip(every, sizes, strict=True) if size in (None, lead)], odd


def _incomparable(contents: Sequence[tuple[str, Content]], method: Method[Content]) -> Decision:
    sizes = Counter(method.size(content) for _, content in contents) if method.size else Counter()
    told = {f"{size[0]} × {size[1]}": n for size, n in sizes.items() if size}
    return Decision(None, math.nan, math.nan, {"picture_sizes": {name: told[name] for name in sorted(told)}})


def _known(offered: Iterable[str], method: Method[Content]) -> set[str]:
    if method.labels is None:
        raise InvalidInput("labels= is given for answers that name none", expected="no labels=")
    return {str(label) for label in offered}


def _read(item: str, value: Any, method: Method[Content], known: set[str] | None) -> Content:
    content = method.read(value)
    if known is not None and method.labels is not None:
        unknown = sorted(set(method.labels(content)) - known)
        if unknown:
            raise Unreadable(f"{unknown[0]!r} is none of the labels {sorted(known)}")
    wrong = method.fits(item, content) if method.fits else None
    if wrong:
        raise Unreadable(wrong)
    return content


def unsaid(kept: Sized, given: Iterable[Sized]) -> bool:
    """Say whether nothing stays though everybody gave something: an empty answer is then what nobody said, and a tie.

    Examples
    --------
    >>> unsaid([], ["a", "b"]), unsaid([], ["a", ""]), unsaid(["a"], ["a", "b"])
    (True, False, False)
    """
    return not len(kept) and all(len(part) for part in given)


def pairwise(contents: Sequence[Content], alike: Callable[[Content, Content], float]) -> float:
    """Return the mean over pairs of answers of how alike they are; NaN for a single answer.

    Examples
    --------
    >>> pairwise("aaab", lambda a, b: float(a == b)), pairwise("a", lambda a, b: 1.0)
    (0.5, nan)
    """
    pairs = [alike(a, b) for a, b in combinations(contents, 2)]
    return sum(pairs) / len(pairs) if pairs else math.nan
