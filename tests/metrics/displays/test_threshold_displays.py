"""Risk-coverage and threshold Displays: lines are the numbers, the choice is marked, the shape is scikit-learn's."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from a2i_al import RiskCoverageDisplay, ThresholdDisplay, choose_threshold
from a2i_al.errors import EstimateWarning, InvalidInput
from a2i_al.metrics import risk_coverage

SURE = np.linspace(1, 0.5, 200)
WRONG = np.r_[np.zeros(100), np.tile([0, 0, 0, 1], 25)]
IDS = [f"t{number}" for number in range(200)]
POOL = pd.DataFrame({"item_id": IDS, "predicted_label": "yes", "confidence": SURE, "model_version": "v1"})
LABELS = pd.DataFrame({"item_id": IDS, "label": np.where(WRONG, "no", "yes")})


def by_target(**options):
    return choose_threshold(POOL, LABELS, target_error=0.1, **options)


def by_cost():
    return choose_threshold(POOL, LABELS, review_cost=1, error_cost=10)


DRAW = pytest.mark.parametrize(
    "draw",
    [
        lambda ax=None: RiskCoverageDisplay.from_predictions(SURE, WRONG, ax=ax),
        lambda ax=None: RiskCoverageDisplay.from_choice(by_target(), ax=ax),
        lambda ax=None: ThresholdDisplay.from_choice(by_target(), ax=ax),
        lambda ax=None: ThresholdDisplay.from_choice(by_cost(), ax=ax),
    ],
    ids=["predictions", "choice", "target", "cost"],
)


@DRAW
def test_a_notebook_gets_a_picture_and_given_axes_are_drawn_into(draw):
    assert draw()._repr_png_()[0].startswith(b"\x89PNG")
    ax = Figure().add_subplot()
    display = draw(ax=ax)
    assert display.ax_ is ax
    assert display.figure_ is ax.figure
    assert display._repr_png_() is None
    ax.figure.savefig("/dev/null", format="png")


def test_the_line_is_the_curve_from_five_items_on_and_the_legend_has_the_area():
    curve = risk_coverage(SURE, WRONG)
    display = RiskCoverageDisplay({"mine": curve})
    (line,) = display.plot().lines_
    assert line.get_xdata().tolist() == curve.coverage[4:].tolist()
    assert line.get_ydata().tolist() == curve.risk[4:].tolist()
    texts = [text.get_text() for text in display.ax_.get_legend().get_texts()]
    assert texts[0] == f"mine, area {100 * curve.aurc:.2f} %"


def test_weights_move_the_curve():
    """A right answer that stands for ninety-nine others."""
    display = RiskCoverageDisplay.from_predictions([0.9, 0.5], [0, 1], sample_weight=[99, 1])
    assert display.lines_[0].get_ydata()[-1] == pytest.approx(0.01)


def test_the_chosen_threshold_is_marked_where_it_is():
    choice = by_target(items_per_day=100)
    point = RiskCoverageDisplay.from_choice(choice).point
    assert point == (pytest.approx(choice.taken), pytest.approx(choice.risk))
    display = ThresholdDisplay.from_choice(choice)
    marks = [line.get_xdata()[0] for line in display.ax_.lines if line.get_label() == "promised at most, 95 % sure"]
    assert marks == [choice.threshold]
    assert "a day" in display.ax_.get_title()


def test_costs_are_drawn_between_reviewing_everything_and_nothing():
    choice = by_cost()
    display = ThresholdDisplay.from_choice(choice)
    assert display.line_.get_ydata().min() == pytest.approx(choice.cost)
    labels = [line.get_label() for line in display.ax_.lines]
    assert {"everything reviewed", "nothing reviewed"} <= set(labels)


def test_no_threshold_is_drawn_as_such():
    with pytest.warns(EstimateWarning):
        choice = choose_threshold(POOL, LABELS[:10], target_error=0.01)
    assert ThresholdDisplay.from_choice(choice).ax_.get_title() == "No threshold: everything is reviewed"
    assert RiskCoverageDisplay.from_choice(choice).point is None


def test_no_curve_is_refused():
    with pytest.raises(InvalidInput, match="no curve"):
        RiskCoverageDisplay({})
