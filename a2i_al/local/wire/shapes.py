"""Requests are checked against botocore's own models of the services: required members, types, lengths, patterns.

The models are what AWS's clients are made from, so the rules are AWS's and need no copy here.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from a2i_al.local.wire.call import Refusal, invalid

# Java's character classes, which Python's re does not know; a little wider, which a stand-in may be.
_JAVA_CLASSES = {
    r"\p{L}": r"\w",
    r"\p{N}": r"\d",
    r"\p{Z}": r"\s",
    **dict.fromkeys((r"\p{M}", r"\p{S}", r"\p{P}"), r"\S"),
}
_SHOWN = 100
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "structure": (dict,),
    "map": (dict,),
    "timestamp": (int, float, str),
}


@lru_cache(maxsize=4)
def service_model(service: str) -> Any:
    """Return botocore's model of a service."""
    import botocore.session  # noqa: PLC0415  # loads with the first request, not with the server

    return botocore.session.get_session().get_service_model(service)


def check(service: str, operation: str, request: dict[str, Any], *, skip: frozenset[str] = frozenset()) -> None:
    """Check a request, members named as in the model.

    Parameters
    ----------
    service, operation : str
        botocore's names.
    request : dict
        What came.
    skip : frozenset of str
        Dotted members whose patterns do not apply here.

    Raises
    ------
    Refusal
        ``ValidationException`` in AWS's words with all errors found, or ``SerializationException`` for a wrong type.
    """
    errors: list[str] = []
    _check(service_model(service).operation_model(operation).input_shape, request, "", errors, skip)
    if errors:
        noun = "error" if len(errors) == 1 else "errors"
        raise invalid(f"{len(errors)} validation {noun} detected: {'; '.join(errors)}")


def as_time(value: float | str) -> datetime:
    """Return the aware time of a wire timestamp: epoch seconds, or ISO 8601.

    Raises
    ------
    Refusal
        If it is neither.
    """
    try:
        if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
            time = datetime.fromisoformat(value)
            return time if time.tzinfo else time.replace(tzinfo=UTC)
        return datetime.fromtimestamp(float(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise invalid(f"The timestamp {value!r} cannot be read.") from None


def _check(shape: Any, value: Any, where: str, errors: list[str], skip: frozenset[str]) -> None:
    kind = shape.type_name
    _check_type(kind, value, where)
    if kind == "structure":
        errors += [
            _failed("null", _join(where, name), "Member must not be null")
            for name in shape.required_members
            if value.get(name) is None
        ]
        for name, member in shape.members.items():
            if value.get(name) is not None:
                _check(member, value[name], _join(where, name), errors, skip)
        return
    if kind == "list":
        for number, one in enumerate(value, start=1):
            _check(shape.member, one, f"{where}.{number}.member", errors, skip)
    rules = {k: v for k, v in shape.metadata.items() if not (where in skip and k == "pattern")}
    errors += [_failed(value, where, rule) for rule in _broken(kind, value, rules)]


def _check_type(kind: str, value: object, where: str) -> None:
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        found = type(value).__name__
        raise Refusal("SerializationException", f"{where or 'The request'} is a {found}, not a {kind}.")


def _broken(kind: str, value: Any, rules: dict[str, Any]) -> list[str]:
    broken = []
    amount = len(value) if kind in {"string", "list"} else value
    noun = {"string": "have length", "list": "have length"}.get(kind, "have value")
    if "min" in rules and amount < rules["min"]:
        broken.append(f"Member must {noun} greater than or equal to {rules['min']}")
    if "max" in rules and amount > rules["max"]:
        broken.append(f"Member must {noun} less than or equal to {rules['max']}")
    if "pattern" in rules and not _pattern(rules["pattern"]).fullmatch(value):
        broken.append(f"Member must satisfy regular expression pattern: {rules['pattern']}")
    if "enum" in rules and value not in rules["enum"]:
        broken.append(f"Member must satisfy enum value set: [{', '.join(rules['enum'])}]")
    return broken


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    for java, python in _JAVA_CLASSES.items():
        pattern = pattern.replace(java, python)
    return re.compile(pattern)


def _join(where: str, name: str) -> str:
    member = name[0].lower() + name[1:]
    return f"{where}.{member}" if where else member


def _failed(value: Any, where: str, rule: str) -> str:
    shown = str(value)
    shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
    return f"Value '{shown}' at '{where}' failed to satisfy constraint: {rule}"
