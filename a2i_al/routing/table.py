"""Predictions as columns, so that rules judge a million of them without a Python step for each.

Every method gives, row by row, what `values` and the rules give for a single prediction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidTable
from a2i_al.routing.values import PROBA, TOLERANCE, Prediction, absent, as_number, no_probability
from a2i_al.routing.verdict import Verdict
from a2i_al.sampling.ids import Hashes, hash_ids, keys

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Verdicts:
    """What one rule says of every row.

    Parameters
    ----------
    fired : ndarray of shape (m,), bool
        Whether it asks for a review.
    probability : ndarray of shape (m,), float64
        The chance that it did.

    Examples
    --------
    >>> Verdicts(np.array([True]), np.array([0.05])).fired.tolist()
    [True]
    """

    fired: Flags
    probability: Numbers


class PredictionTable:
    """The rows that rules judge.

    Parameters
    ----------
    predictions : DataFrame
        With an `item_id` in every row.

    Raises
    ------
    InvalidTable
        If it is no DataFrame, or an item_id is absent or missing.

    Examples
    --------
    >>> PredictionTable(pd.DataFrame({"item_id": [7], "confidence": [0.5]})).numbers("confidence").tolist()
    [0.5]
    """

    def __init__(self, predictions: pd.DataFrame) -> None:
        if not isinstance(predictions, pd.DataFrame):
            raise InvalidTable(f"predictions is a {type(predictions).__name__}", expected="a pandas DataFrame")
        if "item_id" not in predictions.columns:
            raise InvalidTable("predictions lacks 'item_id'", expected="a row per prediction, with its item's id")
        self.frame = predictions.reset_index(drop=True)
        ids = self.frame["item_id"]
        empty = np.asarray(ids.isna() | (ids == ""), dtype=bool)
        if empty.any():
            raise InvalidTable(
                f"predictions.item_id is missing in {int(empty.sum())} of {len(ids)} rows, first in {empty.argmax()}",
                expected="an id in every row: sampling and the human loop's name go by it",
            )
        # Ids that are text already, as most are, need no Python step each.
        self.has_text_ids = pd.api.types.infer_dtype(ids, skipna=False) == "string"
        self.ids = (
            ids.to_numpy(dtype=object) if self.has_text_ids else np.array([str(each) for each in ids], dtype=object)
        )

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def names(self) -> Sequence[str]:
        """The columns' names."""
        return list(self.frame.columns)

    @cached_property
    def hashes(self) -> Hashes:
        """The ids' hashes, which several sampling rules share."""
        return hash_ids(self.ids)

    def column(self, name: str) -> pd.Series:
        """Return a column; the error of a single prediction where it is not there."""
        if name not in self.frame.columns:
            raise absent(name, self.names)
        found = self.frame[name]
        if isinstance(found, pd.DataFrame):
            raise InvalidTable(f"predictions has several columns {name!r}", expected="each column once")
        return found

    def is_floating(self, name: str) -> bool:
        """Say whether a column holds floats by its dtype."""
        return bool(pd.api.types.is_float_dtype(self.column(name)))

    def numbers(self, name: str) -> Numbers:
        """Return a column as numbers; NaN where it is missing."""
        column = self.column(name)
        # By its dtype; numpy would make numbers of times too, in whatever unit they are.
        if pd.api.types.is_numeric_dtype(column):
            return np.asarray(column.to_numpy(dtype="float64", na_value=np.nan))
        return np.asarray(self.by_value(name, lambda value: as_number(value, name), float))

    def probabilities(self, name: str) -> Numbers:
        """Return a column as probabilities; NaN where it is missing."""
        numbers = self.numbers(name)
        outside = (numbers < -TOLERANCE) | (numbers > 1 + TOLERANCE)
        if outside.any():
            raise no_probability(name, float(numbers[outside.argmax()]))
        return np.clip(numbers, 0.0, 1.0)

    def missing(self, name: str) -> Flags:
        """Return where a column is missing: everywhere, if it is not there."""
        return np.asarray(self.column(name).isna(), dtype=bool) if name in self.frame.columns else ~self.none()

    def by_value(self, name: str, of: Callable[[Any], Any], dtype: type) -> npt.NDArray[Any]:
        """Return what a function gives for each row's value, asking it once per distinct value; None for missing."""
        column = self.column(name)
        # What is equal need not be the same, as 1 and True, where values are of several kinds; a list has no hash.
        if pd.api.types.infer_dtype(column, skipna=True).startswith(("mixed", "unknown")):
            return np.array([of(value) for value in column.tolist()], dtype=dtype)
        codes, values = pd.factorize(column)
        answers: npt.NDArray[Any] = np.array([*map(of, values.tolist()), of(None)], dtype=dtype)
        return np.asarray(answers[codes])

    def margins(self) -> Numbers:
        """Return the distance between the two highest class probabilities; NaN where one is missing."""
        chances = [self.probabilities(name) for name in self.names if str(name).startswith(PROBA)]
        if len(chances) < 2:  # noqa: PLR2004 - a margin is between two
            return np.full(len(self), np.nan)
        top = np.partition(np.column_stack(chances), -2, axis=1)
        return np.where(np.isnan(top[:, -2:]).any(axis=1), np.nan, top[:, -1] - top[:, -2])

    def has_response(self, name: str) -> bool:
        """Say whether the rows are raw responses of Textract or Rekognition."""
        return name in self.frame.columns or name[0].lower() + name[1:] in self.frame.columns

    def none(self) -> Flags:
        """Return False for every row."""
        return np.zeros(len(self), dtype=bool)

    def listed(self, ids: Iterable[str]) -> Flags:
        """Return where the item is one of these."""
        return np.asarray(pd.Series(self.ids, dtype=object).isin(list(ids)), dtype=bool)

    def certain(self, fired: npt.NDArray[Any]) -> Verdicts:
        """Return the verdicts of a rule that does not draw."""
        return Verdicts(np.asarray(fired, dtype=bool), np.asarray(fired, dtype=np.float64))

    def drawn(self, seed: int, cut: int, probability: float) -> Verdicts:
        """Return the verdicts of a draw: the items whose key is below the cut."""
        # All keys are below 2**64, which is no 64-bit number itself.
        fired = keys(self.hashes, seed) < np.uint64(cut) if cut < 2**64 else ~self.none()
        return Verdicts(fired, np.full(len(self), probability))

    def lots(self, seed: int) -> Numbers:
        """Return each item's random number from 0 to 1."""
        return keys(self.hashes, seed) / np.float64(2**64)

    def all_of(self, said: Sequence[Verdicts]) -> Verdicts:
        """Return the verdicts of rules that must all fire."""
        chance = np.ones(len(self))
        for each in said:
            chance = chance * each.probability
        return Verdicts(np.logical_and.reduce([each.fired for each in said]), chance)

    def any_of(self, said: Sequence[Verdicts]) -> Verdicts:
        """Return the verdicts of rules of which one is enough; of no rules, those of one that never fires."""
        fired, none, count, single = (
            self.none(),
            np.ones(len(self)),
            np.zeros(len(self), dtype=int),
            np.zeros(len(self)),
        )
        for each in said:
            fired = fired | each.fired
            none = none * (1 - each.probability)
            count += each.probability > 0
            single = single + each.probability
        # As `rule.at_least_one`: a single chance stays as it was written.
        return Verdicts(fired, np.where(count <= 1, single, 1 - none))

    def row_by_row(self, judge: Callable[[Prediction, str], Verdict]) -> Verdicts:
        """Return the verdicts of a rule that knows single predictions only."""
        said = [judge(row, item_id) for row, item_id in zip(self.frame.to_dict("records"), self.ids, strict=True)]
        return Verdicts(
            np.array([v.fired for v in said], dtype=bool), np.array([v.probability for v in said], dtype=float)
        )
