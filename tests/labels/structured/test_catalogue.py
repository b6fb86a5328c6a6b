"""What every element of the catalogue answers is consolidated by its kind, and comes out as an answer again."""

import json

import pandas as pd
import pytest

from a2i_al.harvest.parse import parse_output
from a2i_al.harvest.values import typed
from a2i_al.labels import consolidate
from a2i_al.labels.counting.votes import as_text
from a2i_al.tables import ANSWERS
from a2i_al.templates import catalogue, load

PLACES = {"boxes", "keypoints", "polygons", "spans"}


@pytest.mark.parametrize("name", catalogue()["name"])
def test_three_people_who_answer_as_the_sample_does_agree_on_it(name):
    """From the output of A2I to labels, without a word about what is asked; marks come back as they were."""
    times = ["2026-11-01T10:00:00Z"] * 3
    people = [{"workerId": w, "submissionTime": t, "answerContent": load(name).sample_answer}
              for w, t in zip("uvw", times, strict=True)]  # fmt: skip
    output = {"humanLoopName": "loop", "inputContent": {}, "humanAnswers": people}
    answers = ANSWERS.check(pd.DataFrame(parse_output(json.dumps(output).encode())))
    for field, rows in answers.groupby("field"):
        row = consolidate(answers, field, reviewers=3).iloc[0]
        assert row[["status", "n_answers", "confidence", "agreement"]].tolist() == ["agreed", 3, 1, 1]
        kind, given = rows["kind"].iloc[0], rows["value"].iloc[0]
        if kind in PLACES:
            assert set(typed(row["value"]).content) == set(typed(given).content)
            assert typed(row["value"]).size == typed(given).size
        elif kind == "mask":
            assert (typed(row["value"]).content.pixels() > 0).tolist() == (typed(given).content.pixels() > 0).tolist()
        elif kind == "key_values":
            assert row["value"] == {pair.key: pair.value for pair in typed(given).content}
        elif kind in ("text", "number", "choice"):
            assert row["label"] == as_text(given)
