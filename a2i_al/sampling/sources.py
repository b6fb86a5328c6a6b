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

# Whose arrays and tables are in memory as a whole.
_IN_ONE_PIECE = frozenset({"numpy", "pandas", "polars"})


def in_memory(name: str, value: Any) -> Any:
    """Return what another library holds in memory as pandas does, and everything else as it is.

    Raises
    ------
    InvalidInput
        If it is a query that has not been carried out.

    Examples
    --------
    >>> in_memory("the pool", [[0.5, 0.5]])
    [[0.5, 0.5]]
    """
    if _library(value) != "polars":
        return value
    if hasattr(value, "collect"):
        raise InvalidInput(
            f"{name} is a {type(value).__name__}, a query",
            expected="its result",
            fix="collect() it; or sink_parquet() it, where that is larger than memory, and pass the path",
        )
    return value.to_pandas()


def is_source(pool: Any, features: Any) -> bool:
    """Return whether the pool, or the features that an estimator is to predict from, are read piece by piece.

    Examples
    --------
    >>> is_source("pool.parquet", None), is_source([[0.5, 0.5]], None)
    (True, False)
    """
    # Listed features are what a model reads: texts, paths of images, series. Only a listed pool can be its pieces.
    return _is_stream(pool) or _is_in_pieces(pool) or (is_estimator(pool) and _is_stream(features))


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
    library = _library(pool)
    arrow = library == "pyarrow" or (hasattr(pool, "__arrow_c_stream__") and library not in _IN_ONE_PIECE)
    return isinstance(pool, (str, os.PathLike, Iterator)) or arrow


def _is_in_pieces(pool: Any) -> bool:
    listed = isinstance(pool, (list, tuple)) and bool(pool)
    return listed and (all(isinstance(one, (str, os.PathLike)) for one in pool) or all(map(_is_table, pool)))


def _is_table(value: Any) -> bool:
    return hasattr(value, "__arrow_c_stream__") and hasattr(value, "columns")


def _library(value: Any) -> str:
    """Return the library that its class is of, or is derived from."""
    names = (kind.__module__.partition(".")[0] for kind in type(value).__mro__)
    return next((name for name in names if name in {*_IN_ONE_PIECE, "pyarrow"}), "")
