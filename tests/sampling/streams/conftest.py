"""Pools that all tests of streams share: probabilities with ties, and the ids that belong to them."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def pool():
    """Give 400 rows of four coarse probabilities, so that many scores are equal, and their ids."""
    rng = np.random.default_rng(7)
    counts = rng.multinomial(8, [0.4, 0.3, 0.2, 0.1], size=400)
    return (counts / 8).astype(np.float32), [f"item-{at}" for at in rng.permutation(400)]
