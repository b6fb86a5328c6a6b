"""What a user gives as a template comes in, a name or a source; the source goes out."""

from __future__ import annotations

from collections.abc import Sequence

from a2i_al import arguments, templates
from a2i_al.errors import InvalidInput


def template_source(template: str, labels: Sequence[str] | None) -> str:
    """Return the source for a catalogue name with its labels, or the given source.

    Raises
    ------
    InvalidTemplate
        If the name is unknown, or the source does not parse.
    InvalidInput
        If labels are given with a source.

    Examples
    --------
    >>> template_source("<p>{{ task.input.text }}</p>", None)
    '<p>{{ task.input.text }}</p>'
    """
    if labels is not None:
        labels = arguments.texts("labels", labels)
    if "<" not in arguments.text("template", template):
        found = templates.load(template)
        return found.with_labels(labels) if labels is not None else found.source
    if labels is not None:
        raise InvalidInput(
            "labels= was given with the source of a template", fix="write the labels into the template's categories"
        )
    templates.check_syntax(template)
    return template
