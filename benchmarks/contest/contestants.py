"""Who takes part: our strategies by name, and the peers' through their own public calls; all see the same state."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import a2i_al as al

BATCH = 20


@dataclass(frozen=True)
class State:
    """What is known when the next batch is chosen.

    Attributes
    ----------
    X : ndarray of float64, shape (n, d)
        The whole pool.
    y : ndarray of int64, shape (n,)
        Its labels; only those at `labelled` may be looked at.
    labelled, unlabelled : ndarray of intp
        Positions in the pool.
    model : classifier
        Fitted on what is labelled.
    seed : int
        Of this run and round.
    """

    X: np.ndarray
    y: np.ndarray
    labelled: np.ndarray
    unlabelled: np.ndarray
    model: Any
    seed: int


# Each returns BATCH positions in `state.unlabelled`.
Contestant = Callable[[State], np.ndarray]


def ours(strategy: str) -> Contestant:
    """Return a strategy of `a2i_al.sample`."""

    def choose(state: State) -> np.ndarray:
        candidates, known = state.X[state.unlabelled], state.X[state.labelled]
        picks = al.sample(
            state.model.predict_proba(candidates),
            BATCH,
            strategy=strategy,
            features=candidates,
            labelled_features=known,
            labelled_labels=state.y[state.labelled],
            labelled_proba=state.model.predict_proba(known),
            random_state=state.seed,
        )
        return picks["item_id"].astype(int).to_numpy()

    return choose


def random(state: State) -> np.ndarray:
    """Choose uniformly."""
    return np.random.default_rng(state.seed).choice(len(state.unlabelled), BATCH, replace=False)


def cardinal_weighted_k_means(state: State) -> np.ndarray:
    """Zhdanov 2019 as cardinal has it: k-means over the 10 × 20 smallest margins."""
    from cardinal.zhdanov2019 import TwoStepKMeansSampler  # noqa: PLC0415

    sampler = TwoStepKMeansSampler(10, state.model, BATCH, assume_fitted=True, random_state=state.seed)
    sampler.fit(state.X[state.labelled], state.y[state.labelled])
    return np.asarray(sampler.select_samples(state.X[state.unlabelled]))


def modal_margin(state: State) -> np.ndarray:
    """Margin as modAL has it."""
    from modAL.uncertainty import margin_sampling  # noqa: PLC0415

    return np.asarray(_first(margin_sampling(_Fitted(state.model), state.X[state.unlabelled], n_instances=BATCH)))


def modal_entropy(state: State) -> np.ndarray:
    """Entropy as modAL has it."""
    from modAL.uncertainty import entropy_sampling  # noqa: PLC0415

    return np.asarray(_first(entropy_sampling(_Fitted(state.model), state.X[state.unlabelled], n_instances=BATCH)))


def small_text_core_set(state: State) -> np.ndarray:
    """Lightweight core-set (Bachem 2018) as small-text has it."""
    from small_text.query_strategies.coresets import lightweight_coreset  # noqa: PLC0415

    candidates = state.X[state.unlabelled]
    # It draws from numpy's global generator.
    np.random.seed(state.seed)  # noqa: NPY002
    return np.asarray(lightweight_coreset(candidates, candidates.mean(axis=0), BATCH))


def skactiveml(name: str, **options: Any) -> Contestant:
    """Return a strategy of scikit-activeml's pool module by its class name."""

    def choose(state: State) -> np.ndarray:
        from skactiveml import pool  # noqa: PLC0415
        from skactiveml.classifier import SklearnClassifier  # noqa: PLC0415

        strategy = getattr(pool, name)(random_state=state.seed % 2**31, **options)
        y = np.full(len(state.y), np.nan)
        y[state.labelled] = state.y[state.labelled]
        given: dict[str, Any] = {"candidates": state.unlabelled, "batch_size": BATCH}
        if name not in {"TypiClust", "MaxHerding", "CoreSet"}:
            given |= {"clf": _wrapped(SklearnClassifier, state, y), "fit_clf": False}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            chosen = strategy.query(state.X, y, **given)
        return np.searchsorted(state.unlabelled, chosen)

    return choose


def _wrapped(wrapper: Any, state: State, y: np.ndarray) -> Any:
    """Fit the peer's wrapper of the same model on the same labels: it only queries models that it fitted itself."""
    from sklearn.base import clone  # noqa: PLC0415

    model = wrapper(clone(state.model), classes=np.unique(state.y[state.labelled]).astype(float), random_state=0)
    return model.fit(state.X[state.labelled], y[state.labelled])


class _Fitted:
    """What modAL's functions ask of a learner."""

    def __init__(self, model: Any) -> None:
        self.predict_proba = model.predict_proba
        self.estimator = model


def _first(answer: Any) -> Any:
    return answer[0] if isinstance(answer, tuple) else answer


PEERS: dict[str, Contestant] = {
    "cardinal weighted k-means": cardinal_weighted_k_means,
    "modAL margin": modal_margin,
    "modAL entropy": modal_entropy,
    "small-text core-set": small_text_core_set,
    "scikit-activeml BADGE": skactiveml("Badge"),
    "scikit-activeml Falcun": skactiveml("Falcun"),
    "scikit-activeml TypiClust": skactiveml("TypiClust"),
    "scikit-activeml core-set": skactiveml("CoreSet"),
    "scikit-activeml MaxHerding": skactiveml("MaxHerding"),
}
