"""Rules about the form: that there is one, and that every answer gets out of it under a name of its own."""

from __future__ import annotations

from collections.abc import Iterator

from a2i_al.templates.fields import field_of
from a2i_al.templates.linting.elements import LOADER
from a2i_al.templates.linting.findings import Finding
from a2i_al.templates.linting.subject import Subject
from a2i_al.templates.markup import DYNAMIC, Tag

_SELF_CONTAINED = "crowd-entity-annotation"
_COMPARED = 20  # fields of one name: with more, it is said often enough


def missing_form(subject: Subject) -> Iterator[Finding]:
    """Report a page without a form; crowd-entity-annotation brings its own."""
    if subject.source and not any(subject.crowd("crowd-form", _SELF_CONTAINED)):
        yield subject.at(
            0,
            "missing-form",
            "error",
            "the template has no <crowd-form>: nothing can be submitted",
            expected="<crowd-form> … </crowd-form> around everything that is to be answered",
        )


def several_forms(subject: Subject) -> Iterator[Finding]:
    """Report a second form: one page, one answer."""
    forms = list(subject.crowd("crowd-form"))
    for form in forms[1:]:
        if not form.in_other_branch(forms[0]):
            yield subject.at(
                form.offset,
                "several-forms",
                "error",
                "this is a second <crowd-form>: only the form that is submitted is answered",
                expected="one form around all fields",
            )


def entity_annotation_in_form(subject: Subject) -> Iterator[Finding]:
    """Report crowd-entity-annotation in a form: it has a form and a Submit button of its own."""
    for tag in subject.crowd(_SELF_CONTAINED):
        if "crowd-form" in tag.inside:
            yield subject.at(
                tag.offset,
                "entity-annotation-in-form",
                "error",
                f"<{_SELF_CONTAINED}> stands inside <crowd-form>",
                expected="it alone: it brings its own form and Submit button",
                fix="remove the <crowd-form> around it",
            )


def outside_form(subject: Subject) -> Iterator[Finding]:
    """Report fields outside the form, which collects what is inside it and nothing else."""
    if not any(subject.crowd("crowd-form")):
        return
    for tag in subject.tags:
        if field_of(tag) and tag.name != _SELF_CONTAINED and not tag.inside:
            yield subject.at(
                tag.offset,
                "outside-form",
                "warning",
                f"<{tag.name}> stands outside <crowd-form>: what is answered here is not sent",
                fix="move it into the form",
            )


def unnamed_input(subject: Subject) -> Iterator[Finding]:
    """Report controls without a name, whose answers are lost; for crowd-* elements it is a required attribute."""
    for tag in subject.tags:
        named = "name" in tag.attributes or DYNAMIC in "".join(tag.attributes)
        kind = field_of(tag, "?")
        if kind and not named and tag.inside and not tag.name.startswith("crowd-"):
            yield subject.at(
                tag.offset,
                "unnamed-input",
                "warning",
                f"<{tag.name}> has no name: what is answered here is lost",
                fix="give it a name=, unless a script of yours reads it",
            )


def duplicate_name(subject: Subject) -> Iterator[Finding]:
    """Report fields that share a name, of which the answer holds one. Check boxes and radio buttons may."""
    taken: dict[str, list[tuple[str, Tag]]] = {}
    for tag in subject.tags:
        found = field_of(tag)
        if not found or DYNAMIC in found[0]:
            continue
        name, kind = found
        others = taken.setdefault(name, [])
        rivals = (other for its, other in others if not kind == its == "flag" and not tag.in_other_branch(other))
        clash = next(rivals, None)
        if clash:
            line, _, _ = subject.place(clash.offset)
            yield _duplicate(subject, tag, f"the name {name!r} is taken by <{clash.name}> in line {line}")
        elif kind != "flag" and tag.repeats:
            yield _duplicate(subject, tag, f"in a loop, every <{tag.name}> has the same name {name!r}")
        if len(others) < _COMPARED:
            others.append((kind, tag))


def _duplicate(subject: Subject, tag: Tag, found: str) -> Finding:
    return subject.at(
        tag.place("name"),
        "duplicate-name",
        "error",
        f"{found}: only one of the answers is kept",
        expected='a name of its own for every field; in a loop, for instance name="x-{{ forloop.index }}"',
    )


def no_fields(subject: Subject) -> Iterator[Finding]:
    """Report a form that asks nothing."""
    forms = list(subject.crowd("crowd-form"))
    # A script may put the fields in; Amazon's own does not.
    scripted = any(tag.name == "script" and LOADER not in tag.attributes.get("src", "") for tag in subject.tags)
    if forms and not scripted and not any(field_of(tag, "?") for tag in subject.tags):
        yield subject.at(
            forms[0].offset, "no-fields", "warning", "the form has nothing to answer: every answer will be {}"
        )


RULES = (
    missing_form,
    several_forms,
    entity_annotation_in_form,
    outside_form,
    unnamed_input,
    duplicate_name,
    no_fields,
)
