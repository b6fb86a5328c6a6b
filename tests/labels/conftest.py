"""Small ballots to write down, and large ones that are simulated."""

import numpy as np
import pandas as pd
import pytest

from a2i_al.labels.counting.ballots import ballots
from a2i_al.tables import ANSWERS


def table(by_item):
    """Return an answers table from {item: labels, one letter per worker, a space for an empty answer}."""
    rows = [
        {"human_loop_name": f"l-{item}", "item_id": item, "worker_id": f"w{n}", "field": "label", "value": vote}
        for item, given in by_item.items()
        for n, vote in enumerate(given)
    ]
    return ANSWERS.from_rows(rows)


@pytest.fixture(scope="session")
def cast():
    """Return a function: item="labels, one letter per worker" → ballots."""
    return lambda **by_item: ballots(table(by_item), "label")


@pytest.fixture(scope="session")
def crowd():
    """Return a function: a simulated crowd's answers, the true label by item, and each worker's true accuracy."""

    def simulated(*, items=400, workers=12, per_item=3, classes=4, seed=0, low=0.45, high=0.95):
        rng = np.random.default_rng(seed)
        truth = rng.integers(classes, size=items)
        accuracy = rng.uniform(low, high, workers)
        who = np.argsort(rng.random((items, workers)), axis=1)[:, :per_item].ravel()
        item = np.repeat(np.arange(items), per_item)
        right = rng.random(len(item)) < accuracy[who]
        wrong = (truth[item] + rng.integers(1, classes, len(item))) % classes
        names = np.array([f"class {code}" for code in range(classes)])
        answers = pd.DataFrame(
            {
                "human_loop_name": [f"l{i}" for i in item],
                "item_id": [f"i{i}" for i in item],
                "worker_id": [f"w{w}" for w in who],
                "field": "label",
                "value": names[np.where(right, truth[item], wrong)],
            }
        )
        return (
            answers,
            pd.Series(names[truth], index=[f"i{i}" for i in range(items)]),
            pd.Series(accuracy, index=[f"w{w}" for w in range(workers)]),
        )

    return simulated
