"""A2I's condition types as rules, on raw responses of Textract and Rekognition and on any task's predictions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from a2i_al import arguments
from a2i_al.routing.inferences import BLOCKS, LABELS, key_value_pairs, moderation_labels, response_list
from a2i_al.routing.rule import Rule
from a2i_al.routing.values import PROBA, Prediction, has_label, is_missing, probability_of, value_of

if TYPE_CHECKING:
    from a2i_al.routing.table import PredictionTable, Verdicts

ANY = "*"
COMPARISONS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "Equals": ("=", operator.eq),
    "LessThan": ("<", operator.lt),
    "LessThanEquals": ("<=", operator.le),
    "GreaterThan": (">", operator.gt),
    "GreaterThanEquals": (">=", operator.ge),
}
EACH, SOME = "each", "any"
# Responses have confidences from 0 to 100, as the conditions do; predictions tables have probabilities.
_PERCENT, _PROBABILITY = 1, 100
Limits = Mapping[str, float]


@dataclass(frozen=True)
class ModerationLabelConfidenceCheck(Rule):
    """A label whose confidence is in a range: Rekognition's condition type, here for the classes of any task.

    Parameters
    ----------
    label : str
        Case-sensitive; ``*`` is any. Labels that are numbers are compared as text: ``"1"``.
    limits : mapping of str to float
        Comparisons, such as ``{"LessThan": 60}``, which all must be met. In per cent.

    Notes
    -----
    On a response of DetectModerationLabels: true if it has such a label. On a row of predictions: the confidence of a
    label is its ``proba_<label>``, or the row's `confidence` where it is the `predicted_label`; ``*`` is the predicted
    label.

    Examples
    --------
    >>> rule = ModerationLabelConfidenceCheck("cancel", {"LessThan": 60})
    >>> rule.holds({"predicted_label": "cancel", "confidence": 0.55})
    True
    >>> rule.holds({"ModerationLabels": [{"Name": "cancel", "Confidence": 80.0}]})
    False
    """

    label: str
    limits: Limits = field(default_factory=dict, hash=False)

    @property
    def reason(self) -> str:
        """The condition in words."""
        return " ".join(
            ["any label" if self.label == ANY else f"label {self.label!r}", *_words("confidence", self.limits)]
        )

    def holds(self, prediction: Prediction) -> bool:
        """Say whether there is such a label."""
        labels = response_list(prediction, LABELS)
        if labels is not None:
            return any(
                self.label in (ANY, name) and bool(met(confidence, self.limits, _PERCENT))
                for name, confidence in moderation_labels(labels)
            )
        if self.label != ANY and PROBA + self.label in prediction:
            return bool(met(probability_of(prediction, PROBA + self.label), self.limits, _PROBABILITY))
        confidence = probability_of(prediction, "confidence")
        said = self.label == ANY or has_label(value_of(prediction, "predicted_label"), self.label)
        return said and bool(met(confidence, self.limits, _PROBABILITY))

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        if table.has_response(LABELS):
            return table.row_by_row(self.judge)
        if self.label != ANY and PROBA + self.label in table.names:
            return table.certain(met(table.probabilities(PROBA + self.label), self.limits, _PROBABILITY))
        hit = met(table.probabilities("confidence"), self.limits, _PROBABILITY)
        if self.label != ANY:
            hit = hit & table.by_value("predicted_label", lambda label: has_label(label, self.label), bool)
        return table.certain(hit)


@dataclass(frozen=True)
class ImportantFormKeyConfidenceCheck(Rule):
    """A key whose key-value block and words have confidences in a range: Textract's condition type, here for any form.

    Parameters
    ----------
    keys : tuple of str
        The key and its aliases, compared exactly; ``*`` is any.
    limits, word_limits : mapping of str to float
        Comparisons for the key-value block and for its words, which all must be met. In per cent.
    words : str, default "each"
        Whether ``"each"`` word of key and value must meet its limits, or ``"any"`` of them is enough.

    Notes
    -----
    On a response of AnalyzeDocument: true if it has such a pair. On a row of predictions: the confidence of key K is
    the row's ``confidence_K``, 0 to 1, for the block and for its words; a key without it, or with a missing one, was
    not found.

    Examples
    --------
    >>> rule = ImportantFormKeyConfidenceCheck(("total",), {"LessThan": 90})
    >>> rule.holds({"total": "12.00", "confidence_total": 0.7})
    True
    """

    keys: tuple[str, ...]
    limits: Limits = field(default_factory=dict, hash=False)
    word_limits: Limits = field(default_factory=dict, hash=False)
    words: str = EACH

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(self.keys))
        check_words(self.words)

    @property
    def reason(self) -> str:
        """The condition in words."""
        limits = [*_words("confidence", self.limits), *_words("word confidence", self.word_limits)]
        return " ".join(["any key" if ANY in self.keys else f"key {self.keys[0]!r}", *limits])

    def holds(self, prediction: Prediction) -> bool:
        """Say whether there is such a pair."""
        blocks = response_list(prediction, BLOCKS)
        if blocks is None:
            return any(
                bool(met(probability_of(prediction, name), self.limits, _PROBABILITY))
                and bool(met(probability_of(prediction, name), self.word_limits, _PROBABILITY))
                for name in self._columns(prediction)
            )
        return any(
            (ANY in self.keys or pair.key in self.keys)
            and bool(met(pair.confidence, self.limits, _PERCENT))
            and self._words_meet(pair.words)
            for pair in key_value_pairs(blocks)
        )

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        if table.has_response(BLOCKS):
            return table.row_by_row(self.judge)
        hit = table.none()
        for name in self._columns(table.names):
            confidence = table.probabilities(name)
            hit |= met(confidence, self.limits, _PROBABILITY) & met(confidence, self.word_limits, _PROBABILITY)
        return table.certain(hit)

    def _words_meet(self, words: tuple[float, ...]) -> bool:
        if not self.word_limits:
            return True
        hits = [bool(met(word, self.word_limits, _PERCENT)) for word in words]
        return all(hits) if self.words == EACH else any(hits)

    def _columns(self, names: Any) -> list[str]:
        if ANY in self.keys:
            return [str(name) for name in names if str(name).startswith(_CONFIDENCE_OF)]
        return [_CONFIDENCE_OF + key for key in self.keys if _CONFIDENCE_OF + key in names]


@dataclass(frozen=True)
class MissingImportantFormKey(Rule):
    """A key that was not found: Textract's condition type, here for any form.

    Parameters
    ----------
    keys : tuple of str
        The key and its aliases, compared exactly.

    Notes
    -----
    On a response of AnalyzeDocument: true if it has none of the keys. On a row of predictions: true if all columns of
    these names are absent, missing or blank.

    Examples
    --------
    >>> MissingImportantFormKey(("total", "sum")).holds({"total": None, "sum": " "})
    True
    """

    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(self.keys))

    @property
    def reason(self) -> str:
        """The condition in words."""
        return f"key {self.keys[0]!r} not found"

    def holds(self, prediction: Prediction) -> bool:
        """Say whether none of the keys is there."""
        blocks = response_list(prediction, BLOCKS)
        if blocks is None:
            return not any(name in prediction and _is_there(prediction[name]) for name in self.keys)
        return not any(pair.key in self.keys for pair in key_value_pairs(blocks))

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        if table.has_response(BLOCKS):
            return table.row_by_row(self.judge)
        there = table.none()
        for name in self.keys:
            if name in table.names:
                there |= table.by_value(name, _is_there, bool)
        return table.certain(~there)


_CONFIDENCE_OF = "confidence_"


def met(confidence: Any, limits: Limits, scale: int) -> Any:
    """Return where confidences meet all limits; a missing one meets none, though there be none to meet.

    Examples
    --------
    >>> met(70.0, {"LessThan": 80, "GreaterThan": 60}, 1), met(float("nan"), {}, 1)
    (True, False)
    """
    hit = confidence == confidence  # noqa: PLR0124 - false for NaN, for one number and for an array alike
    for name, limit in limits.items():
        # The limit is scaled, not the confidence: 29 / 100 is 0.29 as it is written, 100 * 0.29 is a little less.
        hit = hit & COMPARISONS[name][1](confidence, limit / scale)
    return hit


def check_words(words: str) -> None:
    """Refuse what is neither ``"each"`` nor ``"any"``."""
    arguments.one_of("words", words, (EACH, SOME))


def _is_there(value: Any) -> bool:
    return not is_missing(value) and bool(str(value).strip())


def _words(what: str, limits: Limits) -> list[str]:
    return [f"{what} {COMPARISONS[name][0]} {limit:g}" for name, limit in limits.items()]
