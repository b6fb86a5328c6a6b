"""The table of coefficients: per field and per pair, with intervals that a seed repeats and that cover."""

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.metrics import (
    agreement_table,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    mean_pairwise_agreement,
)
from a2i_al.metrics.agreement.alpha import alpha
from a2i_al.metrics.agreement.chance import ac1
from a2i_al.metrics.agreement.kappa import kappa
from a2i_al.metrics.agreement.ratings import ratings
from a2i_al.metrics.agreement.resampled import distinct, replicates
from a2i_al.tables import ANSWERS


def answers(matrix, field="f"):
    """Return an answers table from raters × items."""
    rows = [
        {"human_loop_name": f"l{i}", "item_id": f"i{i:03}", "worker_id": "uvw"[w], "field": field, "value": value}
        for w, row in enumerate(matrix)
        for i, value in enumerate(row)
        if value is not None
    ]
    return ANSWERS.from_rows(rows)


def drawn(items=200, seed=0, right=0.8):
    """Return three raters' labels, each right with a chance."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(3, size=items)
    return [np.where(draw.random(items) < right, truth, draw.integers(3, size=items)).tolist() for _ in "uvw"]


def test_each_row_is_what_its_function_gives():
    """Per field, with counts."""
    matrix = drawn()
    table = agreement_table(answers(matrix), n_resamples=0).set_index("coefficient")
    assert table["value"].to_dict() == pytest.approx(
        {
            "agreement": mean_pairwise_agreement(answers(matrix), "f"),
            "krippendorff_alpha": krippendorff_alpha(matrix),
            "gwet_ac1": gwet_ac1(matrix),
            "fleiss_kappa": fleiss_kappa(matrix),
        }
    )
    assert table.loc["agreement", ["n_items", "n_workers", "n_answers"]].tolist() == [200, 3, 600]
    assert table[["low", "high"]].isna().all().all()


def test_pairs_are_compared_on_what_both_have_answered():
    """u and w share nothing: there is no such row."""
    matrix = [["a", "b", None, "a"], ["a", "a", "b", "b"], [None, None, "b", None]]
    table = agreement_table(answers(matrix), by="pair", n_resamples=0)
    kappas = table[table["coefficient"] == "cohen_kappa"]
    assert kappas[["worker_a", "worker_b", "n_items", "n_answers"]].to_numpy().tolist() == [
        ["u", "v", 3, 6],
        ["v", "w", 1, 2],
    ]
    assert kappas["value"].tolist() == pytest.approx([cohen_kappa("aba", "aab"), np.nan], nan_ok=True)
    alphas = table[table["coefficient"] == "krippendorff_alpha"]["value"].tolist()
    assert alphas == pytest.approx([krippendorff_alpha(["aba", "aab"]), np.nan], nan_ok=True)


def test_the_level_reaches_alpha_and_weights_kappa():
    """10 is near 9, whatever their letters."""
    matrix = [[1, 2, 9, 10, 3], [1, 3, 10, 9, 3]]
    table = agreement_table(answers(matrix), by="pair", level="interval", n_resamples=0).set_index("coefficient")
    assert table.loc["krippendorff_alpha", "value"] == pytest.approx(krippendorff_alpha(matrix, level="interval"))
    assert table.loc["cohen_kappa", "value"] == pytest.approx(cohen_kappa(*matrix, weights="quadratic"))
    words = [["low", "high"], ["mid", "high"]]
    ordered = agreement_table(answers(words), level="ordinal", categories=["low", "mid", "high"], n_resamples=0)
    alphas = ordered.set_index("coefficient")["value"]
    assert alphas["krippendorff_alpha"] == pytest.approx(krippendorff_alpha([[1, 3], [2, 3]], level="ordinal"))


def test_a_seed_repeats_the_intervals_whatever_the_order_of_rows():
    """Items are drawn by their ids, not by where they stand."""
    table = answers(drawn(40))
    first = agreement_table(table, n_resamples=50, random_state=3)
    again = agreement_table(table.sample(frac=1, random_state=1), n_resamples=50, random_state=3)
    pd.testing.assert_frame_equal(first, again)
    other = agreement_table(table, n_resamples=50, random_state=4)
    assert (first["low"] != other["low"]).any()
    assert (first["low"] <= first["value"]).all()
    assert (first["value"] <= first["high"]).all()


def test_intervals_cover_what_many_items_would_say():
    """Of 40 samples of 60 items, 80 % intervals of alpha hold the population's alpha in about 32."""
    population = krippendorff_alpha(drawn(20_000, seed=99))
    held = 0
    for seed in range(40):
        table = agreement_table(answers(drawn(60, seed)), confidence=0.8, n_resamples=100, random_state=seed)
        row = table[table["coefficient"] == "krippendorff_alpha"].iloc[0]
        held += row["low"] <= population <= row["high"]
    assert 26 <= held <= 38


