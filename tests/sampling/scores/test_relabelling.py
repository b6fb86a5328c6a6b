"""ActiveLab against a case worked by hand, numbers of another implementation, and what must not matter."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput, InvalidProbabilities, InvalidTable, UnknownLabel
from a2i_al.sampling import sample
from a2i_al.sampling.scores.calibration import fit_temperature
from a2i_al.sampling.scores.crowdlab import _majority
from a2i_al.sampling.scores.relabelling import active_lab, answer_matrix

PROBA = np.array(
    [
        [0.8, 0.1, 0.1],
        [0.3, 0.4, 0.3],
        [0.1, 0.1, 0.8],
        [0.5, 0.3, 0.2],
        [0.2, 0.6, 0.2],
        [0.6, 0.2, 0.2],
        [0.1, 0.2, 0.7],
        [0.7, 0.2, 0.1],
        [0.4, 0.3, 0.3],
        [0.9, 0.05, 0.05],
    ]
)
ANSWERS = np.array(
    [[0, 0, -1], [1, 0, 1], [2, 2, 2], [0, 1, -1], [-1, 1, -1], [0, -1, 0], [2, -1, 1], [-1, 0, 0], [-1] * 3, [-1] * 3]
)


def random_case(seed, m=30, k=3, a=4):
    """Reviewers who are right three times of four, each of whom saw about half of the items."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet(np.full(k, 0.6), size=m)
    truth = np.array([rng.choice(k, p=row) for row in proba])
    answers = np.where(rng.random((m, a)) < 0.75, truth[:, None], rng.integers(0, k, size=(m, a)))
    return proba, np.where(rng.random((m, a)) < 0.5, answers, -1)


def test_hand_worked_values():
    """Two reviewers who always agree, and a model that agrees with them.

    Each weighs 1, the model 1 * sqrt(2 answers per item); the one answer more weighs 1 and is right half of the time.
    """
    proba = [[0.9, 0.1], [0.9, 0.1], [0.2, 0.8], [0.2, 0.8], [0.9, 0.1]]
    answers = [[0, 0], [0, 0], [1, 1], [1, 1], [-1, -1]]
    root = math.sqrt(2)
    first = 1 - (root * 0.9 + 2 * 1 + 0.5) / (root + 3)
    third = 1 - (root * 0.8 + 2 * 1 + 0.5) / (root + 3)
    new = 1 - (root * 0.9 + 0.5) / (root + 1)
    assert active_lab(proba, answers, temperature=1.0) == pytest.approx([first, first, third, third, new])


def test_the_numbers_of_cleanlab():
    """1 - get_active_learning_scores of cleanlab 2.9.0 for these arrays, its search for a temperature set to give 1."""
    expected = [0.240394857965, 0.51419732477, 0.232351958545, 0.492378609795, 0.425296608456, 0.373274557386,
                0.417899091155, 0.310037086458, 0.606324188565, 0.153755602803]  # fmt: skip
    assert active_lab(PROBA, ANSWERS, temperature=1.0) == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize(
    ("proba", "answers", "expected"),
    [
        pytest.param(
            [[0.2, 0.6, 0.2], [0.5, 0.3, 0.2], [0.2, 0.4, 0.4], [0.4, 0.4, 0.2], [0.8, 0.1, 0.1], [0.1, 0.1, 0.8]],
            [[-1, 1, -1, 1], [2, 1, 0, 2], [-1, -1, -1, 1], [-1, 2, 0, -1], [2, 2, 0, -1], [-1, 1, -1, 0]],
            [0.400000414613, 0.50000057282, 0.600000032733, 0.600000103653, 0.200001222017, 0.200000971068],
            id="the model outweighs a majority",
        ),
        pytest.param(
            [[0.8, 0.1, 0.1], [0.2, 0.4, 0.4], [0.1, 0.1, 0.8], [0.8, 0.1, 0.1], [0.1, 0.1, 0.8], [0.2, 0.4, 0.4],
             [0.2, 0.6, 0.2]],
            [[-1, 0, -1, -1], [1, -1, -1, -1], [-1, 0, 2, 2], [0, -1, 0, 1], [1, -1, -1, -1], [0, -1, 0, -1],
             [0, 2, -1, -1]],
            [0.666646448736, 0.66665735022, 0.366668308126, 0.366668308126, 0.666657698036, 0.366669628765,
             0.66666655073],
            id="classes that come out equal",
        ),
        pytest.param(
            [[0.4, 0.2, 0.4], [0.5, 0.3, 0.2], [0.2, 0.6, 0.2], [0.8, 0.1, 0.1], [0.2, 0.6, 0.2]],
            [[1, -1, -1, -1], [-1, -1, -1, 0], [2, 2, -1, -1], [-1, -1, 2, -1], [1, -1, -1, -1]],
            [0.333333588937, 0.33333342462, 0.222222433197, 0.333333643709, 0.333333369848],
            id="reviewers who share no item with others",
        ),
    ],
)  # fmt: skip
def test_the_numbers_of_cleanlab_in_rare_cases(proba, answers, expected):
    """As above, for small sets of answers that were searched for these cases."""
    assert active_lab(proba, answers, temperature=1.0) == pytest.approx(expected, abs=1e-11)


