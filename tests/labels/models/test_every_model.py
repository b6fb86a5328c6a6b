"""What is true of every model of reviewers, whatever it estimates."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import ConsolidationWarning, InvalidInput
from a2i_al.labels import consolidate
from a2i_al.labels.categorical import METHODS, decided
from a2i_al.tables import ANSWERS
from tests.labels.conftest import table

MODELS = sorted(set(METHODS) & {"dawid_skene", "one_coin", "glad"})
GRIDS = st.dictionaries(st.sampled_from("ijklm"), st.text("abc ", min_size=1, max_size=5), min_size=1, max_size=5)


def proba(labels):
    """Return the probabilities in a labels table, by item."""
    columns = [name for name in labels.columns if name.startswith("proba_")]
    return labels.set_index("item_id")[columns]


def quietly(answers, method, **arguments):
    """Consolidate without the warnings that tiny tables give cause for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConsolidationWarning)
        return consolidate(answers, "label", method=method, proba=True, **arguments)


@pytest.mark.parametrize("method", MODELS)
@settings(max_examples=40)
@given(grid=GRIDS)
def test_whatever_comes_gives_probabilities_and_a_status(method, grid):
    """Workers with one answer, items with one, several islands of them, one class, nobody's vote: no NaN, no crash."""
    result = quietly(table(grid), method)
    judged = np.array([bool(grid[item].strip()) for item in result["item_id"]])
    assert result["item_id"].tolist() == sorted(grid)
    assert ((result["status"] == "abstained") == ~judged).all()
    assert (result["label"].notna() == (result["status"] == "agreed")).all()
    rows = proba(result).to_numpy()
    if rows.shape[1]:
        assert np.allclose(rows[judged].sum(axis=1), 1)
        assert (rows[judged] >= 0).all()
    sure = result.loc[result["status"] == "agreed", "confidence"]
    assert ((sure > 0) & (sure <= 1)).all()


@pytest.mark.parametrize("method", MODELS)
@settings(max_examples=25)
@given(grid=GRIDS, seed=st.integers(0, 9), workers=st.permutations("pqrst"), names=st.permutations("abc"))
def test_order_and_names_change_nothing_but_names(method, grid, seed, workers, names):
    before = quietly(table(grid), method)
    rename = dict(zip("abc ", [*names, " "], strict=True))
    after = table(grid).sample(frac=1, random_state=seed)
    after = after.assign(
        value=after["value"].map(rename), worker_id=after["worker_id"].map(lambda w: workers[int(w[1])])
    )
    result = quietly(after, method)
    assert result["label"].dropna().tolist() == before["label"].dropna().map(rename).tolist()
    assert result["status"].tolist() == before["status"].tolist()
    renamed = proba(before).rename(columns=lambda name: f"proba_{rename[name.removeprefix('proba_')]}")
    pd.testing.assert_frame_equal(proba(result), renamed[proba(result).columns], atol=2e-3)


@pytest.mark.parametrize("method", MODELS)
def test_models_beat_the_vote_where_workers_differ(method, crowd):
    answers, truth, _ = crowd(items=800, workers=20, low=0.3, high=0.97, seed=3)
    vote, model = (consolidate(answers, "label", method=m).set_index("item_id")["label"] for m in ("majority", method))
    assert (model == truth.reindex(model.index)).mean() > (vote == truth.reindex(vote.index)).mean() + 0.02


@pytest.mark.parametrize("method", MODELS)
def test_known_labels_stay_and_teach_about_workers(method, crowd):
    """Two always say the opposite of the truth: only known labels can tell."""
    answers, truth, _ = crowd(items=60, workers=3, classes=2, low=0.9, high=0.95)
    flipped = answers["worker_id"].isin(["w0", "w1"])
    other = {"class 0": "class 1", "class 1": "class 0"}
    liars = answers.assign(value=answers["value"].where(~flipped, answers["value"].map(other)))
    gold = truth.iloc[:20].to_dict()
    result = consolidate(liars, "label", method=method, gold=gold).set_index("item_id")
    assert result.loc[list(gold), "label"].to_dict() == gold
    assert (result.loc[list(gold), "confidence"] == 1).all()
    rest = truth.iloc[20:]
    assert (result.loc[rest.index, "label"] == rest).mean() > 0.85
    without = consolidate(liars, "label", method=method).set_index("item_id")
    assert (without.loc[rest.index, "label"] == rest).mean() < 0.3


@pytest.mark.parametrize("method", MODELS)
def test_a_known_label_that_nobody_gave_is_a_class_and_unknown_items_do_not_matter(method):
    grid = {"i": "aab", "j": "abb", "k": "aaa"}
    result = quietly(table(grid), method, gold={"i": "z", "elsewhere": "a"}).set_index("item_id")
    assert result.loc["i", ["label", "confidence", "proba_z"]].tolist() == ["z", 1.0, 1.0]


@pytest.mark.parametrize("method", MODELS)
@pytest.mark.parametrize(("given_", "found"), [("aaa", "every answer is 'a'"), ("   ", "nobody has given a label")])
def test_one_class_or_none_is_a_result_with_a_warning(method, given_, found):
    with pytest.warns(ConsolidationWarning, match=found) as caught:
        result = consolidate(table({"i": given_}), "label", method=method)
    assert caught[0].filename == __file__
    assert result["status"].tolist() == ["agreed" if "a" in given_ else "abstained"]


@pytest.mark.parametrize("method", MODELS)
def test_offered_labels_count_though_nobody_gave_them(method):
    """With labels= there is no one class, so there is no warning."""
    result = consolidate(table({"i": "aa", "j": "a"}), "label", method=method, labels=["a", "b"], proba=True)
    assert result["label"].tolist() == ["a", "a"]
    assert (result["proba_b"] > 0).all()


@pytest.mark.parametrize("method", MODELS)
def test_many_classes_and_few_answers(method):
    """A thousand labels, each given once or twice."""
    grid = pd.DataFrame({"item_id": np.repeat(np.arange(500), 2), "value": np.arange(1_000).astype(str)})
    grid = grid.assign(
        human_loop_name="l" + grid["item_id"].astype(str), worker_id=np.tile(["u", "v"], 500), field="label"
    )
    grid.loc[::4, "value"] = grid.loc[1::4, "value"].to_numpy()
    result = consolidate(ANSWERS.check(grid), "label", method=method)
    agreed = result.set_index("item_id").loc[[str(i) for i in range(0, 500, 2)]]
    assert (agreed["status"] == "agreed").all()


@pytest.mark.parametrize("method", MODELS)
@pytest.mark.parametrize(
    ("options", "found"),
    [({"gold": [1]}, "gold is a list"), ({"smooth": 1}, "has no option 'smooth'")],
)
def test_what_a_model_cannot_use_is_refused(method, options, found):
    with pytest.raises(InvalidInput, match=found):
        consolidate(table({"i": "ab"}), "label", method=method, **options)


@pytest.mark.parametrize("method", MODELS)
def test_judged_by_what_was_settled_the_labels_are_the_same(method, crowd):
    answers, _, _ = crowd(items=300, seed=5)
    from a2i_al.labels.counting.ballots import ballots  # noqa: PLC0415

    cast, first = decided(ballots(answers, "label"), method, {})
    _, again = decided(cast, method, {"start": first.settled})
    assert np.array_equal(first.label, again.label)
