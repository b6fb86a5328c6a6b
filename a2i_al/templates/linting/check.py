"""The lint itself: a template and a sample input in, every rule applied, findings and answer fields out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

from a2i_al.templates.fields import answer_fields
from a2i_al.templates.linting import element_rules, form_rules, liquid_rules, value_rules
from a2i_al.templates.linting.findings import Finding, Findings
from a2i_al.templates.linting.subject import Subject
from a2i_al.templates.rendering import Rendered, UnrenderableTemplate, render, syntax_errors
from a2i_al.templates.uses import Use, uses

RULES: Final = (*liquid_rules.RULES, *form_rules.RULES, *element_rules.RULES, *value_rules.RULES)
_SEVERITIES: Final = ("error", "warning", "note")
_MOST: Final = 100  # findings of one rule: nobody reads more


def lint(template: str, sample_input: Mapping[str, Any] | None = None, *, allow_hosts: Sequence[str] = ()) -> Findings:
    """Find what is wrong with a worker task template before anybody is asked. Never raises, whatever the template.

    Parameters
    ----------
    template : str
        Source of the worker task template.
    sample_input : mapping, optional
        An item as the template will read it under ``task.input``. With it the lint also finds missing fields, and
        renders the page to look at what the input decides.
    allow_hosts : sequence of str
        Hosts that the pages may load from, as for `preview`.

    Returns
    -------
    Findings
        A sequence of `Finding`, with ``.errors``, ``.ok`` and ``.fields``.

    Examples
    --------
    >>> template = "<crowd-form>{{ task.input.text }}<crowd-input name='a'></crowd-input></crowd-form>"
    >>> print(lint(template, {"txt": "hi"}).errors[0])
    1:16: error: the template reads task.input.text, which the sample input does not have. Expected: one of what it has:
    txt. To fix: rename or add that column, or print it with | default: "". [missing-field]
        <crowd-form>{{ task.input.text }}<crowd-input name='a'></crowd-input></crowd-form>
                       ^
    """
    found: list[Finding] = []
    broken = syntax_errors(template)
    read: tuple[Use, ...] = ()
    rendered: Rendered | None = None
    if not broken:
        read, rendered, refusal = _try(template, sample_input)
        broken = [refusal] if refusal else []
    subject = Subject(template, sample_input, read, rendered, tuple(allow_hosts))
    found += [_refused(subject, error) for error in broken]
    for rule in RULES:
        found += islice(rule(subject), _MOST)
    fields = answer_fields(template)
    if rendered:
        fields |= {name: kind for name, kind in answer_fields(rendered.html).items() if name not in fields}
    ordered = sorted(dict.fromkeys(found), key=lambda f: (f.line, f.column, _SEVERITIES.index(f.severity)))
    names = dict.fromkeys(use.name for use in read if use.path[:2] == ("task", "input"))
    return Findings(tuple(ordered), fields, tuple(names))


def _try(
    template: str, sample_input: Mapping[str, Any] | None
) -> tuple[tuple[Use, ...], Rendered | None, UnrenderableTemplate | None]:
    """Return what the template reads and how the sample renders, or why it does not."""
    try:
        read = tuple(uses(template))
    except RecursionError:
        return (), None, UnrenderableTemplate("ResourceLimitExceeded", "the template is nested too deep")
    if sample_input is None:
        return read, None, None
    try:
        return read, render(template, sample_input), None
    except UnrenderableTemplate as error:
        return read, None, error


def _refused(subject: Subject, error: UnrenderableTemplate) -> Finding:
    code = {"TemplateSyntaxError": "syntax", "InvalidInput": "invalid-input"}.get(error.code, "render")
    offset = error.offset
    if offset is None and code == "syntax":  # at the end of the source: what is open there is the reason
        open_blocks = subject.markup.unclosed
        offset = open_blocks[-1].offset if open_blocks else len(subject.source)
    with_sample = "" if code == "syntax" else "A2I would fail this loop: "
    return subject.at(offset or 0, code, "error", f"{with_sample}{error.code}: {error.message}")
