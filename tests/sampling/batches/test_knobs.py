"""Settings of the batch strategies: what means nothing is refused by name, what is extreme still chooses n."""

from functools import partial
from importlib import import_module

import numpy as np
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.sampling import sample

RNG = np.random.default_rng(0)
PROBA, FEATURES = RNG.dirichlet([1, 1, 1], size=40), RNG.normal(size=(40, 2))

COVERING = ["facility_location", "max_herding", "prob_cover", "uncertainty_herding"]


def chosen(name, dtype=np.float64, **knobs):
    """Sample six with a built-in strategy of these settings."""
    strategy = partial(getattr(import_module(f"a2i_al.sampling.batches.{name}"), name), **knobs)
    features = FEATURES.astype(dtype)
    known = {"labelled_features": features[:4], "labelled_proba": PROBA[:4]}
    return sample(PROBA, 6, strategy=strategy, features=features, **known, random_state=0)


@pytest.mark.parametrize(
    ("name", "knob", "values"),
    [
        ("max_herding", "width", [0, -1, np.nan, np.inf]),
        ("prob_cover", "radius", [-1, np.nan, np.inf, "1"]),
        ("prob_cover", "purity", [-0.1, 2, np.nan]),
        ("k_means", "iterations", [-1, 2.5]),
        ("weighted_k_means", "restarts", [0, 1.5]),
        ("weighted_k_means", "beta", [0.5, np.nan]),
        ("cluster_margin", "beta", [0.5, np.nan]),
        ("density_weighted", "beta", [-1, np.nan, np.inf]),
        ("contrastive", "neighbours", [0, 2.5]),
    ],
)
def test_settings_that_mean_nothing_are_refused(name, knob, values):
    """By their names, with what was found."""
    for value in values:
        with pytest.raises(InvalidInput, match=f"{knob} is "):
            chosen(name, **{knob: value})


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("name", "knob", "values"),
    [
        ("max_herding", "width", [1e-200, 1e200]),
        ("prob_cover", "radius", [0, 1e-200, 1e200]),
        ("prob_cover", "purity", [0, 1]),
        ("k_means", "iterations", [0]),
        ("falcun", "gamma", [0, 1e300]),
        ("uncertainty_herding", "power", [0, 1e300]),
        ("density_weighted", "beta", [0, 1e300]),
    ],
)
def test_extreme_settings_choose_n_all_the_same(name, knob, values, dtype):
    """Squares of them neither overflow nor divide by zero."""
    for value in values:
        picks = chosen(name, dtype, **{knob: value})
        assert picks["item_id"].nunique() == 6
        assert np.isfinite(picks["score"]).all()


@pytest.mark.parametrize("strategy", ["auto", "k_center", "badge", "density_weighted"])
def test_features_without_a_column_are_refused(strategy):
    with pytest.raises(InvalidInput, match=r"features has shape \(40, 0\).*a column or more"):
        sample(PROBA, 2, strategy=strategy, features=np.empty((40, 0)), random_state=0)


@pytest.mark.parametrize("far", [1e10, 1e25, 1e38])
@pytest.mark.parametrize("strategy", [*COVERING, "k_center", "gsx", "k_means", "typiclust", "ranked_batch"])
def test_a_labelled_item_far_off_spoils_nothing_in_float32(strategy, far):
    """Finite scores, no warning, and the same choice as beside one that is merely remote."""

    def picked(x):
        known = np.array([[x, 0.0], [0.0, 0.0]], dtype=np.float32)
        pool = FEATURES.astype(np.float32)
        return sample(PROBA, 6, strategy=strategy, features=pool, labelled_features=known, random_state=0)

    picks = picked(far)
    assert np.isfinite(picks["score"]).all()
    assert picks["item_id"].tolist() == picked(1e3)["item_id"].tolist()
