"""The Displays: what is on the axes, and that nothing outside them is touched."""

import itertools
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from a2i_al.errors import InvalidInput
from a2i_al.metrics import (
    ClassesDisplay,
    Comparison,
    ConfusionDisplay,
    DriftDisplay,
    LearningCurveDisplay,
    RatesDisplay,
    ReliabilityDisplay,
    VersionsDisplay,
    compare,
)
from a2i_al.metrics.calibration import reliability
from a2i_al.metrics.drift import detect_change

PNG = b"\x89PNG"


def comparison(classes=("cat", "dog"), n=60):
    rng = np.random.default_rng(0)
    said, truth = rng.choice(classes, n), rng.choice(classes, n)
    ids = [str(i) for i in range(n)]
    confidence = rng.uniform(0.3, 1.0, n)
    return compare(
        pd.DataFrame({"item_id": ids, "predicted_label": said, "model_version": "v1", "confidence": confidence}),
        pd.DataFrame({"item_id": ids, "label": truth, "status": "agreed"}),
    )


def two_versions():
    first = comparison().table
    second = first.assign(model_version="v2", predicted_label=first["label"])
    return Comparison(pd.concat([first, second], ignore_index=True))


def rounds(**columns):
    table = {"round": [0, 1, 2], "labels_bought": [20, 40, 60], "accuracy": [0.6, 0.7, 0.75]} | columns
    return pd.DataFrame(table)


DRAW = [
    lambda ax=None: ConfusionDisplay.from_comparison(comparison(), ax=ax),
    lambda ax=None: ReliabilityDisplay.from_comparison(comparison(), ax=ax),
    lambda ax=None: LearningCurveDisplay.from_rounds({"margin": rounds()}, ax=ax),
    lambda ax=None: ClassesDisplay.from_comparison(comparison(), ax=ax),
    lambda ax=None: RatesDisplay.from_comparison(comparison(), "label", ax=ax),
    lambda ax=None: DriftDisplay.from_drift(comparison().drift(baseline=0.5), ax=ax),
    lambda ax=None: VersionsDisplay.from_versions(two_versions().against("v1", "v2"), ax=ax),
]
NAMES = ["confusion", "reliability", "learning curve", "classes", "rates", "drift", "versions"]
EACH = pytest.mark.parametrize("draw", DRAW, ids=NAMES)


@EACH
def test_a_notebook_gets_a_sharp_picture_of_a_figure_of_ours(draw):
    display = draw()
    picture, metadata = display._repr_png_()
    assert picture.startswith(PNG)
    width = int.from_bytes(picture[16:20], "big")
    assert width == pytest.approx(2 * metadata["width"], abs=1)
    assert display.ax_.figure is display.figure_


@EACH
def test_given_axes_are_drawn_into_and_shown_by_their_owner_only(draw):
    ax = Figure().add_subplot()
    display = draw(ax=ax)
    assert display.ax_ is ax
    assert display.figure_ is ax.figure
    assert display._repr_png_() is None
    ax.figure.savefig("/dev/null", format="png")


@EACH
def test_axes_of_a_subfigure_belong_to_its_figure(draw):
    figure = Figure()
    assert draw(ax=figure.subfigures(1, 2)[1].add_subplot()).figure_ is figure


@EACH
def test_global_settings_stay_as_they_are(draw):
    # Not the backend: reading that setting is what makes matplotlib choose one.
    names = set(mpl.rcParams) - {"backend"}
    before = {name: mpl.rcParams[name] for name in names}
    draw()._repr_png_()
    assert {name: mpl.rcParams[name] for name in names} == before


