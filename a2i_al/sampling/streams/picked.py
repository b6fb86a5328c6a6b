"""The rows that were kept of a stream in, the picks out: the strategy's choice among them, then the audit slice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from a2i_al.errors import InvalidInput
from a2i_al.sampling.draws.uniform import smallest
from a2i_al.sampling.registry import AUDIT, Strategy
from a2i_al.sampling.streams.core_set import chosen_by
from a2i_al.sampling.streams.kept import candidates
from a2i_al.sampling.streams.plan import Plan, Way
from a2i_al.sampling.streams.spec import Spec
from a2i_al.sampling.streams.weighted import threshold_of


def picks_of(
    kept: pa.Table, n: int, *, strategy: Strategy, way: Plan, spec: Spec, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the picks table without its round.

    Parameters
    ----------
    kept : pyarrow.Table
        At least n rows.
    n : int
        How many are picked, the audit slice included.
    strategy, way, spec
        As they were in the pass.
    rng : numpy.random.Generator
        For a strategy that chooses among what was kept.

    Raises
    ------
    InvalidInput
        If an id is among the picks twice.
    """
    audited = smallest(kept["audit_key"].to_numpy(), spec.audits) if spec.audits else np.empty(0, dtype=np.intp)
    rest = kept.take(pa.array(np.setdiff1d(np.arange(len(kept)), audited)))
    left = n - len(audited)
    chances, scores = np.full(left, np.nan), np.full(left, np.nan)
    match way.way:
        case Way.TOP:
            rest = rest.slice(0, left)
            scores = rest["score"].to_numpy()
        case Way.UNIFORM:
            rest, chances = rest.slice(0, left), np.full(left, n / candidates(kept))
        case Way.WEIGHTED:
            rest, chances = rest.slice(0, left), _chances(rest.slice(0, left))
        case _:
            if left:
                choice = chosen_by(strategy, rest, left, spec, rng)
                rest, scores = rest.take(pa.array(choice.rows)), choice.scores
            else:
                rest = rest.slice(0, 0)
    ids = [*rest["item_id"].to_pylist(), *kept["item_id"].take(pa.array(audited)).to_pylist()]
    _refuse_repeats(ids)
    return pd.DataFrame(
        {
            "item_id": ids,
            "rank": np.arange(1, n + 1),
            "score": np.concatenate([scores, np.full(len(audited), np.nan)]),
            "strategy": [strategy.name] * left + [AUDIT] * len(audited),
            "inclusion_probability": np.concatenate(
                [chances, np.full(len(audited), len(audited) / max(candidates(kept), 1))]
            ),
        }
    )


def _chances(kept: pa.Table) -> npt.NDArray[np.float64]:
    threshold = threshold_of(kept)
    weights = kept["weight"].to_numpy()
    return np.minimum(1.0, weights / threshold) if threshold else np.ones(len(weights))


def _refuse_repeats(ids: list[str]) -> None:
    index = pd.Index(ids)
    if not index.is_unique:
        twice = ids[int(index.duplicated().argmax())]
        raise InvalidInput(
            f"item id {twice!r} occurs more than once among the picks",
            expected="distinct ids in the source",
            fix="drop the repeated rows of the pool",
        )
