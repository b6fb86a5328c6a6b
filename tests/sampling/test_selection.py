"""sample(): exactly n distinct items, honest inclusion probabilities, and the same picks for the same seed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling import sample
from a2i_al.tables import PICKS


def pool(size, seed=0):
    """Return rows of probabilities over three classes, no two with the same margin."""
    return np.random.default_rng(seed).dirichlet([1, 1, 1], size=size)


def test_a_hand_worked_choice():
    """By margin row 1 is the closest call, then row 2, then row 0."""
    picks = sample([[0.9, 0.1], [0.55, 0.45], [0.3, 0.7]], 2, round=4)
    assert picks["item_id"].tolist() == ["1", "2"]
    assert picks["rank"].tolist() == [1, 2]
    assert picks["score"].tolist() == pytest.approx([0.9, 0.6])
    assert picks["strategy"].tolist() == ["auto: margin"] * 2
    assert picks["inclusion_probability"].isna().all()
    assert picks["round"].tolist() == [4, 4]


def test_the_result_is_a_picks_table():
    picks = sample(pool(5), 2)
    assert list(picks.columns) == [column.name for column in PICKS.columns]
    pd.testing.assert_frame_equal(PICKS.check(picks), picks)


@given(
    size=st.integers(1, 30),
    strategy=st.sampled_from(["margin", "entropy", "least_confidence", "random", lambda proba: np.zeros(len(proba))]),
    audit=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    data=st.data(),
)
def test_exactly_n_distinct_items_of_the_pool(size, strategy, audit, data):
    excluded = data.draw(st.sets(st.integers(0, size - 1), max_size=size - 1))
    n = data.draw(st.integers(1, size - len(excluded)))
    picks = sample(pool(size), n, strategy=strategy, audit_fraction=audit, exclude=excluded, random_state=0)
    assert len(picks) == picks["item_id"].nunique() == n
    assert set(picks["item_id"]) <= {str(i) for i in range(size)} - {str(i) for i in excluded}
    assert picks["rank"].tolist() == list(range(1, n + 1))


@pytest.mark.parametrize("strategy", ["margin", "random"])
def test_the_order_of_the_rows_changes_nothing(strategy):
    """The seed decides, draws included, so a query without ORDER BY gives the same loops."""
    proba, ids = pool(40), np.array([f"item-{i}" for i in range(40)])
    order = np.random.default_rng(1).permutation(40)
    arguments = {"strategy": strategy, "audit_fraction": 0.3, "random_state": 7}
    straight = sample(proba, 10, item_ids=ids, **arguments)
    shuffled = sample(proba[order], 10, item_ids=ids[order], **arguments)
    pd.testing.assert_frame_equal(straight, shuffled)


def test_ties_at_the_cut_do_not_follow_the_order_of_the_rows():
    ids = np.array(list("abcdefgh"))
    proba = np.full((8, 2), 0.5)
    chosen = sample(proba, 3, item_ids=ids, random_state=3)["item_id"].tolist()
    assert sample(proba, 3, item_ids=ids[::-1], random_state=3)["item_id"].tolist() == chosen


def test_one_seed_gives_the_same_picks_and_another_seed_others():
    first, again, other = (sample(pool(50), 10, strategy="random", random_state=seed)["item_id"] for seed in (1, 1, 2))
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_a_generator_is_used_as_it_is_and_moves_on():
    rng = np.random.default_rng(1)
    first, second = (sample(pool(50), 10, strategy="random", random_state=rng)["item_id"].tolist() for _ in range(2))
    assert first == sample(pool(50), 10, strategy="random", random_state=1)["item_id"].tolist()
    assert first != second


@pytest.mark.parametrize(
    ("fraction", "n", "audits"),
    [(0.0, 10, 0), (0.04, 10, 0), (0.05, 10, 1), (0.25, 10, 3), (0.29, 50, 15), (1, 10, 10)],
)
def test_the_audit_slice_is_rounded_half_up_and_ranked_last(fraction, n, audits):
    picks = sample(pool(60), n, audit_fraction=fraction, random_state=0)
    assert picks["strategy"].tolist() == ["auto: margin"] * (n - audits) + ["audit"] * audits
    assert picks["inclusion_probability"][n - audits :].tolist() == [audits / 60] * audits
    assert picks["inclusion_probability"][: n - audits].isna().all()
    assert picks["score"].isna().tolist() == [False] * (n - audits) + [True] * audits


def test_the_strategy_takes_the_best_of_what_the_audit_slice_left():
    proba = pool(30)
    picks = sample(proba, 10, audit_fraction=0.5, random_state=0)
    audited = set(picks["item_id"][picks["strategy"] == "audit"])
    alone = sample(proba, 30, random_state=0)["item_id"]
    assert picks["item_id"][:5].tolist() == [item for item in alone if item not in audited][:5]


@pytest.mark.parametrize(("strategy", "n"), [("margin", 4), ("random", 4)])
def test_stated_inclusion_probabilities_are_the_frequencies_of_the_draws(strategy, n):
    """Over many seeds every candidate, the most certain one too, is drawn as often as the table says."""
    proba, seeds, drawn = pool(10), 2_000, np.zeros(10)
    for seed in range(seeds):
        picks = sample(proba, n, strategy=strategy, audit_fraction=0.5, exclude=["3", "8"], random_state=seed)
        draws = picks.dropna(subset="inclusion_probability")
        drawn[draws["item_id"].astype(int)] += 1
    (stated,) = draws["inclusion_probability"].unique()
    assert stated == (2 / 8 if strategy == "margin" else 4 / 8)
    assert drawn[[3, 8]].tolist() == [0, 0]
    bound = 5 * np.sqrt(stated * (1 - stated) / seeds)
    assert np.delete(drawn, [3, 8]) / seeds == pytest.approx(stated, abs=bound)


def test_under_random_every_pick_is_a_draw_whatever_the_audit_fraction():
    picks = sample(pool(20), 5, strategy="random", audit_fraction=0.4, random_state=0)
    assert picks["strategy"].unique().tolist() == ["random"]
    assert picks["inclusion_probability"].tolist() == [0.25] * 5
    assert picks["score"].isna().all()


def test_a_function_called_random_is_no_draw():
    """Only the uniform draw itself may state an inclusion probability."""

    def random(proba):
        return proba[:, 0]

    assert sample(pool(10), 3, strategy=random)["inclusion_probability"].isna().all()


def test_a_function_sees_the_candidates_only():
    seen = []
    sample(pool(6), 2, strategy=lambda proba: seen.append(len(proba)) or proba[:, 0], exclude=["0", "5"])
    assert seen == [4]


def test_ids_come_from_the_index_of_a_dataframe_unless_given():
    proba = pd.DataFrame({"cat": [0.9, 0.5], "dog": [0.1, 0.5]}, index=[70, 71])
    assert sample(proba, 1)["item_id"].tolist() == ["71"]
    assert sample(proba, 1, item_ids=["a", "b"])["item_id"].tolist() == ["b"]


def test_earlier_picks_can_be_excluded_as_they_are():
    proba = pool(10)
    first = sample(proba, 4)
    second = sample(proba, 6, exclude=first)
    assert set(first["item_id"]) | set(second["item_id"]) == {str(i) for i in range(10)}


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"n": 0}, "n is 0"),
        ({"n": 4}, "n is 4, and 3 of the pool's 3 items are left"),
        ({"n": 2, "exclude": ["0", "1"]}, "n is 2, and 1 of the pool's 3 items are left"),
        ({"n": 1, "exclude": [0, 1, 2]}, "0 of the pool's 3 items are left"),
        ({"n": 1.5}, "n is 1.5"),
        ({"n": 1, "round": 0.5}, "round is 0.5"),
        ({"n": 1, "item_ids": ["a", "b"]}, "item_ids has 2 ids for 3 rows"),
        ({"n": 1, "item_ids": ["a", None, "c"]}, "1 of 3 item ids are missing, first in row 1"),
        ({"n": 1, "item_ids": ["a", "", "c"]}, "1 of 3 item ids are missing, first in row 1"),
        ({"n": 1, "item_ids": ["a", 7, "7"]}, "item id '7' occurs more than once"),
        ({"n": 1, "exclude": "01"}, "exclude is '01'"),
        ({"n": 1, "exclude": pd.DataFrame({"id": ["0"]})}, "without 'item_id'"),
        ({"n": 1, "audit_fraction": 1.2}, "audit_fraction is 1.2"),
        ({"n": 1, "audit_fraction": np.nan}, "audit_fraction is nan"),
        ({"n": 1, "random_state": -1}, "random_state is -1"),
        ({"n": 1, "random_state": "seed"}, "random_state is 'seed'"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(arguments, found):
    with pytest.raises(InvalidInput) as error:
        sample(pool(3), **arguments)
    assert found in error.value.found


def test_the_whole_pool_can_be_asked_for():
    assert len(sample(pool(3), 3)) == 3


def test_invalid_probabilities_are_refused():
    with pytest.raises(InvalidProbabilities):
        sample([[0.5, 0.6]], 1)
