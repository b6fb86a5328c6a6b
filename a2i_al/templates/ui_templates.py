"""The catalogue of worker task templates that come with this package: a name in, a `UiTemplate` out."""

from __future__ import annotations

import html
import json
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from a2i_al.errors import A2IWarning, InvalidInput, InvalidTemplate
from a2i_al.templates.fields import answer_fields
from a2i_al.templates.markup import read_markup

_PACKAGE = Path(__file__).parents[1]
_QUOTED = re.compile(r"""\s*=\s*("[^"]*"|'[^']*')""")


@dataclass(frozen=True)
class UiTemplate:
    """A worker task template with what one needs to know to use it.

    Attributes
    ----------
    name : str
        Of its folder in ``ui_templates/``.
    title, description : str
        From its README.
    source : str
        The Liquid template.
    sample_input, sample_answer : dict
        An item that it can show, and an answerContent that it can give.
    fields : dict of str to str
        What `answer_fields` reads in it.
    """

    name: str
    title: str
    description: str
    source: str = field(repr=False)
    sample_input: dict[str, Any] = field(repr=False)
    sample_answer: dict[str, Any] = field(repr=False)
    fields: dict[str, str]

    def with_labels(self, labels: Sequence[str]) -> str:
        """Return the source with these categories in place of its own: a plain A2I template, here and on AWS.

        Parameters
        ----------
        labels : sequence of str
            At least one, each once, none empty; any characters.

        Raises
        ------
        InvalidInput
            If the labels are not of that kind.
        InvalidTemplate
            If this template lists no categories.

        Examples
        --------
        >>> source = load("text-classification").with_labels(["spam", "it's fine"])
        >>> "&#x27;" in source
        True
        """
        wrong = [label for label in labels if not isinstance(label, str) or not label.strip()]
        if isinstance(labels, str) or not len(labels) or wrong or len(set(labels)) < len(labels):
            raise InvalidInput(f"labels are {labels!r}", expected="one or more texts, each once, none empty")
        source = _filled(self.source, labels)
        if source is None:
            raise InvalidTemplate(f"the template {self.name!r} lists no categories to fill in")
        return source


def load(name: str) -> UiTemplate:
    """Return the template of this name from the catalogue.

    Raises
    ------
    InvalidTemplate
        If there is none; the message names those there are. If its folder lacks a file, or one cannot be read.

    Examples
    --------
    >>> load("text-classification").fields
    {'category': 'choice'}
    """
    if name not in _names():
        raise InvalidTemplate(f"there is no template {name!r}", expected=f"one of {', '.join(_names())}")
    title, description = _introduction(_text(name, "README.md"))
    source = _text(name, "template.liquid.html")
    return UiTemplate(
        name=name,
        title=title,
        description=description,
        source=source,
        sample_input=_sample(name, "sample_input.json"),
        sample_answer=_sample(name, "sample_answer.json"),
        fields=answer_fields(source),
    )


def catalogue() -> pd.DataFrame:
    """Return the templates there are: one row each, with ``name``, ``title``, ``description`` and ``fields``.

    Warns
    -----
    A2IWarning
        If a folder lacks a file or holds one that cannot be read; the others are listed.

    Examples
    --------
    >>> "image-classification" in set(catalogue()["name"])
    True
    """
    columns = ["name", "title", "description", "fields"]
    rows = []
    for name in _names():
        try:
            template = load(name)
        except InvalidTemplate as error:
            warnings.warn(str(error), A2IWarning, stacklevel=2)
        else:
            rows.append({column: getattr(template, column) for column in columns})
    return pd.DataFrame(rows, columns=columns)


def _folder() -> Path:
    """Return where the templates lie: inside an installed package, beside it in a checkout."""
    installed = _PACKAGE / "ui_templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "ui_templates"


def _names() -> list[str]:
    """Return the folders with a template or its README: one alone is to be told, not passed over."""
    found = {path.parent.name for file in ("template.liquid.html", "README.md") for path in _folder().glob(f"*/{file}")}
    return sorted(found)


def _text(name: str, file: str) -> str:
    path = _folder() / name / file
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidTemplate(
            f"the template {name!r} has no {file} that can be read: {path}",
            expected="template.liquid.html, sample_input.json, sample_answer.json and README.md in its folder",
        ) from error


def _sample(name: str, file: str) -> dict[str, Any]:
    try:
        sample = json.loads(_text(name, file))
    except json.JSONDecodeError as error:
        raise InvalidTemplate(f"{file} of the template {name!r} is not JSON: {error}") from error
    if not isinstance(sample, dict):
        raise InvalidTemplate(f"{file} of the template {name!r} holds no JSON object", expected="{…}")
    return sample


def _introduction(readme: str) -> tuple[str, str]:
    """Return the heading and the first paragraph."""
    heading, _, rest = readme.partition("\n\n")
    return heading.removeprefix("# ").strip(), " ".join(rest.partition("\n\n")[0].split())


def _filled(source: str, labels: Sequence[str]) -> str | None:
    """Return the source with these labels in every list of categories or labels; nothing if there is none."""
    parts, position = [], 0
    for tag in read_markup(source).tags:
        attribute = next((name for name in ("categories", "labels") if name in tag.attributes), "")
        start = tag.place(attribute) + len(attribute)
        found = _QUOTED.match(source, start) if attribute and tag.name.startswith("crowd-") else None
        if found:
            as_objects = tag.name == "crowd-entity-annotation"
            listed = [{"label": label} if as_objects else label for label in labels]
            parts += [source[position : found.start(1)], _attribute(listed)]
            position = found.end(1)
    return "".join([*parts, source[position:]]) if parts else None


def _attribute(listed: Sequence[object]) -> str:
    """Return a quoted attribute: JSON, escaped for HTML, with no brace that Liquid could take for its own."""
    text = html.escape(json.dumps(list(listed), ensure_ascii=False))
    return '"' + text.replace("{", "&#123;").replace("}", "&#125;") + '"'
