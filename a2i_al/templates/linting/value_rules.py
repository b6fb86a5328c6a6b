"""Rules about attributes that hold lists and objects: they must be readable, here or in the sample's page."""

from __future__ import annotations

from collections.abc import Iterator

from a2i_al.templates.lenient import parse_lenient
from a2i_al.templates.linting.elements import KNOWN
from a2i_al.templates.linting.findings import Finding
from a2i_al.templates.linting.subject import Subject
from a2i_al.templates.markup import DYNAMIC, Tag


def unreadable_value(subject: Subject) -> Iterator[Finding]:
    """Report what cannot be read of `categories` and their like; single quotes and trailing commas are fine."""
    for tag in subject.crowd():
        for attribute, text in _values(tag):
            if DYNAMIC not in text:
                yield from _check(subject, tag, attribute, text, "")
    for tag in subject.page.tags if subject.page else ():
        for attribute, text in _values(tag):
            origin = _origin(subject, tag, attribute)
            if origin:
                yield from _check(subject, origin, attribute, text, " with the sample input")


def _values(tag: Tag) -> Iterator[tuple[str, str]]:
    element = KNOWN.get(tag.name)
    for attribute in sorted(element.values) if element else ():
        if attribute in tag.attributes:
            yield attribute, tag.attributes[attribute]


def _origin(subject: Subject, rendered: Tag, attribute: str) -> Tag | None:
    """Return the tag of the template that made this one, if the input has a say in the attribute."""
    name = rendered.attributes.get("name", "")
    for tag in subject.crowd(rendered.name):
        written = tag.attributes.get("name", "")
        if DYNAMIC in tag.attributes.get(attribute, "") and (written == name or DYNAMIC in written):
            return tag
    return None


def _check(subject: Subject, tag: Tag, attribute: str, text: str, when: str) -> Iterator[Finding]:
    place = tag.place(attribute)
    if not text.strip():
        if when and attribute in KNOWN[tag.name].required:
            yield subject.at(place, "empty-value", "error", f"{attribute} of <{tag.name}> is empty{when}")
        return
    try:
        value = parse_lenient(text)
    except (ValueError, RecursionError) as error:
        shown = text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - what fits the line
        yield subject.at(
            place,
            "unreadable-value",
            "error",
            f"{attribute} of <{tag.name}> cannot be read{when}: {_reason(error)}: {' '.join(shown.split())}",
            expected="a JavaScript-like value such as ['a', 'b']",
        )
        return
    if attribute not in KNOWN[tag.name].lists:
        return
    if not isinstance(value, list):
        yield subject.at(
            place,
            "unreadable-value",
            "error",
            f"{attribute} of <{tag.name}> is not a list{when}",
            expected="a list such as ['a', 'b']",
        )
    elif not value:
        yield subject.at(place, "empty-value", "error", f"{attribute} of <{tag.name}> is an empty list{when}")
    else:
        yield from _repeated(subject, place, f"{attribute} of <{tag.name}>", value, when)


def _repeated(subject: Subject, place: int, what: str, value: list[object], when: str) -> Iterator[Finding]:
    texts = [repr(entry) for entry in value]
    twice = next((text for text in texts if texts.count(text) > 1), None) if len(texts) < 1_000 else None  # noqa: PLR2004
    if twice:
        yield subject.at(place, "repeated-label", "warning", f"{what} lists {twice} more than once{when}")


def _reason(error: BaseException) -> str:
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)


RULES = (unreadable_value,)
