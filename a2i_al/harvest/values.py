"""Answers come in as they stand in the table; typed values go out: labels, boxes, spans, masks, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.harvest.annotations import box, key_values, outline, point, span
from a2i_al.harvest.kinds import kind_of
from a2i_al.harvest.masks import mask


@dataclass(frozen=True)
class Typed:
    """An answer whose parts have names and types.

    Attributes
    ----------
    kind : str
        See `kind_of`. ``other`` says that only `raw` is known.
    content : object
        By kind. ``choice``, ``text``: str. ``choices``: tuple of str. ``flag``: bool. ``flags``: the names that are
        ticked, a tuple of str. ``number``: int or float. ``boxes``: tuple of `Box`. ``keypoints``: of `Point`.
        ``polygons``, ``lines``, ``polylines``: of `Outline`. ``spans``: of `Span`. ``mask``: a `Mask`, decoded on
        demand. ``key_values``: tuple of `KeyValue`. ``moderation_labels``: tuple of str. ``other``: the JSON itself.
    size : tuple of (width, height), optional
        Of the picture that was marked, in pixels.
    raw : JSON value
        The value as the table has it: with whatever `content` has no place for.
    """

    kind: str
    content: Any
    size: tuple[int, int] | None = None
    raw: Any = field(default=None, repr=False)


def typed(value: Any, kind: str | None = None) -> Typed:
    """Return a value of the answers table with names and types for its parts.

    Parameters
    ----------
    value : JSON value
        A cell of the column ``value``.
    kind : str, optional
        The cell of the column ``kind`` beside it. Without, a single choice is text: they look the same.

    Returns
    -------
    Typed
        Of kind ``other`` if a part is not as that kind has it: an answer is never refused here.

    Examples
    --------
    >>> typed("spam", "choice")
    Typed(kind='choice', content='spam', size=None)
    >>> typed({"entities": [{"label": "person", "startOffset": 0, "endOffset": 3}]}).content
    (Span(label='person', start=0, end=3),)
    >>> typed({"a": {"b": [1]}}).kind
    'other'
    """
    kind = kind_of(value) if kind is None else kind
    try:
        return Typed(kind, _CONTENT[kind](value), _size(value), value)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):  # a custom element's own idea of this kind
        return Typed("other", value, None, value)


def typed_values(answers: pd.DataFrame) -> pd.Series:
    """Return the typed value of every answer.

    Parameters
    ----------
    answers : DataFrame
        An answers table; its column ``kind`` is used if it is there.

    Returns
    -------
    Series of Typed
        With the table's index: ``answers.assign(typed=typed_values(answers))``.

    Raises
    ------
    InvalidInput
        If there is no column ``value``.

    Examples
    --------
    >>> typed_values(pd.DataFrame({"value": ["spam"], "kind": ["choice"]}))[0].content
    'spam'
    """
    if "value" not in answers:
        raise InvalidInput("the table has no 'value'", expected="an answers table, as read_outputs(...).answers is")
    kinds = [kind if isinstance(kind, str) else None for kind in answers.get("kind", [None] * len(answers))]
    values = [typed(value, kind) for value, kind in zip(answers["value"], kinds, strict=True)]
    return pd.Series(values, index=answers.index, dtype=object, name="typed")


def _each(key: str, convert: Callable[[Mapping[str, Any]], Any]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: tuple(convert(mark) for mark in value[key])


def _label(label: Any) -> str:
    if isinstance(label, str):
        return label
    raise TypeError(type(label).__name__)


def _labels(value: Any) -> tuple[str, ...]:
    if isinstance(value, str | dict):  # their letters and keys are no labels
        raise TypeError(type(value).__name__)
    return tuple(_label(label) for label in value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(type(value).__name__)


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise TypeError(type(value).__name__)


def _moderation_labels(value: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names: Rekognition's labels are objects or strings, as the page had its categories."""
    labels = value.get("moderationLabels", value.get("ModerationLabels"))
    return tuple(_label(label["name"] if isinstance(label, dict) else label) for label in labels or ())


def _size(value: Any) -> tuple[int, int] | None:
    match value:
        case {"inputImageProperties": {"width": int() as width, "height": int() as height}}:
            return width, height
        case _:
            return None


_CONTENT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "choice": _label,
    "text": _label,
    "choices": _labels,
    "flag": _flag,
    "flags": lambda value: tuple(name for name, ticked in value.items() if _flag(ticked)),
    "number": _number,
    "boxes": _each("boundingBoxes", box),
    "keypoints": _each("keypoints", point),
    "polygons": _each("polygons", outline),
    "lines": _each("lines", outline),
    "polylines": _each("polylines", outline),
    "spans": _each("entities", span),
    "mask": mask,
    "key_values": lambda value: key_values(value["blocks"]),
    "moderation_labels": _moderation_labels,
    "other": lambda value: value,
}