def test_drawing_opens_no_window_and_no_pyplot_figure():
    code = (
        "import sys, pandas as pd; from a2i_al.metrics import ConfusionDisplay;"
        "ConfusionDisplay(pd.DataFrame([[1, 0], [0, 1]])).plot()._repr_png_();"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


class TestConfusion:
    """Counts in cells, legible on any shade, for few classes and many."""

    def test_every_cell_holds_its_count(self):
        display = ConfusionDisplay(pd.DataFrame([[8, 2], [0, 5]], index=["a", "b"], columns=["a", "b"])).plot()
        assert [text.get_text() for text in display.text_.flat] == ["8", "2", "0", "5"]
        assert display.ax_.get_title() == "n = 15 items, 86.7 % agree"
        assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == ("Model's label", "People's label")

    def test_shades_are_shares_of_the_row_and_a_class_nobody_named_has_none(self):
        matrix = pd.DataFrame([[30, 10, 0], [0, 1, 0], [0, 0, 0]], index=list("abc"), columns=list("abc"))
        shades = np.asarray(ConfusionDisplay(matrix).plot().im_.get_array())
        assert shades.tolist() == [[0.75, 0.25, 0], [0, 1, 0], [0, 0, 0]]

    def test_counts_are_light_on_dark_cells_and_dark_on_light_ones(self):
        display = ConfusionDisplay(pd.DataFrame([[9, 1], [1, 9]])).plot()
        assert display.text_[0, 0].get_color() == "white"
        assert mpl.colors.to_rgb(display.text_[0, 1].get_color())[0] < 0.3

    def test_thirty_long_labels_are_drawn_apart_and_zeros_left_out(self):
        """Ends tell long labels apart, and dollar signs are no formula."""
        classes = [rf"a rather long name of a class $\bad{n:02d}$" for n in range(30)]
        display = ConfusionDisplay.from_comparison(comparison(classes, n=300))
        shown = [tick.get_text() for tick in display.ax_.get_xticklabels()]
        assert len(set(shown)) == 30
        assert max(map(len, shown)) <= 26
        assert [text.get_text() for text in display.text_.flat if text is not None and text.get_text() == "0"] == []
        assert display._repr_png_()[0].startswith(PNG)


class TestReliability:
    """Points with Wilson's intervals over the number of items they rest on."""

    def table(self):
        return reliability(pd.Series([0.1, 0.9, 0.9, 0.8]), pd.Series([False, True, False, True]), bins=5)

    def test_points_and_intervals_are_those_of_the_filled_bins(self):
        table = self.table()
        ax = ReliabilityDisplay(table).plot().ax_
        (bars,) = ax.containers
        filled = table[table["n"] > 0]
        assert bars.lines[0].get_xydata().tolist() == filled[["confidence", "accuracy"]].to_numpy().tolist()
        segments = np.array(bars.lines[2][0].get_segments())[:, :, 1]
        assert segments == pytest.approx(filled[["accuracy_low", "accuracy_high"]].to_numpy())

    def test_a_single_filled_bin_is_a_point(self):
        """Older releases of matplotlib and pandas warn of a series with one element in the place of a number."""
        one = reliability(pd.Series([0.9, 0.9]), pd.Series([True, False]), bins=5)
        (bars,) = ReliabilityDisplay(one).plot().ax_.containers
        assert bars.lines[0].get_xydata().tolist() == [[0.9, 0.5]]

    def test_the_histogram_counts_the_items_of_every_bin(self):
        display = ReliabilityDisplay(self.table()).plot()
        assert [bar.get_height() for bar in display.ax_histogram_.patches] == [1, 0, 0, 1, 2]
        assert [text.get_text() for text in display.ax_histogram_.texts] == ["1", "", "", "1", "2"]
        assert display.ax_histogram_.get_xlabel() == "Model's confidence (%)"

    def test_the_title_says_how_many_items_and_how_far_off(self):
        """One bin each: 0.1 off with one item, 0.4 with two, 0.2 with one."""
        assert ReliabilityDisplay(self.table()).plot().ax_.get_title() == (
            "n = 4 items, expected calibration error 27.5 %"
        )

    def test_many_bins_are_drawn_without_numbers(self):
        display = ReliabilityDisplay.from_comparison(comparison(), bins=20)
        assert len(display.ax_histogram_.patches) == 20
        assert not display.ax_histogram_.texts


class TestLearningCurve:
    """A line per curve over the labels bought, with a band where intervals are known."""

    def test_curves_run_over_the_labels_bought_in_the_order_of_rounds(self):
        shuffled = rounds().iloc[[2, 0, 1]]
        display = LearningCurveDisplay.from_rounds({"margin": shuffled, "random": rounds(accuracy=[0.5, 0.55, None])})
        first, second = display.lines_
        assert first.get_xydata().tolist() == [[20, 0.6], [40, 0.7], [60, 0.75]]
        assert second.get_xydata().tolist() == [[20, 0.5], [40, 0.55]]
        assert [text.get_text() for text in display.ax_.get_legend().get_texts()] == ["margin", "random"]
        assert first.get_color() != second.get_color()
        assert first.get_marker() != second.get_marker()

    def test_intervals_are_a_band_where_they_are_known(self):
        banded = rounds(accuracy_low=[0.5, 0.6, 0.7], accuracy_high=[0.7, 0.8, 0.8])
        display = LearningCurveDisplay.from_rounds({"margin": banded, "random": rounds()})
        (band,) = display.ax_.collections
        assert {(20, 0.5), (20, 0.7), (60, 0.7), (60, 0.8)} <= set(map(tuple, band.get_paths()[0].vertices))

    def test_without_labels_bought_the_curve_runs_over_rounds(self):
        display = LearningCurveDisplay.from_rounds({"margin": rounds().drop(columns="labels_bought")})
        assert display.ax_.get_xlabel() == "Round"
        assert display.lines_[0].get_xdata().tolist() == [0, 1, 2]

    def test_another_metric_is_drawn_under_its_name_with_its_own_band(self):
        table = rounds(
            disagreement=[0.4, 0.3, 0.2], disagreement_low=[0.3, 0.2, 0.1], disagreement_high=[0.5, 0.4, 0.3]
        )
        display = LearningCurveDisplay.from_rounds({"margin": table}, metric="disagreement")
        assert display.ax_.get_ylabel() == "Disagreement (%)"
        assert len(display.ax_.collections) == 1

    def test_more_curves_than_colours_still_differ_from_their_neighbours(self):
        display = LearningCurveDisplay.from_rounds({str(n): rounds() for n in range(9)})
        assert len(display.lines_) == 9

    @pytest.mark.parametrize(
        ("curves", "metric", "found"),
        [
            ({}, "accuracy", "no curve to draw"),
            (rounds(), "accuracy", "a DataFrame was given"),
            ({"margin": rounds()}, "f1", "'margin' have no 'f1'"),
            ({"margin": rounds()}, "agreement", "have no 'agreement'"),
        ],
    )
    def test_what_cannot_be_drawn_is_refused_by_name(self, curves, metric, found):
        with pytest.raises(InvalidInput, match=found):
            LearningCurveDisplay.from_rounds(curves, metric=metric)


def overlapping(ax):
    """Return the pairs of neighbouring row labels whose boxes overlap."""
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.get_yticklabels()]
    return [(one, other) for one, other in itertools.pairwise(boxes) if one.overlaps(other)]


