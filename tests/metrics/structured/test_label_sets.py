"""Sets of labels: scored as scikit-learn scores them."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.metrics import (
    f1_score,
    hamming_loss,
    jaccard_score,
    precision_score,
    recall_score,
)

from a2i_al.metrics import (
    multi_label_scores,
    multi_label_summary,
)

SETS = st.lists(st.tuples(*[st.lists(st.sampled_from("abc"), unique=True)] * 2), min_size=1, max_size=6)


@settings(max_examples=40)
@given(items=SETS)
def test_sets_of_labels_are_scored_as_scikit_learn_does(items):
    """Per label, over all, and as wholes; what it calls 0 where there is nothing is NaN here."""
    predicted, actual = ({str(i): list(item[side]) for i, item in enumerate(items)} for side in (0, 1))
    y_pred, y_true = (np.array([[x in item[side] for x in "abc"] for item in items]) for side in (0, 1))
    table = multi_label_scores(predicted, actual).set_index("label")
    for place, label in enumerate("abc"):
        if label not in table.index:
            assert not y_pred[:, place].any()
            assert not y_true[:, place].any()
            continue
        for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
            expected = score(y_true[:, place], y_pred[:, place], zero_division=np.nan)
            assert table.loc[label, name] == pytest.approx(expected, nan_ok=True)
    summary = multi_label_summary(predicted, actual)
    assert summary["n"] == len(items)
    assert summary["subset_accuracy"] == pytest.approx((y_pred == y_true).all(axis=1).mean())
    assert summary["jaccard"] == pytest.approx(jaccard_score(y_true, y_pred, average="samples", zero_division=1))
    assert summary["hamming"] * (len(table) - 1) == pytest.approx(hamming_loss(y_true, y_pred) * 3)
    micro = f1_score(y_true, y_pred, average="micro", zero_division=np.nan)
    assert summary["micro_f1"] == pytest.approx(micro, nan_ok=True)
    assert summary["macro_f1"] == pytest.approx(table["f1"].iloc[1:].mean(), nan_ok=True)
