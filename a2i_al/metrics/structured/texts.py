"""Texts that a model read and what people read in; character and word error rates out."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from a2i_al import arguments
from a2i_al.labels.structured.edit_distance import edit_distance
from a2i_al.labels.structured.text import normalised, read_text
from a2i_al.metrics.structured.pairing import paired


def text_errors(predicted: Any, actual: Any, *, ignore_case: bool = False, ignore_space: bool = True) -> pd.DataFrame:
    """Compare transcriptions, item by item.

    Parameters
    ----------
    predicted, actual : Series or mapping of item id to text
        Items without a label or a prediction are left out.
    ignore_case : bool, default False
        Compare without regard to upper and lower case.
    ignore_space : bool, default True
        Take any white space as one space, and none at the ends.

    Returns
    -------
    DataFrame
        `item_id`, `exact`, and the edits that turn people's text into the model's with the length of people's:
        `character_errors`, `characters`, `word_errors`, `words`. Texts are compared in Unicode's NFKC form.

    Raises
    ------
    InvalidInput
        If nothing can be compared, or an answer is no text.

    Examples
    --------
    >>> text_errors({"i": "to be"}, {"i": "to bee or"}).iloc[0].to_dict()
    {'item_id': 'i', 'exact': False, 'character_errors': 4, 'characters': 9, 'word_errors': 2, 'words': 3}
    """
    arguments.flags(ignore_case=ignore_case, ignore_space=ignore_space)
    rows = []
    for pair in paired(predicted, actual, read_text):
        ours, theirs = (normalised(side, ignore_case=ignore_case, ignore_space=ignore_space)
                        for side in (pair.predicted, pair.actual))  # fmt: skip
        rows.append({
            "item_id": pair.item_id, "exact": ours == theirs,
            "character_errors": edit_distance(ours, theirs), "characters": len(theirs),
            "word_errors": edit_distance(ours.split(), theirs.split()), "words": len(theirs.split()),
        })  # fmt: skip
    return pd.DataFrame(rows)


def character_error_rate(predicted: Any, actual: Any, **options: bool) -> float:
    """Return the edits over all items relative to the characters in people's texts; it can exceed 1.

    Parameters and errors are those of `text_errors`; NaN where people wrote nothing.

    Examples
    --------
    >>> character_error_rate(["abcd", "x"], ["abcf", "x"])
    0.2
    """
    return _rate(text_errors(predicted, actual, **options), "character_errors", "characters")


def word_error_rate(predicted: Any, actual: Any, **options: bool) -> float:
    """Return the words inserted, left out or replaced over all items, relative to the words in people's texts.

    Parameters and errors are those of `text_errors`; NaN where people wrote nothing.

    Examples
    --------
    >>> word_error_rate(["to be or not"], ["to be not"]).__round__(3)
    0.333
    """
    return _rate(text_errors(predicted, actual, **options), "word_errors", "words")


def _rate(table: pd.DataFrame, errors: str, length: str) -> float:
    total = int(table[length].sum())
    return int(table[errors].sum()) / total if total else math.nan
