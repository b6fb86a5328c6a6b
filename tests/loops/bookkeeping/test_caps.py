"""Caps: which rows of a plan are too many for their round."""

from collections import Counter

from hypothesis import given, strategies as st

from a2i_al.loops.bookkeeping.caps import beyond

ROWS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 2)), unique_by=lambda row: row[0])


@given(rows=ROWS, there=ROWS, most=st.integers(0, 9))
def test_a_round_never_has_more_than_its_cap_unless_it_had_before(rows, there, most):
    """What is there already costs nothing; of the rest, the first fit and the last are left out."""
    rows = [{"human_loop_name": name, "round": round_} for name, round_ in rows]
    spent = Counter(round_ for _, round_ in there)
    over = beyond(rows, dict(there), spent, most)
    new = [row for row in rows if row["human_loop_name"] not in dict(there)]
    for number in range(3):
        mine = [row for row in new if row["round"] == number]
        left_out = [row for row in over if row["round"] == number]
        room = max(0, most - spent[number])
        assert left_out == mine[room:]
    assert beyond(rows, dict(there), spent, None) == []
    assert spent == Counter(round_ for _, round_ in there)