def test_the_numbers_of_cleanlab_where_no_item_has_two_answers():
    """The same function for the first four items with one answer each, and the two that are new."""
    answers = [[0, -1], [1, -1], [-1, 2], [-1, 1], [-1, -1], [-1, -1]]
    expected = [0.355555555556, 0.622222222222, 0.355555555556, 0.688888888889, 0.633333333333, 0.383333333333]
    assert active_lab(PROBA[[0, 1, 2, 3, 8, 9]], answers) == pytest.approx(expected, abs=1e-11)


def test_disagreement_comes_before_a_sure_new_item_and_agreement_after_an_unsure_one():
    """The question that the score is there to settle."""
    scores = active_lab(PROBA, ANSWERS)
    assert scores[1] > scores[9]
    assert scores[2] < scores[8]


@given(seed=st.integers(0, 2**32 - 1))
def test_order_of_items_and_reviewers_does_not_matter(seed):
    """Scores go with their items; a reviewer who answered nothing changes nothing."""
    rng = np.random.default_rng(seed)
    proba, answers = random_case(seed)
    scores = active_lab(proba, answers)
    rows = rng.permutation(len(proba))
    more = np.column_stack([answers, np.full(len(proba), -1)])[:, rng.permutation(5)]
    assert active_lab(proba[rows], more[rows]) == pytest.approx(scores[rows])


@given(seed=st.integers(0, 2**32 - 1))
def test_names_of_classes_do_not_matter(seed):
    """Columns in another order, and the answers with them."""
    proba, answers = random_case(seed)
    order = np.array([2, 0, 1])
    renamed = np.where(answers >= 0, np.argsort(order)[answers], -1)
    assert active_lab(proba[:, order], renamed, temperature=1.0) == pytest.approx(
        active_lab(proba, answers, temperature=1.0)
    )


@given(seed=st.integers(0, 2**32 - 1), m=st.integers(1, 12), k=st.integers(2, 5), a=st.integers(0, 4))
def test_scores_stay_within_their_bounds(seed, m, k, a):
    """With one item, no reviewers, reviewers who never meet, and models that are certain or know nothing."""
    proba, answers = random_case(seed, m, k, a)
    for p in (proba, np.eye(k)[proba.argmax(axis=1)], np.full((m, k), 1 / k)):
        scores = active_lab(p, answers)
        assert scores.shape == (m,)
        assert (scores >= 0).all()
        assert (scores <= 1).all()
        assert (scores[(answers < 0).all(axis=1)] <= 1 - 1 / k + 1e-12).all()


@pytest.mark.parametrize("answers", [np.full((2, 3), -1), np.full((2, 3), np.nan), np.empty((2, 0))])
def test_without_answers_it_is_half_of_the_models_doubt_and_half_that_of_one_answer(answers):
    """All is new: least confidence, brought to the common scale."""
    assert active_lab([[0.9, 0.1], [0.6, 0.4]], answers) == pytest.approx([(0.1 + 0.5) / 2, (0.4 + 0.5) / 2])


def test_missing_answers_may_be_nan_or_negative_and_arrays_of_any_kind():
    """As pandas gives them, in float32, read-only, in any order of memory."""
    expected = active_lab(PROBA, ANSWERS).tolist()
    missing = np.asfortranarray(np.where(ANSWERS < 0, np.nan, ANSWERS))
    missing.setflags(write=False)
    assert active_lab(PROBA, missing).tolist() == expected
    assert active_lab(PROBA, pd.DataFrame(missing)).tolist() == expected
    assert active_lab(PROBA.astype(np.float32), ANSWERS) == pytest.approx(expected, abs=1e-5)


def test_tied_votes_go_to_the_class_that_the_model_prefers():
    """Seen through symmetry: two items that tie, mirrored, score alike only if the mirrored model settles the tie."""
    proba = [[0.6, 0.4], [0.4, 0.6], [0.9, 0.1], [0.1, 0.9]]
    scores = active_lab(proba, [[0, 1], [0, 1], [0, 0], [1, 1]], temperature=1.0)
    assert scores[0] == pytest.approx(scores[1])
    assert scores[2] == pytest.approx(scores[3])


def test_votes_and_model_tied_go_to_the_rarer_class_then_to_the_first():
    """Class 0 has two votes elsewhere, class 1 none; classes 2 and 3 are alike in all."""
    votes = np.array([[2.0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]])
    assert _majority(votes, np.full((3, 4), 0.25)).tolist() == [0, 1, 2]


def test_the_temperature_is_fitted_to_all_answers_each_item_counting_once():
    """By default; another one can be given."""
    rows, by = np.nonzero(ANSWERS >= 0)
    weights = 1 / (ANSWERS >= 0).sum(axis=1)[rows]
    fitted = fit_temperature(PROBA[rows], ANSWERS[rows, by], weights=weights)
    assert active_lab(PROBA, ANSWERS).tolist() == active_lab(PROBA, ANSWERS, temperature=fitted).tolist()
    assert active_lab(PROBA, ANSWERS).tolist() != active_lab(PROBA, ANSWERS, temperature=1.0).tolist()


