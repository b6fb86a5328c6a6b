"""Rubbish in an argument of a comparison's methods or of a Display is an error of ours, and none from deep inside."""

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.metrics import (
    ClassesDisplay,
    ConfusionDisplay,
    DriftDisplay,
    LearningCurveDisplay,
    OperationsDisplay,
    RatesDisplay,
    ReliabilityDisplay,
    RiskCoverageDisplay,
    ThresholdDisplay,
    VersionsDisplay,
    brier_score,
    cohen_kappa,
    compare,
    detect_change,
    operations,
    wilson,
)
from a2i_al.tables import ANSWERS

RUBBISH = [None, "junk", float("nan"), -1, [], {}, object(), pd.DataFrame(), np.array([[np.nan]])]
RUBBISH_IDS = ["None", "text", "nan", "-1", "list", "dict", "object", "empty table", "array of nan"]
rubbish = pytest.mark.parametrize("given", RUBBISH, ids=RUBBISH_IDS)


@pytest.fixture(scope="module")
def comparison():
    """Sixty items in three classes, in two languages."""
    rng = np.random.default_rng(0)
    ids, truth = [f"i{n:02d}" for n in range(60)], rng.choice(["a", "b", "c"], 60)
    said = np.where(rng.random(60) < 0.7, truth, "a")
    predictions = {
        "item_id": ids,
        "predicted_label": said,
        "confidence": rng.uniform(0.4, 1, 60),
        "model_version": "v1",
    }
    items = pd.DataFrame({"item_id": ids, "language": np.where(rng.random(60) < 0.5, "de", "en")})
    labels = pd.DataFrame({"item_id": ids, "label": truth, "status": "agreed"})
    return compare(pd.DataFrame(predictions), labels, items=items)


# Where None, or a text, is right, something else takes its place.
METHODS = {
    "by_class, confidence": lambda c, x: c.by_class(x),
    "by_class, random_state": lambda c, x: c.by_class(
        n_resamples=9, random_state="junk" if x is None or isinstance(x, list) else x
    ),
    "by_confidence, bins": lambda c, x: c.by_confidence(x),
    "by_confidence, strategy": lambda c, x: c.by_confidence(strategy=x),
    "by_segment, column": lambda c, x: c.by_segment(x),
    "disagreement, confidence": lambda c, x: c.disagreement(x),
    "drift, time": lambda c, x: c.drift(x, baseline=0.1),
    "drift, alpha": lambda c, x: c.drift("item_id", baseline=0.1, alpha=x),
    "drift, direction": lambda c, x: c.drift("item_id", baseline=0.1, direction=x),
    "over_time, time": lambda c, x: c.over_time(x, 10),
    "over_time, window": lambda c, x: c.over_time("item_id", [] if x is None else x),
    "only, scope": lambda c, x: c.only(scope=x),
    "only, model_version": lambda c, x: c.only(model_version="v9" if x is None else x),
    "against": lambda c, x: c.against("v1", x),
    "scores, n_resamples": lambda c, x: c.scores(n_resamples=x),
    "to_html, title": lambda c, x: c.to_html(title=3 if isinstance(x, str) else x),
    "to_html, time": lambda c, x: c.to_html(time="junk" if x is None else x),
    "to_html, path": lambda c, x: c.to_html(3 if x is None or isinstance(x, str) else x),
    "wilson, n": lambda _, x: wilson(1, x),
    "wilson, successes": lambda _, x: wilson(x, 9),
    "brier_score": lambda _, x: brier_score(x, [True]),
    "detect_change, baseline": lambda _, x: detect_change([True, False], baseline=2 if x is None else x),
    "detect_change, reference": lambda _, x: detect_change([True, False], reference=9 if x is None else x),
    "throughput, window": lambda _, x: operations(ANSWERS.empty()).throughput("junk" if x is None else x),
    "costs, per_hour": lambda _, x: operations(ANSWERS.empty()).costs(per_hour=x),
    "classes, comparison": lambda _, x: ClassesDisplay.from_comparison(x),
    "confusion, comparison": lambda _, x: ConfusionDisplay.from_comparison(x),
    "rates, comparison": lambda _, x: RatesDisplay.from_comparison(x, "language"),
    "rates, column": RatesDisplay.from_comparison,
    "reliability, comparison": lambda _, x: ReliabilityDisplay.from_comparison(x),
    "drift": lambda _, x: DriftDisplay.from_drift(x),
    "versions": lambda _, x: VersionsDisplay.from_versions(x),
    "risk and coverage, choice": lambda _, x: RiskCoverageDisplay.from_choice(x),
    "risk and coverage, curves": lambda _, x: RiskCoverageDisplay({"model": x}),
    "threshold, choice": lambda _, x: ThresholdDisplay.from_choice(x),
    "operations": lambda _, x: OperationsDisplay.from_operations(x),
    "learning curve, metric": lambda _, x: LearningCurveDisplay(
        {"m": pd.DataFrame({"round": [0], "accuracy": [0.5]})}, metric=x
    ),
    "axes": lambda c, x: c.plot("junk" if x is None else x),
}


@rubbish
@pytest.mark.parametrize("method", METHODS)
def test_rubbish_is_refused(comparison, method, given):
    """Whatever its kind, with what was expected in its place."""
    with pytest.raises(InvalidInput, match=r"Expected: \S"):
        METHODS[method](comparison, given)


TABLES = {
    "classes": (ClassesDisplay, lambda c: c.by_class(), ["label", "n_people", "precision", "recall_low"]),
    "rates": (RatesDisplay, lambda c: c.by_segment("language"), ["segment", "n", "rate", "low", "high"]),
    "reliability": (ReliabilityDisplay, lambda c: c.by_confidence(), ["low", "n", "confidence", "accuracy_high"]),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_another_kind_is_refused(comparison, name):
    """No table, no rows, a column that lacks or is there twice, and text or lists in place of numbers."""
    display, table_of, columns = TABLES[name]
    table = table_of(comparison)
    display(table).plot()
    for given in (None, "junk", {}, pd.DataFrame(), table.iloc[:0], pd.concat([table, table.iloc[:, :3]], axis=1)):
        with pytest.raises(InvalidInput, match=r"Expected: a (DataFrame|table)"):
            display(given)
    for column in columns:
        with pytest.raises(InvalidInput, match=f"{column!r}"):
            display(table.drop(columns=column))
        with pytest.raises(InvalidInput, match=f"{column!r}"):
            display(table.assign(**{column: [[1]] * len(table)}))


@pytest.mark.parametrize("given", [None, "junk", pd.DataFrame({"a": [0.5]}), pd.DataFrame({"a": [1], "b": [2]})])
def test_what_is_no_square_of_counts_has_no_confusion(given):
    """Shares are none, and neither is an oblong table."""
    with pytest.raises(InvalidInput, match="a square DataFrame of counts"):
        ConfusionDisplay(given)


@pytest.mark.parametrize("given", [None, 3, object()])
def test_labels_of_a_rater_are_several(given):
    """One per item."""
    with pytest.raises(InvalidInput, match=r"b is .*one per item"):
        cohen_kappa(["x"], given)
