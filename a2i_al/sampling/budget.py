"""Reviews that cost differently: the most useful per unit of cost, until the budget is spent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.sampling.choosing import Choice, Task, ranked, scored
from a2i_al.sampling.ids import draw_seed, keys
from a2i_al.sampling.pools.candidates import checked_n, whole
from a2i_al.sampling.scores.cost import per_unit_cost, within_budget


def spend(task: Task, n: int | None, budget: float | None, audit_fraction: float) -> Choice:
    """Choose by score per unit cost: n items, or with a budget as many of them as it pays for.

    Parameters
    ----------
    task : Task
        Its pool has `costs`, its strategy is a score; its n does not count.
    n : int or None
        How many; with a budget at most so many, which may be more than there are, and None for all that it pays for.
    budget : float or None
        What all of them may cost together.
    audit_fraction : float
        0: a uniform slice has costs of its own, and is drawn by a call of its own.

    Returns
    -------
    Choice
        With scores per unit cost, best first.

    Raises
    ------
    InvalidInput
        If the strategy is no score, a score is negative, there is a quota, an audit slice, no cost, no candidate, or a
        budget that pays for none of them.
    """
    if budget is not None:
        budget = arguments.number("budget", budget, lambda most: most >= 0, "what all reviews may cost, 0 or more")
    if task.strategy.kind != "score" or task.quotas or audit_fraction:
        raise InvalidInput(
            f"costs came with strategy {task.strategy.name!r}, quotas {'on' if task.quotas else 'off'}, "
            f"audit_fraction {audit_fraction}",
            expected="a strategy that scores each item, neither quotas nor an audit slice",
            fix="choose the other part with a call of its own",
        )
    costs = task.pool.of("costs", "budget=")[task.rows]
    count = _at_most(task, n) if budget is not None else checked_n(n, len(task.pool), task.candidates)
    task.pool.check_rows()
    scores = scored(replace(task, n=count))
    per_cost = per_unit_cost(scores, costs)
    if budget is None:
        at = ranked(task, per_cost, count)
    else:
        tie_keys = keys(task.pool.ids.hashes(task.rows), draw_seed(task.rng))
        at = within_budget(scores, costs, budget, task.rng, n=count, tie_keys=tie_keys)
        if not len(at):
            raise InvalidInput(
                f"the budget is {budget:g}, and the cheapest review costs {costs.min():g}",
                expected="a budget that pays for one review",
            )
    return Choice(task.rows[at], per_cost[at], np.full(len(at), np.nan))


def _at_most(task: Task, n: int | None) -> int:
    left = len(task.rows)
    if left == 0:
        raise InvalidInput(
            f"all of the pool's {len(task.pool)} items are excluded", expected="a pool with items that are not excluded"
        )
    return checked_n(left if n is None else min(whole(n, "n"), left), len(task.pool), task.candidates)
