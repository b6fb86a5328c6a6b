"""Scores and classes: scikit-learn's values, intervals that the bootstrap confirms, and weights that mean copies."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.metrics import accuracy_score, cohen_kappa_score, precision_recall_fscore_support

from a2i_al.errors import ComparisonWarning, InvalidInput
from a2i_al.metrics import compare, wilson
from a2i_al.metrics.cells import Cells
from a2i_al.metrics.scores import OVERALL, Margins, overall_interval, per_class_intervals

CLASSES = list("abcd")


def drawn(n=300, seed=0):
    """Return people's and the model's labels, and weights from 1 to 20."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(CLASSES, n, p=[0.5, 0.3, 0.15, 0.05])
    said = np.where(rng.random(n) < 0.7, truth, rng.choice(CLASSES[:3], n))
    return pd.Series(truth), pd.Series(said), rng.integers(1, 20, n).astype(float)


def comparison(truth, said, weights=None, **columns):
    """Return the comparison of these labels; weights are those of a draw."""
    ids = [f"i{n:04d}" for n in range(len(truth))]
    picks = weights if weights is None else pd.DataFrame({"item_id": ids, "inclusion_probability": 1 / weights})
    return compare(
        pd.DataFrame({"item_id": ids, "predicted_label": said, "model_version": "v1"} | columns),
        pd.DataFrame({"item_id": ids, "label": truth, "status": "agreed"}),
        picks,
    )


@pytest.mark.parametrize("weighted", [False, True])
def test_scores_are_scikit_learns(weighted):
    """With and without weights."""
    truth, said, weights = drawn()
    sample_weight = weights if weighted else None
    result = comparison(truth, said, sample_weight).scores().set_index("metric")["value"]
    macro = precision_recall_fscore_support(truth, said, average="macro", sample_weight=sample_weight, zero_division=0)
    assert result["accuracy"] == pytest.approx(accuracy_score(truth, said, sample_weight=sample_weight))
    assert result["cohen_kappa"] == pytest.approx(cohen_kappa_score(truth, said, sample_weight=sample_weight))
    assert result[["macro_precision", "macro_recall", "macro_f1"]].tolist() == pytest.approx(macro[:3])


@pytest.mark.parametrize("weighted", [False, True])
def test_classes_are_scikit_learns(weighted):
    """Except where scikit-learn would say 0 for a class that the model never names: its precision is not known."""
    truth, said, weights = drawn()
    said = said.replace("d", "a")
    sample_weight = weights if weighted else None
    table = comparison(truth, said, sample_weight).by_class()
    expected = precision_recall_fscore_support(
        truth, said, labels=CLASSES, sample_weight=sample_weight, zero_division=math.nan
    )
    for name, values in zip(("precision", "recall"), expected[:2], strict=True):
        assert table[name].to_numpy() == pytest.approx(values, nan_ok=True)
    assert table["f1"].tolist()[:3] == pytest.approx(expected[2][:3])
    assert table["n_people"].tolist() == [int((truth == label).sum()) for label in CLASSES]
    assert table["n_model"].tolist()[-1] == 0
    assert table[["precision", "precision_low", "precision_high"]].iloc[-1].isna().all()
    assert table[["recall", "f1"]].iloc[-1].tolist() == [0.0, 0.0]


def test_without_weights_accuracy_recall_and_precision_have_wilsons_intervals():
    """Where the variance is a binomial one, the effective sample size is the number of items."""
    truth, said, _ = drawn()
    result = comparison(truth, said)
    accuracy = result.scores().set_index("metric").loc["accuracy"]
    assert (accuracy["low"], accuracy["high"]) == pytest.approx(wilson((truth == said).sum(), len(truth)))
    first = result.by_class().iloc[0]
    hits = ((truth == "a") & (said == "a")).sum()
    assert first[["recall_low", "recall_high"]].tolist() == pytest.approx(wilson(hits, (truth == "a").sum()))
    assert first[["precision_low", "precision_high"]].tolist() == pytest.approx(wilson(hits, (said == "a").sum()))


@pytest.mark.parametrize("weighted", [False, True])
def test_the_bootstrap_gives_the_same_intervals(weighted):
    """Two ways to the same bounds, for every score and class: the linearised variance and 2,000 replicates."""
    truth, said, weights = drawn(2_000)
    result = comparison(truth, said, weights if weighted else None)
    for one, other, names in (
        (result.scores(), result.scores(n_resamples=2_000, random_state=0), [""]),
        (result.by_class(), result.by_class(n_resamples=2_000, random_state=0), ["precision_", "recall_", "f1_"]),
    ):
        for name in names:
            # A class that was never named wrongly seems certain to the bootstrap.
            varies = other[f"{name}low"] < 1
            width = (one[f"{name}high"] - one[f"{name}low"]).where(varies, math.inf)
            assert ((one[f"{name}low"] - other[f"{name}low"]).abs() < 0.12 * width).all()
            assert ((one[f"{name}high"] - other[f"{name}high"]).abs() < 0.12 * width).all()


@pytest.mark.parametrize("name", OVERALL)
def test_gradients_are_those_of_the_values(name):
    """Each cell a little heavier moves the score as the gradient says."""
    sums = np.array([[9.0, 2, 1], [3, 7, 0.5], [0.2, 1, 4]])
    score, step = OVERALL[name], 1e-6
    moved = np.array(
        [
            [score.value(Margins.of(sums + step * np.eye(9)[3 * i + j].reshape(3, 3))) for j in range(3)]
            for i in range(3)
        ]
    )
    assert (moved - score.value(Margins.of(sums))) / step == pytest.approx(score.gradient(sums), abs=1e-5)


