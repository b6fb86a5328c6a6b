"""Template source in, what its form will answer out: field names, their kinds, and the labels they offer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from a2i_al.templates.lenient import parse_lenient

KINDS: Final = {
    "crowd-classifier": "choice",
    "crowd-image-classifier": "choice",
    "crowd-classifier-multi-select": "choices",
    "crowd-image-classifier-multi-select": "choices",
    "crowd-checkbox": "flag",
    "crowd-radio-button": "flag",
    "crowd-toggle-button": "flag",
    "crowd-input": "text",
    "crowd-text-area": "text",
    "crowd-slider": "number",
    "crowd-bounding-box": "boxes",
    "crowd-keypoint": "keypoints",
    "crowd-polygon": "polygons",
    "crowd-line": "lines",
    "crowd-polyline": "polylines",
    "crowd-semantic-segmentation": "mask",
    "crowd-instance-segmentation": "mask",
    "crowd-entity-annotation": "spans",
    "object-value-input": "any",
    "textarea": "text",
    "select": "text",
}
_FIXED_NAMES: Final = {
    "crowd-textract-analyze-document": "AWS/Textract/AnalyzeDocument/Forms/V1",
    "crowd-rekognition-detect-moderation-labels": "AWS/Rekognition/DetectModerationLabels/Image/V3",
}
_NO_ANSWER: Final = {"submit", "button", "reset", "image", "file"}
_OFFERING: Final = {
    tag for tag, kind in KINDS.items() if kind in {"choice", "choices"} or tag == "crowd-entity-annotation"
} | {"crowd-bounding-box"}
_LIQUID_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_LIQUID_OUTPUT = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# No template writes this character; where it stands in an attribute, the value depends on the input.
_DYNAMIC = "\ufffc"


def answer_fields(source: str) -> dict[str, str]:
    """Return which fields the form will answer, and of what kind.

    Fields whose name comes from the input are left out.

    Parameters
    ----------
    source : str
        A worker task template.

    Returns
    -------
    dict of str to str
        In document order. Kinds: ``choice``, ``choices``, ``flag``, ``text``, ``number``, ``boxes``, ``keypoints``,
        ``polygons``, ``lines``, ``polylines``, ``mask``, ``spans``, ``any``.

    Examples
    --------
    >>> answer_fields("<crowd-form><crowd-classifier name='category'></crowd-classifier><input name=note></crowd-form>")
    {'category': 'choice', 'note': 'text'}
    """
    return _read(source).fields


def offered_labels(source: str) -> dict[str, tuple[str, ...]]:
    """Return the labels that each field offers, where the template itself lists them.

    Parameters
    ----------
    source : str
        A worker task template.

    Examples
    --------
    >>> offered_labels("<crowd-classifier name=category categories='[0, 1]'></crowd-classifier>")
    {'category': ('0', '1')}
    """
    return _read(source).labels


def _read(source: str) -> _FormReader:
    reader = _FormReader()
    reader.feed(_LIQUID_OUTPUT.sub(_DYNAMIC, _LIQUID_TAG.sub(_DYNAMIC, source)))
    reader.close()
    return reader


@dataclass
class _FormReader(HTMLParser):
    fields: dict[str, str] = field(default_factory=dict)
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        kind = _input_kind(attributes) if tag == "input" else KINDS.get(tag, "any" if tag in _FIXED_NAMES else "")
        name = _FIXED_NAMES.get(tag, attributes.get("name", ""))
        if not kind or not name or _DYNAMIC in name:
            return
        self.fields.setdefault(name, kind)
        labels = _labels(attributes) if tag in _OFFERING else ()
        if labels:
            self.labels.setdefault(name, labels)


def _input_kind(attributes: dict[str, str]) -> str:
    kind = attributes.get("type", "text").lower()
    if kind in _NO_ANSWER:
        return ""
    return "flag" if kind in {"radio", "checkbox"} else "text"


def _labels(attributes: dict[str, str]) -> tuple[str, ...]:
    text = attributes.get("categories") or attributes.get("labels", "")
    if not text or _DYNAMIC in text:
        return ()
    try:
        listed = parse_lenient(text)
    except (ValueError, RecursionError):
        return ()
    entries = listed if isinstance(listed, list) else [listed]
    return tuple(str(entry.get("label", "")) if isinstance(entry, dict) else str(entry) for entry in entries)
