"""How urgently a prediction wants a review: what the daily budget goes by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from a2i_al.errors import InvalidInput
from a2i_al.routing.values import Prediction, margin_of, number_of, probability_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from a2i_al.routing.table import PredictionTable

LEAST_CONFIDENCE, MARGIN = "least_confidence", "margin"
# Everything below is as little urgent; a score that is missing is more urgent than all others.
_SMALLEST, _LARGEST = 2.0**-30, 2.0**60


def score_of(prediction: Prediction, name: str) -> float:
    """Return how urgently a prediction wants a review, above 0; a missing score is the most urgent.

    Parameters
    ----------
    prediction : mapping
        One prediction.
    name : str
        ``"least_confidence"`` is 1 - `confidence`, ``"margin"`` is 1 - the margin of ``proba_<label>``, another name
        is a value of the prediction, at least 0.

    Raises
    ------
    InvalidInput
        If the score is negative or no number, a confidence or probability is not from 0 to 1, or the prediction does
        not have the named value.

    Examples
    --------
    >>> score_of({"confidence": 0.75}, "least_confidence"), score_of({"risk": 3}, "risk")
    (0.25, 3.0)
    """
    if name == LEAST_CONFIDENCE:
        score = 1 - probability_of(prediction, "confidence") if "confidence" in prediction else math.nan
    elif name == MARGIN:
        score = 1 - margin_of(prediction)
    else:
        score = number_of(prediction, name)
    if score < 0:
        raise _negative(name, score)
    return _LARGEST if math.isnan(score) else min(max(score, _SMALLEST), _LARGEST)


def scores_of(table: PredictionTable, name: str) -> npt.NDArray[np.float64]:
    """Return the scores of all rows, each as `score_of` gives it.

    Examples
    --------
    >>> import pandas as pd
    >>> from a2i_al.routing.table import PredictionTable
    >>> scores_of(PredictionTable(pd.DataFrame({"item_id": [1], "confidence": [0.75]})), "least_confidence").tolist()
    [0.25]
    """
    # Imported here: numpy is for tables.
    import numpy as np  # noqa: PLC0415

    if name == LEAST_CONFIDENCE:
        known = "confidence" in table.names
        scores = 1 - table.probabilities("confidence") if known else np.full(len(table), np.nan)
    elif name == MARGIN:
        scores = 1 - table.margins()
    else:
        scores = table.numbers(name)
    if (scores < 0).any():
        raise _negative(name, float(scores[scores < 0][0]))
    return np.where(np.isnan(scores), _LARGEST, np.clip(scores, _SMALLEST, _LARGEST))


def _negative(name: str, score: float) -> InvalidInput:
    return InvalidInput(f"the score {name!r} is {score!r}", expected="0 or more; higher is more urgent")
