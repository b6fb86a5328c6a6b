"""What to do with every chunk, in one record that can go to another process: the strategy, the columns, who is out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling.ids import Hashes
from a2i_al.sampling.registry import Strategy, StrategyFunction, resolve
from a2i_al.sampling.streams.chunks import Chunk
from a2i_al.sampling.streams.columns import Floats, as_columns, as_rows, floats, is_list, require
from a2i_al.sampling.streams.excluded import Excluded
from a2i_al.sampling.streams.item_ids import ItemIds, excluding
from a2i_al.sampling.streams.prefilter import check_rows
from a2i_al.sampling.streams.widths import Widths

_NOBODY = excluding(())


@dataclass(frozen=True)
class Spec:
    """How the rows of a chunk are identified, scored and kept.

    Parameters
    ----------
    strategy : str, callable or None
        A score: a function of a row's own probabilities and features, not of the rows beside it. None keeps rows
        uniformly at random.
    item_id : str or None
        The column of ids; None counts the rows of the source.
    proba, features : tuple of str
        The columns of probabilities and features: one list column, or one column per number.
    keeps : tuple of str
        ``"proba"`` and ``"features"`` if the rows that are kept keep them, for a strategy that looks at them later.
    exclude : Excluded
        Ids that are no candidates.
    audits : int
        How many rows to keep for the audit slice, uniformly at random, beside the best.
    audit_seed : int
        Seed of the audit slice.
    given : mapping
        What else the strategy takes: `labelled_features`, `labelled_labels`, `labelled_proba`.
    widths : Widths
        How many classes and features every chunk has.

    Examples
    --------
    >>> spec = Spec("margin", item_id="item_id", proba=("p0", "p1"))
    >>> spec.scored_by.name
    'margin'
    """

    strategy: str | StrategyFunction | None
    item_id: str | None = None
    proba: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    exclude: Excluded = _NOBODY
    audits: int = 0
    audit_seed: int = 0
    given: Mapping[str, Any] = field(default_factory=dict)
    widths: Widths = field(default_factory=Widths, compare=False, repr=False)

    @cached_property
    def scored_by(self) -> Strategy:
        """The strategy, resolved."""
        if self.strategy is None:
            raise InvalidInput("there is no strategy", expected="a score, where rows are scored")
        return resolve(self.strategy)

    def ids(self, chunk: Chunk) -> ItemIds:
        """Return the ids of the chunk's rows, none missing."""
        if self.item_id is None:
            return ItemIds(pa.array(np.arange(chunk.first_row, chunk.first_row + chunk.rows)), chunk.where)
        require(chunk.schema, (self.item_id,), chunk.where)
        return ItemIds(chunk.read((self.item_id,))[self.item_id], chunk.where).require()

    def proba_columns(self, chunk: Chunk) -> list[Floats] | Floats:
        """Return the probabilities as they lie in the chunk: a list of k columns, or an (m, k) array."""
        require(chunk.schema, self.proba, chunk.where)
        table = chunk.read(self.proba)
        if len(self.proba) == 1 and is_list(table.schema.field(self.proba[0]).type):
            rows = as_rows(table, self.proba, chunk.where)
            self.widths.hold("classes", rows.shape[1], chunk.where)
            return rows
        self.widths.hold("classes", len(self.proba), chunk.where)
        return as_columns(table, self.proba, chunk.where)

    def each_proba(self, chunk: Chunk) -> Iterator[Floats] | None:
        """Give the columns of probabilities one by one; None where one column holds them all."""
        require(chunk.schema, self.proba, chunk.where)
        if len(self.proba) == 1:
            return None
        arrays = zip(chunk.each(self.proba), self.proba, strict=True)
        return (floats(column, name, chunk.where) for column, name in arrays)

    def read_features(self, chunk: Chunk) -> Floats:
        """Return the chunk's features, shape (m, d).

        Raises
        ------
        InvalidInput
            If one is missing or infinite.
        """
        require(chunk.schema, self.features, chunk.where)
        rows = as_rows(chunk.read(self.features), self.features, chunk.where)
        self.widths.hold("features", rows.shape[1], chunk.where)
        finite = np.isfinite(rows).all(axis=1)
        if not finite.all():
            raise InvalidInput(
                f"row {chunk.first_row_there + int(finite.argmin())} of {chunk.where} has a feature that is missing "
                f"or infinite ({int((~finite).sum())} such rows)",
                expected="finite numbers",
            )
        return rows

    def scores(
        self, proba: Floats | None, features: Floats | None, rows: int, hashes: Hashes | None = None
    ) -> npt.NDArray[np.float64]:
        """Score the rows, and hold the strategy to its promise: one number per row, none missing.

        Raises
        ------
        InvalidInput
            If it returned another shape, something that is no number, or NaN.
        """
        strategy = self.scored_by
        given = {"proba": proba, "label_proba": proba, "features": features, "hashes": hashes, **self.given}
        expected = f"{rows} scores, one number per row"
        try:
            result = strategy({name: value for name, value in given.items() if value is not None})
            scores = np.asarray(result, dtype=np.float64)
        except InvalidInput:
            raise
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"strategy {strategy.name!r} failed: {error}", expected=expected) from error
        if scores.shape != (rows,) or np.isnan(scores).any():
            shown = f"returned shape {scores.shape}" if scores.shape != (rows,) else "returned NaN"
            raise InvalidInput(f"strategy {strategy.name!r} {shown}", expected=expected)
        return scores

    def reads(self, *inputs: str) -> bool:
        """Whether the score uses one of these inputs."""
        return self.strategy is not None and any(
            name in (*self.scored_by.needs, *self.scored_by.takes) for name in inputs
        )


def take_rows(columns: list[Floats] | Floats, positions: npt.NDArray[np.intp]) -> Floats:
    """Return these rows of the columns as a C-ordered (m, k) array.

    Examples
    --------
    >>> take_rows([np.array([1.0, 2.0]), np.array([3.0, 4.0])], np.array([1])).tolist()
    [[2.0, 4.0]]
    """
    if isinstance(columns, np.ndarray):
        return columns[positions]
    rows = np.empty((len(positions), len(columns)), dtype=np.result_type(*columns))
    for at, column in enumerate(columns):
        rows[:, at] = column[positions]
    return rows


def all_rows(columns: list[Floats] | Floats, chunk: Chunk, *, distributions: bool) -> Floats:
    """Return all rows as an (m, k) array: distributions over classes, or of several labels each with its probability.

    Raises
    ------
    InvalidProbabilities
        Naming the first row that is neither, and its file.
    """
    rows = take_rows(columns, np.arange(chunk.rows))
    if distributions:
        check_rows(rows, chunk.where, chunk.first_row_there)
        return rows
    right = ((rows >= 0) & (rows <= 1)).all(axis=1)
    if not right.all():
        raise InvalidProbabilities(
            f"row {chunk.first_row_there + int(right.argmin())} of {chunk.where} has a label probability that is "
            f"missing or outside 0 to 1 ({int((~right).sum())} such rows)",
            expected="a probability from 0 to 1 for every label",
        )
    return rows
