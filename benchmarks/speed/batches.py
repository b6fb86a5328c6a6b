"""Batches and committees: each strategy of ours and the peer that was fastest of those that work, on the same pool."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import a2i_al as al
from speed.clock import Taken, raced
from speed.scores import CLASSES, TOP, probabilities

LABELLED, MEMBERS = 20, 5
Calls = dict[str, Callable[[], object]]


@dataclass(frozen=True)
class Heat:
    """One strategy of ours against one peer.

    Attributes
    ----------
    peer : str
        As it is shown.
    rows, columns, n : int
        Of the pool's features, and how many are chosen.
    quick_rows : int
        Of the pool with --quick.
    against : callable
        From a pool and n to the peer's call.
    """

    peer: str
    rows: int
    columns: int
    n: int
    quick_rows: int
    against: Callable[[Pool, int], Callable[[], object]]


class Pool:
    """Clustered float32 features, some of them labelled, and a logistic regression on these, for either side."""

    def __init__(self, rows: int, columns: int, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        centres = rng.standard_normal((CLASSES, columns), dtype=np.float32)
        self.classes = rng.integers(0, CLASSES, rows)
        self.classes[:LABELLED] = np.arange(LABELLED) % CLASSES
        self.X = centres[self.classes] + rng.standard_normal((rows, columns), dtype=np.float32)
        self.y = np.where(np.arange(rows) < LABELLED, self.classes, np.nan)
        self.labelled, self.candidates = self.X[:LABELLED], self.X[LABELLED:]
        self.model = self._fitted()

    def _fitted(self) -> Any:
        """Fit scikit-activeml's wrapper: its strategies take no other model."""
        from skactiveml.classifier import SklearnClassifier  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

        wrapper = SklearnClassifier(LogisticRegression(), classes=np.arange(CLASSES, dtype=float), random_state=0)
        return wrapper.fit(self.labelled, self.y[:LABELLED])

    def ours(self, strategy: str, n: int) -> Callable[[], object]:
        """Return our call, with the model's predictions if the strategy goes by them: the peers make them then, too."""
        asked = ", ".join(al.sampling.strategies().set_index("name").loc[strategy, ["needs", "takes"]]).split(", ")

        def predicted(name: str, items: np.ndarray) -> Any:
            return self.model.predict_proba(items) if name in asked else None

        return lambda: al.sample(
            predicted("proba", self.candidates),
            n,
            strategy=strategy,
            features=self.candidates,
            labelled_features=self.labelled,
            labelled_labels=self.classes[:LABELLED],
            labelled_proba=predicted("labelled_proba", self.labelled),
            random_state=0,
        )


def skactiveml(name: str, model: str | None = None, **options: Any) -> Callable[[Pool, int], Callable[[], object]]:
    """Return the query of one of scikit-activeml's strategies; `model` is what it calls the model it is given."""

    def against(pool: Pool, n: int) -> Callable[[], object]:
        from skactiveml import pool as strategies  # noqa: PLC0415

        given = {} if model is None else {model: pool.model, f"fit_{model}": False}

        def query() -> object:
            strategy = getattr(strategies, name)(random_state=0, **options)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return strategy.query(pool.X, pool.y, batch_size=n, **given)

        return query

    return against


def cardinal_ranked(pool: Pool, n: int) -> Callable[[], object]:
    """Ranked batch mode, with the weights that its documentation gives it."""
    from cardinal.batch import RankedBatchSampler  # noqa: PLC0415
    from cardinal.uncertainty import confidence_score  # noqa: PLC0415

    def select() -> object:
        weights = confidence_score("precomputed", pool.model.predict_proba(pool.candidates))
        sampler = RankedBatchSampler(n).fit(pool.labelled, pool.y[:LABELLED])
        return sampler.select_samples(pool.candidates, samples_weights=weights)

    return select


def cardinal_weighted_k_means(pool: Pool, n: int) -> Callable[[], object]:
    """K-means over the 10 n smallest margins (Zhdanov 2019)."""
    from cardinal.zhdanov2019 import TwoStepKMeansSampler  # noqa: PLC0415

    def select() -> object:
        sampler = TwoStepKMeansSampler(10, pool.model, n, assume_fitted=True, random_state=0)
        return sampler.fit(pool.labelled, pool.y[:LABELLED]).select_samples(pool.candidates)

    return select


def cardinal_k_means(pool: Pool, n: int) -> Callable[[], object]:
    """Find the items nearest to the centres of k-means."""
    from cardinal.clustering import KMeansSampler  # noqa: PLC0415

    return lambda: KMeansSampler(n, random_state=0).fit(pool.labelled).select_samples(pool.candidates)


