"""Rankings of the same options by several people in; the ranking that is fairest to all out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput
from a2i_al.labels.structured.deciding import Decision, Method, Unreadable, pairwise

_MOST_OPTIONS: Final = 12  # 4,096 sets of options; each more doubles them

Ranking = tuple[tuple[str, ...], ...]  # groups of options that are level, the best first
Counts = npt.NDArray[np.float64]


def borda() -> Method[Ranking]:
    """Give each option a point for every other that somebody puts below it, half a point if level; most points win.

    An answer is a list of options, the best first, in which a list stands for options that are level; or an object of
    option and rank, 1 the best. Options that an answer leaves out are level behind all others. Two options with the
    same points tie the item; `detail` has the `ranking` with its ties all the same, and the `points`.
    `confidence` is the share of all preferences between two options that the result respects, `agreement` the mean
    share of pairs of options that two answers order alike.

    References
    ----------
    J.-C. de Borda, "Mémoire sur les élections au scrutin", 1781.

    Examples
    --------
    >>> method = borda()
    >>> method.decide("i", [method.read(list(order)) for order in ("abc", "acb", "bac")]).value
    ['a', 'b', 'c']
    """

    def decide(_: str, answers: Sequence[Ranking]) -> Decision:
        options, above = _preferences(answers)
        points = above.sum(axis=1)
        order = sorted(range(len(options)), key=lambda i: (-points[i], options[i]))
        ranking = _level([(float(points[i]), options[i]) for i in order])
        tied = [group for group in ranking if len(group) > 1]
        detail = {"ranking": [*map(_plain, ranking)], "points": {options[i]: float(points[i]) for i in order},
                  "tied": [list(group) for group in tied]}  # fmt: skip
        value = None if tied else [options[i] for i in order]
        return Decision(value, _respected(above, order), pairwise(answers, _alike), detail)

    return Method(read_ranking, decide, labels=lambda ranking: [option for group in ranking for option in group])


def kemeny() -> Method[Ranking]:
    """Find the order that contradicts as few preferences as possible, exactly: for up to twelve options.

    Answers are those of `borda`. Where several orders are as good, the item is tied; `detail` says how many there are
    (`orders`) and how many preferences any of them contradicts (`contradicted`; a level pair counts as half).

    Raises
    ------
    InvalidInput
        Once there are more options.

    References
    ----------
    J. Kemeny, "Mathematics without numbers", Daedalus 88, 1959; by dynamic programming over sets of options.

    Examples
    --------
    >>> method = kemeny()
    >>> found = method.decide("i", [method.read(list(order)) for order in ("abc", "bca", "cab", "abc")])
    >>> found.value, found.detail
    (['a', 'b', 'c'], {'orders': 1, 'contradicted': 4.0})
    """

    def decide(item: str, answers: Sequence[Ranking]) -> Decision:
        options, above = _preferences(answers)
        if len(options) > _MOST_OPTIONS:
            raise InvalidInput(
                f"item {item!r} has {len(options)} options", expected=f"at most {_MOST_OPTIONS}", fix="method='borda'"
            )
        order, orders, contradicted = _best_orders(above)
        value = [options[i] for i in order] if orders == 1 else None
        detail = {"orders": orders, "contradicted": contradicted}
        return Decision(value, _respected(above, order), pairwise(answers, _alike), detail)

    return Method(read_ranking, decide, labels=lambda ranking: [option for group in ranking for option in group])


def read_ranking(value: Any) -> Ranking:
    """Return a ranking's groups of level options, the best first.

    Examples
    --------
    >>> read_ranking(["a", ["c", "b"]]), read_ranking({"a": 2, "b": 1})
    ((('a',), ('b', 'c')), (('b',), ('a',)))
    """
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, Mapping) and value:
        ranks = [*value.values()]
        if any(isinstance(rank, bool) or not isinstance(rank, int | float) or rank != rank for rank in ranks):  # noqa: PLR0124
            raise Unreadable(f"{value!r:.80} does not give every option a rank")
        return _level(sorted((rank, option) for option, rank in value.items()))
    if not isinstance(value, list | tuple) or not value:
        raise Unreadable(f"{value!r:.80} is no ranking")
    groups = [tuple(group) if isinstance(group, list | tuple) else (group,) for group in value]
    named = [option for group in groups for option in group]
    if not named or not all(isinstance(option, str) for option in named) or len({*named}) < len(named):
        raise Unreadable(f"{value!r:.80} does not name every option once")
    return tuple(tuple(sorted(group)) for group in groups if group)


def _level(scored: Sequence[tuple[float, str]]) -> Ranking:
    groups: dict[float, list[str]] = {}
    for score, option in scored:
        groups.setdefault(score, []).append(option)
    return tuple(tuple(sorted(group)) for group in groups.values())


def _plain(group: tuple[str, ...]) -> Any:
    return group[0] if len(group) == 1 else list(group)


def _preferences(answers: Sequence[Ranking]) -> tuple[list[str], Counts]:
    """Return the options and how many answers put each above each other; level ones count half for either."""
    options = sorted({option for answer in answers for group in answer for option in group})
    above = np.zeros((len(options), len(options)))
    for answer in answers:
        rank = {option: place for place, group in enumerate(answer) for option in group}
        at = np.array([rank.get(option, len(answer)) for option in options])
        above += (at[:, None] < at[None]) + 0.5 * (at[:, None] == at[None])
    np.fill_diagonal(above, 0)
    return options, above


def _respected(above: Counts, order: Sequence[int]) -> float:
    total = float(above.sum())
    return float(np.triu(above[np.ix_(order, order)]).sum()) / total if total else 1.0


def _best_orders(above: Counts) -> tuple[list[int], int, float]:
    """Return a best order, how many are as good, and the preferences that it contradicts.

    The cost of putting an option behind a set depends on the set alone, so the best order of every set follows from
    those of the sets with one option less.
    """
    n = len(above)
    cost, ways, last = [0.0] * (1 << n), [1] * (1 << n), [-1] * (1 << n)
    for chosen in range(1, 1 << n):
        members = [i for i in range(n) if chosen >> i & 1]
        found = [(cost[chosen & ~(1 << i)] + float(above[i, members].sum()), i) for i in members]
        cost[chosen] = min(value for value, _ in found)
        best = [i for value, i in found if value == cost[chosen]]  # sums of halves are exact
        ways[chosen] = sum(ways[chosen & ~(1 << i)] for i in best)
        last[chosen] = best[0]
    order, rest = [], (1 << n) - 1
    while rest:
        order.append(last[rest])
        rest &= ~(1 << last[rest])
    return order[::-1], ways[-1], cost[-1]


def _alike(a: Ranking, b: Ranking) -> float:
    """Return the share of pairs of options that two rankings order alike, level pairs included."""
    named = sorted({option for ranking in (a, b) for group in ranking for option in group})
    if len(named) < 2:  # noqa: PLR2004 - there is no pair
        return 1.0
    ours, theirs = ({option: i for i, group in enumerate(ranking) for option in group} for ranking in (a, b))
    first, second = (
        np.array([place.get(x, len(place)) - place.get(y, len(place)) for x, y in combinations(named, 2)])
        for place in (ours, theirs)
    )
    return float((np.sign(first) == np.sign(second)).mean())
