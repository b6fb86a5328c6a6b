"""Items of their own for centres: near, never twice, and cheap where centres coincide."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.batches import distances, distinct
from a2i_al.sampling.batches.distinct import nearest_distinct


def plain(a, b):
    """Return all squared distances by their definition."""
    return np.square(a[:, None] - b).sum(axis=-1)


@given(seed=st.integers(0, 10_000), m=st.integers(1, 60), data=st.data())
def test_every_centre_has_an_item_of_its_own_that_it_could_not_better_without_a_conflict(seed, m, data):
    """However crowded: no item twice, none left free that is nearer, and the closest pair of all is together."""
    s = data.draw(st.integers(1, m))
    rng = np.random.default_rng(seed)
    features, centres = rng.normal(size=(m, 2)), rng.normal(size=(s, 2)) * data.draw(st.sampled_from([0.01, 1.0]))
    result = nearest_distinct(features, centres)
    assert len(set(result.tolist())) == s
    to_all = plain(features, centres)
    own = to_all[result, np.arange(s)]
    assert own.min() == pytest.approx(to_all.min())
    free = np.delete(to_all, result, axis=0)
    assert not len(free) or (own <= free.min(axis=0) + 1e-9).all()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(distinct, "_LOOKED_AT", 300)
        few_at_a_time = nearest_distinct(features, centres)
    assert len(set(few_at_a_time.tolist())) == s
    free = np.delete(to_all, few_at_a_time, axis=0)
    assert not len(free) or (to_all[few_at_a_time, np.arange(s)] <= free.min(axis=0) + 1e-9).all()


def test_centres_that_coincide_get_items_of_their_own():
    """A hundred equal centres take the hundred nearest items."""
    features = np.arange(300.0)[:, None]
    assert sorted(nearest_distinct(features, np.zeros((100, 1))).tolist()) == list(range(100))


def test_nearest_distinct_merges_blocks(monkeypatch):
    """With blocks of 256 rows, three at a time, the items come from all of them."""
    monkeypatch.setattr(distances, "_BLOCK", 1)
    monkeypatch.setattr(distinct, "_TOGETHER", 3)
    features, centres = np.arange(2000.0)[:, None], np.array([[1999.0], [700.0], [3.0], [699.9]])
    assert nearest_distinct(features, centres).tolist() == [1999, 700, 3, 699]


def test_centres_that_coincide_look_for_their_items_together():
    """Two thousand of them take no matrix of theirs with all items: that would be 640 MB."""
    features, centres = np.ones((20_000, 2)), np.repeat([[1.0, 1.0], [2.0, 2.0]], [1_900, 100], axis=0)
    tracemalloc.start()
    try:
        items = nearest_distinct(features, centres)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(set(items.tolist())) == 2_000
    assert peak < 60e6
