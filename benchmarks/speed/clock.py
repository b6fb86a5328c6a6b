"""Callables in, times and memory out: contenders take turns, so that a busy machine is busy for all of them."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

ROUNDS = 3
# Whatever takes longer, in seconds, is run once.
PATIENCE = 10.0

_STATUS, _FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Taken:
    """What one contender took, medians over the rounds.

    Attributes
    ----------
    seconds : float
        By the clock.
    cpu : float
        Of the processors, all threads together; says more than the clock while others use the machine.
    """

    seconds: float
    cpu: float


def raced(contenders: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, Taken]:
    """Time each contender, in turns: a first run that does not count, unless it was a long one, then the rounds."""
    runs: dict[str, list[Taken]] = {}
    for name, work in contenders.items():
        first = timed(work)
        runs[name] = [first] if first.seconds > PATIENCE else []
    short = [name for name, taken in runs.items() if not taken]
    for _ in range(rounds):
        for name in short:
            runs[name].append(timed(contenders[name]))
    return {
        name: Taken(median(run.seconds for run in taken), median(run.cpu for run in taken))
        for name, taken in runs.items()
    }


def timed(work: Callable[[], object]) -> Taken:
    """Time one run."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - wall, time.process_time() - cpu)


def alone(work: Callable[..., Any], *given: Any) -> Any:
    """Return what a function of a module returns when a fresh process runs it, and nothing else."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
        return child.submit(work, *given).result()


def forget_peak() -> None:
    """Start counting the peak of this process's memory anew, where the system can (Linux)."""
    if _FORGET.exists():
        _FORGET.write_text("5")


def peak_mb() -> float:
    """Return the most memory this process has held, in MB.

    `ru_maxrss` counts the memory of the parent at the fork as well, so it stands in only where there is no /proc.
    """
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return _of_status("VmHWM:")


def held_mb() -> float:
    """Return the memory this process holds now, in MB."""
    return _of_status("VmRSS:") if _STATUS.exists() else peak_mb()


def _of_status(field: str) -> float:
    lines = _STATUS.read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(field))
