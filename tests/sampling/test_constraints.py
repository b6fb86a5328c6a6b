"""Quotas per group, and costs within a budget."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling import sample
from a2i_al.sampling.batches.falcun import falcun

PROBA = np.random.default_rng(2).dirichlet([1, 1, 1], size=12)
GROUPS = np.array(list("aaaaaabbbbcc"))


def first_n(proba, *, n, rng):
    """Choose the first candidates as they come."""
    return np.arange(n)


@given(
    strategy=st.sampled_from(["margin", "random", "stratified", first_n]),
    quotas=st.one_of(st.integers(1, 6), st.dictionaries(st.sampled_from("abc"), st.integers(0, 6))),
    audit=st.sampled_from([0.0, 0.4]),
    data=st.data(),
)
def test_no_group_gives_more_than_its_quota_beyond_the_audit_slice(strategy, quotas, audit, data):
    """And n are chosen whenever the quotas allow n; with an audit slice, whenever they allow it after that."""
    limits = {g: quotas.get(g, 12) if isinstance(quotas, dict) else quotas for g in "abc"}
    possible = sum(min(limits[g], int((g == GROUPS).sum())) for g in "abc")
    if possible == 0:
        return
    n = data.draw(st.integers(1, possible))
    try:
        picks = sample(PROBA, n, strategy=strategy, groups=GROUPS, quotas=quotas, audit_fraction=audit, random_state=1)
    except InvalidInput:
        assert audit
        return
    assert picks["item_id"].nunique() == n
    chosen = picks[picks["strategy"] != "audit"]["item_id"].astype(int)
    assert all((GROUPS[chosen] == g).sum() <= limits[g] for g in "abc")


def test_a_score_under_quotas_takes_the_best_that_fit():
    alone = [int(each) for each in sample(PROBA, 12, random_state=0)["item_id"]]
    expected, room = [], dict.fromkeys("abc", 2)
    for row in alone:
        if room[GROUPS[row]]:
            expected.append(row)
            room[GROUPS[row]] -= 1
    picks = sample(PROBA, 6, groups=GROUPS, quotas=2, random_state=0)
    assert picks["item_id"].astype(int).tolist() == expected
    assert picks["score"].is_monotonic_decreasing


def test_audited_items_count_towards_the_quotas():
    picks = sample(PROBA, 4, groups=np.zeros(12), quotas=4, audit_fraction=0.5, random_state=0)
    assert picks["strategy"].tolist() == ["auto: margin", "auto: margin", "audit", "audit"]
    with pytest.raises(InvalidInput, match="2 items are to be chosen, and the quotas allow 1"):
        sample(PROBA, 4, groups=np.zeros(12), quotas=3, audit_fraction=0.5, random_state=0)


def test_a_batch_strategy_is_asked_again_with_what_it_chose_counted_as_labelled():
    seen = []

    def watched(features, labelled_features=None, *, n, rng):
        seen.append((len(features), 0 if labelled_features is None else len(labelled_features)))
        return np.arange(n), np.arange(n, 0, -1.0)

    picks = sample(None, 4, strategy=watched, features=PROBA, groups=GROUPS, quotas=2, random_state=0)
    assert seen == [(12, 0), (6, 2)]
    assert picks["score"].tolist() == [4.0, 3.0, 2.0, 1.0]


CLUMPED = ["badge", "clue", "cluster_margin", "uncertainty_herding", "weighted_k_means"]
OTHERS = ["falcun", "igs", "k_center", "k_dpp", "k_means", "ranked_batch", "typiclust"]


@pytest.mark.parametrize("strategy", CLUMPED)
def test_a_batch_that_quotas_cut_does_not_repeat_itself(strategy):
    """Four clumps of near-duplicates, four items of different groups: one of each, whatever the first four were."""
    rng = np.random.default_rng(0)
    clumps = np.repeat(np.eye(4), 10, axis=0) + rng.normal(size=(40, 4)) / 1000
    proba, groups = np.full((40, 2), 0.5), np.tile(list("abcde"), 8)
    cut = 0
    for seed in range(15):
        given = {"strategy": strategy, "features": clumps, "random_state": seed}
        picks = sample(proba, 4, **given, groups=groups, quotas=1)
        rows = picks["item_id"].astype(int).to_numpy()
        assert len(set(groups[rows])) == 4
        assert len(set((rows // 10).tolist())) == 4
        free = sample(proba, 4, **given)["item_id"].astype(int)
        cut += len(set(groups[free])) < 4
    assert cut > 5


def test_probabilities_chosen_before_the_quotas_cut_are_not_chosen_again():
    """Falcun goes by what the model says: four opinions, each asked once."""
    opinions = np.array([[0.52, 0.48, 0, 0], [0, 0.52, 0.48, 0], [0, 0, 0.52, 0.48], [0.48, 0, 0, 0.52]])
    strategy, groups = partial(falcun, gamma=50.0), np.tile(list("abcde"), 8)
    for seed in range(15):
        picks = sample(
            np.repeat(opinions, 10, axis=0), 4, strategy=strategy, groups=groups, quotas=1, random_state=seed
        )
        assert len(set((picks["item_id"].astype(int) // 10).tolist())) == 4


def test_igs_keeps_away_from_what_the_quotas_have_left():
    """The two farthest are of one group; in the place of the second comes no neighbour of the first."""
    values = np.array([10.0, -8.0, 9.8, 5.0])
    picks = sample(
        None,
        2,
        strategy="igs",
        features=values[:, None],
        predictions=values,
        labelled_features=[[0.0]],
        labelled_labels=[0.0],
        groups=np.array(list("aabb")),
        quotas=1,
        random_state=0,
    )
    assert picks["item_id"].tolist() == ["0", "3"]


@pytest.mark.parametrize("strategy", CLUMPED + OTHERS)
@given(seed=st.integers(0, 10_000), m=st.integers(1, 25), data=st.data())
@settings(max_examples=15)
def test_under_quotas_n_are_chosen_the_same_in_any_order_of_the_rows(strategy, seed, m, data):
    """Exactly n, no group above its quota, by the ids and the seed alone; pools with copies, too."""
    rng = np.random.default_rng(seed)
    features, proba = rng.normal(size=(m, 2)).round(data.draw(st.integers(0, 2))), rng.dirichlet([1, 1, 1], size=m)
    groups, quota = rng.integers(0, 4, m), data.draw(st.integers(1, 3))
    n = data.draw(st.integers(1, int(np.minimum(np.bincount(groups), quota).sum())))
    ids, order = np.array([f"item {i}" for i in range(m)]), rng.permutation(m)

    def chosen(rows):
        given = {"predictions": features[rows, 0]} if strategy == "igs" else {}
        picks = sample(
            None if strategy == "igs" else proba[rows],
            n,
            strategy=strategy,
            features=features[rows],
            groups=groups[rows],
            quotas=quota,
            item_ids=ids[rows],
            random_state=seed,
            **given,
        )
        return picks["item_id"].tolist()

    picks = chosen(np.arange(m))
    assert len(set(picks)) == n
    assert np.bincount(groups[[int(each[5:]) for each in picks]]).max() <= quota
    assert chosen(order) == picks


def test_a_batch_of_ones_own_is_told_what_it_chose_and_must_not_choose_it_again():
    """By position among its candidates."""
    seen, heeds = [], True

    def first(proba, chosen, *, n, rng):
        seen.append((len(proba), chosen.tolist()))
        return np.setdiff1d(np.arange(len(proba)), chosen if heeds else [])[:n]

    picks = sample(PROBA, 4, strategy=first, groups=GROUPS, quotas=2, random_state=0)
    assert picks["item_id"].tolist() == ["0", "1", "6", "7"]
    assert seen == [(12, []), (8, [0, 1])]
    heeds = False
    with pytest.raises(InvalidInput, match="returned 0, which is one of `chosen`"):
        sample(PROBA, 4, strategy=first, groups=GROUPS, quotas=2, random_state=0)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"quotas": 1, "groups": GROUPS}, "4 items are to be chosen, and the quotas allow 3"),
        ({"quotas": 1}, "quotas= was given without groups"),
        ({"quotas": -1, "groups": GROUPS}, "quotas is -1"),
        ({"quotas": 1.5, "groups": GROUPS}, "quotas is 1.5"),
        ({"quotas": 4, "groups": [None] * 12}, "group of row 0 is missing"),
        ({"quotas": 4, "groups": ["a"]}, "groups has 1 rows, proba has 12"),
        (
            {"quotas": {"a": 3, "z": 1}, "groups": GROUPS},
            "1 of 2 quotas are for what is no group of the pool, first 'z'",
        ),
        ({"quotas": {"a": 1.5}, "groups": GROUPS}, "the quotas are {'a': 1.5}"),
        ({"budget": 3.0}, "budget= was given without costs"),
        ({"budget": 0.5, "costs": np.arange(1, 13)}, "the budget is 0.5, and the cheapest review costs 1"),
        ({"budget": 5, "costs": np.ones(12), "exclude": range(12)}, "all of the pool's 12 items are excluded"),
        ({"budget": 0, "costs": np.ones(12)}, "the budget is 0"),
        ({"costs": np.ones(12), "strategy": "random"}, "costs came with strategy 'random'"),
        ({"costs": np.ones(12), "audit_fraction": 0.5}, "audit_fraction 0.5"),
        ({"costs": np.zeros(12)}, "smallest of the costs is 0"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(arguments, found):
    with pytest.raises(InvalidInput) as error:
        sample(PROBA, 4, **arguments)
    assert found in error.value.found


@pytest.mark.parametrize("quotas", [{"1": 2}, {1: 2}, {1.0: 2}, pd.Series({1: 2}), pd.Series({"1": 2})])
def test_a_quota_is_its_groups_by_value_or_by_text(quotas):
    """Names that were read from a file, or that a Series counts by."""
    groups = np.array([1] * 6 + [2] * 6)
    picks = sample(PROBA, 8, groups=groups, quotas=quotas, random_state=0)
    assert (groups[picks["item_id"].astype(int)] == 1).sum() == 2


def test_a_quota_by_value_goes_before_one_by_text():
    groups = pd.Series([1, "1"] * 6, dtype=object)
    picks = sample(PROBA, 4, groups=groups, quotas={1: 1, "1": 3}, random_state=0)
    assert sorted(map(str, groups[picks["item_id"].astype(int)].map(type))) == ["<class 'int'>"] + ["<class 'str'>"] * 3


def test_with_a_budget_n_may_be_more_than_there_are():
    """At most so many: the money, or the pool, ends first."""
    assert len(sample(PROBA, 100, costs=np.ones(12), budget=5)) == 5
    assert len(sample(PROBA, 100, costs=np.ones(12), budget=50, exclude=["3"])) == 11
    with pytest.raises(InvalidInput, match="n is 0"):
        sample(PROBA, 0, costs=np.ones(12), budget=5)


def test_the_picks_of_a_budget_do_not_go_by_the_order_of_the_rows():
    """Of equal items the seed and their ids decide."""
    ids = np.array(list("abcdefgh"))
    for seed in range(5):
        there, back = (
            sample([[0.5, 0.5]] * 8, item_ids=each, costs=[1] * 8, budget=3, random_state=seed)["item_id"].tolist()
            for each in (ids, ids[::-1])
        )
        assert there == back


def test_a_budget_buys_the_most_useful_per_unit_of_cost():
    """One cheap item of half the score comes before a dear one; what no longer fits is passed over."""
    proba = np.array([[0.5, 0.5], [0.75, 0.25], [0.9, 0.1]])
    picks = sample(proba, costs=[4.0, 1.0, 1.0], budget=2.5, random_state=0)
    assert picks["item_id"].tolist() == ["1", "2"]
    assert picks["score"].tolist() == pytest.approx([0.5, 0.2])
    assert sample(proba, 1, costs=[4.0, 1.0, 1.0], budget=2.5)["item_id"].tolist() == ["1"]


def test_costs_without_a_budget_rank_by_score_per_unit_of_cost():
    proba = np.array([[0.5, 0.5], [0.75, 0.25], [0.9, 0.1]])
    assert sample(proba, 3, costs=[4.0, 1.0, 1.0], exclude=["2"][:0])["item_id"].tolist() == ["1", "0", "2"]
    assert sample(proba, 2, costs=[4.0, 1.0, 1.0], exclude=["1"])["item_id"].tolist() == ["0", "2"]


def test_without_a_budget_n_cannot_be_left_out():
    with pytest.raises(InvalidInput, match="n is None"):
        sample(PROBA)
