"""Budgets: what a loop costs, and how many a cap allows."""

import numpy as np
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.loops.requests.budget import Prices, most_loops


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
        ({"max_loops": True, "max_cost": None}, "max_loops is True"),
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
