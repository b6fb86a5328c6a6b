"""What `al.sample` and its strategies are given."""

import numpy as np

from a2i_al.sampling import check_proba, entropy, least_confidence, margin, ratio, register, sample

N = 12
PROBA = np.random.default_rng(0).dirichlet([1, 1], N)
POINTS = np.random.default_rng(0).normal(size=(N, 2))
IDS = [f"i{n}" for n in range(N)]

# What cannot be read as probabilities is told so, and a text is a path.
POOL = {"pool": "proba|piece by piece|Parquet"}
CALLS = {
    "sample": (
        sample,
        {
            "pool": PROBA,
            "n": 5,
            "strategy": "margin",
            "features": POINTS,
            "committee": np.stack([PROBA, PROBA]),
            "predictions": POINTS[:, 0],
            "answers": np.zeros((N, 2)),
            "scores": PROBA[:, 0],
            "groups": ["g", "h"] * (N // 2),
            "quotas": 10,
            "temperature": "off",
            "item_ids": IDS,
            "exclude": ["i1"],
            "audit_fraction": 0.2,
            "round": 0,
            "random_state": 0,
        },
        {
            "n": "three",
            "quotas": "three dict",
            "temperature": "three",
            "exclude": "list dict",
            "round": "three",
            "random_state": "three list",
        },
        POOL,
    ),
    "sample, labels to learn from": (
        sample,
        {
            "pool": PROBA,
            "n": 2,
            "strategy": "auto",
            "features": POINTS,
            "labelled_features": POINTS[:4],
            "labelled_labels": [0, 1, 0, 1],
        },
        # Without probabilities `auto` represents the pool.
        {"n": "three", "pool": "none"},
        POOL,
    ),
    "sample, probabilities of what is labelled": (
        sample,
        {
            "pool": PROBA,
            "n": 2,
            "strategy": "contrastive",
            "features": POINTS,
            "labelled_features": POINTS[:4],
            "labelled_proba": PROBA[:4],
        },
        {"n": "three"},
        POOL,
    ),
    "sample, costs": (
        sample,
        {"pool": PROBA, "n": 3, "strategy": "margin", "costs": PROBA[:, 0] + 1, "budget": 4.0},
        {"n": "three", "budget": "three"},
        POOL,
    ),
    "check_proba": (check_proba, {"proba": PROBA}),
    "entropy": (entropy, {"proba": PROBA}),
    "least_confidence": (least_confidence, {"proba": PROBA}),
    "margin": (margin, {"proba": PROBA}),
    "ratio": (ratio, {"proba": PROBA}),
    "register": (
        register,
        {"name": "mine", "function": lambda proba: proba[:, 0]},
        {"name": "text"},
        {"function": "a function"},
    ),
}


def test_what_is_right_is_taken(name):
    """So what is refused below is refused for the one argument that is not."""
    function, given, *_ = CALLS[name]
    function(**given)


def test_rubbish_is_refused_by_its_name(faults, name, argument):
    """With an error of this package's own that says what was expected."""
    assert faults(CALLS[name], argument) == []
