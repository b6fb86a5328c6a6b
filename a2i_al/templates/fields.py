"""Template source in, what its form will answer out: field names, their kinds, and the labels they offer."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Final

from a2i_al.templates.lenient import parse_lenient
from a2i_al.templates.markup import DYNAMIC, Markup, Tag, read_markup

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
    "crowd-text-ranking": "ranking",
    "crowd-question-answer-generation": "any",
    "object-value-input": "any",
    "textarea": "text",
    "select": "choice",
}
_FIXED_NAMES: Final = {
    "crowd-textract-analyze-document": "AWS/Textract/AnalyzeDocument/Forms/V1",
    "crowd-rekognition-detect-moderation-labels": "AWS/Rekognition/DetectModerationLabels/Image/V3",
}
_LOADER: Final = "//assets.crowd.aws/"
_NO_ANSWER: Final = {"submit", "button", "reset", "image", "file"}


def answer_fields(source: str) -> dict[str, str]:
    """Return which fields the form will answer, and of what kind, under their names in the answers table.

    Fields whose name comes from the input are left out. A comment on a picture is a field of its own.

    Parameters
    ----------
    source : str
        A worker task template.

    Returns
    -------
    dict of str to str
        In document order. Kinds: ``choice``, ``choices``, ``flag``, ``text``, ``number``, ``boxes``, ``keypoints``,
        ``polygons``, ``lines``, ``polylines``, ``mask``, ``spans``, ``ranking``, ``any``.

    Examples
    --------
    >>> answer_fields("<crowd-form><crowd-classifier name='category'></crowd-classifier><input name=note></crowd-form>")
    {'category': 'choice', 'note': 'text'}
    """
    fields: dict[str, str] = {}
    pictured = ""
    for tag in read_markup(source).tags:
        found = field_of(tag)
        if found and DYNAMIC not in found[0]:
            fields.setdefault(*found)
        if tag.name.startswith("crowd-image-classifier"):
            pictured = found[0] if found else ""
        if tag.name == "worker-comment" and pictured and DYNAMIC not in pictured:
            fields.setdefault(f"{pictured}.workerComment", "text")
    return fields


def offered_labels(source: str) -> dict[str, tuple[str, ...]]:
    """Return the labels that each field offers, where the template itself lists them.

    Of a ``<select>`` these are its options as they answer. A script of the template could add further ones: with one,
    nothing is said of them.

    Parameters
    ----------
    source : str
        A worker task template.

    Examples
    --------
    >>> offered_labels("<crowd-classifier name=category categories='[0, 1]'></crowd-classifier>")
    {'category': ('0', '1')}
    """
    markup = read_markup(source)
    listed = [(tag, labels_of(tag)) for tag in markup.tags if tag.name.startswith("crowd-")]
    offered: dict[str, tuple[str, ...]] = {}
    for tag, labels in sorted([*listed, *_selects(markup)], key=lambda entry: entry[0].offset):
        found = field_of(tag)
        if found and labels and DYNAMIC not in found[0]:
            offered.setdefault(found[0], labels)
    return offered


def field_of(tag: Tag, unnamed: str = "") -> tuple[str, str] | None:
    """Return name and kind of the field that a tag is, if it is one.

    Parameters
    ----------
    tag : Tag
        Of the template.
    unnamed : str
        The name of a control that has none; by default that is no field.

    Examples
    --------
    >>> field_of(read_markup("<select multiple name=colours>").tags[0])
    ('colours', 'choices')
    """
    kind = _kind(tag)
    name = _FIXED_NAMES.get(tag.name) or tag.attributes.get("name") or unnamed
    return (name, kind) if kind and name else None


def labels_of(tag: Tag) -> tuple[str, ...]:
    """Return the labels that a crowd-* element lists; none where the input decides, or where they cannot be read."""
    text = tag.attributes.get("categories") or tag.attributes.get("labels", "")
    if not text or DYNAMIC in text or not tag.name.startswith("crowd-"):
        return ()
    try:
        listed = parse_lenient(text)
    except (ValueError, RecursionError):
        return ()
    return tuple(_label(entry) for entry in (listed if isinstance(listed, list) else [listed]))


def _kind(tag: Tag) -> str:
    if tag.name == "input":
        kind = tag.attributes.get("type", "text").lower()
        return "" if kind in _NO_ANSWER else "flag" if kind in {"radio", "checkbox"} else "text"
    if tag.name == "select" and "multiple" in tag.attributes:
        return "choices"
    return KINDS.get(tag.name, "any" if tag.name in _FIXED_NAMES else "")


def _selects(markup: Markup) -> Iterator[tuple[Tag, tuple[str, ...]]]:
    """Yield each select with what its options answer; with nothing where the input or a script may write them."""
    if any(tag.name == "script" and _LOADER not in tag.attributes.get("src", "") for tag in markup.tags):
        return
    lists: list[tuple[Tag, list[str]]] = []
    for tag in markup.tags:
        if tag.name in {"select", "datalist"}:
            lists.append((tag, []))
        elif tag.name == "option" and lists:
            lists[-1][1].append(_value(tag, markup.text))
    for tag, values in lists:
        if tag.name == "select" and not any(DYNAMIC in value for value in values):
            yield tag, tuple(values)


def _value(option: Tag, text: str) -> str:
    """Return what an option answers: its value, or else its text as a browser reads it."""
    inside = text[option.offset + len(option.text) :].partition("<")[0]
    return option.attributes.get("value", " ".join(html.unescape(inside).split()))


def _label(entry: object) -> str:
    return str(entry.get("label", entry.get("name", ""))) if isinstance(entry, dict) else str(entry)
