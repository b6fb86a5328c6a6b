"""Templates and inputs come in; why they cannot be rendered, in A2I's words, or the page goes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from a2i_al.errors import InvalidTemplate
from a2i_al.local.wire.call import invalid
from a2i_al.templates import render


def why_not(template: str, task_input: dict[str, Any]) -> str | None:
    r"""Return A2I's failure reason for a task that cannot be rendered, or None.

    Examples
    --------
    >>> why_not("{{ task.input.image | grant_read_access }}", {"image": " "})
    'Task failed to render: [ InvalidParameters: \'"grant_read_access" input is not a valid S3 URI: " ".\' ].'
    """
    try:
        render(template, task_input, grant_read_access=lambda uri: uri)
    except InvalidTemplate as error:
        code, message = _words(error)
        return f"Task failed to render: [ {code}: '{message}' ]."
    return None


def preview(
    template: str, task_input: str, grant_read_access: Callable[[str], str]
) -> tuple[str, list[dict[str, str]]]:
    """Return what RenderUiTemplate answers: the page and no errors, or no page and the errors.

    Raises
    ------
    Refusal
        ``ValidationException`` if the input is not a JSON object.
    """
    try:
        parsed = json.loads(task_input)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise invalid("Task.Input is not a JSON object.")
    try:
        return render(template, parsed, grant_read_access=grant_read_access).html, []
    except InvalidTemplate as error:
        code, message = _words(error)
        return "", [{"Code": code, "Message": message}]


def _words(error: InvalidTemplate) -> tuple[str, str]:
    return getattr(error, "code", "InvalidTemplate"), getattr(error, "message", str(error))
