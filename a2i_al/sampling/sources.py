"""Pools larger than memory: what `sample` hands on to `sampling.streams`, which reads them once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.sampling.pools.candidates import whole
from a2i_al.sampling.pools.estimators import is_estimator
from a2i_al.sampling.registry import Strategy

# What a stream has as columns, or cannot do in one pass.
_OF_THE_POOL = ("committee", "predictions", "answers", "scores", "groups", "costs")
_IN_MEMORY_ONLY = (*_OF_THE_POOL, "quotas", "budget", "temperature")


def is_source(pool: Any, features: Any) -> bool:
    """Return whether the pool, or the features that an estimator is to predict from, are read piece by piece.

    Examples
    --------
    >>> is_source("pool.parquet", None), is_source([[0.5, 0.5]], None)
    (True, False)
    """
    return _is_stream(pool) or (is_estimator(pool) and _is_stream(features))


def sample_source(
    pool: Any,
    n: int | None,
    known: Mapping[str, Any],
    *,
    strategy: Strategy,
    exclude: Iterable[Any] | pd.DataFrame,
    audit_fraction: float,
    round_: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Choose from a stream, by the arguments of `sample`: `item_ids` and `features` are names of columns.

    Raises
    ------
    InvalidInput
        If an argument was given that needs the pool in memory.
    """
    from a2i_al.sampling.streams import sample_stream  # noqa: PLC0415 - pyarrow loads here

    unable = [name for name in _IN_MEMORY_ONLY if known.get(name) is not None]
    if unable:
        raise InvalidInput(
            f"{', '.join(unable)} came with a pool that is read piece by piece",
            expected="a pool in memory",
            fix="read it into a DataFrame first, or leave them out",
        )
    estimator = pool if is_estimator(pool) else None
    return sample_stream(
        pool if estimator is None else known["features"],
        whole(n, "n"),
        strategy=strategy,
        estimator=estimator,
        item_id=known["item_ids"],
        features=known["features"] if estimator is None else None,
        labelled_features=known["labelled_features"],
        labelled_labels=known["labelled_labels"],
        labelled_proba=known["labelled_proba"],
        exclude=exclude,
        audit_fraction=audit_fraction,
        round=round_,
        random_state=rng,
    )


def _is_stream(pool: Any) -> bool:
    return isinstance(pool, (str, os.PathLike, Iterator)) or type(pool).__module__.partition(".")[0] == "pyarrow"