def test_items_that_were_rated_alike_are_drawn_together():
    """Counted apart, the same draws give the same coefficients; two raters' order is kept where it matters."""
    rated = ratings(drawn(50))
    kinds, kind = distinct(rated)
    assert kinds.n_items <= 10
    often = np.random.default_rng(0).integers(0, 4, size=50).astype(float)
    together = np.bincount(kind, often)
    for level in ("nominal", "interval"):
        assert alpha(kinds, level, together) == pytest.approx(alpha(rated, level, often))
    assert ac1(kinds, together) == pytest.approx(ac1(rated, often))
    two = ratings(drawn(50)[:2])
    kinds, kind = distinct(two, ordered=True)
    assert kappa(kinds, None, np.bincount(kind, often)) == pytest.approx(kappa(two, None, often))
    assert kinds.n_items > distinct(two)[0].n_items


def test_an_item_with_a_thousand_raters_makes_no_table_of_a_thousand_columns():
    """Beside a hundred items with two, every item stays its own kind, and the interval is there."""
    matrix = np.full((1000, 100), None, dtype=object)
    matrix[:2] = [["a", "b"] * 50, ["a", "a"] * 50]
    matrix[:, 0] = "a"
    rated = ratings(matrix)
    assert distinct(rated)[0] is rated
    assert replicates(rated, [ac1], 5, 0).shape == (5, 1)


def test_an_interval_needs_the_coefficient_to_be_defined():
    """One item: every draw is of one class, so there is none."""
    row = agreement_table(answers(["aa", "ab"])[:4], n_resamples=200, random_state=0).set_index("coefficient")
    assert row.loc["agreement", ["low", "high"]].tolist() == [0, 1]
    mixed = agreement_table(answers(["aba", "abb"]), n_resamples=200, random_state=0).set_index("coefficient")
    assert mixed.loc["krippendorff_alpha", ["low", "high"]].notna().all(), "undefined for the few draws of one class"
    same = agreement_table(answers(["aa", "aa"]), n_resamples=20, random_state=0).set_index("coefficient")
    assert same.loc["krippendorff_alpha", ["value", "low", "high"]].isna().all()


def test_an_empty_harvest_gives_an_empty_table_with_its_columns():
    """And one field alone can be asked for."""
    table = agreement_table(ANSWERS.empty())
    assert table.empty
    assert "krippendorff_alpha" not in table.columns
    assert table["value"].dtype == "float64"
    both = pd.concat([answers(["a", "a"]), answers(["b", "b"], "g")])
    assert agreement_table(both, n_resamples=0)["field"].unique().tolist() == ["f", "g"]
    assert agreement_table(both, "g", n_resamples=0)["field"].unique().tolist() == ["g"]


@pytest.mark.parametrize(
    "arguments",
    [{"by": "worker"}, {"level": "cardinal"}, {"confidence": 1.0}, {"n_resamples": -1}, {"fields": "nothing"}],
)
def test_what_cannot_be_done_is_refused(arguments):
    """With what would be right."""
    with pytest.raises(InvalidInput) as error:
        agreement_table(answers(["a", "a"]), **arguments)
    assert error.value.expected
