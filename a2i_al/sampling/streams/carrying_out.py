"""A source and a plan in, the rows that were kept out: which pair of a reduction and a merge goes over the chunks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import pyarrow as pa

from a2i_al.errors import InvalidInput
from a2i_al.sampling.registry import Strategy
from a2i_al.sampling.streams.chunks import Chunk, chunks_of
from a2i_al.sampling.streams.core_set import chunk_core_set, merge_core_sets
from a2i_al.sampling.streams.files import is_path
from a2i_al.sampling.streams.layout import Layout
from a2i_al.sampling.streams.parquet import parquet_chunks
from a2i_al.sampling.streams.passes import Merge, Reduce, one_pass
from a2i_al.sampling.streams.plan import Plan, Way
from a2i_al.sampling.streams.spec import Spec
from a2i_al.sampling.streams.top_n import cut_of, merge, top_of
from a2i_al.sampling.streams.weighted import chunk_weighted, draw_weighted, merge_weighted

# What the most uncertain rows are preselected by, and the weight of the importance draw.
_UNCERTAINTY = "margin"


@dataclass(frozen=True)
class Pass:
    """One pass over a source: the strategy, how it is carried out, and how many audited rows are kept beside.

    Parameters
    ----------
    strategy : Strategy
        What was asked for.
    plan : Plan
        How it is carried out.
    spec : Spec
        What is excluded and given; the columns are filled in with the first chunk.
    layout : Layout
        Which columns hold what.
    seed : int
        Of ties and draws.
    """

    strategy: Strategy
    plan: Plan
    spec: Spec
    layout: Layout
    seed: int

    def over(self, source: Any, filesystem: Any = None) -> pa.Table:
        """Go over the source once and return what is kept of it.

        Raises
        ------
        InvalidInput
            If the source has no rows, or cannot be read.
        """
        chunks = self._settled(source, filesystem)
        first = next(chunks, None)
        if first is None:
            raise InvalidInput(f"the source has no rows: {_shown(source)}", expected="at least n rows")
        reduce, merged = self._steps()
        # Row groups are read by several threads; an iterator's chunks come one by one, and a function or an estimator
        # of the caller's own may not be meant for threads.
        ours = self.layout.estimator is None and self.strategy.is_built_in
        threads = ours and is_path(source)
        kept = one_pass(chain([first], chunks), reduce, merged, threads=threads)
        if kept is None:
            return pa.table({})
        return draw_weighted(kept, self.plan.kept, self.seed) if self.plan.way is Way.WEIGHTED else kept

    def _settled(self, source: Any, filesystem: Any) -> Iterator[Chunk]:
        layout = self.layout
        if is_path(source):
            chunks = parquet_chunks(source, layout.settled, filesystem)
        else:
            named = "features" if layout.estimator is not None or not layout.needs_proba else "proba"
            chunks = chunks_of(source, named, layout.item_id or "item_id")
        for chunk in chunks:
            layout.settle(chunk.schema, chunk.where)
            yield chunk

    def _steps(self) -> tuple[Reduce, Merge]:
        layout, way, seed = self.layout, self.plan.way, self.seed
        keeps = (
            ()
            if way in (Way.TOP, Way.UNIFORM, Way.WEIGHTED)
            else (
                *(["proba"] if layout.found_proba else []),
                *(["features"] if layout.found_features and layout.needs_features else []),
            )
        )
        given = {**layout.classes, **self.spec.given}
        if "classes" in self.strategy.needs and "classes" not in given:
            raise InvalidInput(
                f"strategy {self.strategy.name!r} needs classes",
                expected="a column of probabilities for each class, or an estimator with classes_",
            )
        spec = replace(
            self.spec,
            item_id=layout.item_id,
            proba=layout.found_proba,
            features=layout.found_features if layout.needs_features else (),
            keeps=keeps,
            strategy=self._scored_by(),
            given=given,
            audits=self.spec.audits + self.plan.beside,
        )
        n, strategy, audits = self.plan.kept, self.strategy, spec.audits
        if way is Way.WEIGHTED:
            return (
                lambda chunk, _: chunk_weighted(layout.predicted(chunk), n, spec, seed),
                lambda one, other: merge_weighted(one, other, n, seed),
            )
        if way is Way.CORE_SET:
            return (
                lambda chunk, _: chunk_core_set(layout.predicted(chunk), n, spec, strategy, seed),
                lambda one, other: merge_core_sets(one, other, n, spec=spec, strategy=strategy, seed=seed),
            )
        # Of the n, those drawn for the audit slice may be the best: as many more are kept.
        n += 0 if way is Way.TOP else self.spec.audits
        return (
            lambda chunk, kept: top_of(layout.predicted(chunk), n, spec, seed, cut_of(kept, n)),
            lambda one, other: merge(one, other, n, audits),
        )

    def _scored_by(self) -> Any:
        match self.plan.way:
            case Way.TOP:
                return self.strategy
            case Way.UNIFORM | Way.AMONG_SAMPLE | Way.CORE_SET:
                return None
            case _:
                return _UNCERTAINTY


def _shown(source: Any) -> str:
    text = repr(source) if is_path(source) else type(source).__name__
    return text if len(text) <= 200 else f"{text[:200]}..."  # noqa: PLR2004 - a line or two
