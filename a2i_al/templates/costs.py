"""A parsed template in; the same one out with a price on each loop, and with ranges that are accounted for.

What is inside a loop is counted before the loop runs: python-liquid bounds how often loops run, but not how much is in
them, and 300,000 rounds of 100,000 characters of markup would take a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO, cast

from liquid import Node, RenderContext
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.tags.for_tag import ForNode, ForTag
from liquid.builtin.tags.tablerow_tag import TablerowNode, TablerowTag
from liquid.expression import Expression

from a2i_al.templates.context import Context

# What a node and a filter cost, measured against a literal.
_NODE, _FILTER = 2, 6


class _Range(RangeLiteral):
    """``(a..b)``: python-liquid looks for text in it one number after the other, and makes lists of it."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> range:
        return cast("Context", context).effort.range(super().evaluate(context))


class _For(ForNode):
    __slots__ = ("price",)

    price: int

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        cast("Context", context).price = self.price
        return super().render_to_output(context, buffer)


class _Tablerow(TablerowNode):
    __slots__ = ("price",)

    price: int

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        cast("Context", context).price = self.price
        return super().render_to_output(context, buffer)


class PricedFor(ForTag):
    """``{% for %}``."""

    node_class = _For


class PricedTablerow(TablerowTag):
    """``{% tablerow %}``."""

    node_class = _Tablerow


def put_prices(nodes: Iterable[Node], context: RenderContext) -> int:
    """Give every loop below these nodes its price, in steps a round, and every range its bounds; return their own."""
    steps = 0
    for node in nodes:
        inside = put_prices(node.children(context), context)
        if isinstance(node, _For | _Tablerow):
            node.price = inside
        steps += _NODE + inside + sum(map(_price, _expressions(node)))
    return steps


def _expressions(node: Node) -> Iterable[Expression]:
    """Yield all expressions of a node, with ranges made ours; a condition may be thousands deep."""
    waiting = list(node.expressions())
    while waiting:
        expression = waiting.pop()
        if type(expression) is RangeLiteral:
            expression.__class__ = _Range
        waiting += expression.children()
        yield expression


def _price(expression: Expression) -> int:
    match expression:
        case FilteredExpression():
            return 1 + _FILTER * len(expression.filters or ())
        case Path():
            return len(expression.path)
        case _:
            return 1
