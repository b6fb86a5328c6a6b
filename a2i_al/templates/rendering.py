"""Template source and an item in, HTML out; what cannot be rendered is refused with A2I's words, line and caret."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from liquid.exceptions import LiquidError, LiquidSyntaxError, ResourceLimitError, UnknownFilterError

from a2i_al.arguments import told
from a2i_al.errors import InvalidTemplate
from a2i_al.templates.context import Context
from a2i_al.templates.escaping import InvalidParameters, escape
from a2i_al.templates.liquid import compiled

_NEAR = 120  # characters of a line on either side of what is wrong with it
_ENOUGH = 100  # mistakes of one kind; a hostile template has one every five characters
# InputContent carries no NaN or Infinity; where an item has one, the page reads null.
_JSON = json.JSONDecoder(parse_constant=lambda _: None)


class UnrenderableTemplate(InvalidTemplate):
    """A worker task template that does not parse, or that cannot be rendered with this item.

    Attributes
    ----------
    code : str
        ``InvalidParameters`` (A2I's own), ``TemplateSyntaxError``, ``TemplateRenderError``, ``ResourceLimitExceeded``
        or ``InvalidInput``.
    message : str
        A2I's words where they are known; one line.
    line : int or None
        In the template, from 1.
    offset : int or None
        Of the place in the template, in characters.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        line: int | None = None,
        offset: int | None = None,
        excerpt: str = "",
        fix: str = "",
    ) -> None:
        where = f"in line {line} of" if line else "with"
        super().__init__(f"{code} {where} the worker task template:{excerpt or ' '}{message}", fix=fix)
        self.code, self.message, self.line, self.offset = code, message, line, offset


@dataclass(frozen=True)
class Rendered:
    """What came out.

    Attributes
    ----------
    html : str
        The page, with crowd-* elements as the template has them.
    undefined : tuple of str
        Names that the template prints but the item lacks, each once; they print as nothing.
    """

    html: str
    undefined: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Rendered(html={told(self.html)}, undefined={self.undefined!r})"  # no page of source in a cell


def render(
    template: str, task_input: Mapping[str, Any], *, grant_read_access: Callable[[str], str] | None = None
) -> Rendered:
    """Render a worker task template as A2I does.

    Parameters
    ----------
    template : str
        Liquid source.
    task_input : mapping
        What the template reads as ``task.input``: anything that JSON can say, and numpy's and pandas' scalars.
    grant_read_access : callable, optional
        From ``s3://bucket/key`` to a URL that the page can load. By default a picture that shows the URI.

    Raises
    ------
    UnrenderableTemplate
        An `InvalidTemplate` with A2I's code and message.

    References
    ----------
    https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-custom-templates.html

    Examples
    --------
    >>> render("<p>{{ task.input.text }}</p>{{ task.input.note }}", {"text": "R&D"})
    Rendered(html='<p>R&amp;D</p>', undefined=('task.input.note',))
    """
    try:
        parsed = compiled(template)
        context = Context(parsed, globals={"task": {"input": _as_json(task_input)}})
        context.grant_read_access = grant_read_access or picture_of_uri
        buffer = context.get_buffer()
        parsed.render_with_context(context, buffer)
    except LiquidError as error:
        raise _refusal(error) from error
    except RecursionError as error:
        raise UnrenderableTemplate("ResourceLimitExceeded", "the template or its input is nested too deep") from error
    return Rendered(buffer.getvalue(), tuple(dict.fromkeys(context.undefined)))


def check_syntax(template: str) -> None:
    """Refuse a template that does not parse or uses a filter that A2I lacks, before anybody depends on it.

    Raises
    ------
    UnrenderableTemplate
        With the line.

    Examples
    --------
    >>> check_syntax("{% if task.input.text %}{{ task.input.text }}{% endif %}")
    """
    for error in syntax_errors(template):
        raise error


