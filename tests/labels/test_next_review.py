"""Which item another answer would help most, and that sample() can choose by it."""

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import ConsolidationWarning, UnknownLabel
from a2i_al.labels import needs_another_review
from a2i_al.sampling import sample
from a2i_al.sampling.scores.relabelling import active_lab, answer_matrix
from tests.labels.conftest import table

PREDICTIONS = pd.DataFrame(
    {"item_id": ["i", "j", "k", "new"], "proba_a": [0.9, 0.2, 0.5, 0.5], "proba_b": [0.1, 0.8, 0.5, 0.5]}
)


def test_it_is_active_labs_score():
    answers = table({"i": "aaa", "j": "bb", "k": "ab"})
    found = needs_another_review(answers, "label", predictions=PREDICTIONS)
    matrix = answer_matrix(answers, PREDICTIONS["item_id"], ["a", "b"])
    expected = active_lab(PREDICTIONS[["proba_a", "proba_b"]].to_numpy(), matrix)
    assert found["item_id"].tolist() == ["i", "j", "k", "new"]
    assert np.allclose(found["score"], expected)
    assert found["n_answers"].tolist() == [3, 2, 2, 0]


def test_without_a_model_doubt_comes_first_and_agreement_last():
    found = needs_another_review(table({"i": "aaa", "j": "ab ", "k": "bbb", "l": "b  "}), "label")
    assert found.sort_values("score", ascending=False)["item_id"].tolist() == ["j", "l", "i", "k"]


def test_sample_takes_the_scores():
    found = needs_another_review(table({"i": "aaa", "j": "ab ", "k": "bbb"}), "label")
    picks = sample(None, 1, scores=found["score"], item_ids=found["item_id"], strategy="given_scores")
    assert picks["item_id"].tolist() == ["j"]


@pytest.mark.parametrize(("grid", "score"), [({"i": "aa", "j": "a "}, [1 / 3, 1 / 2]), ({"i": " "}, [1.0])])
def test_with_one_label_or_none_fewer_answers_come_first(grid, score):
    with pytest.warns(ConsolidationWarning) as caught:
        found = needs_another_review(table(grid), "label")
    assert found["score"].tolist() == score
    assert caught[0].filename == __file__


def test_a_label_that_the_model_does_not_know_is_refused():
    with pytest.raises(UnknownLabel, match="'c'"):
        needs_another_review(table({"i": "ac"}), "label", predictions=PREDICTIONS)
