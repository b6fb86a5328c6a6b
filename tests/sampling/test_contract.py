"""What holds for every strategy that discovery finds: exactly n, and the seed decides, not the order of the rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling import known_names, sample, strategies
from a2i_al.sampling.registry import resolve

BUILT_IN = known_names()
FEW = settings(max_examples=12)


def pool(name, size, kind):
    """Return a strategy's inputs for a pool whose items are all different, three of a kind, or all the same."""
    rng = np.random.default_rng(size)
    proba, features = rng.dirichlet([1, 1, 1], size=size), rng.normal(size=(size, 4))
    if kind != "distinct":
        repeat = np.zeros(size, dtype=int) if kind == "constant" else np.arange(size) // 3
        proba, features = proba[repeat], features[repeat]
    committee = np.stack([proba, proba[:, ::-1], np.roll(proba, 1, axis=1)])
    inputs = {
        "features": features.astype(np.float32) if size % 2 else features,
        "committee": committee if name != "regression_variance" else committee[:, :, 0],
        "predictions": features[:, 0],
        "answers": np.where(features[:, :3] > 0, proba.argmax(axis=1)[:, None], np.nan),
        "scores": proba[:, 0],
        "labelled_features": rng.normal(size=(6, 4)),
        "labelled_labels": np.arange(6) % 3 if name != "igs" else rng.normal(size=6),
        "labelled_proba": rng.dirichlet([1, 1, 1], size=6),
    }
    uses = {*resolve(name).needs, *resolve(name).takes}
    return proba, {key: value for key, value in inputs.items() if key in uses}


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("kind", ["distinct", "duplicates", "constant"])
@FEW
@given(size=st.integers(1, 24), audit=st.sampled_from([0.0, 0.3]), data=st.data())
def test_exactly_n_of_the_candidates_in_ranks(name, kind, size, audit, data):
    excluded = data.draw(st.sets(st.integers(0, size - 1), max_size=size - 1))
    n = data.draw(st.integers(1, size - len(excluded)))
    proba, inputs = pool(name, size, kind)
    picks = sample(proba, n, strategy=name, exclude=excluded, audit_fraction=audit, random_state=1, **inputs)
    assert len(picks) == picks["item_id"].nunique() == n
    assert set(picks["item_id"]) <= {str(i) for i in range(size)} - {str(i) for i in excluded}
    assert picks["rank"].tolist() == list(range(1, n + 1))
    assert {strategy.partition(":")[0] for strategy in picks["strategy"]} <= {name, "audit"}
    drawn = (picks["strategy"] == "audit") | (resolve(name).kind == "draw")
    assert picks["inclusion_probability"].notna().tolist() == drawn.tolist()


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("kind", ["distinct", "duplicates"])
@FEW
@given(size=st.integers(2, 24), seed=st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing(name, kind, size, seed):
    """And the inputs are left as they were."""
    proba, inputs = pool(name, size, kind)
    ids, order = np.array([f"item-{i}" for i in range(size)]), np.random.default_rng(seed).permutation(size)
    for each in (proba, *inputs.values()):
        each.flags.writeable = False
    moved = {
        key: values[:, order] if key == "committee" else values if key.startswith("labelled") else values[order]
        for key, values in inputs.items()
    }
    arguments = {"strategy": name, "audit_fraction": 0.2, "random_state": seed}
    straight = sample(proba, 1 + size // 3, item_ids=ids, **arguments, **inputs)
    shuffled = sample(proba[order], 1 + size // 3, item_ids=ids[order], **arguments, **moved)
    pd.testing.assert_frame_equal(straight, shuffled)


@pytest.mark.parametrize("name", BUILT_IN)
def test_items_that_are_all_the_same_are_equally_likely_to_be_chosen(name):
    """Ties are broken by the seed, not by position."""
    proba, inputs = pool(name, 6, "constant")
    chosen = pd.concat([sample(proba, 1, strategy=name, random_state=seed, **inputs) for seed in range(300)])
    counts = chosen["item_id"].value_counts().reindex([str(i) for i in range(6)], fill_value=0)
    assert counts.to_numpy() == pytest.approx(50, abs=5 * np.sqrt(300 * (1 / 6) * (5 / 6)))


@pytest.mark.parametrize("name", [name for name in BUILT_IN if name not in ("auto", "random", "stratified")])
def test_a_missing_input_is_named_with_the_way_to_give_it(name):
    missing = [each for each in resolve(name).needs if each not in ("n", "rng", "hashes")]
    with pytest.raises(InvalidInput, match=f"strategy '{name}' needs .*{missing[0]}"):
        sample(None, 1, strategy=name, item_ids=["a"])


def test_every_built_in_strategy_says_what_it_is_for_and_where_it_comes_from():
    table = strategies().set_index("name").loc[BUILT_IN]
    assert table["summary"].str.endswith((".", ":")).all()
    assert (table["paper"].str.len() > 20).all(), table.index[table["paper"].str.len() <= 20].tolist()
    assert set(table["kind"]) == {"score", "batch", "draw"}
