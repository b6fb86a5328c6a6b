"""Confidences and errors in, the risk-coverage curve out: what is still wrong if only the surest answers are taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.metrics.weights import checked_weights, numbers

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """The risk-coverage curve of a model: one point per threshold, from the surest answers to all.

    Attributes
    ----------
    thresholds : ndarray of shape (t,), float64
        Descending: the confidences that occur. What is at least as sure is taken without a review.
    coverage : ndarray of shape (t,), float64
        Share of the items that is taken.
    risk : ndarray of shape (t,), float64
        Share of errors among these.
    counts, errors : ndarray of shape (t,), float64
        Labelled items that are taken, and errors among them; plain counts, without weights.
    """

    thresholds: Floats
    coverage: Floats
    risk: Floats
    counts: Floats
    errors: Floats

    @property
    def aurc(self) -> float:
        """The area under the curve: the risk, averaged over all coverages; ties as if in every order."""
        steps = np.diff(self.coverage, prepend=0.0)
        wrong = self.risk * self.coverage
        before = np.concatenate([[0.0], wrong[:-1]])
        start = self.coverage - steps
        # Within a tie errors come at an even rate: the integral of (before + r (c - start))/c over its coverages.
        rate = np.where(steps > 0, (wrong - before) / np.where(steps > 0, steps, 1.0), 0.0)
        offset = before - rate * start
        logs = np.log(self.coverage / np.where(start > 0, start, 1.0))
        return float((rate * steps + np.where(start > 0, offset * logs, 0.0)).sum())

    @property
    def excess_aurc(self) -> float:
        """How far the area exceeds that of a model of as many errors, which is least sure of exactly these (E-AURC)."""
        total = float(self.risk[-1])
        best = total + (1 - total) * np.log(1 - total) if total < 1 else 1.0
        return self.aurc - float(best)

    def to_frame(self) -> pd.DataFrame:
        """Return the points as a table: `threshold`, `coverage`, `risk`, `n`, `errors`."""
        columns = (self.thresholds, self.coverage, self.risk, self.counts.astype(np.int64), self.errors)
        return pd.DataFrame(dict(zip(["threshold", "coverage", "risk", "n", "errors"], columns, strict=True)))

    def __repr__(self) -> str:
        return f"RiskCoverage({len(self.thresholds)} thresholds, risk {self.risk[-1]:.3f} of all, AURC {self.aurc:.4f})"


def risk_coverage(
    confidence: npt.ArrayLike, errors: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> RiskCoverage:
    """Return the share of errors among the answers that the model is surest of, for every threshold.

    Parameters
    ----------
    confidence : array-like of shape (n,)
        The model's confidence in its answers, or any score that is higher where it is surer.
    errors : array-like of shape (n,)
        Whether people found the answer wrong: 0 or 1, or a loss from 0 to 1.
    weights : array-like of shape (n,), optional
        What each item counts: 1 / inclusion probability. By default 1.

    Returns
    -------
    RiskCoverage

    Raises
    ------
    InvalidInput
        If there is no item, lengths differ, a confidence is missing, or an error is not from 0 to 1.

    References
    ----------
    Y. Geifman and R. El-Yaniv, "Selective classification for deep neural networks", NeurIPS 2017; for the areas Y.
    Geifman, G. Uziel and R. El-Yaniv, "Bias-reduced uncertainty estimation for deep neural classifiers", ICLR 2019.

    Examples
    --------
    >>> risk_coverage([0.9, 0.8, 0.8, 0.6], [0, 1, 0, 1]).to_frame().round(2)
       threshold  coverage  risk  n  errors
    0        0.9      0.25  0.00  1     0.0
    1        0.8      0.75  0.33  3     1.0
    2        0.6      1.00  0.50  4     2.0
    """
    sure, wrong = checked_answers(confidence, errors)
    heavy = checked_weights(weights, len(sure))
    order = np.argsort(-sure, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(sure[order]) != 0, True))
    mass, missed = np.cumsum(heavy[order])[ends], np.cumsum((heavy * wrong)[order])[ends]
    risk = np.divide(missed, mass, out=np.zeros(len(ends)), where=mass > 0)
    return RiskCoverage(
        thresholds=sure[order][ends],
        coverage=mass / mass[-1],
        risk=np.minimum(risk, 1.0),
        counts=(ends + 1).astype(np.float64),
        errors=np.cumsum(wrong[order])[ends],
    )


def checked_answers(confidence: npt.ArrayLike, errors: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return confidences and errors as vectors of floats.

    Raises
    ------
    InvalidInput
        If there is none, lengths differ, a confidence is missing, or an error is not from 0 to 1.

    Examples
    --------
    >>> checked_answers([0.9], [True])
    (array([0.9]), array([1.]))
    """
    sure = numbers(confidence, "confidences")
    wrong = numbers(errors, "errors", len(sure))
    if not len(sure):
        raise InvalidInput(
            "there is no labelled item", expected="confidences, and whether people found the answers wrong"
        )
    if not np.isfinite(sure).all():
        raise InvalidInput(
            f"the confidence of row {int((~np.isfinite(sure)).argmax())} is missing or infinite", expected="a number"
        )
    bad = ~((wrong >= 0) & (wrong <= 1))
    if bad.any():
        raise InvalidInput(f"the error of row {int(bad.argmax())} is {wrong[bad.argmax()]}", expected="from 0 to 1")
    return sure, wrong
