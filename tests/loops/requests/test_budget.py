"""Budgets: what a loop costs, how many a cap allows, and which of a plan are too many."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.loops.requests.budget import Prices, beyond, most_loops

ROWS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 2)), unique_by=lambda row: row[0])


@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        ({"max_loops": None, "max_cost": None}, None),
        ({"max_loops": np.int64(5), "max_cost": None}, 5),
        ({"max_loops": 5, "max_cost": 0.3, "prices": Prices(per_object=0.08, per_worker=0.01)}, 3),
        ({"max_loops": None, "max_cost": 1.2, "prices": Prices(per_worker=0.012 / 2)}, 100),
        ({"max_loops": None, "max_cost": 1.199, "prices": Prices(per_worker=0.012 / 2)}, 99),
        ({"max_loops": None, "max_cost": 0, "prices": Prices(per_object=1)}, 0),
        ({"max_loops": 4, "max_cost": 0, "prices": Prices(per_object=0)}, 4),
    ],
)
def test_the_tighter_cap_counts(arguments, most):
    """In loops, to the last one that the money is enough for; what costs nothing is capped by number only."""
    assert most_loops(**({"prices": Prices()} | arguments), reviewers=2) == most


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"max_loops": None, "max_cost": 3.0}, "no price is known"),
        ({"max_loops": -1, "max_cost": None}, "max_loops is -1"),
        ({"max_loops": None, "max_cost": float("nan")}, "max_cost is nan"),
        ({"max_loops": "7", "max_cost": None}, "max_loops is '7'"),
    ],
)
def test_caps_that_make_no_sense_are_refused(arguments, words):
    """A cap that cannot be kept is no cap."""
    with pytest.raises(InvalidInput, match=words):
        most_loops(**arguments, prices=Prices(), reviewers=1)


def test_a_negative_price_is_refused():
    """Nobody is paid for asking."""
    with pytest.raises(InvalidInput, match="price_per_worker is -1"):
        Prices(per_worker=-1)


@given(rows=ROWS, there=ROWS, most=st.integers(0, 9))
def test_a_round_never_has_more_than_its_cap_unless_it_had_before(rows, there, most):
    """What is there already costs nothing; of the rest, the first fit and the last are left out."""
    rows = [{"human_loop_name": name, "round": round_} for name, round_ in rows]
    over = beyond(rows, there, most)
    new = [row for row in rows if row["human_loop_name"] not in dict(there)]
    for number in range(3):
        before = [name for name, round_ in there if round_ == number]
        mine = [row for row in new if row["round"] == number]
        left_out = [row for row in over if row["round"] == number]
        room = max(0, most - len(before))
        assert left_out == mine[room:]
    assert beyond(rows, there, None) == []
