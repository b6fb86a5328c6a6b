"""A2I's HumanLoopActivationConditions: the JSON of a flow definition in, the rules it stands for out.

The format: https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-human-fallback-conditions-json-schema.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from a2i_al.arguments import told
from a2i_al.errors import InvalidInput
from a2i_al.routing.conditions import (
    ANY,
    COMPARISONS,
    EACH,
    ImportantFormKeyConfidenceCheck,
    MissingImportantFormKey,
    ModerationLabelConfidenceCheck,
    check_words,
)
from a2i_al.routing.joined import And, Or
from a2i_al.routing.percentage import Percentage
from a2i_al.routing.rule import Rule, Salts
from a2i_al.routing.values import Prediction
from a2i_al.routing.verdict import Verdict

if TYPE_CHECKING:
    from a2i_al.routing.table import PredictionTable, Verdicts

# API reference, HumanLoopActivationConditionsConfig.
LONGEST = 10_240
DEEPEST = 2
LEAST_PERCENT, MOST_PERCENT = 0.01, 100
# What the services' confidences are from and to.
_LOWEST, _HIGHEST = 0, 100
_KEY, _ALIASES, _LABEL, _PERCENT = (
    "ImportantFormKey",
    "ImportantFormKeyAliases",
    "ModerationLabelName",
    "RandomSamplingPercentage",
)


@dataclass(frozen=True)
class Everything(Rule):
    """Asks for a review of everything, as A2I does with no conditions.

    Examples
    --------
    >>> Everything().holds({})
    True
    """

    @property
    def reason(self) -> str:
        """That nothing restricts the reviews."""
        return "no activation conditions: everything is reviewed"

    def holds(self, prediction: Prediction) -> bool:  # noqa: ARG002 - other rules go by it
        """Say yes."""
        return True

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Say yes to every row of a table."""
        return table.certain(~table.none())


