"""Items whose label is known in, label by item id out: what reviewers are measured by, and what is never voted on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from a2i_al.errors import InvalidInput, InvalidTable, UnknownLabel
from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.encoding import Codes
from a2i_al.labels.counting.votes import as_text

_EXPECTED = "a mapping of item_id to label, or a table with the columns item_id and label"


def known_labels(gold: Mapping[Any, Any] | pd.Series | pd.DataFrame) -> dict[str, str]:
    """Read known answers.

    Parameters
    ----------
    gold : mapping, Series or DataFrame
        Item id to label; or a table with `item_id` and `label`, such as the labels table: rows without a label do not
        count. Labels may be text, numbers or booleans, as answers may.

    Returns
    -------
    dict of str to str

    Raises
    ------
    InvalidInput
        If it is nothing of the kind, or an item has two different labels.

    Examples
    --------
    >>> known_labels({7: True}), known_labels(pd.DataFrame({"item_id": ["a", "b"], "label": ["cat", None]}))
    ({'7': 'True'}, {'a': 'cat'})
    """
    if isinstance(gold, pd.DataFrame):
        absent = [name for name in ("item_id", "label") if name not in gold.columns]
        if absent:
            raise InvalidTable(f"gold lacks {', '.join(map(repr, absent))}", expected=_EXPECTED)
        pairs = list(zip(gold["item_id"], gold["label"], strict=True))
    elif isinstance(gold, pd.Series | Mapping):
        pairs = list(gold.items())
    else:
        raise InvalidInput(f"gold is a {type(gold).__name__}", expected=_EXPECTED)
    known: dict[str, str] = {}
    for item, label in pairs:
        text = as_text(label)
        if text is None:
            continue
        if known.setdefault(str(item), text) != text:
            raise InvalidInput(
                f"gold gives item {str(item)!r} the labels {known[str(item)]!r} and {text!r}", expected="one per item"
            )
    return known


def check_gold(known: Mapping[str, str], offered: Iterable[str]) -> None:
    """Refuse a known label that nobody can give.

    Raises
    ------
    UnknownLabel
        Naming the item.
    """
    labels = list(offered)
    for item, label in known.items():
        if label not in labels:
            raise UnknownLabel(
                f"gold gives item {item!r} the label {label!r}", expected=f"one of {', '.join(map(repr, labels))}"
            )


def of_known(ballots: Ballots, gold: Codes) -> tuple[Codes, Codes]:
    """Return how many items with a known label each worker answered right, and how many at all: (W,) each."""
    cast, workers = ballots.cast, len(ballots.workers)
    known = gold[cast.item] >= 0
    right = known & (gold[cast.item] == cast.vote)
    return np.bincount(cast.worker[right], minlength=workers), np.bincount(cast.worker[known], minlength=workers)
