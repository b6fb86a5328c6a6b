"""The join behind `compare`: predictions, labels and picks in; the comparison table, and what is not in it, out.

A million string ids are looked up in one hash table of Arrow's, a tenth of the time of a merge on them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.tables import COMPARISON, ITEMS, LABELS, Table

UNNAMED = "unnamed"


def join(
    predictions: pd.DataFrame, labels: pd.DataFrame, picks: pd.DataFrame | None, items: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Join checked tables on item_id into the comparison table, sorted by item and model version.

    Parameters
    ----------
    predictions, labels : DataFrame
        Checked. Of the labels, those that are `usable` are joined.
    picks : DataFrame or None
        Checked. Gives `round`, `weight` and the extra column `strategy`, missing for items that are no picks.
    items : DataFrame, optional
        Checked. Its columns describe items, such as their language; missing for items that are not in it.

    Returns
    -------
    table : DataFrame
        The comparison table. Extra columns of all tables pass; where two have one of the same name, the later wins.
        What the comparison documents is never an extra: labels that carry a `model_version` leave the predictions'
        alone.
    left_out : dict of str to int
        How many items cannot be compared, by reason: the label's status, or what is not there.

    Raises
    ------
    InvalidInput
        If predictions and labels have no item in common.
    InvalidTable
        If a joined prediction has no label, or an inclusion probability is not above 0 and at most 1.
    """
    good = usable(labels)
    counts = _by_status(labels[~good])
    ours = labels[good].reset_index(drop=True)
    found = positions(predictions["item_id"], ours["item_id"])
    rows = _labelled(predictions, ours, found)
    joined = predictions.take(rows).reset_index(drop=True)
    counts["no prediction"] = len(ours) - _distinct(found)
    if items is not None:
        names = [c for c in _extras(items, ITEMS, COMPARISON) if c not in joined and c not in ours]
        joined = _with(joined, items[names], positions(joined["item_id"], items["item_id"]))
    names = ["label", *_extras(ours, LABELS, COMPARISON)]
    joined = _with(joined, ours[names], found[rows])
    if picks is not None:
        found = positions(joined["item_id"], picks["item_id"])
        joined = _with(joined, _how_chosen(picks), found)
        joined = joined.assign(round=joined["round"].fillna(0))
        others = picks["item_id"].drop(found[found >= 0])
        counts["no label yet"] = int((positions(others, labels["item_id"]) < 0).sum())
    table = COMPARISON.check(joined.assign(disagrees=(joined["predicted_label"] != joined["label"]).astype(bool)))
    return table, {reason: n for reason, n in counts.items() if n}


def positions(ids: pd.Series, among: pd.Series) -> npt.NDArray[np.int64]:
    """Return where each id is among others that are distinct, or -1.

    Examples
    --------
    >>> positions(pd.Series(["j", "x"]), pd.Series(["i", "j"])).tolist()
    [1, -1]
    """
    # Here and not at the top: what compares nothing needs no Arrow.
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    found = pc.index_in(pa.array(ids, type=pa.large_string()), value_set=pa.array(among, type=pa.large_string()))
    return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)


def usable(labels: pd.DataFrame) -> pd.Series:
    """Return which rows of a checked labels table have a label to compare with; without a status, a label is enough."""
    return labels["label"].notna() & (labels["status"].isna() | (labels["status"] == "agreed"))


def _by_status(labels: pd.DataFrame) -> dict[str, int]:
    status = labels["status"]
    reasons = status.where(status.notna() & (status != "agreed"), "no label").value_counts().sort_index()
    return {str(reason): int(n) for reason, n in reasons.items()}


def _labelled(predictions: pd.DataFrame, labels: pd.DataFrame, found: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the rows of the predictions of labelled items, in the order of item and model version."""
    if not (found >= 0).any():
        raise InvalidInput(
            f"no labelled item has a prediction: predictions are for {_examples(predictions['item_id'])}, "
            f"labels with status 'agreed' for {_examples(labels['item_id'])}",
            expected="the same item ids in both",
        )
    rows = _sorted(predictions, np.flatnonzero(found >= 0))
    unpredicted = predictions["predicted_label"].take(rows).isna().to_numpy()
    if unpredicted.any():
        raise InvalidTable(
            f"predictions.predicted_label is missing for {int(unpredicted.sum())} labelled items, "
            f"first {predictions['item_id'].iloc[rows[unpredicted.argmax()]]!r}",
            expected="the model's answer in every row",
        )
    return rows


def _sorted(predictions: pd.DataFrame, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the rows in the order of item and model version; tables are often in it already."""
    ids = predictions["item_id"].take(rows)
    if ids.is_monotonic_increasing and ids.is_unique:
        return rows
    order = predictions[["item_id", "model_version"]].take(rows).reset_index(drop=True)
    ordered: npt.NDArray[np.int64] = rows[order.sort_values(["item_id", "model_version"]).index.to_numpy()]
    return ordered


def _with(joined: pd.DataFrame, columns: pd.DataFrame, found: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return the rows with these columns of another table's rows beside them, missing where nothing was found."""
    at_hand = columns.drop(columns="item_id", errors="ignore").reset_index(drop=True)
    taken = at_hand.take(found) if (found >= 0).all() else at_hand.reindex(np.where(found >= 0, found, len(at_hand)))
    return pd.concat([_replace(joined, at_hand.columns), taken.set_axis(joined.index)], axis=1)


def _how_chosen(picks: pd.DataFrame) -> pd.DataFrame:
    chance = picks["inclusion_probability"]
    bad = chance.notna() & ~((chance > 0) & (chance <= 1))
    if bad.any():
        raise InvalidTable(
            f"picks.inclusion_probability is {chance[bad.idxmax()]} for item {picks['item_id'][bad.idxmax()]!r}",
            expected="above 0 and at most 1, or NaN where the choice was no draw",
        )
    strategy = picks["strategy"].where(picks["strategy"].notna(), UNNAMED)
    columns = ["round", "strategy", "weight"]
    return picks.assign(strategy=strategy, weight=1 / chance)[columns]


def _distinct(found: npt.NDArray[np.int64]) -> int:
    return int((np.bincount(found[found >= 0]) > 0).sum())


def _extras(df: pd.DataFrame, *tables: Table) -> list[str]:
    documented = {column.name for table in tables for column in table.columns}
    return [name for name in df.columns if name not in documented]


def _replace(df: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    return df.drop(columns=[name for name in names if name in df.columns and name != "item_id"])


def _examples(ids: pd.Series) -> str:
    shown = ", ".join(map(repr, ids.unique()[:3]))
    return f"{shown}{', ...' if ids.nunique() > 3 else ''}" if len(ids) else "no item"  # noqa: PLR2004 - as many as are shown
