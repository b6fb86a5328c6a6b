"""Rules on how sure the model is: a threshold on its confidence, overall or per class, and one on its margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.routing.rule import Rule
from a2i_al.routing.values import PROBA, Prediction, absent, is_missing, margin_of, number_of, value_of

if TYPE_CHECKING:
    from a2i_al.routing.table import PredictionTable, Verdicts

_FEW = 3


@dataclass(frozen=True)
class Confidence(Rule):
    """Asks for a review of predictions that the model is not sure enough of.

    A prediction whose confidence is missing is one that nobody vouches for: it is reviewed too.

    Parameters
    ----------
    below : float, optional
        Reviews what has less confidence than this, 0 to 1.
    per_class : mapping of str to float, optional
        Thresholds for predicted labels; the others go by `below`, or are left alone where that is not given.
    column : str, default "confidence"
        Where the confidence is.

    Raises
    ------
    InvalidInput
        If there is no threshold, or one is not from 0 to 1.

    References
    ----------
    C. Chow, "On optimum recognition error and reject tradeoff", IEEE Transactions on Information Theory 16, 1970:
    for a given share of rejects, rejecting below a threshold of the posterior leaves the fewest errors.

    Examples
    --------
    >>> rule = Confidence(below=0.8, per_class={"cancel": 0.95})
    >>> rule.holds({"predicted_label": "cancel", "confidence": 0.9})
    True
    >>> rule.holds({"predicted_label": "question", "confidence": 0.9})
    False
    """

    below: float | None = None
    per_class: Mapping[str, float] = field(default_factory=dict, hash=False)
    column: str = "confidence"

    def __post_init__(self) -> None:
        limits = dict(arguments.mapping("per_class", self.per_class, "label to threshold"))
        object.__setattr__(self, "per_class", limits)
        arguments.text("column", self.column)
        if self.below is None and not limits:
            raise InvalidInput("Confidence has no threshold", fix="pass below=, per_class= or both")
        if self.below is not None:
            arguments.fraction("below", self.below)
        for label, limit in limits.items():
            arguments.fraction(f"per_class[{label!r}]", limit)

    @property
    def reason(self) -> str:
        """The thresholds in words."""
        known = [] if self.below is None else [f"{self.below:g}"]
        each = [f"{limit:g} for {label!r}" for label, limit in self.per_class.items()]
        return f"{self.column} below {', '.join(known + each[:_FEW])}{', …' if len(each) > _FEW else ''} or missing"

    def holds(self, prediction: Prediction) -> bool:
        """Say whether the confidence is missing or below the threshold of the predicted label."""
        confidence = number_of(prediction, self.column)
        limit = self._limit(value_of(prediction, "predicted_label")) if self.per_class else self.below
        return limit is not None and not confidence >= limit

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        confidence = table.numbers(self.column)
        limits: Any = self.below
        if self.per_class:
            limits = table.by_value("predicted_label", lambda label: _or_none(self._limit(label)), float)
        # No threshold is minus infinity; a missing confidence is below any that there is.
        return table.certain(~(confidence >= limits) & (limits != _NONE))

    def _limit(self, label: Any) -> float | None:
        return self.below if is_missing(label) else self.per_class.get(str(label), self.below)


@dataclass(frozen=True)
class Margin(Rule):
    """Asks for a review where the two likeliest classes are close: the columns ``proba_<label>`` give their chances.

    A prediction with a missing probability is reviewed too.

    Parameters
    ----------
    below : float
        Reviews what has a smaller distance between the two highest probabilities than this, 0 to 1.

    Raises
    ------
    InvalidInput
        If the threshold is not from 0 to 1, or a prediction has fewer than two probabilities.

    References
    ----------
    T. Scheffer, C. Decomain and S. Wrobel, "Active hidden Markov models for information extraction", IDA 2001.

    Examples
    --------
    >>> Margin(below=0.2).holds({"proba_yes": 0.55, "proba_no": 0.45})
    True
    """

    below: float

    def __post_init__(self) -> None:
        arguments.fraction("below", self.below)

    @property
    def reason(self) -> str:
        """The threshold in words."""
        return f"margin below {self.below:g} or missing"

    def holds(self, prediction: Prediction) -> bool:
        """Say whether the margin is missing or below the threshold."""
        _two_classes(prediction)
        return not margin_of(prediction) >= self.below

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        _two_classes(table.names)
        return table.certain(~(table.margins() >= self.below))


_NONE = float("-inf")


def _or_none(limit: float | None) -> float:
    return _NONE if limit is None else limit


def _two_classes(names: Any) -> None:
    if sum(str(name).startswith(PROBA) for name in names) < 2:  # noqa: PLR2004 - a margin is between two
        raise absent(f"{PROBA}<label>", names)
