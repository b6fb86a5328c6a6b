"""Rules about single tags: elements and attributes that exist, are written as HTML needs them, and load."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from urllib.parse import urlsplit

from a2i_al.templates.fields import labels_of
from a2i_al.templates.linting.elements import KNOWN, LOADER, REGIONS
from a2i_al.templates.linting.findings import Finding
from a2i_al.templates.linting.subject import Subject
from a2i_al.templates.markup import DYNAMIC, Tag

# What of a page comes from elsewhere: the tag's attribute with the address.
_LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "video": "src", "audio": "src"}
_PICTURES = {"img", "video", "audio"}
_BOX_LABELS = 10


def unknown_element(subject: Subject) -> Iterator[Finding]:
    """Report a mistyped tag, which shows nothing and answers nothing."""
    for tag in subject.crowd():
        if tag.name not in KNOWN and DYNAMIC not in tag.name:
            yield subject.at(
                tag.offset,
                "unknown-element",
                "error",
                f"there is no element <{tag.name}>",
                expected=_close(tag.name, KNOWN) or "an element of Amazon's reference",
            )


def unknown_attribute(subject: Subject) -> Iterator[Finding]:
    """Report a mistyped attribute, which is ignored without a word."""
    for tag in subject.crowd():
        element = KNOWN.get(tag.name)
        for attribute in tag.attributes if element else ():
            if element and DYNAMIC not in attribute and not element.knows(attribute):
                yield subject.at(
                    tag.place(attribute),
                    "unknown-attribute",
                    "warning",
                    f"<{tag.name}> has no attribute {attribute!r}: it is ignored",
                    expected=_close(attribute, element.attributes) or ", ".join(sorted(element.attributes)),
                )


def missing_attribute(subject: Subject) -> Iterator[Finding]:
    """Report the lack of labels, picture or name, without which an element does not work, and of its question."""
    for tag in subject.crowd():
        written = {name for name in tag.attributes if DYNAMIC not in name}
        if len(written) < len(tag.attributes) or tag.text.rstrip(">/ \n").endswith(DYNAMIC):
            continue  # Liquid may write the attribute
        for attribute in KNOWN[tag.name].required if tag.name in KNOWN else ():
            if not tag.attributes.get(attribute, "").strip():
                lost = ": what is answered here is lost" if attribute == "name" else ""
                yield subject.at(
                    tag.offset,
                    "missing-attribute",
                    "warning" if attribute == "header" else "error",
                    f"<{tag.name}> has no {attribute}{lost}",
                    fix=f'add {attribute}="…"',
                )


def not_closed(subject: Subject) -> Iterator[Finding]:
    """Report `<crowd-input/>`: HTML ignores the slash, and the element swallows everything that follows."""
    for tag in subject.tags:
        ours = "-" in tag.name or tag.name in REGIONS
        if not ours or tag.closed or DYNAMIC in tag.name:
            continue
        code, found = ("self-closed", "ends in />") if tag.self_closing else ("not-closed", "has no end tag")
        yield subject.at(
            tag.offset,
            code,
            "error",
            f"<{tag.name}> {found}: a browser takes everything that follows as its content",
            fix=f"write <{tag.name} …></{tag.name}>",
        )


def too_many_labels(subject: Subject) -> Iterator[Finding]:
    """Report more labels than Amazon's box and image elements take."""
    for tag in subject.crowd("crowd-bounding-box", "crowd-image-classifier"):
        labels = labels_of(tag)
        if len(labels) > _BOX_LABELS:
            yield subject.at(
                tag.offset,
                "too-many-labels",
                "warning",
                f"<{tag.name}> has {len(labels)} labels",
                expected=f"at most {_BOX_LABELS} on AWS",
            )


def missing_loader(subject: Subject) -> Iterator[Finding]:
    """Report a template that is blank on AWS, where the elements come with Amazon's script; here they are there."""
    if any(subject.crowd()) and LOADER not in subject.source:
        yield subject.at(
            next(subject.crowd()).offset,
            "missing-loader",
            "warning",
            "the template does not load Amazon's elements: it works here, but on AWS it stays blank",
            fix='begin it with <script src="https://assets.crowd.aws/crowd-html-elements.js"></script>',
        )


def blocked_resource(subject: Subject) -> Iterator[Finding]:
    """Report what will not load: nothing but pictures from S3 does, unless the owner names the host."""
    for tag in subject.tags:
        attribute = _LOADED.get(tag.name, "")
        address = tag.attributes.get(attribute, "").strip()
        if not re.match(r"(?:https?:)?//", address) or LOADER in address or DYNAMIC in address:
            continue
        if tag.name == "link" and "stylesheet" not in tag.attributes.get("rel", "").lower():
            continue
        host = _host(address)
        if not host or host in map(_host, subject.allow_hosts) or (tag.name in _PICTURES and _is_amazon(host)):
            continue
        yield _blocked(subject, tag, attribute, host)


def _blocked(subject: Subject, tag: Tag, attribute: str, host: str) -> Finding:
    return subject.at(
        tag.place(attribute),
        "blocked-resource",
        "warning",
        f"<{tag.name}> from {host} does not load here: pages have no access to the network",
        fix=f'name the host, allow_hosts=["https://{host}"], or write the content into the template',
    )


def _host(address: str) -> str:
    address = address if "//" in address else f"https://{address}"
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _is_amazon(host: str) -> bool:
    return host.endswith(".amazonaws.com")


def _close(word: str, known: Iterable[str]) -> str:
    return ", ".join(get_close_matches(word, list(known), n=2, cutoff=0.75))


RULES = (
    unknown_element,
    unknown_attribute,
    missing_attribute,
    not_closed,
    too_many_labels,
    missing_loader,
    blocked_resource,
)
