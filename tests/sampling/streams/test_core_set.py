"""Strategies that look at many items at once: what is kept of the chunks stands for the pool."""

import numpy as np
import pandas as pd
import pytest

from a2i_al.sampling import sample
from a2i_al.sampling.registry import described, resolve
from a2i_al.sampling.streams import sample_stream
from a2i_al.sampling.streams.plan import Way, plan


def radius(features, chosen):
    """Return how far the farthest row is from what was chosen."""
    return np.sqrt(((features[:, None, :] - features[None, chosen, :]) ** 2).sum(axis=2).min(axis=1)).max()


@pytest.fixture(scope="module")
def features():
    """Give a dense cloud in which twelve rows lie far out, each in another direction."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(2_000, 3))
    far = rng.normal(size=(12, 3))
    rows[rng.choice(2_000, 12, replace=False)] = 40 * far / np.linalg.norm(far, axis=1, keepdims=True)
    return rows


@pytest.mark.parametrize("chunks", [1, 5, 40])
def test_a_core_set_covers_the_pool_nearly_as_well(features, chunks):
    """Merge and reduce by k-center: the farthest item is hardly farther than by k-center in memory."""
    expected = sample(None, 20, strategy="k_center", features=features, random_state=0)
    picks = sample_stream(iter(np.array_split(features, chunks)), 20, strategy="k_center", random_state=0)
    streamed, in_memory = (radius(features, table["item_id"].astype(int)) for table in (picks, expected))
    assert streamed <= 1.35 * in_memory


def test_what_is_labelled_already_is_known_to_every_chunk(features):
    """No place is taken again that a labelled item covers."""
    far = np.linalg.norm(features, axis=1) > 30
    chunks = iter(np.array_split(features, 5))
    picks = sample_stream(chunks, 12, strategy="k_center", labelled_features=features[far], random_state=0)
    assert not far[picks["item_id"].astype(int)].any()


def test_hybrid_strategies_choose_among_the_most_uncertain():
    """Only rows among the `kept` best by margin are picked, as by the strategy in memory on those alone."""
    rng = np.random.default_rng(0)
    proba, features = rng.dirichlet(np.ones(3), size=500), rng.normal(size=(500, 4))
    frame = pd.DataFrame({"item_id": [f"i{at}" for at in range(500)]})
    frame = frame.assign(**{f"proba_{at}": proba[:, at] for at in range(3)}, features=list(features))
    best = sample(proba, 50, item_ids=frame["item_id"], random_state=0)["item_id"]
    rows = frame.index[frame["item_id"].isin(best)]
    call = {"strategy": "badge", "random_state": 3}
    picks = sample_stream((frame.iloc[at : at + 70] for at in range(0, 500, 70)), 8, kept=50, **call)
    assert set(picks["item_id"]) <= set(best)
    # In memory the seed of the audit slice is drawn first as well: nothing else is random before the strategy.
    expected = sample(proba[rows], 8, features=features[rows], item_ids=frame["item_id"][rows], **call)
    pd.testing.assert_frame_equal(picks, expected)


def test_a_batch_strategy_of_ones_own_sees_a_uniform_sample():
    """What looks at features only is given `kept` rows that stand for the pool; here, all of it."""
    seen = []

    def first(features, n, rng):
        seen.append(features)
        return np.arange(n)

    features = np.arange(300.0).reshape(-1, 1)
    picks = sample_stream(iter(np.array_split(features, 4)), 3, strategy=first, kept=150, random_state=0)
    assert len(picks) == 3
    assert len(seen) == 1
    assert seen[0].shape == (150, 1)
    assert 100 < seen[0].mean() < 200


@pytest.mark.parametrize(
    ("strategy", "way"),
    [
        ("margin", Way.TOP),
        ("random", Way.UNIFORM),
        ("importance", Way.WEIGHTED),
        ("badge", Way.AMONG_UNCERTAIN),
        ("k_center", Way.CORE_SET),
        ("max_herding", Way.AMONG_SAMPLE),
    ],
)
def test_every_kind_of_strategy_has_its_way(strategy, way):
    """As the documentation of `sample_stream` says."""
    assert plan(resolve(strategy), 10).way is way


def test_a_batch_of_probabilities_and_features_sees_the_uncertain_and_a_sample():
    """Of a strategy that is not known, it is not known what it looks for: half of each."""

    def mine(proba, features, n, rng):
        return np.arange(n)

    both = plan(described("mine", mine), 10, kept=101)
    assert (both.way, both.kept, both.beside) == (Way.AMONG_BOTH, 51, 50)
