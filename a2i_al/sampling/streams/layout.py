"""A source's schema in, its columns' roles out: settled with the first chunk, and held against every later one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from a2i_al.arguments import told
from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.sampling.pools.estimators import answers_of
from a2i_al.sampling.streams.chunks import Chunk, rows_column
from a2i_al.sampling.streams.columns import as_rows, is_list, require, resolve_floats, resolve_item_id

# The column that an estimator's answers become.
PREDICTED = "predict_proba(features)"

Names = str | Sequence[str] | None


@dataclass
class Layout:
    """Which columns hold what.

    Parameters
    ----------
    item_id, proba, features : str, sequence of str or None
        As the caller named them; None finds them in the first chunk.
    needs_proba, needs_features : bool
        Whether they are looked at.
    estimator : object with ``predict_proba``, optional
        Gives the probabilities from the features.
    of_labels : bool
        Whether they are of independent labels, of classes otherwise.

    Examples
    --------
    >>> layout = Layout(None, None, None, needs_proba=True, needs_features=False)
    >>> layout.settle(pa.schema({"item_id": pa.string(), "p0": pa.float32(), "p1": pa.float32()}), "pool.parquet")
    >>> layout.columns
    ('item_id', 'p0', 'p1')
    """

    item_id: str | None
    proba: Names
    features: Names
    needs_proba: bool
    needs_features: bool
    estimator: Any = None
    of_labels: bool = False
    found_proba: tuple[str, ...] = field(default=(), init=False)
    found_features: tuple[str, ...] = field(default=(), init=False)
    _first: pa.Schema | None = field(default=None, init=False)
    _named_id: str | None = field(default=None, init=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that may be read."""
        own = (name for name in (*self.found_proba, *self.found_features) if name != PREDICTED)
        return tuple(dict.fromkeys([*([self.item_id] if self.item_id else []), *own]))

    @property
    def classes(self) -> dict[str, npt.NDArray[Any]]:
        """The classes, where each has a column of its own: the columns' names, as of a pool in memory."""
        if self.found_proba in ((), (PREDICTED,)) or len(self.found_proba) == 1:
            return {}
        return {"classes": np.array([name.removeprefix("proba_") for name in self.found_proba], dtype=object)}

    def settle(self, schema: pa.Schema, where: str) -> None:
        """Settle the roles with the first schema; hold any other against it.

        Raises
        ------
        InvalidTable
            If a column is absent, or a chunk has other columns than the first.
        """
        if self._first is not None:
            if schema != self._first:
                self._compare(schema, where)
            return
        self._first, self._named_id = schema, self.item_id
        self.item_id = resolve_item_id(schema, self.item_id, where)
        self.found_proba, self.found_features = self._resolved(schema, where)
        self._require_distinct(schema, where)

    def settled(self, schema: pa.Schema, where: str) -> tuple[str, ...]:
        """Settle the roles and return the columns that may be read."""
        self.settle(schema, where)
        return self.columns

    def predicted(self, chunk: Chunk) -> Chunk:
        """Return the chunk with the estimator's probabilities as a column more; without an estimator the chunk."""
        if self.estimator is None or not self.needs_proba:
            return chunk
        require(chunk.schema, self.columns, chunk.where)
        table = chunk.read(self.columns)
        proba = self._asked(table, chunk.where)
        rows = rows_column(proba, f"predict_proba of {chunk.where}")
        if len(rows) != chunk.rows:
            raise InvalidInput(
                f"predict_proba gave {len(rows)} rows for the {chunk.rows} of {chunk.where}",
                expected="one row per item",
            )
        table = table.append_column(PREDICTED, rows)
        return Chunk.of_table(table, chunk.first_row, chunk.where, chunk.first_row_there)

    def _asked(self, table: pa.Table, where: str) -> Any:
        wanted = "label_proba" if self.of_labels else "proba"
        try:
            answers = answers_of(
                self.estimator,
                (wanted,),
                features=self._estimator_input(table, where),
                rng=np.random.default_rng(0),  # for committees, of which this asks none
            )
        except InvalidInput as error:
            raise InvalidInput(f"{where}: {error.found}", expected=error.expected, fix=error.fix) from error
        if wanted not in answers:
            raise InvalidInput(
                f"a {type(self.estimator).__name__} has no predict_proba",
                expected="an estimator that gives probabilities, where the strategy looks at them",
            )
        return answers[wanted]

    def _resolved(self, schema: pa.Schema, where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        proba: tuple[str, ...] = (PREDICTED,) if self.estimator is not None and self.needs_proba else ()
        features: tuple[str, ...] = ()
        if self.needs_proba and self.estimator is None:
            taken = [self.item_id, *_listed(self.features)]
            proba = resolve_floats(schema, self.proba, "proba", where, taken)
        if self.needs_features or (self.needs_proba and self.estimator is not None):
            fitted = getattr(self.estimator, "feature_names_in_", None)
            given = [str(name) for name in fitted] if fitted is not None and self.features is None else self.features
            features = resolve_floats(schema, given, "features", where, [self.item_id, *_listed(self.proba), *proba])
        return proba, features

    def _require_distinct(self, schema: pa.Schema, where: str) -> None:
        twice = sorted({name for name in self.columns if schema.names.count(name) > 1})
        if twice:
            raise InvalidTable(
                f"{where} has the column {twice[0]!r} more than once",
                expected="a name of its own for each column",
            )

    def _compare(self, schema: pa.Schema, where: str) -> None:
        require(schema, self.columns, where)
        self._require_distinct(schema, where)
        ids = resolve_item_id(schema, self._named_id, where)
        if ids != self.item_id:
            raise InvalidTable(
                f"{where} has ids, in {ids!r}, and what came before has none: its rows were counted",
                expected="ids in every chunk, or in none",
                fix="give each of them a column item_id; or, where the ids are a DataFrame's index and mean nothing, "
                "reset_index(drop=True)",
            )
        found = self._resolved(self._as_first(schema), where)
        # Columns are read by their names: their order is the first chunk's.
        if [sorted(names) for names in found] != [sorted(self.found_proba), sorted(self.found_features)]:
            raise InvalidTable(
                f"{where} has the columns {', '.join(map(repr, (*found[0], *found[1])))}",
                expected=f"those of the first chunk: {', '.join(map(repr, (*self.found_proba, *self.found_features)))}",
            )

    def _as_first(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema with numbers where the first had some: a chunk's may happen to be whole ones."""
        numbers = {*self.found_proba, *self.found_features}
        fields = [
            field.with_type(pa.float64()) if field.name in numbers and pa.types.is_integer(field.type) else field
            for field in schema
        ]
        return pa.schema(fields)

    def _estimator_input(self, table: pa.Table, where: str) -> Any:
        names = list(self.found_features)
        kinds = [table.schema.field(name).type for name in names]
        if hasattr(self.estimator, "feature_names_in_"):
            return table.select(names).to_pandas()
        if all(is_list(kind) or pa.types.is_floating(kind) or pa.types.is_integer(kind) for kind in kinds):
            return as_rows(table, names, where)
        # A pipeline that starts with a text: one column goes in as such, several as a table.
        frame: pd.DataFrame = table.select(names).to_pandas()
        return frame[names[0]] if len(names) == 1 else frame


def require_names(what: str, value: Any) -> None:
    """Refuse what names no column: an array in its place, or several names of ids.

    Raises
    ------
    InvalidInput
        Naming the argument.

    Examples
    --------
    >>> require_names("features", ["x", "y"])
    """
    one = what == "item_id"
    # A DataFrame would give its columns' names, which says nothing of the source's.
    several = isinstance(value, (list, tuple)) or (hasattr(value, "tolist") and getattr(value, "ndim", 0) == 1)
    if value is None or isinstance(value, str):
        return
    if one or not several or not len(value) or not all(isinstance(name, str) for name in value):
        raise InvalidInput(
            f"{what} is {told(value)}, where the pool is read piece by piece",
            expected="the name of a column" + ("" if one else ", or a list of names"),
            fix="name the column of the source that holds it, or read the pool into memory",
        )


def _listed(names: Names) -> list[str]:
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)
