"""Model against model on the same labels: McNemar's tests, the paired bootstrap, and weights."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy.stats import binomtest

from a2i_al.errors import InvalidInput
from a2i_al.metrics import compare
from a2i_al.metrics.versions import PairedComparison, pair


def compared(label, a, b, weights=None):
    """Return the comparison of two versions on these labels."""
    ids = [f"i{n:04d}" for n in range(len(label))]
    said = [pd.DataFrame({"item_id": ids, "predicted_label": s, "model_version": v}) for v, s in (("a", a), ("b", b))]
    picks = weights if weights is None else pd.DataFrame({"item_id": ids, "inclusion_probability": 1 / weights})
    return compare(pd.concat(said), pd.DataFrame({"item_id": ids, "label": label}), picks)


def with_counts(both, only_a, only_b, neither):
    """Return a paired comparison with so many items in each cell."""
    right_a = np.repeat([True, True, False, False], [both, only_a, only_b, neither])
    right_b = np.repeat([True, False, True, False], [both, only_a, only_b, neither])
    said = {f"predicted_{name}": np.where(right, "x", "y") for name, right in (("a", right_a), ("b", right_b))}
    table = pd.DataFrame({"item_id": np.arange(len(right_a)).astype(str), "label": "x"} | said | {"weight": 1.0})
    return PairedComparison("a", "b", table, weighted=False, unpaired=0)


def test_published_p_values():
    """Fagerland, Lydersen and Laake (2013), their first example: 1 and 7 discordant, exact 0.070, mid-p 0.039."""
    tests = with_counts(1, 1, 7, 12).tests().set_index("test")["p_value"]
    assert tests["McNemar, exact"] == pytest.approx(0.0703, abs=5e-5)
    assert tests["McNemar, mid-p"] == pytest.approx(0.0391, abs=5e-5)


@given(only_a=st.integers(0, 15), only_b=st.integers(0, 15), both=st.integers(1, 5))
def test_the_exact_test_is_scipys_and_the_mid_p_value_is_smaller(only_a, only_b, both):
    """A binomial test of the discordant items, the same whichever model comes first."""
    exact, middle = with_counts(both, only_a, only_b, 1).tests()["p_value"]
    n = only_a + only_b
    assert exact == pytest.approx(binomtest(only_a, n).pvalue if n else 1.0)
    assert middle <= exact + 1e-12
    assert [exact, middle] == pytest.approx(with_counts(both, only_b, only_a, 1).tests()["p_value"].tolist())


def test_the_mid_p_value_keeps_to_its_level():
    """Of 400 pairs of equally good models, about 5 in a hundred differ at 5 %."""
    rng = np.random.default_rng(0)
    low = 0
    for _ in range(400):
        right = rng.random((2, 150)) < 0.8
        counts = [(one == x) & (other == y) for one, other in [right] for x, y in ((1, 1), (1, 0), (0, 1), (0, 0))]
        low += with_counts(*(int(c.sum()) for c in counts)).tests()["p_value"].iloc[1] < 0.05
    assert 0.02 < low / 400 < 0.075


def test_counts_are_who_was_right_where():
    """Model a per row, model b per column."""
    counts = with_counts(4, 3, 2, 1).counts()
    assert counts.to_numpy().tolist() == [[4, 3], [2, 1]]
    assert (counts.index.name, counts.columns.name) == ("a", "b")


def test_differences_and_their_intervals():
    """b - a, in every metric; the paired interval of accuracy is that of the normal approximation."""
    rng = np.random.default_rng(0)
    label = rng.choice(list("xyz"), 600)
    a = np.where(rng.random(600) < 0.7, label, "x")
    b = np.where(rng.random(600) < 0.8, label, "y")
    table = compared(label, a, b).against("a", "b").differences(n_resamples=4_000).set_index("metric")
    assert table.loc["accuracy", "difference"] == pytest.approx((b == label).mean() - (a == label).mean())
    gained = (b == label).astype(float) - (a == label)
    half = 1.96 * gained.std() / np.sqrt(600)
    accuracy = table.loc["accuracy"]
    assert accuracy[["low", "high"]].tolist() == pytest.approx(
        [accuracy["difference"] - half, accuracy["difference"] + half], abs=0.004
    )
    alone = compared(label, a, b).only(model_version="b").scores().set_index("metric")["value"]
    assert table["b"].tolist() == pytest.approx(alone[table.index].tolist())


def test_weights_make_it_about_the_pool():
    """b is better where items are rare and drawn often: better on the draws, worse in the pool."""
    label = np.full(200, "x")
    rare = np.arange(200) < 100
    weights = np.where(rare, 1.0, 10.0)
    a, b = np.where(rare, "y", "x"), np.where(rare | (np.arange(200) < 180), "x", "y")
    versions = compared(label, a, b, weights).against("a", "b")
    assert versions.weighted
    difference = versions.differences().set_index("metric").loc["accuracy", "difference"]
    assert difference == pytest.approx((100 - 200) / 1_100)
    weighted, plain = (
        versions.tests().set_index("test")["p_value"][t] for t in ("weighted difference", "McNemar, exact")
    )
    assert plain < 0.001 < weighted
    assert "-9.1 points" in repr(versions)


def test_items_that_one_did_not_predict_are_counted():
    """Only common ground is compared."""
    table = compared(list("xxx"), list("xxy"), list("xyy")).table
    versions = pair(table.drop(index=table.index[table["model_version"] == "b"][0]), "a", "b", weighted=False)
    assert (len(versions.table), versions.unpaired) == (2, 1)


def test_two_models_that_never_differ():
    """No difference, no evidence."""
    versions = with_counts(5, 0, 0, 2)
    assert versions.tests()["p_value"].tolist() == [1.0, 1.0]
    assert versions.differences().set_index("metric").loc["accuracy", ["low", "high"]].tolist() == [0, 0]


def test_what_a_notebook_shows_is_escaped():
    """Names of versions are anybody's."""
    label = list("xy")
    said = [pd.DataFrame({"item_id": ["i", "j"], "predicted_label": label, "model_version": v}) for v in ("<b>", "v2")]
    result = compare(pd.concat(said), pd.DataFrame({"item_id": ["i", "j"], "label": label}))
    shown = result.against("<b>", "v2")._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown


def test_what_cannot_be_paired_is_refused():
    """An unknown version, the same one twice, and no item in common."""
    result = compared(list("xy"), list("xy"), list("xx"))
    for one, other in (("a", "c"), ("a", "a")):
        with pytest.raises(InvalidInput, match=r"expected|two of 'a', 'b'"):
            result.against(one, other)
    apart = result.table[(result.table["model_version"] == "a") == (result.table["item_id"] == "i0000")]
    with pytest.raises(InvalidInput, match="no labelled item in common"):
        pair(apart, "a", "b", weighted=False)
