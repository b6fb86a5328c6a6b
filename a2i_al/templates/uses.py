"""Template source in, what it reads of `task.input` out: every path, where, how, and whether it may be absent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liquid import Expression, Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode
from liquid.builtin.tags.decrement_tag import DecrementNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.increment_tag import IncrementNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode

from a2i_al.templates.context import Context
from a2i_al.templates.liquid import compiled
from a2i_al.templates.paths import ANY, EACH, Marker, Segments


@dataclass(frozen=True)
class Use:
    """One place where a template reads something.

    Attributes
    ----------
    path : tuple
        Names and indexes, the first one is the variable's; `ANY` and `EACH` where the input decides.
    offset : int
        In the source.
    how : str
        ``printed``, ``assigned`` to a variable through a filter, ``looped`` over, or ``tested`` in a condition.
    optional : bool
        Whether the template provides for its absence, by a condition around it or by the filter ``default``.
    filters : tuple of str
        Applied to it, with those of the variable that it was assigned or captured to.
    own : bool
        Whether it is a variable that the template made itself with filters; all others come with the task.
    """

    path: Segments
    offset: int
    how: str
    optional: bool = False
    filters: tuple[str, ...] = ()
    own: bool = False

    @property
    def name(self) -> str:
        """The path as templates write it.

        Examples
        --------
        >>> Use(("task", "input", "boxes", 0, "label"), 0, "printed").name
        'task.input.boxes[0].label'
        """
        first, *rest = self.path
        return str(first) + "".join(f"[{s}]" if isinstance(s, int | Marker) else f".{s}" for s in rest)


@dataclass(frozen=True)
class _Bound:
    """What a name of the template's own stands for; no path where it is not simply a part of the input."""

    path: Segments | None = None
    filters: tuple[str, ...] = ()


def uses(source: str) -> list[Use]:
    """Return every use of a variable that the template does not make itself, in the order of the source.

    Parameters
    ----------
    source : str
        A worker task template that parses.

    Examples
    --------
    >>> [(use.name, use.how, use.optional) for use in uses("{% for b in task.input.boxes %}{{ b.label }}{% endfor %}")]
    [('task.input.boxes', 'looped', False), ('task.input.boxes[*].label', 'printed', False)]
    """
    template = compiled(source)
    walk = _Walk(Context(template))
    walk.collect(template.nodes)
    walk.nodes(template.nodes, ())
    return sorted(walk.found, key=lambda use: use.offset)


def needed_columns(source: str) -> tuple[str, ...]:
    """Return the columns of the items that the page prints as they are: without them it has a hole.

    What stands behind a condition or has a ``default`` is not needed, and neither is what the package adds itself.

    Examples
    --------
    >>> needed_columns("{{ task.input.text }}{% if task.input.note %}{{ task.input.note }}{% endif %}")
    ('text',)
    """
    columns = {
        str(use.path[2]): None
        for use in uses(source)
        if use.how in {"printed", "assigned"}
        and not use.optional
        and use.path[:2] == ("task", "input")
        and len(use.path) > 2  # noqa: PLR2004
        and use.path[2] not in {ANY, EACH, "a2i_al"}
    }
    return tuple(columns)