@pytest.mark.parametrize(
    ("answers", "what"),
    [
        ([[0], [2]], "reviewer 0 answers 2 for item 1"),
        ([[0.5], [0]], r"reviewer 0 answers 0\.5 for item 0"),
        ([[np.inf], [0]], "answers inf"),
        ([[0]], r"shape \(1, 1\)"),
        ([0, 1], r"shape \(2,\)"),
        ([["a"], ["b"]], "cannot be read as numbers"),
    ],
)
def test_what_are_no_answers_is_refused(answers, what):
    """The message says whose answer, and to which item."""
    with pytest.raises(InvalidInput, match=what):
        active_lab([[0.5, 0.5], [0.2, 0.8]], answers)


def test_rows_that_are_no_distributions_are_refused():
    """By the door that all scores share."""
    with pytest.raises(InvalidProbabilities, match=r"sums to 1\.4"):
        active_lab([[0.7, 0.7]], [[0]])


def table(rows, value="value"):
    return pd.DataFrame(rows, columns=["item_id", "worker_id", value])


def test_a_table_of_answers_becomes_a_matrix():
    """Rows in the order of the items, columns in that of the workers' ids, whatever the order of the table."""
    answers = table([("b", "w2", "no"), ("c", "w10", "yes"), ("b", "w10", "yes"), ("a", "w2", None)])
    matrix = answer_matrix(answers, ["c", "b", "a"], ["yes", "no"])
    assert matrix.tolist() == [[0, -1], [0, 1], [-1, -1]]
    assert matrix.dtype == np.intp
    assert answer_matrix(answers.iloc[::-1], ["c", "b", "a"], ["yes", "no"]).tolist() == matrix.tolist()


def test_votes_go_before_values_and_both_are_compared_as_text():
    """`labels.counting.votes` gives the two beside each other; ids and classes may be numbers."""
    answers = table([(1, 7, "True"), (2, 7, "False")], value="vote").assign(value=[True, False])
    assert answer_matrix(answers, [2, 1], [False, True]).tolist() == [[0], [1]]


def test_no_answers_are_a_matrix_without_reviewers():
    """The first round has none, and `active_lab` takes that too."""
    matrix = answer_matrix(table([]), ["a", "b"], ["x", "y"])
    assert matrix.shape == (2, 0)
    assert active_lab([[0.5, 0.5]] * 2, matrix) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    ("rows", "error", "what"),
    [
        ([("a", "w", "x"), ("a", "w", "y")], InvalidTable, "worker 'w' answers item 'a' more than once"),
        ([("a", "w", "x"), ("q", "w", "y")], InvalidTable, "item 'q' has an answer"),
        ([("a", "w", "x"), ("b", "w", "z")], UnknownLabel, "an answer is 'z'"),
    ],
)
def test_tables_that_do_not_fit_are_refused(rows, error, what):
    """The message names the row by its ids."""
    with pytest.raises(error, match=what):
        answer_matrix(table(rows), ["a", "b"], ["x", "y"])


def test_absent_columns_and_repeated_names_are_refused():
    """Of the table, the items and the classes."""
    with pytest.raises(InvalidTable, match="the answers are a dict"):
        answer_matrix({"item_id": ["a"]}, ["a"], ["x", "y"])
    with pytest.raises(InvalidTable, match="the answers lack 'value', 'worker_id'"):
        answer_matrix(pd.DataFrame({"item_id": []}), ["a"], ["x", "y"])
    with pytest.raises(InvalidInput, match="item id 'a' is given twice"):
        answer_matrix(table([]), ["a", "a"], ["x", "y"])
    with pytest.raises(InvalidInput, match="class 'x' is given twice"):
        answer_matrix(table([]), ["a"], ["x", "x"])


@pytest.mark.parametrize("more", [{}, {"audit_fraction": 0.5}, {"costs": np.ones(60), "budget": 10.0}])
def test_sample_weighs_reviewers_by_all_items_and_not_by_those_left_alone(more):
    """Agreed items are excluded: of the disputed ones alone, all reviewers would seem to be worth nothing."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 60)
    proba = 0.8 * np.where(np.eye(3)[truth] == 1, 0.7, 0.15) + 0.2 * rng.dirichlet(np.ones(3), 60)
    answers = np.full((60, 2), np.nan)
    answers[:40] = np.where(rng.random((40, 2)) < 0.9, truth[:40, None], (truth[:40, None] + 1) % 3)
    agreed = np.flatnonzero(answers[:, 0] == answers[:, 1])
    assert 20 < len(agreed) < 40
    picks = sample(proba, 10, strategy="active_lab", answers=answers, exclude=agreed, random_state=0, **more)
    chosen = picks[picks["strategy"] != "audit"]
    expected = active_lab(proba, answers)
    assert chosen["score"].tolist() == expected[chosen["item_id"].astype(int)].tolist()
    if not more:
        assert chosen["score"].tolist() == np.sort(np.delete(expected, agreed))[:-11:-1].tolist()
