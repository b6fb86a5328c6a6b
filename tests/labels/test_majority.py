"""The majority vote alone."""

import pandas as pd

from a2i_al.labels.majority import majority


def cast(**by_item):
    """Return votes from item="labels, one letter a worker"."""
    rows = [(item, f"w{n}", vote) for item, given in by_item.items() for n, vote in enumerate(given)]
    return pd.DataFrame(rows, columns=["item_id", "worker_id", "vote"])


def test_the_leading_label_wins_with_its_share_of_all_votes():
    """A plurality is enough: 2 of 4 lead over 1 and 1."""
    result = majority(cast(i="aabc", j="b"))
    assert result["label"].tolist() == ["a", "b"]
    assert result["confidence"].tolist() == [0.5, 1.0]


def test_a_tie_for_the_lead_has_no_label_and_one_below_it_has():
    """Never the alphabetically first of the tied labels."""
    result = majority(cast(i="aabb", j="aabcc", k="aaabbcc"))
    assert result["label"].isna().tolist() == [True, True, False]
    assert result["confidence"].isna().tolist() == [True, True, False]
    assert result.loc["k", "label"] == "a"


def test_no_votes_give_no_rows():
    assert majority(cast()).empty
