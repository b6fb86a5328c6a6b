"""A strategy in, the way it is carried out on a stream out: what is kept of every chunk, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import partial

from a2i_al.errors import InvalidInput
from a2i_al.sampling.registry import Strategy

# What a stream can give: the other inputs are of the whole pool at once.
GIVEN = (
    "proba",
    "label_proba",
    "features",
    "labelled_features",
    "labelled_labels",
    "labelled_proba",
    "classes",
    "hashes",
    "n",
    "rng",
)
# Batches among the uncertain: Zhdanov (2019) preselects 10 n by margin before he clusters.
_AMONG_UNCERTAIN = {"badge", "clue", "cluster_margin", "falcun", "ranked_batch", "weighted_k_means"}
# Only the outline of the pool counts for these, not where it is dense: parts' picks stand for the parts.
_OUTLINE = {"k_center", "gsx"}
# A score of a row and of the rows around it: not one that can be taken row by row.
_OF_THE_POOL = {"density_weighted"}
_UNCERTAIN_PER_PICK, _OUTLINE_PER_PICK = 10, 3
# Enough for a distance to the nearest neighbour, and small enough for any strategy in memory.
_SAMPLE = 20_000


class Way(Enum):
    """How a strategy is carried out on a stream."""

    TOP = "the best scores so far"
    UNIFORM = "the smallest random keys so far"
    WEIGHTED = "a weighted reservoir"
    CORE_SET = "merge and reduce by the strategy itself, which then chooses from what is left"
    AMONG_UNCERTAIN = "the most uncertain by margin, among which the strategy then chooses"
    AMONG_SAMPLE = "a uniform sample, among which the strategy then chooses"
    AMONG_BOTH = "the most uncertain and a uniform sample, among which the strategy then chooses"


@dataclass(frozen=True)
class Plan:
    """The way, and how many rows are kept on it: by score or at random, and at random beside those.

    Examples
    --------
    >>> from a2i_al.sampling.registry import resolve
    >>> plan(resolve("margin"), 50).way.value
    'the best scores so far'
    """

    way: Way
    kept: int
    beside: int = 0


def plan(strategy: Strategy, n: int, kept: int | None = None) -> Plan:
    """Say how a strategy is carried out on a stream.

    Parameters
    ----------
    strategy : Strategy
        Any but a draw of the user's own.
    n : int
        How many items are chosen.
    kept : int, optional
        How many rows the strategies that choose among what was kept choose from; at least n.

    Raises
    ------
    InvalidInput
        If the strategy needs what a stream cannot give, or `kept` is below n.
    """
    # A function of the caller's own may have any name; only the package's own are told apart by theirs.
    ours = strategy.built_in
    if strategy.kind == "draw" and ours is not None and isinstance(strategy.function, partial):
        raise InvalidInput(
            f"strategy {strategy.name!r} came with {', '.join(strategy.function.keywords)} of the caller's own",
            expected="'random' or 'importance' as they are, where a pool goes past once",
            fix="read the pool into memory, or take the draw by its name",
        )
    lacking = [name for name in strategy.needs if name not in GIVEN]
    if lacking or (strategy.kind == "draw" and ours not in {"random", "importance"}):
        raise InvalidInput(
            f"strategy {strategy.name!r} " + (f"needs {', '.join(lacking)}" if lacking else "draws from a whole pool"),
            expected="a strategy that looks at probabilities or features; 'random' or 'importance' as a draw",
            fix="read the pool into memory, or take another strategy",
        )
    if strategy.kind == "score" and "rng" in strategy.needs:
        raise InvalidInput(
            f"strategy {strategy.name!r} takes rng, and would score an item by the chunk that it is in",
            expected="a score that depends on the item alone, where a pool goes past in chunks",
            fix="take hashes, a random number for each item's id, instead of rng",
        )
    if kept is not None and kept < n:
        raise InvalidInput(f"kept is {kept}", expected=f"at least n, which is {n}")
    if strategy.kind == "draw":
        return Plan(Way.UNIFORM if ours == "random" else Way.WEIGHTED, n)
    if strategy.kind == "score" and ours not in _OF_THE_POOL:
        return Plan(Way.TOP, n)
    if ours in _AMONG_UNCERTAIN:
        return Plan(Way.AMONG_UNCERTAIN, kept or _UNCERTAIN_PER_PICK * n)
    if ours in _OUTLINE:
        return Plan(Way.CORE_SET, kept or _OUTLINE_PER_PICK * n)
    sample = kept or max(_SAMPLE, _UNCERTAIN_PER_PICK * n)
    if "proba" not in (*strategy.needs, *strategy.takes):
        return Plan(Way.AMONG_SAMPLE, sample)
    return Plan(Way.AMONG_BOTH, sample - sample // 2, sample // 2)
