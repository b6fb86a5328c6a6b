"""Pools larger than memory: a Parquet source, a dataset or chunks go past once, and the picks table comes out.

`sample_stream(source, n, *, strategy="auto", estimator=None, item_id=None, proba=None, features=None,
labelled_features=None, labelled_labels=None, labelled_proba=None, exclude=(), audit_fraction=0.0, round=0,
random_state=None, kept=None, filesystem=None) -> DataFrame`. What it does with a chunk, `chunk_top` and `merge`, are
pure functions from Arrow tables to Arrow tables, so that an engine can run them per partition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.sampling.streams.selection import sample_stream
    from a2i_al.sampling.streams.spec import Spec
    from a2i_al.sampling.streams.top_n import chunk_top, merge

__all__ = ["Spec", "chunk_top", "merge", "sample_stream"]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "Spec": "a2i_al.sampling.streams.spec",
        "chunk_top": "a2i_al.sampling.streams.top_n",
        "merge": "a2i_al.sampling.streams.top_n",
        "sample_stream": "a2i_al.sampling.streams.selection",
    },
)
