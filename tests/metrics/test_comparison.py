"""compare(): what is joined, what is left out, and which rate says something about the pool."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.metrics import cohen_kappa_score, confusion_matrix

from a2i_al.errors import ComparisonWarning, InvalidInput, InvalidTable
from a2i_al.metrics import Comparison, ConfusionDisplay, compare, wilson
from a2i_al.sampling import sample
from a2i_al.tables import COMPARISON

SCOPES = ["all reviewed", "audit slice", "chosen by strategy"]


def predictions(version="v1", **answers):
    """Return a predictions table from item="label"."""
    return pd.DataFrame(
        {
            "item_id": list(answers),
            "predicted_label": list(answers.values()),
            "model_version": version,
            "confidence": 0.9,
        }
    )


def labels(**answers):
    """Return a labels table from item="label", with the status agreed."""
    return pd.DataFrame({"item_id": list(answers), "label": list(answers.values()), "status": "agreed"})


def picks(**chances):
    """Return a picks table from item=inclusion probability; None for a deterministic choice."""
    audit = ["margin" if chance is None else "audit" for chance in chances.values()]
    chance = pd.Series(list(chances.values()), dtype=float)
    return pd.DataFrame({"item_id": list(chances), "inclusion_probability": chance, "strategy": audit, "round": 2})


@pytest.fixture
def audited():
    """Four items: two chosen by margin, both wrong, and two of the audit slice, one wrong."""
    return compare(
        predictions(i="cat", j="cat", k="cat", m="dog"),
        labels(i="dog", j="dog", k="cat", m="cat"),
        picks(i=None, j=None, k=0.25, m=0.25),
    )


def test_an_audit_slice_of_several_rounds_is_said_to_be_no_draw_from_one_pool():
    """The second was drawn from what the first and its choices had left; what strategies chose may be of any round."""
    given = predictions(i="cat", j="cat", k="cat"), labels(i="dog", j="cat", k="cat")
    both = picks(i=0.25, j=0.5, k=None).assign(round=[0, 1, 1])
    with pytest.warns(ComparisonWarning, match="drawn in 2 rounds"):
        compare(*given, both)
    compare(*given, both.assign(inclusion_probability=[0.25, math.nan, math.nan]))


def test_the_table_is_a_comparison_table_sorted_by_item():
    result = compare(predictions(j="cat", i="dog"), labels(i="dog", j="dog"), picks(j=None, i=0.5)).table
    assert list(result.columns)[:8] == [column.name for column in COMPARISON.columns]
    pd.testing.assert_frame_equal(COMPARISON.check(result), result)
    assert result["item_id"].tolist() == ["i", "j"]
    assert result["disagrees"].tolist() == [False, True]
    assert result["weight"].tolist() == [2.0, pytest.approx(math.nan, nan_ok=True)]
    assert result["round"].tolist() == [2, 2]


def test_without_picks_no_weight_is_known():
    result = compare(predictions(i="cat"), labels(i="cat"))
    assert result.table["weight"].isna().all()
    assert result.disagreement()["scope"].tolist() == ["all reviewed"]


def test_rates_by_how_the_items_were_chosen(audited):
    rates = audited.disagreement()
    assert rates["scope"].tolist() == SCOPES
    assert rates["n"].tolist() == [4, 2, 2]
    assert rates["disagreements"].tolist() == [3, 1, 2]
    assert rates["rate"].tolist() == [0.75, 0.5, 1.0]
    assert rates["low"].tolist() == [wilson(3, 4)[0], wilson(1, 2)[0], wilson(2, 2)[0]]
    assert audited.disagreement(confidence=0.5)["high"].tolist()[1] == wilson(1, 2, 0.5)[1]


def test_a_reviewed_item_that_is_no_pick_is_neither_drawn_nor_chosen():
    result = compare(predictions(i="a", j="a", k="a"), labels(i="a", j="a", k="a"), picks(i=None, j=0.5))
    assert result.disagreement()["n"].tolist() == [3, 1, 1]
    assert result.table["round"].tolist() == [2, 2, 0]


def test_picks_without_a_strategy_are_picks_all_the_same():
    result = compare(predictions(i="a"), labels(i="a"), pd.DataFrame({"item_id": ["i"]}))
    assert result.disagreement()["n"].tolist() == [1, 0, 1]
    assert result.disagreement()["rate"].isna().tolist() == [False, True, False]


def test_the_audit_slice_estimates_the_pool_and_the_strategys_choice_does_not():
    """A model wrong where it is unsure: the picks by margin are wrong far more often than the pool."""
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.5, 1.0, size=2_000)
    wrong = rng.random(2_000) > confidence
    proba = np.column_stack([confidence, 1 - confidence])
    ids = [str(i) for i in range(2_000)]
    said = pd.DataFrame({"item_id": ids, "predicted_label": "cat", "model_version": "v1", "confidence": confidence})
    truth = pd.DataFrame({"item_id": ids, "label": np.where(wrong, "dog", "cat"), "status": "agreed"})
    chosen = sample(proba, 600, audit_fraction=0.5, random_state=0)
    rates = compare(said, truth[truth["item_id"].isin(chosen["item_id"])], chosen).disagreement().set_index("scope")
    assert rates.loc["audit slice", "low"] < wrong.mean() < rates.loc["audit slice", "high"]
    assert rates.loc["chosen by strategy", "low"] > wrong.mean()


def test_only_agreed_labels_are_compared_and_the_others_counted():
    people = labels(i="cat", j="cat", k="cat", m="cat", n="cat", o="cat")
    people = people.assign(
        label=["cat", None, None, None, None, "cat"],
        status=["agreed", "tied", "tied", "incomplete", "agreed", "agreed"],
    )
    result = compare(predictions(i="cat", j="dog", k="dog", m="dog", n="cat"), people, picks(i=None, x=None, y=0.5))
    assert result.table["item_id"].tolist() == ["i"]
    assert result.left_out == {"tied": 2, "incomplete": 1, "no label": 1, "no prediction": 1, "no label yet": 2}


def test_labels_without_a_status_are_compared_where_there_is_one():
    result = compare(predictions(i="cat", j="cat"), pd.DataFrame({"item_id": ["i", "j"], "label": ["cat", None]}))
    assert result.table["item_id"].tolist() == ["i"]
    assert result.left_out == {"no label": 1}


def test_nothing_in_common_is_an_error_that_shows_ids_of_both_sides():
    with pytest.raises(InvalidInput, match=r"predictions are for 'i', 'j', 'k', \.\.\., .* 'agreed' for '7'"):
        compare(predictions(i="a", j="a", k="a", m="a"), pd.DataFrame({"item_id": [7], "label": ["a"]}))
    with pytest.raises(InvalidInput, match="for no item"):
        compare(predictions(i="a"), labels(i="a").assign(status="tied"))


@pytest.mark.parametrize("chance", [0.0, -0.1, 1.5])
def test_an_impossible_inclusion_probability_is_refused(chance):
    with pytest.raises(InvalidTable, match=f"is {chance} for item 'i'"):
        compare(predictions(i="a"), labels(i="a"), picks(i=chance))


def test_a_missing_prediction_is_refused():
    with pytest.raises(InvalidTable, match="missing for 1 labelled items, first 'j'"):
        compare(predictions(i="a", j=None), labels(i="a", j="a"))


def test_extra_columns_of_all_tables_pass_and_the_later_wins():
    result = compare(
        predictions(i="a").assign(proba_a=0.9, source="prediction"),
        labels(i="a").assign(language="en", source="label"),
        picks(i=None),
    ).table
    assert result.loc[0, ["proba_a", "language", "source", "strategy"]].tolist() == [0.9, "en", "label", "margin"]


def test_a_model_version_that_labels_carry_leaves_the_predictions_own_alone():
    asked_by_another = labels(i="a").assign(model_version="v0", round=7)
    result = compare(predictions("v1", i="a"), asked_by_another).table
    assert result.loc[0, ["model_version", "round"]].tolist() == ["v1", 0]


def test_labels_and_predictions_that_are_not_text_meet_as_text():
    said = predictions(i="x", j="x").assign(predicted_label=[3, True])
    assert compare(said, labels(i="3", j="True")).disagreement()["disagreements"].tolist() == [0]


class TestSeveralModelVersions:
    """One row per item and version; what is about one model asks which."""

    @pytest.fixture
    def both(self):
        said = pd.concat([predictions(i="cat", j="cat"), predictions("v2", i="cat", j="dog")])
        return compare(said, labels(i="cat", j="dog"), picks(i=None, j=1.0))

    def test_rates_come_per_version(self, both):
        rates = both.disagreement()
        assert rates["model_version"].tolist() == ["v1"] * 3 + ["v2"] * 3
        assert rates["scope"].tolist() == SCOPES * 2
        assert rates["disagreements"].tolist() == [1, 1, 0, 0, 0, 0]

    @pytest.mark.parametrize("method", ["confusion", "by_confidence", "calibration", "kappa", "plot"])
    def test_what_is_about_one_model_refuses_two(self, both, method):
        with pytest.raises(InvalidInput, match=r"only\(model_version='v2'\)"):
            getattr(both, method)()
        getattr(both.only(model_version="v1"), method)()

    def test_an_unknown_version_or_scope_is_answered_with_the_known_ones(self, both):
        with pytest.raises(InvalidInput, match="one of 'v1', 'v2'"):
            both.only(model_version="v3")
        with pytest.raises(InvalidInput, match="one of 'all reviewed', 'audit slice', 'chosen by strategy'"):
            both.only(scope="audit")


def test_the_audit_slice_can_be_looked_at_alone(audited):
    alone = audited.only(scope="audit slice")
    assert alone.table["item_id"].tolist() == ["k", "m"]
    assert alone.calibration()["accuracy"] == 0.5


def test_without_picks_there_is_no_audit_slice():
    with pytest.raises(InvalidInput, match="give compare\\(\\) the picks"):
        compare(predictions(i="a"), labels(i="a")).only(scope="audit slice")


def test_confusion_and_kappa_are_scikit_learns():
    rng = np.random.default_rng(0)
    said, truth = rng.choice(list("abc"), 80), rng.choice(list("bcd"), 80)
    names = [f"i{n}" for n in range(80)]
    result = compare(predictions(**dict(zip(names, said, strict=True))), labels(**dict(zip(names, truth, strict=True))))
    assert result.confusion().to_numpy().tolist() == confusion_matrix(truth, said, labels=list("abcd")).tolist()
    assert result.kappa() == pytest.approx(cohen_kappa_score(truth, said))


def test_confusion_has_people_in_rows_and_every_class_of_both_in_order():
    matrix = compare(predictions(i="cat", j="eel", k="cat"), labels(i="dog", j="dog", k="cat")).confusion()
    assert (matrix.index.name, matrix.columns.name) == ("label", "predicted_label")
    assert list(matrix.index) == list(matrix.columns) == ["cat", "dog", "eel"]
    assert matrix.to_numpy().tolist() == [[1, 0, 0], [1, 0, 1], [0, 0, 0]]


def test_reliability_counts_a_confirmed_answer_as_right():
    result = compare(predictions(i="a", j="b").assign(confidence=[0.95, 0.15]), labels(i="a", j="a"))
    table = result.by_confidence(bins=2)
    assert table["accuracy"].tolist() == [0.0, 1.0]
    assert result.calibration(bins=2)["ece"] == pytest.approx((0.15 + 0.05) / 2)


def test_items_without_confidence_are_left_out_of_what_is_about_it_and_said():
    result = compare(
        predictions(i="a", j="b", k="a").assign(confidence=[0.9, np.nan, 0.8]), labels(i="a", j="b", k="b")
    )
    with pytest.warns(ComparisonWarning, match="1 of 3 items have no confidence"):
        assert result.calibration()["n"] == 2
    with pytest.warns(ComparisonWarning, match="1 of 3 items have no confidence"):
        scores = result.scores().set_index("metric")
    assert scores.loc[["accuracy", "brier_score"], "n"].tolist() == [3, 2]


def test_without_any_confidence_there_are_scores_and_no_calibration():
    result = compare(predictions(i="a", j="b").assign(confidence=np.nan), labels(i="a", j="a"))
    assert "brier_score" not in result.scores()["metric"].tolist()
    with pytest.raises(InvalidInput, match="no confidence is known"):
        result.calibration()


def test_calibration_holds_the_brier_score_and_its_parts():
    rng = np.random.default_rng(0)
    names = [f"i{n}" for n in range(60)]
    said = predictions(**dict.fromkeys(names, "a")).assign(confidence=rng.random(60))
    found = compare(said, labels(**{name: str(rng.choice(["a", "b"])) for name in names})).calibration(bins=5)
    parts = found["calibration_loss"] - found["resolution"] + found["uncertainty"] + found["within_bins"]
    assert found["brier_score"] == pytest.approx(parts)


def test_draws_with_unequal_chances_are_weighted():
    """One item of ten with chance 1, one with 0.1 that stands for ten: the rate is theirs, ten to one."""
    result = compare(predictions(i="a", j="a"), labels(i="a", j="b"), picks(i=1.0, j=0.1))
    assert result.disagreement()["rate"].tolist()[:2] == pytest.approx([10 / 11] * 2)
    assert result.scores().set_index("metric").loc["accuracy", "value"] == pytest.approx(1 / 11)
    assert result.by_confidence(1)["accuracy"].tolist() == pytest.approx([1 / 11])
    assert result.confusion(weighted=True).to_numpy() == pytest.approx(np.array([[1, 0], [10, 0]]))
    assert result.confusion().to_numpy().tolist() == [[1, 0], [1, 0]]


@settings(max_examples=30)
@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=25), data=st.data()
)
def test_the_order_of_rows_of_any_table_does_not_matter(rows, data):
    """Predictions, labels and picks, each shuffled on its own."""
    names = [f"i{n:02d}" for n in range(len(rows))]
    said, truth = (dict(zip(names, side, strict=True)) for side in zip(*rows, strict=True))
    tables = predictions(**said), labels(**truth), picks(**dict(zip(names, [0.5, None] * len(rows), strict=False)))
    mixed = [table.iloc[data.draw(st.permutations(range(len(table))))] for table in tables]
    pd.testing.assert_frame_equal(compare(*tables).table, compare(*mixed).table)


def test_plot_draws_the_confusion_matrix(audited):
    display = audited.plot()
    assert isinstance(display, ConfusionDisplay)
    pd.testing.assert_frame_equal(display.matrix, audited.confusion())


def test_a_comparison_cannot_be_changed(audited):
    with pytest.raises(AttributeError):
        audited.table = None


class TestWhatANotebookShows:
    """One plain line, and HTML that escapes whatever the data holds."""

    def test_the_line(self, audited):
        assert repr(audited) == "Comparison(4 items, 3 disagreements: 75.0 % [30.1 %, 95.4 %])"
        said = pd.concat([predictions(i="cat"), predictions("v2", i="cat")])
        assert repr(compare(said, labels(i="cat"))) == "Comparison(2 model versions, 2 rows)"

    def test_labels_and_versions_are_escaped(self):
        bad = "<script>alert(1)</script>"
        said = pd.concat([predictions(bad, i=bad), predictions("v2", i="x")])
        several = compare(said, labels(i='"&'))
        for shown in (several._repr_html_(), several.only(model_version=bad)._repr_html_()):
            assert "<script" not in shown
            assert "&lt;script&gt;" in shown

    def test_counts_rates_and_the_commonest_confusion_are_there(self, audited):
        shown = audited._repr_html_()
        for text in ("audit slice", "75.0 %", "[30.1 %, 95.4 %]", "Model said", "dog"):
            assert text in shown

    def test_left_out_items_are_there(self):
        people = labels(i="a", j="a").assign(status=["agreed", "tied"])
        assert "Not compared: 1 tied." in compare(predictions(i="a"), people)._repr_html_()

    def test_a_rate_of_deterministic_choices_comes_with_its_warning(self, audited):
        chosen = compare(predictions(i="a"), labels(i="a"), picks(i=None))
        assert "says nothing about the stream" in chosen._repr_html_()
        assert "estimates that of the pool" in audited._repr_html_()
        assert "How the items were chosen is not known" in compare(predictions(i="a"), labels(i="a"))._repr_html_()

    def test_many_versions_and_confusions_are_cut_and_say_so(self):
        said = pd.concat([predictions(f"v{n}", i="a") for n in range(9)])
        assert "and 3 more model versions" in compare(said, labels(i="a"))._repr_html_()
        names = [f"i{n}" for n in range(9)]
        wrong = compare(predictions(**{name: name for name in names}), labels(**dict.fromkeys(names, "x")))
        assert wrong._repr_html_().count("<tr>") == 2 + 6

    def test_nothing_to_show_is_shown(self, audited):
        empty = Comparison(audited.table.iloc[:0], picked=True)
        assert repr(empty) == "Comparison(0 model versions, 0 rows)"
        assert "Model against people" in empty._repr_html_()
