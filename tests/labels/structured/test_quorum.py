"""What becomes of a part by its votes, and how sure that is."""

from collections import Counter

import pytest

from a2i_al.labels.structured.quorum import Quorum


@pytest.mark.parametrize(
    ("threshold", "votes", "answers", "verdict"),
    [
        (0.5, 2, 3, "in"), (0.5, 1, 3, "out"), (0.5, 1, 2, "tied"), (0.5, 1, 1, "in"),
        (0.4, 1, 2, "in"), (0.6, 1, 2, "out"), (1.0, 2, 3, "out"), (1.0, 3, 3, "in"),
    ],
)  # fmt: skip
def test_hand_worked(threshold, votes, answers, verdict):
    assert Quorum(threshold)(votes, answers) == verdict


@pytest.mark.parametrize("answers", range(1, 101))
def test_a_share_reaches_itself(answers):
    """Whatever a float makes of it: 0.55 of 100 is a little above 55."""
    assert {Quorum(votes / answers)(votes, answers) for votes in range(1, answers + 1)} <= {"in", "tied"}


def test_how_sure():
    """Three of four for, one of four for: three quarters are on either side that won; parts count as they come."""
    assert Quorum().sure([3, 1], 4) == 0.75
    assert Quorum().sure(Counter({4: 3, 1: 1}), 4) == (3 + 0.75) / 4
    assert Quorum().sure([], 4) == 1
