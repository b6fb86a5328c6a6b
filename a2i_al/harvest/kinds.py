"""What a form element answered comes in; the kind of the answer and its plain value go out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# The key of an annotation's payload, and its kind, under the names that `templates.answer_fields` has for them.
_ANNOTATIONS: Final = {
    "boundingBoxes": "boxes",
    "keypoints": "keypoints",
    "polygons": "polygons",
    "lines": "lines",
    "polylines": "polylines",
    "entities": "spans",
    "labeledImage": "mask",
    "blocks": "key_values",
    "moderationLabels": "moderation_labels",
    "ModerationLabels": "moderation_labels",
}


def kind_of(answer: Any) -> str:
    """Return the kind of an answer as the form sent it.

    Parameters
    ----------
    answer : JSON value
        One field of an ``answerContent``.

    Returns
    -------
    str
        ``choice``, ``choices``, ``flag`` (a lone checkbox or toggle), ``flags`` (radio buttons, several checkboxes),
        ``text``, ``number``, ``boxes``, ``keypoints``, ``polygons``, ``lines``, ``polylines``, ``spans``, ``mask``,
        ``key_values`` (Textract's), ``moderation_labels`` (Rekognition's), or ``other``.

    Examples
    --------
    >>> [kind_of(answer) for answer in ({"label": "spam"}, "spam", 3, {"entities": []}, {"a": True, "b": False}, None)]
    ['choice', 'text', 'number', 'spans', 'flags', 'other']
    """
    match answer:
        case str():
            return "text"
        case int() | float() if not isinstance(answer, bool):
            return "number"
        case dict() if answer:
            return _kind_of_object(answer)
        case _:
            return "other"


def _kind_of_object(answer: Mapping[str, Any]) -> str:
    match answer:
        case {"label": str()} if len(answer) == 1:
            return "choice"
        case {"labels": list()} if len(answer) == 1:
            return "choices"
        case {"on": bool()} if len(answer) == 1:
            return "flag"
    if all(isinstance(value, bool) for value in answer.values()):
        return "flags"
    found = [
        kind for key, kind in _ANNOTATIONS.items() if isinstance(answer.get(key), dict if kind == "mask" else list)
    ]
    return found[0] if len(found) == 1 else "other"


def simplify(value: Any, kind: str | None = None) -> Any:
    """Return what a form element answered without its wrapping; anything not recognised stays as it is.

    The kind, if it is known already, is not looked for again.

    A choice ``{"label": x}`` is ``x``, a multiple choice ``{"labels": [...]}`` the list, a lone checkbox or toggle
    ``{"on": true}`` the boolean, and of radio buttons or checkboxes ``{"a": true, "b": false}`` the object stays.

    Examples
    --------
    >>> simplify({"label": "spam"}), simplify({"labels": ["a", "b"]}), simplify({"on": True}), simplify("free text")
    ('spam', ['a', 'b'], True, 'free text')
    """
    wrapping = _WRAPPING.get(kind or kind_of(value))
    return value[wrapping] if wrapping else value


def wrapped(value: Any, kind: str) -> Any:
    """Return an answer as the form sent it: the inverse of `simplify`, given the kind.

    Examples
    --------
    >>> wrapped("spam", "choice"), wrapped("spam", "text")
    ({'label': 'spam'}, 'spam')
    """
    wrapping = _WRAPPING.get(kind)
    return {wrapping: value} if wrapping else value


_WRAPPING: Final = {"choice": "label", "choices": "labels", "flag": "on"}
