"""The join behind `compare`: predictions, labels and picks in; the comparison table, and what is not in it, out."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.tables import COMPARISON, LABELS, Table

UNNAMED = "unnamed"


def join(predictions: pd.DataFrame, labels: pd.DataFrame, picks: pd.DataFrame | None) -> pd.DataFrame:
    """Join checked tables on item_id into the comparison table, sorted by item and model version.

    Parameters
    ----------
    predictions, labels : DataFrame
        Checked; of the labels only those that are `usable`.
    picks : DataFrame or None
        Checked. Gives `round`, `weight` and the extra column `strategy`, missing for items that are no picks.

    Returns
    -------
    DataFrame
        The comparison table. Extra columns of all three pass; where two have one of the same name, the later wins. What
        the comparison documents is never an extra: labels that carry a `model_version` leave the predictions' alone.

    Raises
    ------
    InvalidInput
        If predictions and labels have no item in common.
    InvalidTable
        If a joined prediction has no label, or an inclusion probability is not above 0 and at most 1.
    """
    ours = labels[["item_id", "label", *_extras(labels, LABELS, COMPARISON)]]
    joined = _replace(predictions, ours.columns).merge(ours, on="item_id")
    if joined.empty:
        raise InvalidInput(
            f"no labelled item has a prediction: predictions are for {_examples(predictions['item_id'])}, "
            f"labels with status 'agreed' for {_examples(labels['item_id'])}",
            expected="the same item ids in both",
        )
    unpredicted = joined["predicted_label"].isna()
    if unpredicted.any():
        raise InvalidTable(
            f"predictions.predicted_label is missing for {int(unpredicted.sum())} labelled items, "
            f"first {joined['item_id'][unpredicted.idxmax()]!r}",
            expected="the model's answer in every row",
        )
    if picks is not None:
        how = _how_chosen(picks)
        joined = _replace(joined, how.columns).merge(how, on="item_id", how="left")
        joined = joined.assign(round=joined["round"].fillna(0))
    differs = (joined["predicted_label"] != joined["label"]).astype(bool)
    return COMPARISON.check(joined.assign(disagrees=differs).sort_values(["item_id", "model_version"]))


def usable(labels: pd.DataFrame) -> pd.Series:
    """Return which rows of a checked labels table have a label to compare with; without a status, a label is enough."""
    return labels["label"].notna() & (labels["status"].isna() | (labels["status"] == "agreed"))


def left_out(predictions: pd.DataFrame, labels: pd.DataFrame, picks: pd.DataFrame | None) -> dict[str, int]:
    """Count the items that cannot be compared, by reason: the label's status, or what is not there."""
    good = usable(labels)
    status = labels["status"][~good]
    reasons = status.where(status.notna() & (status != "agreed"), "no label").value_counts().sort_index()
    counts = {str(reason): int(n) for reason, n in reasons.items()}
    counts["no prediction"] = int((~labels["item_id"][good].isin(predictions["item_id"])).sum())
    if picks is not None:
        counts["no label yet"] = int((~picks["item_id"].isin(labels["item_id"])).sum())
    return {reason: n for reason, n in counts.items() if n}


def _how_chosen(picks: pd.DataFrame) -> pd.DataFrame:
    chance = picks["inclusion_probability"]
    bad = chance.notna() & ~((chance > 0) & (chance <= 1))
    if bad.any():
        raise InvalidTable(
            f"picks.inclusion_probability is {chance[bad.idxmax()]} for item {picks['item_id'][bad.idxmax()]!r}",
            expected="above 0 and at most 1, or NaN where the choice was no draw",
        )
    strategy = picks["strategy"].where(picks["strategy"].notna(), UNNAMED)
    columns = ["item_id", "round", "strategy", "weight"]
    return picks.assign(strategy=strategy, weight=1 / chance)[columns]


def _extras(df: pd.DataFrame, *tables: Table) -> list[str]:
    documented = {column.name for table in tables for column in table.columns}
    return [name for name in df.columns if name not in documented]


def _replace(df: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    return df.drop(columns=[name for name in names if name in df.columns and name != "item_id"])


def _examples(ids: pd.Series) -> str:
    shown = ", ".join(map(repr, ids.unique()[:3]))
    return f"{shown}{', ...' if ids.nunique() > 3 else ''}" if len(ids) else "no item"  # noqa: PLR2004 - as many as are shown
