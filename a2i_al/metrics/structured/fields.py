"""Documents' fields as a model and as people read them in; how often each is right out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from a2i_al import arguments
from a2i_al.labels.structured.key_values import Fields, read_fields
from a2i_al.labels.structured.text import normalised, spelling
from a2i_al.metrics.structured.pairing import paired

ALL: Final = "all"
_OUTCOMES: Final = ("correct", "wrong", "missing", "extra")


def field_accuracy(predicted: Any, actual: Any, *, ignore_case: bool = True, ignore_space: bool = True) -> pd.DataFrame:
    """Compare documents field by field.

    Parameters
    ----------
    predicted, actual : Series or mapping of item id to fields
        As crowd-textract-analyze-document answers, or an object of key and value. Items without a label or a
        prediction are left out.
    ignore_case, ignore_space : bool, default True
        How keys and values are compared, see `a2i_al.labels.structured.text.text`.

    Returns
    -------
    DataFrame
        A row per `key`, and first, for ``"all"`` keys: `accuracy`, and of the `n` documents in which either has the
        field how many are `correct`, `wrong`, `missing` (people have it, the model has not) and `extra` (the reverse).

    Raises
    ------
    InvalidInput
        If nothing can be compared, or an answer is no set of fields.

    Examples
    --------
    >>> field_accuracy({"i": {"Total": "12", "Date": "1 May"}}, {"i": {"total": "12", "Name": "Ann"}})
         key  accuracy  n  correct  wrong  missing  extra
    0    all  0.333333  3        1      0        1      1
    1   Date  0.000000  1        0      0        0      1
    2   Name  0.000000  1        0      0        1      0
    3  total  1.000000  1        1      0        0      0
    """
    arguments.flags(ignore_case=ignore_case, ignore_space=ignore_space)

    def compared(text: str) -> str:
        return normalised(text, ignore_case=ignore_case, ignore_space=ignore_space)

    outcomes: dict[str, Counter[str]] = {}
    spellings: dict[str, list[str]] = {}
    for pair in paired(predicted, actual, read_fields):
        ours, theirs = _by_key(pair.predicted, compared), _by_key(pair.actual, compared)
        for key in {**theirs, **ours}:
            a, b = ours.get(key), theirs.get(key)
            became = "extra" if b is None else "missing" if a is None else "correct" if a[1] == b[1] else "wrong"
            outcomes.setdefault(key, Counter())[became] += 1
            spellings.setdefault(key, []).append((b or a or ("",))[0])  # people's, where they have the key
    named = {spelling(spellings[key]): counts for key, counts in outcomes.items()}
    rows = [_row(ALL, sum(named.values(), Counter())), *(_row(name, named[name]) for name in sorted(named))]
    return pd.DataFrame(rows)


def _row(key: str, outcomes: Counter[str]) -> dict[str, Any]:
    n = outcomes.total()
    accuracy = outcomes["correct"] / n if n else math.nan
    return {"key": key, "accuracy": accuracy, "n": n, **{name: outcomes[name] for name in _OUTCOMES}}


def _by_key(fields: Fields, compared: Callable[[str], str]) -> dict[str, tuple[str, str]]:
    return {compared(key): (key, compared(value)) for key, value in fields.items()}
