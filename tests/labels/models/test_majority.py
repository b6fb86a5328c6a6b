"""The majority vote alone."""

from a2i_al.labels.models.majority import majority


def test_the_leading_label_wins_with_its_share_of_all_votes(cast):
    """A plurality is enough: 2 of 4 lead over 1 and 1."""
    decision = majority(cast(i="aabc", j="b"))
    assert decision.label.tolist() == [0, 1]
    assert decision.confidence.tolist() == [0.5, 1.0]


def test_a_tie_for_the_lead_has_no_label_and_one_below_it_has(cast):
    """Never the alphabetically first of the tied labels."""
    decision = majority(cast(i="aabb", j="aabcc", k="aaabbcc"))
    assert decision.label.tolist() == [-1, -1, 0]


def test_an_item_without_a_vote_has_no_label(cast):
    """Its one worker left the field empty."""
    assert majority(cast(i=" ", j="a")).label.tolist() == [-1, 0]
