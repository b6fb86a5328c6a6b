"""A worker task template and an item in, the page a worker sees out: A2I's Liquid, and our own crowd-* elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.templates.fields import answer_fields, offered_labels
    from a2i_al.templates.linting.check import lint
    from a2i_al.templates.linting.findings import Finding, Findings
    from a2i_al.templates.page import preview_page, worker_page
    from a2i_al.templates.rendering import Rendered, UnrenderableTemplate, check_syntax, render
    from a2i_al.templates.ui_templates import UiTemplate, catalogue, load
    from a2i_al.templates.uses import needed_columns

__all__ = [
    "Finding",
    "Findings",
    "Rendered",
    "UiTemplate",
    "UnrenderableTemplate",
    "answer_fields",
    "catalogue",
    "check_syntax",
    "lint",
    "load",
    "needed_columns",
    "offered_labels",
    "preview_page",
    "render",
    "worker_page",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "Finding": "a2i_al.templates.linting.findings",
        "Findings": "a2i_al.templates.linting.findings",
        "Rendered": "a2i_al.templates.rendering",
        "UiTemplate": "a2i_al.templates.ui_templates",
        "UnrenderableTemplate": "a2i_al.templates.rendering",
        "answer_fields": "a2i_al.templates.fields",
        "catalogue": "a2i_al.templates.ui_templates",
        "check_syntax": "a2i_al.templates.rendering",
        "lint": "a2i_al.templates.linting.check",
        "load": "a2i_al.templates.ui_templates",
        "needed_columns": "a2i_al.templates.uses",
        "offered_labels": "a2i_al.templates.fields",
        "preview_page": "a2i_al.templates.page",
        "render": "a2i_al.templates.rendering",
        "worker_page": "a2i_al.templates.page",
    },
)
