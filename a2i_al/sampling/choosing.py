"""A strategy, a pool and its candidates in, the chosen rows out: scores are ranked, batches and draws are carried out.

Every result of a strategy is held to the contract here: one number per candidate, or n distinct positions.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput
from a2i_al.sampling.batches.blas import one_blas_thread
from a2i_al.sampling.draws.drawn import Drawn
from a2i_al.sampling.draws.uniform import best_first
from a2i_al.sampling.ids import by_hash, draw_seed, keys
from a2i_al.sampling.pools.pool import Pool
from a2i_al.sampling.quotas import Quotas
from a2i_al.sampling.registry import Strategy, resolve

Positions = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """Rows of the pool, most useful first, with what the picks table says of them.

    Parameters
    ----------
    rows : ndarray of shape (n,), intp
        Distinct.
    scores : ndarray of shape (n,), float64
        NaN where the strategy has none.
    chances : ndarray of shape (n,), float64
        Inclusion probabilities; NaN where it was no draw.
    """

    rows: npt.NDArray[np.intp]
    scores: npt.NDArray[np.float64]
    chances: npt.NDArray[np.float64]


NOTHING = Choice(np.empty(0, dtype=np.intp), np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Task:
    """What is asked: n of the pool's candidates (None: of all rows), within the quotas, if there are any.

    `chosen` are positions among the candidates: what is in the batch already, and not to be chosen again.
    """

    strategy: Strategy
    pool: Pool
    candidates: Positions | None
    n: int
    quotas: Quotas | None
    rng: np.random.Generator
    chosen: Positions = field(default_factory=lambda: NOTHING.rows)

    @property
    def rows(self) -> Positions:
        """The candidates' rows."""
        return np.arange(len(self.pool)) if self.candidates is None else self.candidates


def choose(task: Task) -> Choice:
    """Carry out a strategy of any kind.

    Raises
    ------
    InvalidInput
        If the strategy breaks its contract, or the quotas leave fewer than n.
    """
    if task.n == 0:
        task.pool.check_rows()
        return NOTHING
    if task.quotas:
        task.quotas.check(task.rows, task.n)
    if task.strategy.kind == "score":
        return _by_score(task)
    task.pool.check_rows()
    by_id = _in_order_of_ids(task)
    if task.strategy.kind == "draw":
        return _batch(_by_group(by_id, task.quotas) if task.quotas else by_id)
    return _batch_within(by_id, task.quotas) if task.quotas else _batch(by_id)


def scored(task: Task) -> Floats:
    """Score the candidates, and hold the function to its promise: one number per row, none missing.

    A score of answers is asked about all of the pool's rows, since it weighs reviewers and model by all of them.

    Raises
    ------
    InvalidInput
        If the function returned another shape, something that is no number, or NaN.
    """
    candidates = None
    if "answers" in (*task.strategy.needs, *task.strategy.takes):
        # What a reviewer is worth shows in all that was answered, and in what is settled most of all.
        candidates, task = task.candidates, replace(task, candidates=None)
    name, count = task.strategy.name, len(task.rows)
    expected = f"{count} scores, one number per candidate"
    result = _called(task, expected)
    try:
        scores = np.asarray(result, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"strategy {name!r} failed: {error}", expected=expected) from error
    if scores.shape != (count,):
        raise InvalidInput(f"strategy {name!r} returned shape {scores.shape}", expected=expected)
    scores = scores if candidates is None else scores[candidates]
    missing = np.isnan(scores)
    if missing.any():
        raise InvalidInput(
            f"strategy {name!r} returned NaN for {int(missing.sum())} of {len(scores)} rows, "
            f"first for row {int(missing.argmax())}",
            expected=expected,
            fix="return a low score for items that should not be chosen",
        )
    return scores


def ranked(task: Task, scores: Floats, n: int) -> Positions:
    """Return the positions of the n best of the candidates, best first, ties by the random keys of their ids."""
    seed = draw_seed(task.rng)
    return best_first(scores, n, lambda at: keys(task.pool.ids.hashes(task.rows[at]), seed))


def _by_score(task: Task) -> Choice:
    from a2i_al.sampling.scores import top  # noqa: PLC0415 - small pools do without

    proba = task.pool.inputs.get("proba")
    fast = task.strategy.function in top.KINDS and not task.quotas and len(task.pool) >= max(top.LARGE, 16 * task.n)
    if fast and proba is not None:
        skip = None
        if task.candidates is not None:
            skip = np.ones(len(task.pool), dtype=np.bool_)
            skip[task.candidates] = False
        rows, scores = top.top_n(
            proba, task.strategy.function, task.n, seed=draw_seed(task.rng), hashes=task.pool.ids.hashes, skip=skip
        )
        return Choice(rows, scores, np.full(task.n, np.nan))
    task.pool.check_rows()
    if "features" in (*task.strategy.needs, *task.strategy.takes):
        task = _in_order_of_ids(task)  # a density is a sum over the pool, and sums depend on the order of the rows
    scores = scored(task)
    at = ranked(task, scores, len(scores) if task.quotas else task.n)
    rows = task.rows[at]
    if task.quotas:
        at = at[np.isin(rows, task.quotas.within(rows, task.n))]
    return Choice(task.rows[at], scores[at], np.full(task.n, np.nan))


