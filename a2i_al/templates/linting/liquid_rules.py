"""Rules about the template as Liquid: what it reads, and what escaping does to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from a2i_al.templates.linting.findings import Finding
from a2i_al.templates.linting.subject import Subject
from a2i_al.templates.paths import is_missing

TEMPLATE_LIMIT = 128_000  # characters, of CreateHumanTaskUi and of RenderUiTemplate's input
INPUT_LIMIT = 3_145_728
_MTURK = re.compile(r"\$\{[A-Za-z_]\w*\}")


def size(subject: Subject) -> Iterator[Finding]:
    """Report a template or an input that is longer than A2I takes."""
    length = len(subject.source)
    if not length:
        yield subject.at(0, "empty", "error", "the template is empty", expected=f"1 to {TEMPLATE_LIMIT:,} characters")
    if length > TEMPLATE_LIMIT:
        yield subject.at(
            TEMPLATE_LIMIT,
            "over-size",
            "error",
            f"the template has {length:,} characters",
            expected=f"at most {TEMPLATE_LIMIT:,}, A2I's limit",
            fix="load large scripts and pictures from S3 instead of writing them into the template",
        )
    if subject.sample is None:
        return
    characters = len(json.dumps(dict(subject.sample), ensure_ascii=False, default=str))
    if characters > INPUT_LIMIT:
        yield subject.at(
            0,
            "input-over-size",
            "error",
            f"the sample input has {characters:,} characters of JSON",
            expected=f"at most {INPUT_LIMIT:,}, A2I's limit for InputContent",
        )
    elif characters > TEMPLATE_LIMIT:
        yield subject.at(
            0,
            "input-over-size",
            "note",
            f"the sample input has {characters:,} characters of JSON: a loop takes it, AWS's RenderUiTemplate does not",
            expected=f"at most {TEMPLATE_LIMIT:,} for a preview on AWS",
        )


def unknown_variable(subject: Subject) -> Iterator[Finding]:
    """Report names that are always empty: everything comes in as `task.input`."""
    for use in subject.uses:
        first, second = (*use.path, "")[:2]
        if use.own or use.how == "tested" or use.optional or (first == "task" and second in {"", "input"}):
            continue
        here = "task.input." + ".".join(str(segment) for segment in use.path[1 if first != "task" else 2 :] or [first])
        if first == "task":
            found, meant = f"a task has no {second!r}: it is always empty", here
        else:
            found, meant = f"nothing is called {first!r}: it is always empty", f"task.input.{use.name}"
        yield subject.at(use.offset, "unknown-variable", "warning", found, fix=f"write {meant}")


def missing_field(subject: Subject) -> Iterator[Finding]:
    """Report what the template reads and the item lacks: a hole in the page that nobody notices."""
    seen: list[tuple[str | int, ...]] = []
    for use in subject.uses:
        if (
            subject.sample is None
            or use.own
            or use.path[:2] != ("task", "input")
            or any(use.path[: len(path)] == path for path in seen)
        ):
            continue
        if not is_missing(use.path, subject.sample):
            continue
        seen.append(use.path)
        found = f"the template reads {use.name}, which the sample input does not have"
        has = ", ".join(map(str, subject.sample)) or "nothing"
        expected = "" if use.path[2] in subject.sample else f"one of what it has: {has}"
        if use.optional or use.how == "tested":
            yield subject.at(use.offset, "missing-field", "note", f"{found}; the template provides for that")
        else:
            yield subject.at(
                use.offset,
                "missing-field",
                "warning" if use.how == "looped" else "error",
                found,
                expected=expected,
                fix='rename or add that column, or print it with | default: ""',
            )


def raw_text(subject: Subject) -> Iterator[Finding]:
    """Report what is escaped for HTML inside a script or a style sheet, where nothing unescapes it."""
    for use in subject.uses:
        where = subject.markup.raw_at(use.offset)
        if not where or "skip_autoescape" in use.filters or use.how != "printed":
            continue
        if "grant_read_access" in use.filters:
            yield subject.at(
                use.offset,
                "escaped-url",
                "warning",
                f"a presigned URL inside <{where}> has &amp; for every &, so S3 refuses it",
                fix="add | skip_autoescape after grant_read_access",
            )
        elif "to_json" in use.filters and where == "script":
            yield subject.at(
                use.offset,
                "escaped-json",
                "warning",
                "JSON inside <script> has &quot; for every quotation mark, which is no JavaScript",
                fix="add | skip_autoescape after to_json",
            )


def other_dialect(subject: Subject) -> Iterator[Finding]:
    """Report ``${name}``, which is how Mechanical Turk fills templates; A2I prints it as it stands."""
    for found in _MTURK.finditer(subject.markup.text):
        if subject.markup.raw_at(found.start()):
            continue
        name = found[0][2:-1]
        yield subject.at(
            found.start(),
            "mturk-variable",
            "warning",
            f"{found[0]} is Mechanical Turk's: A2I prints it as it stands",
            fix=f"write {{{{ task.input.{name} }}}}",
        )


RULES = (size, unknown_variable, missing_field, raw_text, other_dialect)
