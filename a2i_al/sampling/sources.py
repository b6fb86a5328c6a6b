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


def in_memory(pool: Any) -> Any:
    """Return what another library holds in memory as pandas does, and everything else as it is.

    Raises
    ------
    InvalidInput
        If it is a query that has not been carried out.

    Examples
    --------
    >>> in_memory([[0.5, 0.5]])
    [[0.5, 0.5]]
    """
    if _library(pool) != "polars":
        return pool
    if hasattr(pool, "collect"):
        raise InvalidInput(
            f"the pool is a {type(pool).__name__}, a query",
            expected="its result",
            fix="collect() it; or sink_parquet() it, where that is larger than memory, and pass the path",
        )
    return pool.to_pandas()


def is_source(pool: Any, features: Any) -> bool:
    """Return whether the pool, or the features that an estimator is to predict from, are read piece by piece.

    Examples
    --------
    >>> is_source("pool.parquet", None), is_source([[0.5, 0.5]], None)
    (True, False)
    """
    # A list of texts is a list of paths, or what a model that reads texts takes.
    return _is_stream(pool) or _is_paths(pool) or (is_estimator(pool) and _is_stream(features))


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
    if isinstance(pool, (list, tuple)):
        return bool(pool) and all(isinstance(one, os.PathLike) or _is_table(one) for one in pool)
    in_one_piece = _library(pool) in {"numpy", "pandas", "polars"}
    arrow = _library(pool) == "pyarrow" or (hasattr(pool, "__arrow_c_stream__") and not in_one_piece)
    return isinstance(pool, (str, os.PathLike, Iterator)) or arrow


def _is_paths(pool: Any) -> bool:
    return isinstance(pool, (list, tuple)) and bool(pool) and all(isinstance(one, (str, os.PathLike)) for one in pool)


def _is_table(value: Any) -> bool:
    return hasattr(value, "__arrow_c_stream__") and hasattr(value, "columns")


def _library(value: Any) -> str:
    return type(value).__module__.partition(".")[0]
