"""The tables that flow between the stages: their columns, dtypes and meaning, and the check at every door.

A stage takes any DataFrame, calls `TABLE.check(df)` and works on the result: a copy with the documented columns first,
in order and with their dtypes, and every extra column kept behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from a2i_al.errors import InvalidTable

# pandas 3 has a string dtype of its own; before it, text is object. Compare text columns by value, never by dtype.
TEXT: Any = "str" if int(pd.__version__.split(".")[0]) >= 3 else object  # noqa: PLR2004
TIME = "datetime64[us, UTC]"


@dataclass(frozen=True)
class Column:
    """One column: its name, dtype (``text``, ``float``, ``int``, ``time`` or ``any``) and meaning.

    A required column must be there; an optional one is filled with missing values.
    """

    name: str
    dtype: str
    meaning: str
    required: bool = False

    def cast(self, values: pd.Series) -> pd.Series:
        """Return the values in this column's dtype; missing stays missing."""
        match self.dtype:
            case "text":
                return _text(values)
            case "float":
                return pd.to_numeric(values).astype("float64")
            case "int":
                return pd.to_numeric(values).astype("int64")
            case "time":
                return pd.to_datetime(values, utc=True).astype(TIME)
            case _:
                return values.astype(object)

    def missing(self, index: pd.Index) -> pd.Series:
        """Return a column of missing values (zeros for whole numbers, which have none)."""
        filler: dict[str, tuple[Any, Any]] = {
            "text": (None, TEXT), "int": (0, "int64"), "time": (pd.NaT, TIME), "float": (np.nan, "float64")
        }  # fmt: skip
        value, dtype = filler.get(self.dtype, (None, object))
        return pd.Series(value, index=index, dtype=dtype)


def _text(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.StringDtype) and values.dtype == TEXT:
        return values
    # Text throughout is seen in a fiftieth of the time that it takes to look at each value.
    if values.dtype == object and pd.api.types.infer_dtype(values, skipna=False) == "string":
        return values.astype(TEXT)
    missing = values.isna()
    out = values.astype(object).map(lambda v: v if isinstance(v, str) else str(v))
    return out.mask(missing, None).astype(TEXT)


