"""A simulated crowd's answers: every worker is right at an own rate, and confuses labels in an own way."""

from __future__ import annotations

import numpy as np
import pandas as pd

NAMES = np.array(["billing", "delivery", "login", "refund", "spam"])
WORKERS, EACH = 200, 3


def crowd(items: int, seed: int = 0) -> tuple[pd.DataFrame, pd.Series]:
    """Return the answers table, rows in no order, and the true label by item: 3 of 200 workers each, 5 labels."""
    rng = np.random.default_rng(seed)
    k = len(NAMES)
    truth = rng.integers(k, size=items)
    rates = np.empty((WORKERS, k, k))
    for worker, right in enumerate(rng.beta(8, 2.5, WORKERS)):
        for label in range(k):
            rates[worker, label] = np.insert(rng.dirichlet(np.ones(k - 1)) * (1 - right), label, right)
    steps = rng.integers(1, WORKERS // EACH, (items, EACH))
    who = ((rng.integers(WORKERS, size=items)[:, None] + steps.cumsum(axis=1)) % WORKERS).ravel()
    item = np.repeat(np.arange(items), EACH)
    sums = rates[who, truth[item]].cumsum(axis=1)
    said = np.minimum((rng.random(len(item))[:, None] > sums).sum(axis=1), k - 1)
    order = rng.permutation(len(item))
    item, who, said = item[order], who[order], said[order]
    ids = np.char.add("item-", np.arange(items).astype(str))
    answers = pd.DataFrame(
        {
            "human_loop_name": np.char.add("loop-", item.astype(str)),
            "item_id": ids[item],
            "worker_id": np.char.add("worker-", who.astype(str)),
            "field": "category",
            "value": NAMES[said].astype(object),
        }
    )
    return answers, pd.Series(NAMES[truth], index=ids)


def for_crowd_kit(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the same answers under crowd-kit's names."""
    return answers.rename(columns={"item_id": "task", "worker_id": "worker", "value": "label"})[
        ["task", "worker", "label"]
    ]


def matrix(answers: pd.DataFrame) -> np.ndarray:
    """Return the same answers as the package krippendorff takes them: a row per worker, a column per item."""
    (item, items), (worker, workers), (label, _) = (
        pd.factorize(answers[name]) for name in ("item_id", "worker_id", "value")
    )
    out = np.full((len(workers), len(items)), np.nan)
    out[worker, item] = label
    return out