class TestClasses:
    """A row per class, the commonest first; shape and colour tell precision from recall."""

    def test_points_and_intervals_are_the_tables(self):
        table = comparison(("a", "b", "c"), n=200).by_class().sort_values("n_people", ascending=False)
        ax = ClassesDisplay(table).plot().ax_
        precision, recall = ax.containers
        assert precision.lines[0].get_xdata().tolist() == pytest.approx(table["precision"].tolist())
        assert recall.lines[0].get_xdata().tolist() == pytest.approx(table["recall"].tolist())
        assert precision.lines[0].get_marker() != recall.lines[0].get_marker()
        segments = np.array([segment[:, 0] for segment in recall.lines[2][0].get_segments()])
        assert segments == pytest.approx(table[["recall_low", "recall_high"]].to_numpy())
        assert [text.get_text() for text in ax.get_yticklabels()] == table["label"].tolist()

    def test_forty_long_labels_do_not_overlap(self):
        classes = [f"a rather long name, Größe {n:02d} of 40" for n in range(40)]
        ax = ClassesDisplay.from_comparison(comparison(classes, n=800)).ax_
        assert len(ax.get_yticklabels()) == 40
        assert overlapping(ax) == []

    def test_of_very_many_classes_the_commonest_are_drawn_and_it_says_so(self):
        classes = [f"c{n:03d}" for n in range(80)]
        ax = ClassesDisplay.from_comparison(comparison(classes, n=2_000)).ax_
        assert (len(ax.get_yticklabels()), ax.get_xlabel()) == (60, "Share (%), 20 rarer classes are not shown")

    def test_no_class_is_refused(self):
        with pytest.raises(InvalidInput, match="has no row to draw"):
            ClassesDisplay(comparison().by_class().iloc[:0])