class _Walk:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.found: list[Use] = []
        self.scope: dict[str, _Bound] = {}
        self.own: set[str] = {"forloop", "tablerowloop"}

    def collect(self, nodes: Iterable[Node]) -> None:
        """Note the names that the template makes anywhere: a loop may read what its end has made."""
        for node in nodes:
            if isinstance(node, IncrementNode | DecrementNode):
                self.own.add(str(node.name))
            self.own.update(str(name) for name in (*node.template_scope(), *node.block_scope()))
            self.collect(self.children(node))

    def children(self, node: Node) -> Iterable[Node]:
        return node.children(self.context, include_partials=False)

    def nodes(self, nodes: Iterable[Node], guards: tuple[Segments, ...]) -> None:
        for node in nodes:
            self.node(node, guards)

    def node(self, node: Node, guards: tuple[Segments, ...]) -> None:
        match node:
            case OutputNode():
                self.expression(node.expression, guards)
            case AssignNode():
                self.scope[str(node.name)] = self.expression(node.expression, guards, silent=True)
            case CaptureNode():
                before = len(self.found)
                self.nodes(self.children(node), guards)
                inner = dict.fromkeys(name for use in self.found[before:] for name in use.filters)
                self.scope[str(node.name)] = _Bound(filters=tuple(inner))
            case ForNode() | TablerowNode():
                self.loop(node, guards)
            case IfNode() | UnlessNode() | CaseNode():
                conditions = list(node.expressions())
                for child in self.children(node):
                    conditions += child.expressions()
                tested = [path for c in conditions for path in self.read(c, "tested", guards)]
                for child in self.children(node):
                    self.nodes(self.children(child) if child.expressions() else [child], (*guards, *tested))
            case _:
                for expression in node.expressions():
                    self.read(expression, "printed", guards)
                self.nodes(self.children(node), guards)

    def loop(self, node: ForNode | TablerowNode, guards: tuple[Segments, ...]) -> None:
        loop = node.expression
        name = str(loop.identifier)
        iterated = self.resolve(loop.iterable)[0] if isinstance(loop.iterable, Path) else None
        for expression in loop.children():
            self.read(expression, "looped", guards)
        before = self.scope.get(name)
        self.scope[name] = _Bound((*iterated, EACH) if iterated else None)
        self.nodes(self.children(node), guards)
        self.scope.pop(name)
        if before:
            self.scope[name] = before

    def expression(self, expression: Expression, guards: tuple[Segments, ...], *, silent: bool = False) -> _Bound:
        """Note what is printed; with `silent`, a plain path is not: it is only given another name."""
        if not isinstance(expression, FilteredExpression):
            self.read(expression, "printed", guards)
            return _Bound()
        filters = tuple(str(each.name) for each in expression.filters or ())
        for each in expression.filters or ():
            for argument in each.args:
                self.read(argument.value, "tested", guards)
        if not isinstance(expression.left, Path):
            self.read(expression.left, "printed", guards)
            return _Bound(filters=filters)
        path, bound = self.resolve(expression.left)
        every = (*bound.filters, *filters)
        if not (silent and not filters):
            how = "assigned" if silent else "printed"
            self.use(expression.left, how, guards, filters=every, optional="default" in filters)
        for nested in expression.left.children():
            self.read(nested, "printed", guards)
        return _Bound(path if not filters else None, every)

    def read(self, expression: Expression, how: str, guards: tuple[Segments, ...]) -> list[Segments]:
        """Note every path of an expression, and return them."""
        read = []
        for path in _paths(expression):
            resolved = self.use(path, how, guards)
            if resolved:
                read.append(resolved)
        return read

    def use(
        self,
        path: Path,
        how: str,
        guards: tuple[Segments, ...],
        *,
        filters: tuple[str, ...] = (),
        optional: bool = False,
    ) -> Segments | None:
        resolved, bound = self.resolve(path)
        if resolved is None and not bound.filters:
            return None
        name = resolved or (str(path.path[0]),)
        guarded = any(name[: len(g)] == g or g[: len(name)] == name for g in guards)
        self.found.append(
            Use(
                name,
                path.token.start_index,
                how,
                optional=optional or guarded,
                filters=filters or bound.filters,
                own=resolved is None,
            )
        )
        return resolved

    def resolve(self, path: Path) -> tuple[Segments | None, _Bound]:
        """Return the path from the input on; none for a part of what the template made itself."""
        first, *rest = path.path
        segments = tuple(ANY if isinstance(segment, Path) else segment for segment in rest)
        bound = self.scope.get(first) if isinstance(first, str) else _Bound()
        if bound is not None:
            return ((*bound.path, *segments) if bound.path else None), bound
        if first in self.own:
            return None, _Bound()
        return (str(first), *segments), _Bound()


def _paths(expression: Expression) -> Iterator[Path]:
    if isinstance(expression, Path):
        yield expression
    for child in expression.children():
        yield from _paths(child)
