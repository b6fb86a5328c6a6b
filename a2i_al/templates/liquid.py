"""A2I's dialect of Liquid on top of python-liquid: template source in, compiled template out.

Everything printed is escaped for HTML, string literals too, unless the last filter was one of A2I's escaping filters;
objects and arrays print as JSON. Templates are bounded, and reach neither files nor Python attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from io import StringIO
from sys import getsizeof
from typing import Any, TextIO, cast

from liquid import BoundTemplate, Environment, RenderContext, Token, Undefined
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.capture_tag import CaptureNode, CaptureTag
from liquid.builtin.tags.cycle_tag import CycleNode, CycleTag
from liquid.builtin.tags.echo_tag import EchoTag
from liquid.exceptions import FilterArgumentError, LiquidError, LocalNamespaceLimitError, ResourceLimitError
from markupsafe import Markup

from a2i_al.templates.costs import PricedFor, PricedTablerow, put_prices
from a2i_al.templates.escaping import FILTERS, escape, to_html
from a2i_al.templates.limits import OUTPUT_BYTES, Effort
from a2i_al.templates.tokens import template_tokens

# Files of other templates do not exist in A2I, and the two filters are python-liquid's own.
_NOT_IN_A2I = {"tags": ("include", "render"), "filters": ("safe", "escapejs")}
# Some of python-liquid's filters let these through: `sum` of text, `date` of the year 10000.
_FILTER_FAULTS = (ArithmeticError, AttributeError, LookupError, ValueError)


class Context(RenderContext):
    """The state of one rendering: A2I's read access, what was printed but undefined, and the effort so far."""

    __slots__ = ("_assigned", "effort", "grant_read_access", "price", "undefined")

    def __init__(self, template: BoundTemplate, **kwargs: Any) -> None:
        super().__init__(template, **kwargs)
        self.grant_read_access: Callable[[str], str] = str
        self.undefined: list[str] = []
        self.effort = Effort()
        self.price = 0  # of a round of the loop that is about to start
        self._assigned = 0

    def get(self, path: list[object], **kwargs: Any) -> object:
        """Resolve a path; what is undefined knows its whole path, for the report."""
        value = super().get(path, **kwargs)
        if isinstance(value, Undefined) and value.name == path[0]:
            value.name = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path)[1:]
        self.effort.looked_at(value)
        return value

    def assign(self, key: str, val: Any) -> None:
        """Bind a name; python-liquid adds up the sizes of all names anew each time."""
        self._assigned += getsizeof(val) - (getsizeof(self.locals[key]) if key in self.locals else 0)
        self.locals[key] = val
        if self._assigned > OUTPUT_BYTES:
            raise LocalNamespaceLimitError("what is assigned takes too much memory", token=None)

    def filter(self, name: str, token: Any) -> Callable[..., object]:
        """Return the filter, made to account for what it works on and to fail as Liquid does."""
        apply, account = super().filter(name, token), self.effort.account
        # What the caller's own function raises is the caller's to see.
        faults = () if name == "grant_read_access" else _FILTER_FAULTS

        def bounded(*args: object, **kwargs: object) -> object:
            account(name, args)
            try:
                return apply(*args, **kwargs)
            except LiquidError:
                raise
            except faults as error:
                raise FilterArgumentError(f"{name}: {type(error).__name__}", token=token) from error

        return bounded

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Count every iteration of every loop, nested or one after the other."""
        self.effort.loop(length, self.price)


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
