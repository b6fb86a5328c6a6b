"""One run: a seed, a set, a model, a contestant; label in batches of 20 from 20 to 400 and note the test accuracy."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

from contest.arenas import Arena, arena
from contest.contestants import BATCH, PEERS, Contestant, State, ours, random

MOST = 400
MODELS = ("logistic", "forest")


@dataclass(frozen=True)
class Run:
    """What one run found.

    Attributes
    ----------
    data, model, contestant : str
    seed : int
    labels : list of int
        How many labels the model had.
    accuracy : list of float
        On the test set, one per entry of `labels`.
    full : float
        Accuracy of the same model trained on the whole pool.
    """

    data: str
    model: str
    contestant: str
    seed: int
    labels: list[int]
    accuracy: list[float]
    full: float

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What a run is known by."""
        return self.data, self.model, self.contestant, self.seed


def new_model(name: str, seed: int) -> Any:
    """Return an unfitted model."""
    if name == "logistic":
        return LogisticRegression(max_iter=300)
    return RandomForestClassifier(50, random_state=seed, n_jobs=1)


def contestant(name: str) -> Contestant:
    """Return a contestant by name: a peer's, `random`, or a strategy of ours."""
    return random if name == "random" else PEERS.get(name) or ours(name)


def run(data: str, model: str, name: str, seed: int) -> Run:
    """Hold one run; the same seed gives everybody the same split and the same first 20 labels."""
    # One thread a run: several runs share the cores better than the threads of one.
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")  # a model that has not converged counts as it is
        place, choose = arena(data, seed), contestant(name)
        labelled = _first_labels(place, np.random.default_rng(seed))
        counts, scores = [], []
        while True:
            fitted = new_model(model, seed).fit(place.X_pool[labelled], place.y_pool[labelled])
            counts.append(len(labelled))
            scores.append(round(float(fitted.score(place.X_test, place.y_test)), 4))
            unlabelled = np.setdiff1d(np.arange(len(place.y_pool)), labelled)
            if len(labelled) >= MOST or len(unlabelled) < 2 * BATCH:
                break
            state = State(place.X_pool, place.y_pool, labelled, unlabelled, fitted, 1_000 * seed + len(labelled))
            chosen = _filled_up(np.unique(choose(state)), state)
            labelled = np.sort(np.concatenate([labelled, unlabelled[chosen]]))
        full = new_model(model, seed).fit(place.X_pool, place.y_pool).score(place.X_test, place.y_test)
        return Run(data, model, name, seed, counts, scores, round(float(full), 4))


def _filled_up(chosen: np.ndarray, state: State) -> np.ndarray:
    """Return 20 distinct positions; where a peer repeats items (BADGE, once gradients vanish) chance fills up."""
    missing = BATCH - len(chosen)
    rest = np.setdiff1d(np.arange(len(state.unlabelled)), chosen)
    return np.concatenate([chosen, np.random.default_rng(state.seed).choice(rest, missing, replace=False)])


def _first_labels(place: Arena, rng: np.random.Generator) -> np.ndarray:
    """Draw 20 items at random, again where they are all of one class: no model learns from one."""
    while True:
        chosen = rng.choice(len(place.y_pool), BATCH, replace=False)
        if len(np.unique(place.y_pool[chosen])) > 1:
            return np.sort(chosen)


def runs(wanted: Iterable[tuple[str, str, str, int]], kept: Path | None, jobs: int) -> Iterator[Run]:
    """Hold the runs that are not in the file yet, in several processes, and note each there as it ends."""
    wanted = list(wanted)
    done = {one.key: one for one in read(kept)}
    yield from (done[key] for key in wanted if key in done)
    left = [key for key in wanted if key not in done]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(run, *key) for key in left]
        for future in tqdm(as_completed(futures), total=len(futures), unit="run", disable=None):
            one = future.result()
            if kept:
                with kept.open("a") as file:
                    file.write(json.dumps(asdict(one)) + "\n")
            yield one


def read(kept: Path | None) -> list[Run]:
    """Return the runs noted in a file."""
    if kept is None or not kept.exists():
        return []
    return [Run(**json.loads(line)) for line in kept.read_text().splitlines()]
