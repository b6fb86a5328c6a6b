"""BLAS has one thread while a strategy of ours runs, and what it had before afterwards."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from a2i_al.sampling import sample
from a2i_al.sampling.batches import blas
from a2i_al.sampling.batches.blas import blas_threads, multiplied, one_blas_thread
from a2i_al.sampling.batches.distances import squared_distances
from a2i_al.sampling.batches.uncertainty_herding import uncertainty_herding

X = np.random.default_rng(0).normal(size=(30, 2))


@pytest.fixture(autouse=True)
def three():
    """Three threads, however many processors there are."""
    with threadpool_limits(3, user_api="blas"):
        yield


def test_the_limit_is_given_back_whatever_happens():
    """After an error, too, and not before the outermost of several is done."""
    inside = []

    def fail():
        with one_blas_thread():
            with one_blas_thread():
                pass
            inside.append(set(blas_threads()))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert inside == [{1}]
    assert set(blas_threads()) == {3}


def test_who_comes_while_another_has_the_limit_leaves_it_alone():
    """Whichever of them is done first."""

    def enter_and_leave(leave):
        with one_blas_thread():
            entered.wait(10)
            leave.wait(10)

    for last in (False, True):
        entered, leave = Barrier(2), Event()
        with ThreadPoolExecutor(1) as pool:
            with one_blas_thread():
                other = pool.submit(enter_and_leave, leave)
                entered.wait(10)
                if not last:
                    leave.set()
                    other.result()
                assert set(blas_threads()) == {1}
            leave.set()
        assert set(blas_threads()) == {3}


def test_strategies_of_ours_run_with_one_thread_and_others_as_they_are(monkeypatch):
    """A function of the user's own may have large products."""
    seen = []

    def own(features, *, n, rng):
        seen.append(set(blas_threads()))
        return np.arange(n)

    sample(None, 3, strategy=own, features=X, random_state=0)
    own.__module__ = "a2i_al.sampling.batches.own"
    sample(None, 3, strategy=own, features=X, random_state=0)
    assert seen == [{3}, {1}]


@pytest.mark.parametrize("strategy", ["auto", "uncertainty_herding", partial(uncertainty_herding, beta=5.0)])
def test_knobs_do_not_lift_the_limit(monkeypatch, strategy):
    """A strategy of ours stays one in a `partial`, as the default sets it up."""
    seen = []

    def watched(*given):
        seen.append(set(blas_threads()))
        return squared_distances(*given)

    monkeypatch.setattr("a2i_al.sampling.batches.uncertainty_herding.squared_distances", watched)
    sample(np.full((30, 2), 0.5), 3, strategy=strategy, features=X, random_state=0)
    assert set.union(*seen) == {1}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(2,), (2, 5)])
def test_a_product_in_blocks_is_the_product(monkeypatch, dtype, shape):
    """Of rows with a vector or a matrix, the last block shorter."""
    monkeypatch.setattr(blas, "_BLOCK_VALUES", 1)
    rng = np.random.default_rng(0)
    rows, by = rng.normal(size=(600, 2)).astype(dtype), rng.normal(size=shape).astype(dtype)
    product = multiplied(rows, by)
    assert product.dtype == dtype
    assert product == pytest.approx(rows @ by, rel=1e-5)
