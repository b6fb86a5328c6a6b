"""Majority vote: the label most workers gave, or none where two labels lead together."""

from __future__ import annotations

import pandas as pd


def majority(cast: pd.DataFrame) -> pd.DataFrame:
    """Give each item the label that most of its votes name; a tie for the lead stays undecided.

    Parameters
    ----------
    cast : DataFrame
        One row per vote: `item_id`, `worker_id`, `vote`; no missing votes.

    Returns
    -------
    DataFrame
        Indexed by `item_id`: `label`, None where tied, and `confidence`, the share of the item's votes that the
        label got (float64, 0 to 1), NaN where tied.

    Examples
    --------
    >>> cast = pd.DataFrame({"item_id": ["i"] * 3, "worker_id": ["u", "v", "w"], "vote": ["cat", "dog", "cat"]})
    >>> majority(cast).round(3).reset_index().to_dict("records")
    [{'item_id': 'i', 'label': 'cat', 'confidence': 0.667}]
    """
    counts = cast.groupby(["item_id", "vote"], observed=True).size().rename("n").reset_index()
    by_item = counts.groupby("item_id")["n"]
    counts = counts.assign(total=by_item.transform("sum"), lead=counts["n"] == by_item.transform("max"))
    leaders = counts[counts["lead"]]
    tied = leaders.duplicated("item_id", keep=False)
    first = leaders.assign(
        label=leaders["vote"].astype(object).mask(tied, None),
        confidence=(leaders["n"] / leaders["total"]).mask(tied),
    ).drop_duplicates("item_id")
    return first.set_index("item_id")[["label", "confidence"]]