@dataclass(frozen=True)
class ActivationConditions(Rule):
    """A2I's own `HumanLoopActivationConditions` as a rule, for Textract, Rekognition and every other task.

    On AWS these conditions exist for AnalyzeDocument and DetectModerationLabels only. Here they also hold for any
    task's predictions: `Sampling` as it is, `ModerationLabelConfidenceCheck` for classes
    (``proba_<label>``, or `predicted_label` and `confidence`), the form key conditions for fields (columns ``<key>``
    and ``confidence_<key>``). A prediction that has ``Blocks`` or ``ModerationLabels`` is a raw response.

    Parameters
    ----------
    conditions : str or mapping
        The JSON, as text or parsed. Thresholds are in per cent, as A2I has them.
    words : str, default "each"
        AWS's documentation says of word confidences both that "each" and that "any" word must meet them: which one.

    Raises
    ------
    InvalidInput
        If it is not JSON, longer than 10,240 characters, nested deeper than two levels, or a condition is unknown or
        has wrong parameters: a threshold is from 0 to 100, a percentage of samples from 0.01 to 100.

    Notes
    -----
    One true condition of the list is enough. An empty list reviews everything. A single condition without the list
    around it, as in one of AWS's examples, is taken as a list of one. Each `Sampling` draws by itself.

    Examples
    --------
    >>> rule = ActivationConditions('''{"Conditions": [{"And": [
    ...     {"ConditionType": "Sampling", "ConditionParameters": {"RandomSamplingPercentage": 50}},
    ...     {"ConditionType": "ModerationLabelConfidenceCheck",
    ...      "ConditionParameters": {"ModerationLabelName": "*", "ConfidenceLessThan": 60}}]}]}''')
    >>> rule.judge({"predicted_label": "cancel", "confidence": 0.5}, "1").probability
    0.5
    >>> rule.judge({"predicted_label": "cancel", "confidence": 0.7}, "1").probability
    0.0
    """

    conditions: str | Mapping[str, Any] = field(hash=False)
    words: str = EACH

    def __post_init__(self) -> None:
        check_words(self.words)
        document = _document(self.conditions)
        object.__setattr__(self, "conditions", document)
        object.__setattr__(self, "_rules", _rules_of(document, self.words))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The conditions of the list as rules; one that is true is enough."""
        return self._rules  # type: ignore[attr-defined,no-any-return]

    @property
    def reason(self) -> str:
        """The conditions in words."""
        return self._joined.reason

    @property
    def certain(self) -> bool:
        """If one of the conditions does not sample."""
        return self._joined.certain

    @property
    def _joined(self) -> Rule:
        return self.rules[0] if len(self.rules) == 1 else Or(*self.rules)

    def salted(self, salts: Salts) -> Rule:
        """Return the conditions as a rule, with a salt in each of their draws."""
        return self._joined.salted(salts)

    def judge(self, prediction: Prediction, item_id: str) -> Verdict:
        """Judge one prediction."""
        return self._joined.judge(prediction, item_id)

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        return self._joined.judge_table(table)


def _document(conditions: Any) -> dict[str, Any]:
    if not isinstance(conditions, (str, Mapping)):
        raise InvalidInput(f"the conditions are {told(conditions)}", expected="JSON, as text or as a mapping")
    text = conditions if isinstance(conditions, str) else _written(conditions)
    if len(text) > LONGEST:
        raise InvalidInput(f"the conditions have {len(text):,} characters", expected=f"at most {LONGEST:,}")
    try:
        document = json.loads(text or "{}")
    except (json.JSONDecodeError, RecursionError) as error:
        raise _no_json(error) from error
    if not isinstance(document, dict):
        raise InvalidInput(f"the conditions are a {type(document).__name__}", expected='an object: {"Conditions": […]}')
    if {"ConditionType", "And", "Or"} & set(document):
        document = {"Conditions": [document]}
    _only(document, {"Conditions"}, "the conditions")
    return document


def _written(conditions: Mapping[str, Any]) -> str:
    try:
        # Characters are counted as they are, not as the six that escape one of them.
        return json.dumps(dict(conditions), ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise _no_json(error) from error


def _no_json(error: Exception) -> InvalidInput:
    return InvalidInput(f"the conditions are not JSON: {error}", expected="HumanLoopActivationConditions")


def _rules_of(document: dict[str, Any], words: str) -> tuple[Rule, ...]:
    conditions = document.get("Conditions", [])
    if not isinstance(conditions, list):
        raise InvalidInput(f"Conditions is {conditions!r}", expected="a list")
    salts = Salts(0)
    rules = [_rule(each, words, 0).salted(salts) for each in conditions]
    return tuple(rules) or (Everything(),)


def _rule(condition: Any, words: str, depth: int) -> Rule:
    if not isinstance(condition, dict):
        raise InvalidInput(f"a condition is {condition!r}", expected="an object")
    for name, joined in (("And", And), ("Or", Or)):
        if name in condition:
            _only(condition, {name}, f"an {name} of conditions")
            return joined(*(_rule(each, words, depth + 1) for each in _several(name, condition[name], depth)))
    _only(condition, {"ConditionType", "ConditionParameters"}, "a condition")
    kind, parameters = condition.get("ConditionType"), condition.get("ConditionParameters", {})
    if not isinstance(parameters, dict):
        raise InvalidInput(f"ConditionParameters is {parameters!r}", expected="an object")
    match kind:
        case "Sampling":
            return _sampling(parameters)
        case "ModerationLabelConfidenceCheck":
            _only(parameters, {_LABEL, *_compared("Confidence")}, kind)
            return ModerationLabelConfidenceCheck(_text(parameters, _LABEL), _limits(parameters, "Confidence"))
        case "ImportantFormKeyConfidenceCheck":
            _only(parameters, {_KEY, _ALIASES, *_compared("KeyValueBlockConfidence", "WordBlockConfidence")}, kind)
            block, word = (_limits(parameters, f"{each}BlockConfidence") for each in ("KeyValue", "Word"))
            return ImportantFormKeyConfidenceCheck(_keys(parameters), block, word, words)
        case "MissingImportantFormKey":
            _only(parameters, {_KEY, _ALIASES}, kind)
            if _text(parameters, _KEY) == ANY:
                raise InvalidInput(f"{kind} has the key '*'", expected="a key that may be missing")
            return MissingImportantFormKey(_keys(parameters))
    raise InvalidInput(
        f"the ConditionType is {kind!r}",
        expected="ImportantFormKeyConfidenceCheck, MissingImportantFormKey, ModerationLabelConfidenceCheck or Sampling",
    )


def _several(name: str, conditions: Any, depth: int) -> Sequence[Any]:
    if not isinstance(conditions, list) or len(conditions) < 2:  # noqa: PLR2004 - the schema's minItems
        raise InvalidInput(f"{name} has {conditions!r}", expected="a list of at least two conditions")
    if depth == DEEPEST:
        raise InvalidInput(f"{name} is nested {depth + 1} levels deep", expected=f"at most {DEEPEST}")
    return conditions


def _sampling(parameters: dict[str, Any]) -> Rule:
    _only(parameters, {_PERCENT}, "Sampling")
    percent = _number(parameters, _PERCENT)
    if not LEAST_PERCENT <= percent <= MOST_PERCENT:
        raise InvalidInput(f"{_PERCENT} is {percent!r}", expected=f"from {LEAST_PERCENT} to {MOST_PERCENT}")
    return Percentage(percent, salt="Sampling")


def _keys(parameters: dict[str, Any]) -> tuple[str, ...]:
    aliases = parameters.get(_ALIASES, [])
    if not isinstance(aliases, list) or not all(isinstance(each, str) for each in aliases):
        raise InvalidInput(f"{_ALIASES} is {aliases!r}", expected="a list of text")
    return (_text(parameters, _KEY), *aliases)


def _limits(parameters: dict[str, Any], what: str) -> dict[str, float]:
    limits = {name: _number(parameters, what + name) for name in COMPARISONS if what + name in parameters}
    for name, limit in limits.items():
        if not _LOWEST <= limit <= _HIGHEST:  # which NaN is not either
            expected = f"from {_LOWEST} to {_HIGHEST}, per cent"
            raise InvalidInput(f"{what}{name} is {limit!r}", expected=expected)
    return limits


def _compared(*names: str) -> set[str]:
    return {what + name for what in names for name in COMPARISONS}


def _text(parameters: dict[str, Any], name: str) -> str:
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidInput(f"{name} is {value!r}", expected="text")
    return value


def _number(parameters: dict[str, Any], name: str) -> float:
    value = parameters.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidInput(f"{name} is {value!r}", expected="a number")
    return value


def _only(values: dict[str, Any], known: set[str], what: str) -> None:
    strange = sorted(set(values) - known)
    if strange:
        raise InvalidInput(f"{what} has {', '.join(map(repr, strange))}", expected=", ".join(sorted(known)))