def syntax_errors(template: str) -> list[UnrenderableTemplate]:
    """Return what keeps a template from being rendered with any item: where it does not parse, or its unknown filters.

    Examples
    --------
    >>> [error.message for error in syntax_errors("{{ task.input.a | upcase | shout }}{{ 1 | whisper }}")]
    ["unknown filter 'shout'", "unknown filter 'whisper'"]
    """
    try:
        parsed = compiled(template)
        filters = parsed.analyze(include_partials=False).filters
    except LiquidError as error:
        return [_refusal(error)]
    except RecursionError:
        return [UnrenderableTemplate("ResourceLimitExceeded", "the template is nested too deep")]
    places = [(span.index, name) for name, spans in filters.items() for span in spans if name not in parsed.env.filters]
    return [
        _refused_at(template, index, "TemplateSyntaxError", f"unknown filter '{name}'")
        for index, name in sorted(places)[:_ENOUGH]
    ]


def _refused_at(template: str, index: int, code: str, message: str) -> UnrenderableTemplate:
    line = template.count("\n", 0, index) + 1
    return UnrenderableTemplate(code, message, line=line, offset=index, excerpt=_excerpt(template, index))


def _excerpt(template: str, index: int) -> str:
    """Return the line around a place with a caret under it; of a long line, what is near."""
    first, last = max(0, index - _NEAR), min(len(template), index + _NEAR)
    start, end = template.rfind("\n", first, index) + 1, template.find("\n", index, last)
    before = template[start or first : index].expandtabs(1)
    after = template[index : last if end < 0 else end].expandtabs(1)
    before = "…" + before if first and not start else before
    after = after + "…" if end < 0 and last < len(template) else after
    return f"\n    {before}{after}\n    {' ' * len(before)}^ "


def picture_of_uri(uri: str) -> str:
    """Return a ``data:`` URL of a picture that shows an ``s3://`` URI: a preview needs no network and no account.

    Examples
    --------
    >>> picture_of_uri("s3://bucket/photo.png")[:34]
    'data:image/svg+xml;charset=utf-8,%'
    """
    text = uri if len(uri) <= 60 else f"{uri[:28]}…{uri[-28:]}"  # noqa: PLR2004 - what fits the picture
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">'
        '<rect width="640" height="360" fill="#e3e8ef"/>'
        '<path d="M264 216l44-60 30 38 18-22 34 44z" fill="#9aa7b8"/><circle cx="364" cy="146" r="13" fill="#9aa7b8"/>'
        f'<text x="320" y="270" text-anchor="middle" font-family="monospace" font-size="15" fill="#3c4859">'
        f"{escape(text)}</text></svg>"
    )
    return "data:image/svg+xml;charset=utf-8," + quote(svg)


def _as_json(task_input: Mapping[str, Any]) -> Any:
    """Return the input as its JSON reads, which is all that A2I keeps of it."""
    try:
        text = json.dumps(dict(task_input), ensure_ascii=False, default=_scalar)
        # Half of a surrogate pair is legal in JSON but not in a page.
        return _JSON.decode(text.encode("utf-8", "replace").decode("utf-8"))
    except (TypeError, ValueError) as error:
        raise UnrenderableTemplate(
            "InvalidInput", f"the input is not JSON: {error}", fix="leave out or convert that value"
        ) from error


def _scalar(value: Any) -> Any:
    for convert in ("tolist", "isoformat"):  # numpy's scalars and arrays; dates and timestamps
        if hasattr(value, convert):
            return getattr(value, convert)()
    raise TypeError(f"{value!r} is a {type(value).__name__}")


def _refusal(error: LiquidError) -> UnrenderableTemplate:
    match error:
        case InvalidParameters():
            code = "InvalidParameters"
        case LiquidSyntaxError() | UnknownFilterError():
            code = "TemplateSyntaxError"
        case ResourceLimitError():
            code = "ResourceLimitExceeded"
        case _:
            code = "TemplateRenderError"
    message = str(error.message).replace("\n", " ")
    token = error.token
    if token is None or token.start_index < 0:
        return UnrenderableTemplate(code, message)
    return _refused_at(token.source, token.start_index, code, message)
