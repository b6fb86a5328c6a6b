"""The evidence for a change: false alarms as rare as promised, on simulated streams, and changes found."""

import itertools
import math

import numpy as np
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.metrics.drift.evidence import SHIFTS, first_alarm, likeliest_start, log_evidence


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5, 0.9])
def test_without_a_change_false_alarms_are_as_rare_as_promised(rate):
    """Of 3,000 streams of 500 items, watched after each, at most 5 in a hundred ever reach 20."""
    streams = np.random.default_rng(0).random((3_000, 500)) < rate
    ever = (log_evidence(streams, rate) >= math.log(20)).any(axis=1).mean()
    assert ever < 0.05


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_the_evidence_is_a_fair_bet(rate):
    """Its mean over all streams of 10 items, each as likely as it is, is 1 after every item: an e-value's must be."""
    streams = np.array(list(itertools.product([False, True], repeat=10)))
    chance = np.where(streams, rate, 1 - rate).prod(axis=1)
    assert chance @ np.exp(log_evidence(streams, rate)) == pytest.approx(np.ones(10))


def test_a_rate_below_the_baseline_is_no_evidence_of_a_rise():
    """The promise holds for every rate up to the baseline."""
    streams = np.random.default_rng(1).random((500, 400)) < 0.15
    assert (log_evidence(streams, 0.2) >= math.log(20)).any(axis=1).mean() < 0.02


def test_a_change_is_found_soon_and_its_start_estimated():
    """From 10 % to 40 % after 200 items: 200 streams, all found, half of them within 80 items."""
    rng = np.random.default_rng(0)
    streams = np.concatenate([rng.random((200, 200)) < 0.1, rng.random((200, 200)) < 0.4], axis=1)
    found = [first_alarm(evidence, 20) for evidence in log_evidence(streams, 0.1)]
    assert None not in found
    late = np.array(found) - 200
    assert np.median(late) < 80
    started = [likeliest_start(stream[: at + 1], 0.1) for stream, at in zip(streams, found, strict=True) if at > 200]
    assert np.median(np.abs(np.array(started) - 200)) < 15


def test_false_alarms_of_an_average_run_length_are_so_far_apart():
    """2,000 streams without a change: on average 200 items or more until the first, and sooner found than with none."""
    rng = np.random.default_rng(0)
    quiet = rng.random((600, 1_500)) < 0.2
    evidence = log_evidence(quiet, 0.2, average_run_length=200)
    run = [1_500 if (at := first_alarm(one, 200)) is None else at + 1 for one in evidence]
    assert np.mean(run) > 200
    changed = np.concatenate([rng.random((100, 300)) < 0.1, rng.random((100, 200)) < 0.4], axis=1)
    often = np.array([first_alarm(one[300:], 200) for one in log_evidence(changed, 0.1, average_run_length=200)])
    never = np.array([first_alarm(one[300:], 20) for one in log_evidence(changed, 0.1)], dtype=float)
    assert np.median(often.astype(float)) < np.nanmedian(never)


def test_the_wealth_is_the_average_over_starts_and_alternatives():
    """Three items, by the definition: stakes on every start, and what is not staked yet."""
    seen, rate = [True, False, True], 0.2
    kept = [1 / (1 + math.log2(j)) for j in (1, 2, 3, 4)]
    expected = kept[-1]
    for shift in SHIFTS:
        risen = 1 / (1 + math.exp(-math.log(rate / (1 - rate)) - shift))
        ratio = [risen / rate if x else (1 - risen) / (1 - rate) for x in seen]
        expected += sum(math.prod(ratio[j:]) * (kept[j] - kept[j + 1]) for j in range(3)) / len(SHIFTS)
    assert math.exp(log_evidence(seen, rate)[-1]) == pytest.approx(expected)


@pytest.mark.parametrize("baseline", [0.0, 1.0])
def test_a_baseline_at_an_end_has_an_answer(baseline):
    """No rate is so certain that it could not be compared with."""
    assert np.isfinite(log_evidence([True, False], baseline)).all()


def test_a_baseline_that_is_no_rate_is_refused():
    """Percent, say."""
    with pytest.raises(InvalidInput, match="baseline is 12"):
        log_evidence([True], 12)
