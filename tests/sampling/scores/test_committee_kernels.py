"""The compiled committee scores: how near they are to what numpy computes in double precision."""

import numpy as np
import pytest

from a2i_al.sampling.scores import committee_blocks, committee_kernels as kernels
from a2i_al.sampling.scores.committee_blocks import scored

DTYPES = pytest.mark.parametrize(("dtype", "whole"), [(np.float32, np.int32), (np.float64, np.int64)])
# Wider than a double on most machines; where it is none, numpy's own error is a part of the bound.
EXACT = np.longdouble


def logarithms(p, whole):
    """Return what the kernel takes for the logarithms."""
    logs = np.empty_like(p)
    kernels.logarithms(p.view(whole), kernels.FORMS[p.dtype], np.empty_like(p), np.empty(p.shape, whole), logs)
    return logs


@DTYPES
def test_logarithms_are_right_to_two_units_in_the_last_place(dtype, whole):
    """Of numbers of all sizes from 0 to 1, those beside 1 and beside a power of two included."""
    rng = np.random.default_rng(0)
    powers = 2.0 ** -np.arange(120)
    p = np.concatenate([rng.random(200_000), rng.random(200_000) ** 40 + 1e-37, powers, np.sqrt(0.5) * powers])
    p = p.astype(dtype)
    p = np.minimum(np.concatenate([p, np.nextafter(p, dtype(0)), np.nextafter(p, dtype(1)), [1]]).astype(dtype), 1)
    exact = np.log(p.astype(EXACT))
    off = np.abs(logarithms(p, whole) - exact)
    assert (off <= 2 * np.spacing(np.abs(exact).astype(dtype))).all()


@DTYPES
def test_what_has_no_logarithm_adds_nothing(dtype, whole):
    """0 ln 0 is 0, of minus zero as well; of numbers below the smallest normal one p ln p is too small to matter."""
    tiny = np.finfo(dtype).tiny
    p = np.array([0.0, -0.0, tiny / 2, np.nextafter(dtype(0), dtype(1))], dtype=dtype)
    products = p * logarithms(p, whole)
    assert products[:2].tolist() == [0.0, 0.0]
    assert np.abs(products).max() < 1000 * tiny


def reference(committee):
    """Return the four scores by their definitions, in double precision, of votes that are not tied."""
    p = committee.astype(np.float64)
    votes = (p == p.max(axis=2, keepdims=True)).mean(axis=0)

    def entropy(q):
        return -(q * np.log(np.where(q > 0, q, 1))).sum(axis=-1)

    return {
        "vote_entropy": entropy(votes),
        "variation_ratio": 1 - votes.max(axis=1),
        "consensus_entropy": entropy(p.mean(axis=0)),
        "mutual_information": entropy(p.mean(axis=0)) - entropy(p).mean(axis=0),
    }


@pytest.mark.parametrize(("dtype", "bound"), [(np.float32, 1e-6), (np.float64, 1e-14)])
@pytest.mark.parametrize(("members", "classes"), [(2, 2), (5, 10), (100, 3), (3, 101), (2, 5000)])
def test_scores_are_those_of_double_precision(monkeypatch, dtype, bound, members, classes):
    """To the bound that the scores' module states, for sure and unsure members, zeros included."""
    monkeypatch.setattr(committee_blocks, "_LARGE", 0)
    rng = np.random.default_rng(0)
    committee = rng.dirichlet(np.full(classes, 0.1), size=(members, 1000 if classes < 1000 else 20)).astype(dtype)
    committee[:, :3] = np.eye(classes, dtype=dtype)[rng.integers(0, classes, (members, 3))]
    for name, expected in reference(committee).items():
        most = bound if classes < 1000 or dtype is np.float32 else 10 * bound
        assert scored(committee, name) == pytest.approx(expected, abs=most * max(np.log(classes), 1), rel=0)