@settings(max_examples=40)
@given(
    pairs=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=30),
    seed=st.integers(0, 99),
)
@pytest.mark.filterwarnings("ignore::a2i_al.errors.ComparisonWarning")
def test_neither_the_order_of_rows_nor_the_names_of_classes_matter(pairs, seed):
    """Permuting and renaming leave every score, and every class's, as it was."""
    truth, said = (pd.Series(side) for side in zip(*pairs, strict=True))
    order = np.random.default_rng(seed).permutation(len(truth))
    names = dict(zip("abc", ["y", "x", "ü"], strict=True))
    plain, other = comparison(truth, said), comparison(truth[order].map(names), said[order].map(names))
    pd.testing.assert_frame_equal(plain.scores(), other.scores())
    renamed = plain.by_class().assign(label=lambda t: t["label"].map(names)).sort_values("label", ignore_index=True)
    pd.testing.assert_frame_equal(renamed, other.by_class())


def test_a_weight_of_two_counts_as_two_in_every_value():
    """What an item stands for, it counts for; the interval is wider than that of two items."""
    truth, said, _ = drawn(60)
    double = comparison(truth, said, np.full(60, 2.0)).scores()
    twice = comparison(pd.concat([truth, truth]), pd.concat([said, said])).scores()
    assert double["value"].tolist() == pytest.approx(twice["value"].tolist())
    assert (double["high"] - double["low"] > twice["high"] - twice["low"]).all()


def test_weights_are_used_only_where_every_item_has_one():
    """A mixture of drawn and chosen items describes itself."""
    truth, said, weights = drawn(50)
    assert comparison(truth, said, weights).weighted
    mixed = comparison(truth, said, pd.Series(weights).where(np.arange(50) > 3))
    assert not mixed.weighted
    assert mixed.scores()["value"].tolist() == comparison(truth, said).scores()["value"].tolist()


def test_perfect_agreement_has_an_interval_below_one():
    """No variation was seen: that of as many items as there are."""
    table = comparison(list("aabb"), list("aabb")).scores().set_index("metric")
    assert table.loc["accuracy", ["value", "low", "high"]].tolist() == pytest.approx([1.0, wilson(4, 4)[0], 1.0])
    assert table.loc["macro_f1", "low"] == pytest.approx(wilson(4, 4)[0])


def test_one_class_only_is_said():
    """Kappa is not defined then; the rest is."""
    result = comparison(["a", "a"], ["a", "a"])
    with pytest.warns(ComparisonWarning, match="all items are 'a'.*kappa is not defined"):
        table = result.scores().set_index("metric")["value"]
    assert math.isnan(table["cohen_kappa"])
    assert table["macro_f1"] == 1.0


def test_probabilities_of_all_classes_have_scores_of_their_own():
    """Where predictions have the columns; items without them are left out."""
    table = comparison(list("aab"), list("aba"), proba_a=[0.9, 0.4, np.nan], proba_b=[0.1, 0.6, np.nan]).scores()
    table = table.set_index("metric")
    assert table.loc["class_log_loss", "value"] == pytest.approx(-(np.log(0.9) + np.log(0.4)) / 2)
    assert table.loc["class_brier_score", "value"] == pytest.approx((2 * 0.1**2 + 2 * 0.6**2) / 2)
    assert table.loc["class_log_loss", "n"] == 2
    assert "class_log_loss" not in comparison(list("ab"), list("ab")).scores()["metric"].tolist()


def test_labels_outside_the_models_classes_are_said():
    """The model is wrong there, and cannot be otherwise."""
    result = comparison(["a", "b", "eel"], ["a", "b", "a"], proba_a=0.5, proba_b=0.5)
    with pytest.warns(ComparisonWarning, match=r"cannot give, \['eel'\]: it is wrong there, their recall is 0"):
        table = result.by_class().set_index("label")
    assert table.loc["eel", ["n_people", "n_model", "recall"]].tolist() == [1, 0, 0.0]


def test_of_many_classes_only_the_cells_that_occur_are_drawn():
    """Four hundred classes have 160,000 cells: a thousand replicates of all would take more than a gigabyte."""
    names = pd.Series([f"c{n % 400}" for n in range(800)])
    result = comparison(names, np.where(np.arange(800) < 500, names, names[::-1]))
    table = result.scores(n_resamples=1_000, random_state=0)
    assert (table["low"] < table["value"]).all()


def test_no_rows_give_empty_tables():
    """The audit slice of nothing, say."""
    nothing = comparison(["a"], ["a"], np.array([math.nan])).only(scope="audit slice")
    assert nothing.scores().empty
    assert nothing.by_class().empty
    assert nothing.over_time().empty
    assert nothing.by_segment("item_id").empty


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_an_impossible_confidence_is_refused(confidence):
    """Of shares and of kappa."""
    cells = Cells.of(pd.Series(list("ab")), pd.Series(list("aa")), np.ones(2))
    for name in ("accuracy", "cohen_kappa"):
        with pytest.raises(InvalidInput, match="confidence is"):
            overall_interval(OVERALL[name], cells, confidence)
    with pytest.raises(InvalidInput, match="confidence is"):
        per_class_intervals(cells, confidence)
