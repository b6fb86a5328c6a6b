"""A2I's dialect of Liquid on top of python-liquid: template source in, compiled template out.

Everything printed is escaped for HTML, string literals too, unless the last filter was one of A2I's escaping filters;
objects and arrays print as JSON. Templates are bounded, and reach neither files nor Python attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from io import StringIO
from typing import Any, TextIO, cast

from liquid import BoundTemplate, Environment, RenderContext, Token, Undefined
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.capture_tag import CaptureNode, CaptureTag
from liquid.builtin.tags.cycle_tag import CycleNode, CycleTag
from liquid.builtin.tags.echo_tag import EchoTag
from liquid.exceptions import LiquidError, ResourceLimitError
from markupsafe import Markup

from a2i_al.templates.context import Context
from a2i_al.templates.costs import PricedFor, PricedTablerow, put_prices
from a2i_al.templates.escaping import FILTERS, escape, to_html
from a2i_al.templates.limits import OUTPUT_BYTES
from a2i_al.templates.tokens import template_tokens

# Files of other templates do not exist in A2I, and the two filters are python-liquid's own.
_NOT_IN_A2I = {"tags": ("include", "render"), "filters": ("safe", "escapejs")}


class _PrintNode(OutputNode):
    """``{{ expression }}``: escaped, objects as JSON, and reported where the expression starts with nothing."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        expression, context = cast("FilteredExpression", self.expression), cast("Context", context)
        filters = expression.filters or []
        value = expression.left.evaluate(context)
        if isinstance(value, Undefined) and all(f.name != "default" for f in filters):
            context.undefined.append(value.name)
        for apply in filters:
            value = apply.evaluate(value, context)
        context.effort.printed(value)
        return buffer.write(to_html(value))


class _Print(Output):
    node_class = _PrintNode


class _Echo(EchoTag):
    node_class = cast("Any", _PrintNode)


class _CaptureNode(CaptureNode):
    """``{% capture %}``: what it holds was escaped when it was printed."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        text = context.get_buffer(buffer)
        self.block.render(context, text)
        context.assign(self.name, Markup(text.getvalue()))  # noqa: S704 - escaped by _PrintNode
        return 0


class _Capture(CaptureTag):
    node_class = _CaptureNode


class _CycleNode(CycleNode):
    """``{% cycle %}``: python-liquid prints its values as they are, here they are escaped."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        text = StringIO()
        super().render_to_output(context, text)
        return buffer.write(escape(text.getvalue()))


class _Cycle(CycleTag):
    node_class = _CycleNode


class _Template(BoundTemplate):
    context_class = Context


class _A2I(Environment):
    output_stream_limit = OUTPUT_BYTES
    template_class = _Template

    def tokenizer(self) -> Callable[[str], Iterator[Token]]:
        """Return our lexer; python-liquid's can be kept busy for minutes."""
        return template_tokens


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the one environment; its own autoescaping is off, for it would print literals and ``date`` unescaped."""
    env = _A2I(autoescape=False)
    for tag in (_Print, _Echo, _Capture, _Cycle, PricedFor, PricedTablerow):
        env.add_tag(tag)
    for name in _NOT_IN_A2I["tags"]:
        del env.tags[name]
    for name in _NOT_IN_A2I["filters"]:
        del env.filters[name]
    for name, function in FILTERS.items():
        env.add_filter(name, function)
    return env


@lru_cache(maxsize=256)
def compiled(source: str) -> BoundTemplate:
    """Return the compiled template, from memory if it was seen before.

    Raises
    ------
    liquid.exceptions.LiquidError
        If it does not parse.
    RecursionError
        If its expressions are nested too deep.
    """
    try:
        template = environment().from_string(source)
        put_prices(template.nodes, Context(template))
    except LiquidError as error:
        # python-liquid has one text for everything that is no error of syntax.
        if isinstance(error.__cause__, ResourceLimitError | RecursionError):
            raise error.__cause__ from None
        raise
    return template
