"""One entry per item and worker, sorted, in whatever order the rows come; what is no answers table is refused."""

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.labels.counting.ballots import ballots
from a2i_al.labels.counting.votes import votes
from a2i_al.tables import ANSWERS


def read(found):
    """Return ballots as {(item, worker): label or None}."""
    texts = found.items.to_pylist(), found.workers.to_pylist(), found.class_names
    return {
        (texts[0][i], texts[1][w]): texts[2][v] if v >= 0 else None
        for i, w, v in zip(found.item, found.worker, found.vote, strict=True)
    }


def rows(*given):
    names = ["human_loop_name", "item_id", "worker_id", "field", "value", "submitted_at"]
    return pd.DataFrame(given, columns=names)


TABLE = rows(
    ("l1", "b", "w", "label", "x", "2026-11-01T10:00Z"),
    ("l2", "b", "w", "label", "y", "2026-11-02T10:00Z"),
    ("l1", "b", "v", "note", "blurred", "2026-11-01T10:00Z"),
    ("l3", "a", "w", "label", " ", None),
    ("l3", "a", "w", "note", "dark", None),
    ("l3", "a", "v", "label", "y", None),
)
EXPECTED = {("a", "v"): "y", ("a", "w"): None, ("b", "v"): None, ("b", "w"): "y"}


def test_the_last_word_of_everybody_counts_in_any_order_of_rows():
    """Whoever left the field empty, or out, has answered all the same."""
    for seed in range(6):
        found = ballots(TABLE.sample(frac=1, random_state=seed), "label")
        assert read(found) == EXPECTED
        assert found.responded.tolist() == [2, 2]
        assert found.cast.starts.tolist() == [0, 1, 2]


def test_ballots_are_the_votes(crowd):
    answers, _, _ = crowd(items=60)
    every = votes(ANSWERS.check(answers), "label")
    assert read(ballots(answers, "label")) == dict(
        zip(zip(every["item_id"], every["worker_id"], strict=True), every["vote"], strict=True)
    )


def test_many_answers_are_read_as_few_are(crowd):
    """Ids that share their beginning are sorted as numbers, whoever answered twice counts once."""
    answers, _, _ = crowd(items=18_000, per_item=3)
    late = answers.iloc[:200].assign(value="class 0", submitted_at="2026-11-02T10:00Z")
    late["human_loop_name"] += " again"
    notes = answers.iloc[300:500].assign(field="note", value="dark")
    whole = pd.concat([notes, answers, late]).sample(frac=1, random_state=0)
    found = ballots(whole, "label")
    some = whole[whole["item_id"].isin(answers["item_id"].iloc[:600])]
    few = ballots(some, "label")
    places = np.searchsorted(np.array(found.items.to_pylist()), np.array(few.items.to_pylist()))
    assert read(found.only(places)) == read(few)
    assert len(found.item) == 54_000
    assert (found.tallies.leader[places] == few.tallies.leader).all()


def test_labels_that_nobody_gave_can_be_added(cast):
    wider = cast(i="bd").with_classes(["a", "c", "b"])
    assert wider.class_names == ["a", "b", "c", "d"]
    assert wider.vote.tolist() == [1, 3]


@pytest.mark.parametrize("name", ["human_loop_name", "item_id", "worker_id", "field"])
@pytest.mark.parametrize("blank", ["", None])
def test_a_key_without_a_value_is_refused(name, blank):
    broken = TABLE.copy()
    broken.loc[2, name] = blank
    with pytest.raises(InvalidTable, match=f"answers.{name}"):
        ballots(broken, "label")


def test_a_table_twice_over_is_refused():
    with pytest.raises(InvalidTable, match="repeated key"):
        ballots(pd.concat([TABLE, TABLE]), "label")


@pytest.mark.parametrize("table", [TABLE.drop(columns="value"), [1], None])
def test_what_is_no_answers_table_is_refused(table):
    with pytest.raises(InvalidTable):
        ballots(table, "label")


def test_a_field_that_nobody_answered_is_refused_with_those_there_are():
    with pytest.raises(InvalidInput, match="'label', 'note'"):
        ballots(TABLE, "lable")