@dataclass(frozen=True)
class Table:
    """A table of the flow: its name, what one row is, the columns that identify a row, and all columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def check(self, df: pd.DataFrame) -> pd.DataFrame:
        """Return a checked copy: documented columns first, in their dtypes; extra columns behind.

        Parameters
        ----------
        df : DataFrame
            Is left as it is.

        Returns
        -------
        DataFrame
            With a fresh ``RangeIndex``.

        Raises
        ------
        InvalidTable
            If it is not a DataFrame, a required column is absent, a key is missing or repeated, or a value does not
            fit its column's dtype.

        Examples
        --------
        >>> ITEMS.check(pd.DataFrame({"text": ["hi"], "item_id": [7]}))
          item_id text
        0       7   hi
        """
        if not isinstance(df, pd.DataFrame):
            raise InvalidTable(f"{self.name} is a {type(df).__name__}", expected="a pandas DataFrame")
        absent = [c.name for c in self.columns if c.required and c.name not in df.columns]
        if absent:
            raise InvalidTable(
                f"{self.name} lacks {_names(absent)}; it has {_names(df.columns)}",
                expected=f"one row per {self.row}, with {_names(c.name for c in self.columns if c.required)}",
                fix="rename or add the column",
            )
        twice = df.columns[df.columns.duplicated()]
        if len(twice):
            raise InvalidTable(f"{self.name} has several columns {_names(twice[:1])}", expected="each column once")
        df = df.reset_index(drop=True)
        out = {c.name: self._cast(c, df) for c in self.columns}
        out |= {name: df[name] for name in df.columns if name not in out}
        checked = pd.DataFrame(out, index=df.index)
        self._check_key(checked)
        return checked

    def empty(self) -> pd.DataFrame:
        """Return the table with all its columns and no rows."""
        return self.check(pd.DataFrame({c.name: pd.Series([], dtype=object) for c in self.columns}))

    def from_rows(self, rows: list[dict[str, Any]]) -> pd.DataFrame:
        """Return the table made of these dicts; no rows give an empty table with every column."""
        return self.check(pd.DataFrame(rows)) if rows else self.empty()

    def _cast(self, column: Column, df: pd.DataFrame) -> pd.Series:
        if column.name not in df.columns:
            return column.missing(df.index)
        try:
            return column.cast(df[column.name])
        except (TypeError, ValueError) as error:
            raise InvalidTable(
                f"{self.name}.{column.name}: {error}", expected=f"{column.dtype} values ({column.meaning})"
            ) from error

    def _check_key(self, df: pd.DataFrame) -> None:
        for name in self.key:
            bad = df[name].isna() | (df[name] == "")
            if bad.any():
                raise InvalidTable(
                    f"{self.name}.{name} is missing in {int(bad.sum())} of {len(df)} rows, first in row {bad.idxmax()}",
                    expected=f"a value in every row: {self._column(name).meaning}",
                )
        # One hash table suffices where the first part of the key already tells the rows apart.
        if df[self.key[0]].is_unique:
            return
        twice = df.duplicated(list(self.key), keep=False)
        if twice.any():
            example = df.loc[twice.idxmax(), list(self.key)].to_dict()
            raise InvalidTable(
                f"{self.name} has {int(twice.sum())} rows with a repeated key, such as {example}",
                expected=f"one row per {self.row}",
                fix=f"drop_duplicates({list(self.key)})",
            )

    def _column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


def _names(names: Any) -> str:
    return ", ".join(repr(str(n)) for n in names) or "no columns"


_ITEM = Column("item_id", "text", "identifies the item", required=True)
_ROUND = Column("round", "int", "round of the cycle, from 0")
_VERSION = Column("model_version", "text", "fingerprint of the model that predicted")

ITEMS = Table("items", "item", ("item_id",), (_ITEM,))

PREDICTIONS = Table(
    "predictions",
    "item and model version",
    ("item_id", "model_version"),
    (
        _ITEM,
        Column("predicted_label", "text", "the model's answer", required=True),
        Column("confidence", "float", "the model's probability for its answer, 0 to 1"),
        Column("model_version", "text", "fingerprint of the model that predicted", required=True),
    ),
)

PICKS = Table(
    "picks",
    "chosen item",
    ("item_id",),
    (
        _ITEM,
        Column("rank", "int", "1 is the most useful"),
        Column("score", "float", "the strategy's score, higher is more useful; NaN where it gave none, as for audit"),
        Column("strategy", "text", "what chose it; 'audit' for the random slice"),
        Column("inclusion_probability", "float", "chance of being chosen; NaN where it was no draw"),
        _ROUND,
    ),
)

LOOPS = Table(
    "loops",
    "human loop",
    ("human_loop_name",),
    (
        Column("human_loop_name", "text", "unique per account and Region", required=True),
        _ITEM,
        _ROUND,
        _VERSION,
        Column("flow_definition_arn", "text", "the flow definition it was started on"),
        Column("status", "text", "Planned, InProgress, Stopping, Stopped, Completed, Failed or Deleted"),
        Column("created_at", "time", "when the service created it"),
        Column("finished_at", "time", "when it was seen in a final state"),
        Column("output_uri", "text", "where output.json is or will be"),
        Column("failure_code", "text", "A2I's code, for a failed loop"),
        Column("failure_reason", "text", "A2I's words, for a failed loop"),
        Column("attempt", "int", "0, and one more for each loop before it that failed"),
        Column("planned_at", "time", "when the intent to start it was written down"),
    ),
)

ANSWERS = Table(
    "answers",
    "human loop, worker and field of the form",
    ("human_loop_name", "worker_id", "field"),
    (
        Column("human_loop_name", "text", "the loop that asked", required=True),
        _ITEM,
        Column("worker_id", "text", "pseudonym of the worker", required=True),
        Column("field", "text", "name of the form element", required=True),
        Column("value", "any", "the answer: text, number, bool, list or dict", required=True),
        Column("accepted_at", "time", "when the worker opened the task; missing in old outputs"),
        Column("submitted_at", "time", "when the worker submitted"),
        Column("seconds", "float", "time spent, seconds; missing in old outputs"),
        Column("output_uri", "text", "the output.json it was read from"),
    ),
)

LABELS = Table(
    "labels",
    "item",
    ("item_id",),
    (
        _ITEM,
        Column("label", "text", "the consolidated label; missing unless status is 'agreed'", required=True),
        Column("confidence", "float", "share of the answers, or posterior, behind the label, 0 to 1"),
        Column("n_answers", "int", "answers that counted"),
        Column("agreement", "float", "share of pairs of answers that agree; NaN with one answer"),
        Column("status", "text", "agreed, tied, abstained or incomplete"),
        Column("method", "text", "how the answers were consolidated"),
    ),
)

COMPARISON = Table(
    "comparison",
    "labelled item and model version",
    ("item_id", "model_version"),
    (
        _ITEM,
        Column("predicted_label", "text", "the model's answer", required=True),
        Column("label", "text", "the humans' label", required=True),
        Column("disagrees", "any", "True where the two differ"),
        Column("confidence", "float", "the model's probability for its answer"),
        Column("weight", "float", "1 / inclusion_probability; NaN where the choice was no draw"),
        _VERSION,
        _ROUND,
    ),
)

ROUNDS = Table(
    "rounds",
    "round of a cycle",
    ("round",),
    (
        Column("round", "int", "round of the cycle, from 0", required=True),
        Column(
            "labels_bought",
            "int",
            "items that people were asked about, all rounds so far; a tie costs as much as a label",
        ),
        Column("accuracy", "float", "on the held-out set, after this round's retraining"),
        Column("disagreement", "float", "share of this round's labelled items where model and humans differ"),
        Column("disagreement_low", "float", "lower end of its 95 % interval"),
        Column("disagreement_high", "float", "upper end of its 95 % interval"),
        Column("agreement", "float", "mean agreement among reviewers, share of pairs"),
        Column("model_version", "text", "fingerprint of the model after this round"),
    ),
)

QUARANTINE = Table(
    "quarantine",
    "output that cannot be read",
    ("output_uri",),
    (
        Column("output_uri", "text", "where the output is", required=True),
        Column("reason", "text", "what is wrong with it", required=True),
    ),
)
