"""Planning: what a submission would do, told apart before anything happens, and the same every time."""

import json

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidInput, InvalidTable, UnknownLabel
from a2i_al.loops.bookkeeping.ledger import Ledger
from a2i_al.loops.requests.planning import Terms, plan

PREDICTIONS = pd.DataFrame(
    {
        "item_id": [f"i{n}" for n in range(6)],
        "predicted_label": "spam",
        "confidence": 0.6,
        "model_version": "m1",
    }
)


@pytest.fixture
def planned(arn, items, ledger):
    """Plan, and have the ledger take the intents and receipts of what would be started."""

    def planned(of=items, *, do=False, picks=None, predictions=None, labels=None, **terms):
        made = plan(arn, of, picks, predictions=predictions, labels=labels, ledger=ledger, terms=Terms(**terms))
        if do:
            ledger.plan(request.row for request in made.requests)
            ledger.receipt(*(request.name for request in made.requests))
        return made

    return planned


def test_what_was_asked_what_is_new_and_what_is_refused_are_told_apart(planned, items, ledger):
    """With the time that it was asked, before anything happens."""
    planned(items.head(2), do=True)
    table = planned(items.assign(text=[*items["text"][:5], float("inf")])).table
    assert table["action"].tolist() == ["already asked"] * 2 + ["start"] * 3 + ["refused"]
    assert table["asked_at"].tolist()[:2] == ledger.loops()["planned_at"].tolist()
    assert table["asked_at"].isna().tolist() == [False] * 2 + [True] * 4
    assert len(ledger.loops()) == 2


def test_the_rest_of_the_ledger_is_not_read(planned, items, monkeypatch):
    """Neither for the plan nor for its cap: what was asked of other items makes no submission wait."""
    planned(items.head(2), do=True)
    monkeypatch.setattr(Ledger, "loops", None)
    assert planned(items.head(4), most=3).table["action"].tolist() == ["already asked"] * 2 + ["start", "over budget"]


def test_what_was_asked_is_not_worked_out_again(planned, items, tmp_path):
    """Its files may be gone by now, or its text have grown: it stays in the batch."""
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG")
    planned(items.head(1).assign(image=picture), do=True)
    picture.unlink()
    assert planned(items.head(1).assign(image=picture)).table["action"].tolist() == ["already asked"]


def test_a_payload_that_is_too_large_is_refused_and_the_others_go_on(planned, items):
    """3 MiB are checked before anything is sent."""
    made = planned(items.assign(text=["x" * 3_200_000, *items["text"][1:]]))
    assert made.table["action"].tolist() == ["refused"] + ["start"] * 5
    assert "3,145,728" in made.table.loc[0, "reason"]
    assert [request.row["item_id"] for request in made.requests] == [f"i{n}" for n in range(1, 6)]


def test_text_that_is_none_is_refused_and_the_others_go_on(planned, items):
    """Half a surrogate pair, from a file read in the wrong encoding, ends nobody's submission half-way."""
    table = planned(items.assign(text=pd.Series(["\ud800", *items["text"][1:]], dtype=object))).table
    assert table["action"].tolist() == ["refused"] + ["start"] * 5
    assert "UTF-8 cannot write" in table.loc[0, "reason"]


def test_another_round_or_model_is_another_question(planned, items):
    """The same item may be asked about again on purpose."""
    picks = items[["item_id"]]
    names = [
        planned(picks=picks.assign(round=0), predictions=PREDICTIONS),
        planned(picks=picks.assign(round=1), predictions=PREDICTIONS),
        planned(picks=picks.assign(round=0), predictions=PREDICTIONS.assign(model_version="m2")),
    ]
    assert len({name for made in names for name in made.table["human_loop_name"]}) == 18


def test_items_come_in_the_order_of_the_picks(planned):
    """Rank decides, not the order of the pool; items that were not picked are not asked about."""
    made = planned(picks=pd.DataFrame({"item_id": ["i4", "i1"]}))
    assert made.table["item_id"].tolist() == ["i4", "i1"]
    assert '"text 4"' in made.requests[0].content


def test_a_cap_counts_what_the_round_has_and_shows_what_exceeds_it(planned, items):
    """Run again, the cell shows the same; another round has a cap of its own."""
    planned(items.head(2), do=True)
    for _ in range(2):
        made = planned(most=4, cost=0.5)
        assert made.table["action"].tolist() == ["already asked"] * 2 + ["start"] * 2 + ["over budget"] * 2
        assert made.table["cost"].tolist() == [0, 0, 0.5, 0.5, 0, 0]
        assert made.table["reason"].tolist()[4:] == ["the cap for the round, 4 loops, is reached"] * 2
        assert len(made.requests) == 2
    made = planned(picks=items[["item_id"]].assign(round=1), most=4)
    assert (made.table["action"] == "start").sum() == 4


def test_a_failed_question_is_planned_as_its_last_attempt(planned, items, ledger):
    """Asked for as the next attempt it has a name of its own, and from then on the plan finds that one."""
    first = planned(items.head(2), do=True).table["human_loop_name"]
    again = planned(items.head(2), attempts={"i0": 1}, do=True)
    assert again.table["action"].tolist() == ["start", "already asked"]
    assert again.table["human_loop_name"].tolist() == [f"{first[0]}-1", first[1]]
    assert json.loads(again.requests[0].content)["a2i_al"]["attempt"] == 1
    assert planned(items.head(2)).table["human_loop_name"].tolist() == again.table["human_loop_name"].tolist()
    assert planned(items.head(2), attempts={"i0": 1}).table["action"].tolist() == ["already asked"] * 2