class TestRates:
    """A row per part, a point per model version."""

    def test_versions_are_told_apart_by_colour_and_shape(self):
        ax = RatesDisplay.from_comparison(two_versions(), "label").ax_
        first, second = (container.lines[0] for container in ax.containers)
        assert first.get_color() != second.get_color()
        assert first.get_marker() != second.get_marker()
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["v1", "v2"]

    def test_n_is_that_of_a_version_and_the_line_the_overall_rate(self):
        one = comparison()
        ax = RatesDisplay.from_comparison(one, "label").ax_
        notes = [text.get_text() for text in ax.texts]
        assert notes == [f"n = {n}" for n in one.by_segment("label")["n"]]
        assert ax.lines[-1].get_xdata()[0] == pytest.approx(one.disagreement()["rate"].iloc[0])

    def test_of_very_many_parts_the_largest_are_drawn_and_it_says_so(self):
        parts = pd.DataFrame(
            {"segment": [f"s{n}" for n in range(70)], "n": range(70), "rate": 0.1, "low": 0, "high": 1}
        )
        ax = RatesDisplay(parts).plot().ax_
        assert "the 60 largest of 70 parts" in ax.get_xlabel()
        assert ax.get_yticklabels()[0].get_text() == "s10"

    def test_what_is_no_table_of_rates_is_refused(self):
        with pytest.raises(InvalidInput, match="the table lacks 'segment', 'rate'"):
            RatesDisplay(pd.DataFrame({"n": [1], "low": [0], "high": [1]}))
        with pytest.raises(InvalidInput, match="no row to draw"):
            RatesDisplay(comparison().by_segment("label").iloc[:0])


class TestDrift:
    """Windows of rates, the baseline, and where the alarm is."""

    def test_windows_hold_every_item_once(self):
        drift = detect_change(np.arange(100) % 5 == 0, baseline=0.2)
        ax = DriftDisplay.from_drift(drift, window=30).ax_
        points = ax.containers[0].lines[0].get_xydata()
        assert points[:, 0].tolist() == [15.5, 45.5, 75.5, 95.5]
        assert points[:, 1].tolist() == pytest.approx([0.2] * 4)

    def test_an_alarm_is_a_line_with_its_words(self):
        drift = detect_change([n % 10 == 0 for n in range(60)] + [True] * 20, baseline=0.1)
        ax = DriftDisplay.from_drift(drift).ax_
        assert [text.get_text() for text in ax.texts] == ["rise since about item 61"]
        assert f"alarm, at item {drift.alarm.item}" in [text.get_text() for text in ax.get_legend().get_texts()]


class TestVersions:
    """Differences around zero, with both values beside them."""

    def test_zero_is_in_the_middle_and_the_values_beside(self):
        ax = VersionsDisplay.from_versions(two_versions().against("v1", "v2")).ax_
        low, high = ax.get_xlim()
        assert low == -high
        assert ax.texts[0].get_text().endswith("→ 100.0 %")
        assert ax.get_yticklabels()[-1].get_text() == "cohen kappa"


def test_a_sign_that_no_font_has_is_a_box_and_no_warning():
    """Warnings are errors here; there is no font for Linear B."""
    classes = ("\U00010000", "\U00010001")
    assert ConfusionDisplay.from_comparison(comparison(classes))._repr_png_()[0].startswith(PNG)
