"""Documents: what becomes of each field."""

from a2i_al.metrics import (
    field_accuracy,
)


def test_fields_by_hand():
    """Each key's outcomes, under people's spelling of it; a model's own key under its own."""
    predicted = {"i": {"total": "12.00", "Date": "1 May"}, "j": {"TOTAL": "13"}, "k": {"Name": "ann"}}
    actual = {"i": {"Total": "12.00"}, "j": {"Total": "14"}, "k": {"Total": "1", "Name": "Ann"}}
    table = field_accuracy(predicted, actual).set_index("key")
    assert table.loc["Total", ["n", "correct", "wrong", "missing", "extra"]].tolist() == [3, 1, 1, 1, 0]
    assert table.loc["Date", ["accuracy", "extra"]].tolist() == [0, 1]
    assert table.loc["all", ["n", "correct", "wrong", "missing", "extra"]].tolist() == [5, 2, 1, 1, 1]
    assert table.loc["all", "accuracy"] == 0.4
    assert field_accuracy(predicted, actual, ignore_case=False).set_index("key").loc["Name", "accuracy"] == 0
    empty = field_accuracy({"i": {"blocks": []}}, {"i": {"blocks": []}})
    assert empty[["key", "n"]].to_numpy().tolist() == [["all", 0]]