def _in_order_of_ids(task: Task) -> Task:
    if not task.pool.ids.are_given:
        return task
    rows, ids = task.rows, task.pool.ids
    return replace(task, candidates=rows[by_hash(ids.hashes(rows), lambda at: ids.text(rows[at]).tolist())])


def _called(task: Task, expected: str) -> Any:
    given = task.pool.at(task.candidates, task.strategy) | {"n": task.n, "rng": task.rng, "chosen": task.chosen}
    own = not task.strategy.is_built_in
    if own:
        given = {name: _read_only(value) for name, value in given.items()}
    try:
        # Functions of the caller's own may have products of any size.
        with nullcontext() if own else one_blas_thread():
            return task.strategy(given)
    except (TypeError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        fix = "copy the array before you change it: it is the caller's own" if "read-only" in str(error) else ""
        raise InvalidInput(f"strategy {task.strategy.name!r} failed: {error}", expected=expected, fix=fix) from error


def _read_only(value: Any) -> Any:
    # Without candidates that are left out it is what the caller of `sample` gave: a sort in place would be one of that.
    if not isinstance(value, np.ndarray):
        return value
    view = value.view()
    view.flags.writeable = False
    return view


def _distinct(task: Task, result: Any) -> tuple[Positions, Floats, Floats]:
    chances = scores = np.full(task.n, np.nan)
    if isinstance(result, Drawn):
        result, chances = result.positions, np.asarray(result.inclusion_probability, dtype=np.float64)
    elif isinstance(result, tuple):
        result, scores = result[0], np.asarray(result[1], dtype=np.float64)
    at = np.asarray(result)
    found = f"strategy {task.strategy.name!r} returned"
    expected = f"{task.n} distinct positions from 0 to {len(task.rows) - 1}, and as many scores or chances if any"
    if at.dtype.kind not in "iu" or at.shape != (task.n,) or scores.shape != at.shape or chances.shape != at.shape:
        raise InvalidInput(f"{found} {at.dtype} of shape {at.shape}", expected=expected)
    if at.min() < 0 or at.max() >= len(task.rows) or len(np.unique(at)) < task.n:
        raise InvalidInput(f"{found} {len(np.unique(at))} positions from {at.min()} to {at.max()}", expected=expected)
    if len(repeated := np.intersect1d(at, task.chosen)):
        raise InvalidInput(f"{found} {repeated[0]}, which is one of `chosen`", expected=expected)
    return at.astype(np.intp), scores, chances


def _batch(task: Task) -> Choice:
    at, scores, chances = _distinct(task, _called(task, f"{task.n} positions"))
    return Choice(task.rows[at], scores, chances)


def _batch_within(task: Task, quotas: Quotas) -> Choice:
    """Choose, keep what the quotas allow, drop the groups that are full, and choose again from the rest."""
    rows, scores = NOTHING.rows, NOTHING.scores
    while len(rows) < task.n:
        part = _batch(_left(task, quotas, rows))
        kept = np.isin(part.rows, quotas.within(part.rows, task.n))
        quotas.take(part.rows[kept])
        rows, scores = np.concatenate([rows, part.rows[kept]]), np.concatenate([scores, part.scores[kept]])
    return Choice(rows, scores, np.full(task.n, np.nan))


def _left(task: Task, quotas: Quotas, rows: Positions) -> Task:
    """Return what is left to choose once these rows are; the strategy is told of them in the way that it understands.

    One that takes `chosen` sees them among the candidates. One that keeps its distance from what is labelled keeps it
    from what was chosen a moment ago, too.
    """
    inputs, uses = task.pool.inputs, {*task.strategy.needs, *task.strategy.takes}
    taken = np.isin(task.rows, rows)
    shown = quotas.has_room(task.rows) & ~taken
    left = replace(task, n=task.n - len(rows))
    if "chosen" in uses:
        candidates = task.rows[shown | taken]
        return replace(left, candidates=candidates, chosen=np.flatnonzero(np.isin(candidates, rows)))
    if "features" in inputs and {each for each in uses if each.startswith("labelled")} == {"labelled_features"}:
        chosen = inputs["features"][rows]
        before = inputs.get("labelled_features", chosen[:0])
        known = inputs | {"labelled_features": np.concatenate([before, chosen])}
        left = replace(left, pool=replace(task.pool, inputs=known))
    return replace(left, candidates=task.rows[shown])


def _by_group(task: Task, quotas: Quotas) -> Task:
    """Make of a uniform draw one from each group, of no more than the quotas allow."""
    if task.strategy.built_in not in ("random", "stratified"):
        raise InvalidInput(
            f"strategy {task.strategy.name!r} cannot keep quotas and state exact chances",
            expected="'random' or 'stratified', a score or a batch strategy",
            fix="drop quotas=, or call sample once per group",
        )
    base = task.strategy if task.strategy.built_in == "stratified" else resolve("stratified")
    function, room = base.function, quotas.room
    limited = replace(base, function=lambda **given: function(**given, at_most=room[given["groups"]]))
    pool = replace(task.pool, inputs=task.pool.inputs | {"groups": quotas.codes})
    return replace(task, pool=pool, strategy=limited)