def modal_density(pool: Pool, n: int) -> Callable[[], object]:
    """Weigh the model's entropy with the density, as modAL's documentation does."""
    from modAL.density import information_density  # noqa: PLC0415
    from modAL.uncertainty import classifier_entropy  # noqa: PLC0415
    from modAL.utils.selection import multi_argmax  # noqa: PLC0415

    def select() -> object:
        doubt = classifier_entropy(pool.model, pool.candidates)
        return multi_argmax(doubt * information_density(pool.candidates, "euclidean"), n_instances=n)

    return select


HEATS = {
    "k_center": Heat("scikit-activeml CoreSet", 100_000, 128, 200, 10_000, skactiveml("CoreSet")),
    # small-text is twice as fast here, but embeds -p instead of p - onehot.
    "badge": Heat("scikit-activeml Badge", 50_000, 128, 200, 2_000, skactiveml("Badge", "clf")),
    "typiclust": Heat("scikit-activeml TypiClust", 10_000, 64, 100, 2_000, skactiveml("TypiClust")),
    "prob_cover": Heat("scikit-activeml ProbCover", 10_000, 64, 100, 2_000, skactiveml("ProbCover", n_classes=CLASSES)),
    # 10,000 take more than five minutes.
    "max_herding": Heat("scikit-activeml MaxHerding", 3_000, 64, 100, 1_000, skactiveml("MaxHerding")),
    "clue": Heat("scikit-activeml Clue", 10_000, 64, 100, 4_000, skactiveml("Clue", "estimator")),
    "falcun": Heat("scikit-activeml Falcun", 10_000, 64, 100, 10_000, skactiveml("Falcun", "clf")),
    "contrastive": Heat("scikit-activeml ContrastiveAL", 10_000, 64, 100, 10_000, skactiveml("ContrastiveAL", "clf")),
    "ranked_batch": Heat("cardinal", 10_000, 64, 100, 10_000, cardinal_ranked),
    "weighted_k_means": Heat("cardinal", 10_000, 64, 100, 10_000, cardinal_weighted_k_means),
    "k_means": Heat("cardinal", 10_000, 64, 100, 4_000, cardinal_k_means),
    "density_weighted": Heat("modAL", 10_000, 64, 100, 4_000, modal_density),
}

# Those with a target of their own.
QUICK = ("k_center", "badge", "typiclust", "prob_cover", "max_herding")


def batch_races(quick: bool) -> dict[str, dict[str, Taken]]:  # noqa: FBT001 - crosses to a child process by position
    """Return what ours and the peer took, for each strategy."""
    result = {}
    for strategy, heat in HEATS.items():
        if quick and strategy not in QUICK:
            continue
        pool = Pool(heat.quick_rows if quick else heat.rows, heat.columns)
        result[strategy] = raced({"ours": pool.ours(strategy, heat.n), heat.peer: heat.against(pool, heat.n)})
    return result


def committee_race(rows: int = 100_000) -> dict[str, dict[str, Taken]]:
    """Return what the scores of a committee of five took, the choice of the top 1,000 included."""
    from modAL.disagreement import consensus_entropy_sampling  # noqa: PLC0415
    from modAL.models import Committee  # noqa: PLC0415
    from skactiveml.pool._query_by_committee import average_kl_divergence, vote_entropy  # noqa: PLC0415
    from small_text.query_strategies.bayesian import _bald  # noqa: PLC0415 - has no public name

    committee = np.stack([probabilities(rows, seed) for seed in range(MEMBERS)])
    together = Committee([_Member(proba) for proba in committee])
    classes, by_item = np.arange(CLASSES), np.ascontiguousarray(committee.transpose(1, 0, 2))

    def ours(strategy: str) -> Callable[[], object]:
        return lambda: al.sample(None, TOP, strategy=strategy, committee=committee, random_state=0)

    def top(score: Callable[[], Any]) -> Callable[[], object]:
        return lambda: np.argpartition(score(), -TOP)[-TOP:]

    theirs: dict[str, Calls] = {
        "vote_entropy": {"scikit-activeml": top(lambda: vote_entropy(committee.argmax(axis=2).T, classes))},
        "consensus_entropy": {
            "modAL": lambda: consensus_entropy_sampling(together, np.empty((rows, 1), np.float32), n_instances=TOP)
        },
        "kl_to_consensus": {"scikit-activeml": top(lambda: average_kl_divergence(committee))},
        "bald": {"small-text": top(lambda: _bald(by_item))},
    }
    return {strategy: raced({"ours": ours(strategy), **calls}) for strategy, calls in theirs.items()}


class _Member:
    """A learner whose predictions are there already, as modAL's committee asks for it."""

    def __init__(self, proba: np.ndarray) -> None:
        self.proba, self.estimator, self.classes_ = proba, self, np.arange(CLASSES)

    def predict_proba(self, X: Any) -> np.ndarray:  # noqa: ARG002 - modAL passes the pool
        return self.proba