def test_redacted_columns_are_not_sent_and_are_named(planned, items):
    """What nobody may see is in no payload; that something was left out is."""
    made = planned(items.assign(e_mail="ann@example.org"), redact=["e_mail"])
    content = json.loads(made.requests[0].content)
    assert "ann@example.org" not in made.requests[0].content
    assert set(content) == {"item_id", "text", "a2i_al"}
    assert content["a2i_al"]["redacted"] == ["e_mail"]


@pytest.mark.parametrize(
    ("redact", "error", "words"),
    [
        (["email"], InvalidTable, "no column of the items"),
        (["item_id"], InvalidInput, "come back by the item's id"),
        ("text", InvalidInput, "a list of columns"),
        (None, InvalidInput, "a list of columns"),
    ],
)
def test_a_redaction_that_would_not_redact_is_refused(planned, redact, error, words):
    """A misspelt column would be sent."""
    with pytest.raises(error, match=words):
        planned(redact=redact)


def test_files_are_referred_to_by_their_content(planned, items):
    """Bytes always, texts where they are named; the same content is one file, and the payload the same each time."""
    of = items.head(3).assign(scan=[b"%PDF-1", b"%PDF-2", b"%PDF-1"])
    made, again = (planned(of, as_files=["text"], folder="s3://b/inputs") for _ in range(2))
    contents = [json.loads(request.content) for request in made.requests]
    assert contents[0]["scan"] == contents[2]["scan"] != contents[1]["scan"]
    assert all(content["text"].startswith("s3://b/inputs/") for content in contents)
    assert made.table["files"].tolist() == [2, 2, 2]
    assert [request.content for request in made.requests] == [request.content for request in again.requests]
    assert {file.uri: file.content() for file in made.requests[0].files}[contents[0]["text"]] == b"text 0"


def test_a_path_that_cannot_be_read_is_a_refused_row(planned, items, tmp_path):
    """With item and column; the others go on."""
    (tmp_path / "there.png").write_bytes(b"\x89PNG")
    table = planned(items.head(2).assign(image=[tmp_path / "there.png", tmp_path / "gone.png"])).table
    assert table["action"].tolist() == ["start", "refused"]
    assert "item 'i1', column 'image' is a path that cannot be read" in table.loc[1, "reason"]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"of": pd.DataFrame([["a", "x", "y"]], columns=["item_id", "x", "x"])}, InvalidTable, "two columns 'x'"),
        ({"of": pd.DataFrame({"item_id": ["a", "a"]})}, InvalidTable, "repeated key"),
        ({"picks": pd.DataFrame({"item_id": ["stranger"]})}, InvalidTable, "not among the items, such as 'stranger'"),
        ({"labels": ["ham"], "predictions": PREDICTIONS}, UnknownLabel, "'i0' is predicted as 'spam'"),
        (
            {"predictions": pd.concat([PREDICTIONS, PREDICTIONS.assign(model_version="m2")])},
            InvalidTable,
            "several model versions: m1, m2",
        ),
        ({"as_files": ["scan"]}, InvalidTable, "as_files has 'scan'"),
        ({"content_classifiers": ["FreeOfEverything"]}, InvalidInput, "FreeOfAdultContent"),
    ],
)
def test_unusable_arguments_are_refused_before_anything_is_planned(planned, ledger, arguments, error, words):
    """Duplicate ids, foreign picks, labels the page does not offer, mixed model versions, unknown names stop it all."""
    with pytest.raises(error) as caught:
        planned(**arguments)
    assert words in str(caught.value)
    assert ledger.loops().empty


def test_nothing_to_ask_is_an_empty_plan(planned, items):
    """No picks, no loops; every column is there."""
    made = planned(picks=items[["item_id"]].head(0), most=3)
    assert made.requests == []
    assert made.table.columns.tolist() == planned().table.columns.tolist()


def test_arrays_stay_numbers_unless_they_are_named(planned, items):
    """An embedding is sent as a list; a named array of pixels is a picture."""
    pixels = [np.zeros((2, 2), np.uint8), np.ones((2, 2), np.uint8)]
    of = items.head(2).assign(image=pixels)
    assert json.loads(planned(of).requests[0].content)["image"] == [[0, 0], [0, 0]]
    assert json.loads(planned(of, as_files=["image"]).requests[0].content)["image"].endswith(".png")


def test_what_is_sent_of_a_row_is_the_same_however_it_was_picked(planned):
    """To the letter, of every kind of column: A2I takes the same name with another input for a conflict."""
    of = pd.DataFrame(
        {
            "item_id": ["a", "b"],
            "small": np.array([1, 2], np.int8),
            "single": np.array([0.1, np.nan], np.float32),
            "sure": [True, False],
            "maybe": pd.array([7, None], dtype="Int64"),
            "when": pd.to_datetime(["2026-01-02", None]),
            "kind": pd.Categorical(["x", None]),
            "text": pd.array(["é", None], dtype="string"),
            "mixed": [[np.int64(1), "z"], {"k": np.float32(0.5)}],
        }
    )
    picks = pd.DataFrame({"item_id": ["b", "a"]})
    sent = [request.content.partition(', "a2i_al"')[0] for request in planned(of).requests]
    first = (
        '{"item_id": "a", "small": 1, "single": 0.10000000149011612, "sure": true, "maybe": 7,'
        ' "when": "2026-01-02T00:00:00", "kind": "x", "text": "é", "mixed": [1, "z"]'
    )
    second = (
        '{"item_id": "b", "small": 2, "single": null, "sure": false, "maybe": null, "when": null, "kind": null,'
        ' "text": null, "mixed": {"k": 0.5}'
    )
    assert sent == [first, second]
    assert [r.content for r in planned(of, picks=picks).requests] == [r.content for r in planned(of).requests][::-1]
