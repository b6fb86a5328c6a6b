"""The temperature of `sample`: labelled items come as the pool does, their labels by class, by text or by number."""

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling import sample

POOL = pd.DataFrame([[0.9, 0.06, 0.04], [0.6, 0.3, 0.1], [0.5, 0.1, 0.4]], columns=["low", "high", "none"])
# Right 12 times of 20, with 0.9 said: too sure by far.
LABELLED = pd.DataFrame([[0.9, 0.06, 0.04]] * 20, columns=POOL.columns)
LABELS = ["low"] * 12 + ["high"] * 5 + ["none"] * 3
NUMBERS = [0] * 12 + [1] * 5 + [2] * 3


def scores(pool=POOL, labelled=LABELLED, labels=LABELS, **more):
    """Return the entropies at the fitted temperature, by row of the pool."""
    given = {"labelled_proba": labelled, "labelled_labels": labels, "temperature": "fit"} | more
    picks = sample(pool, 3, strategy="entropy", item_ids=range(3), random_state=0, **given)
    return picks.sort_values("item_id")["score"].tolist()


def test_columns_go_by_their_names():
    """In another order, as a predictions table with an id and more columns: the same temperature."""
    table = LABELLED[["none", "low", "high"]].add_prefix("proba_").assign(confidence=0.9)
    table.insert(0, "item_id", [f"l{row}" for row in range(20)])
    assert scores(labelled=LABELLED[["high", "none", "low"]]) == scores(labelled=table) == scores()
    assert scores(POOL.add_prefix("proba_"), table) == scores()
    assert scores() != scores(temperature="off")


def test_columns_without_names_go_by_their_places():
    """Of an array, or of a table whose columns are but counted: on either side."""
    arrays = POOL.to_numpy(), LABELLED.to_numpy()
    counted = pd.DataFrame(arrays[0]), pd.DataFrame(arrays[1])
    for pool in (POOL, arrays[0], counted[0]):
        for labelled in (arrays[1], counted[1]):
            labels = LABELS if pool is POOL else NUMBERS
            assert scores(pool, labelled, labels) == scores()
    assert scores(arrays[0], LABELLED) == scores(counted[0], LABELLED) == scores()


def test_a_strategy_that_looks_at_what_is_labelled_sees_the_pools_columns():
    """With no temperature in play, too."""
    seen = []

    def watched(proba, labelled_proba):
        seen.append(labelled_proba)
        return proba[:, 0]

    sample(POOL, 1, strategy=watched, labelled_proba=LABELLED[["none", "low", "high"]])
    assert seen[0].tolist() == LABELLED.to_numpy().tolist()


@pytest.mark.parametrize(
    "wrong", [LABELLED.iloc[:, :2], LABELLED.assign(other=0.0), LABELLED.set_axis(list("abc"), axis=1)]
)
def test_other_classes_are_refused(wrong):
    """Fewer, more, or of other names."""
    with pytest.raises(InvalidInput, match=r"labelled_proba has the columns .*, the pool 'low', 'high', 'none'"):
        scores(labelled=wrong)


def test_another_number_of_columns_is_refused():
    """Whether the temperature or the strategy looks at them."""
    wide = {"labelled_proba": [[0.25] * 4] * 3, "labelled_labels": [3] * 3}
    with pytest.raises(InvalidInput, match="labelled_proba has 4 columns, proba has 3"):
        sample(POOL.to_numpy(), 1, strategy="entropy", temperature="fit", **wide)
    with pytest.raises(InvalidInput, match="labelled_proba has 4 columns, proba has 3"):
        sample(POOL.to_numpy(), 1, strategy=lambda proba, labelled_proba: proba @ labelled_proba.T, **wide)


def test_labels_are_classes_or_their_texts_or_the_numbers_of_columns():
    """A class goes before the number of a column: where classes are numbers, 1 is the class 1."""
    digits = POOL.set_axis([2, 0, 1], axis=1)
    labelled = LABELLED.set_axis([2, 0, 1], axis=1)
    by_class = [2] * 12 + [0] * 5 + [1] * 3
    assert scores(labels=NUMBERS) == scores()
    assert scores(labels=pd.Series(LABELS, dtype="category")) == scores()
    assert scores(digits, labelled, by_class) == scores(digits, labelled, [str(each) for each in by_class]) == scores()
    assert scores(digits.add_prefix("proba_"), labelled, by_class) == scores()
    assert scores(digits.add_prefix("proba_"), labelled, [float(each) for each in by_class]) == scores()


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (["low", None, "high"], "the label of labelled item 1 is missing"),
        (["low", np.nan, "high"], "the label of labelled item 1 is missing"),
        (pd.Series(["low", "high", pd.NA], dtype="string"), "the label of labelled item 2 is missing"),
        (["low", "medium", "high"], "labelled_labels has 'medium', which is no class"),
        ([0, 1, 3], "labelled_labels has 3, which is no class"),
        ([0, -1, 1], "labelled_labels has -1, which is no class"),
        ([0.0, 1.0, 2.0], "labelled_labels has 0.0, which is no class"),
        ([True, False, True], "labelled_labels has True, which is no class"),
        (["low"], "labelled_proba has 3, labelled_labels has 1 rows"),
    ],
)
def test_labels_that_are_missing_or_no_class_are_named(labels, found):
    """And numbers of columns are whole, and from 0."""
    with pytest.raises(InvalidInput) as error:
        scores(labelled=LABELLED[:3], labels=labels)
    assert found in error.value.found


def test_probabilities_that_are_none_are_refused_by_their_name():
    """The pool's rows are right."""
    with pytest.raises(InvalidProbabilities, match=r"labelled_proba: row 0 of proba sums to 1\.4"):
        scores(POOL.to_numpy(), [[0.7, 0.7, 0.0]], [0])


@pytest.mark.parametrize("temperature", [2, np.float32(2), np.float64(2), np.int64(2)])
def test_a_temperature_is_any_real_number(temperature):
    """Of numpy, too."""
    assert scores(temperature=temperature) == scores(temperature=2.0)


@pytest.mark.parametrize("temperature", [0, -1.0, np.nan, np.inf, True, None, "hot", [2.0], 2j])
def test_what_is_no_temperature_is_refused(temperature):
    """Zero, negative, missing, infinite, or no number."""
    with pytest.raises(InvalidInput, match="temperature is"):
        scores(temperature=temperature)
