"""A pool and what is known of it come in; the items of the next round, and what a model makes of them, go out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.retrain.pool import Pool
from a2i_al.retrain.trainer import Trainer, predictions_of
from a2i_al.sampling import sample
from a2i_al.sampling.pools.inputs import are_vectors
from a2i_al.sampling.registry import AUTO, StrategyFunction, resolve


@dataclass(frozen=True)
class Choice:
    """How a cycle chooses what people are asked about; made by `of`.

    Attributes
    ----------
    n : int
        Items per round.
    strategy : str or callable
        As in `a2i_al.sample`; it is given the features and what is labelled so far.
    audit_fraction : float
        Share of each round drawn at random from the whole pool.
    random_state : int
        Seeds the draws, each round's by its number too.
    """

    n: int
    strategy: str | StrategyFunction
    audit_fraction: float
    random_state: int

    @classmethod
    def of(cls, n: int, strategy: str | StrategyFunction, audit_fraction: float, random_state: int) -> Choice:
        """Check what a cycle was given.

        Raises
        ------
        InvalidInput
            If a number is out of range, or there is no such strategy.

        Examples
        --------
        >>> Choice.of(30, "margin", 0.1, random_state=0)
        Choice(n=30, strategy='margin', audit_fraction=0.1, random_state=0)
        """
        resolve(strategy)
        return cls(
            arguments.whole("n", n, 1, of="item"),
            strategy,
            arguments.fraction("audit_fraction", audit_fraction, of="n"),
            arguments.whole("random_state", random_state, least=0),
        )

    def pick(
        self, number: int, pool: Pool, labels: pd.DataFrame, trainer: Trainer
    ) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """Train on what is known and choose from what is left.

        Parameters
        ----------
        number : int
            Of the round.
        pool : Pool
            Items, features and seeds.
        labels : DataFrame
            The labels table of the rounds before.
        trainer : Trainer
            Makes the model that chooses.

        Returns
        -------
        tuple of DataFrame, or None
            The picks table and the picks' predictions table; None if the pool is used up.
        """
        left = pool.left(labels)
        if not left:
            return None
        known, answers = pool.learnt(labels)
        model = trainer.fit(known, answers)
        candidates = pool.features_of(left)
        proba = model.predict_proba(candidates)
        # The default strategy does without vectors where only the model can read the features.
        vectors = self.strategy != AUTO or (are_vectors(candidates) and are_vectors(known))
        picks = sample(
            proba,
            min(self.n, len(left)),
            strategy=self.strategy,
            features=candidates if vectors else None,
            labelled_features=known if vectors else None,
            labelled_labels=answers,
            labelled_proba=model.predict_proba(known),
            item_ids=left,
            audit_fraction=self.audit_fraction,
            round=number,
            random_state=np.random.default_rng([self.random_state, number]),
        )
        predictions = predictions_of(model, left, proba)
        return picks, predictions[predictions["item_id"].isin(picks["item_id"])]

    @property
    def settings(self) -> dict[str, Any]:
        """What must stay the same for a saved cycle to go on, as JSON; a callable strategy by its name."""
        strategy = self.strategy
        if not isinstance(strategy, str):
            strategy = getattr(strategy, "__name__", type(strategy).__name__)
        return {
            "n": self.n,
            "strategy": strategy,
            "audit_fraction": self.audit_fraction,
            "random_state": self.random_state,
        }
