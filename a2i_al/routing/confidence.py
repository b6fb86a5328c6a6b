"""Rules on how sure the model is: a threshold on its confidence, overall or per class, and one on its margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.routing.rule import Rule
from a2i_al.routing.values import (
    PROBA,
    Prediction,
    absent,
    is_missing,
    label_text,
    margin_of,
    native,
    probability_of,
    value_of,
)

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
        Thresholds for predicted labels; the others go by `below`, or are left alone where that is not given. Labels
        that are numbers are compared as text: 1, 1.0 (an integer in a column that lacks one elsewhere) and "1" are one.
    column : str, default "confidence"
        Where the confidence is, 0 to 1; up to a millionth outside counts as rounded.

    Raises
    ------
    InvalidInput
        If there is no threshold, one is not from 0 to 1, or two are for labels of the same text; when judging, if a
        confidence is not from 0 to 1, as one in per cent is not.

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
        object.__setattr__(self, "per_class", _by_text(self.per_class))
        arguments.text("column", self.column)
        if self.below is None and not self.per_class:
            raise InvalidInput("Confidence has no threshold", fix="pass below=, per_class= or both")
        if self.below is not None:
            arguments.fraction("below", self.below)
            object.__setattr__(self, "below", native(self.below))

    @property
    def reason(self) -> str:
        """The thresholds in words."""
        known = [] if self.below is None else [f"{self.below:g}"]
        each = [f"{limit:g} for {label!r}" for label, limit in self.per_class.items()]
        return f"{self.column} below {', '.join(known + each[:_FEW])}{', …' if len(each) > _FEW else ''} or missing"

    def holds(self, prediction: Prediction) -> bool:
        """Say whether the confidence is missing or below the threshold of the predicted label."""
        confidence = probability_of(prediction, self.column)
        limit = self._limit(value_of(prediction, "predicted_label")) if self.per_class else self.below
        return limit is not None and not confidence >= limit

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        confidence = table.probabilities(self.column)
        limits: Any = self.below
        if self.per_class:
            limits = table.by_value("predicted_label", lambda label: _or_none(self._limit(label)), float)
        # No threshold is minus infinity; a missing confidence is below any that there is.
        return table.certain(~(confidence >= limits) & (limits != _NONE))

    def _limit(self, label: Any) -> float | None:
        if is_missing(label):
            return self.below
        # A threshold for "1.0" is one for 1.0, too.
        return self.per_class.get(label_text(label), self.per_class.get(str(label), self.below))


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
        If the threshold is not from 0 to 1, a prediction has fewer than two probabilities, or one is not from 0 to 1.

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
        object.__setattr__(self, "below", native(self.below))

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


def _by_text(per_class: Any) -> dict[str, float]:
    limits: dict[str, float] = {}
    for label, limit in arguments.mapping("per_class", per_class, "label to threshold").items():
        if is_missing(label):
            raise InvalidInput(f"per_class has {label!r}", expected="labels", fix="below= is for all others")
        text = label_text(label)
        if text in limits:
            raise InvalidInput(f"per_class has {text!r} twice, as a text and as a number", expected="each label once")
        arguments.fraction(f"per_class[{label!r}]", limit)
        limits[text] = native(limit)
    return limits


def _or_none(limit: float | None) -> float:
    return _NONE if limit is None else limit


def _two_classes(names: Any) -> None:
    if sum(str(name).startswith(PROBA) for name in names) < 2:  # noqa: PLR2004 - a margin is between two
        raise absent(f"{PROBA}<label>", names)
