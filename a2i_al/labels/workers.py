"""Answers in, what is known of the people behind them out: how often each is right, how surely, what they confuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.labels.categorical import METHODS, check_asked, codes_of, decided, function_of, offered_ballots
from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.encoding import Codes, text_column
from a2i_al.labels.gold import known_labels, of_known
from a2i_al.labels.models.beliefs import Decision, Known, Shares, of_own_votes
from a2i_al.labels.models.dawid_skene import Confusions
from a2i_al.labels.structured.registry import check_options


def worker_quality(
    answers: pd.DataFrame,
    field: str,
    *,
    method: str = "dawid_skene",
    gold: Mapping[Any, Any] | pd.Series | pd.DataFrame | None = None,
    labels: Iterable[str] | None = None,
    confidence: float = 0.95,
    **options: Any,
) -> pd.DataFrame:
    """Estimate how often each worker is right, with an interval, and measure it where labels are known.

    Parameters
    ----------
    answers, field, labels
        As for `consolidate`.
    method : str, default "dawid_skene"
        How the labels that the workers are held against are found: a method of `consolidate` for answers of one label.
    gold : mapping, Series or DataFrame, optional
        Known labels by item, for methods that take them and for the last four columns.
    confidence : float, default 0.95
        Of the intervals, between 0 and 1.
    **options
        The method's own.

    Returns
    -------
    DataFrame
        One row per worker who answered anything, sorted by `worker_id`:

        - `n_answers`, those that are a label;
        - `quality`, the expected share of them that are right, with `quality_low` and `quality_high`;
        - `agreement`, the share of others' answers to the same items that say the same, NaN without any;
        - `n_gold`, answers to items of known label, `gold_accuracy`, the share of them that are right, with
          `gold_low` and `gold_high`.

        NaN where there is no answer to go by.

    Raises
    ------
    InvalidTable, InvalidInput, UnknownLabel
        As `consolidate`; and if the confidence is out of range.

    Notes
    -----
    `gold_low` and `gold_high` are Jeffreys' interval. So is that of `quality`, for as many answers as the labels are
    worth: where it is uncertain which answers are right, each is worth less, by the information that Louis' formula
    says is missing. What is uncertain in the other workers is left out, so with few answers per item the interval is
    narrower than it should be; the known labels' is not.

    References
    ----------
    L. Brown, T. Cai, A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16(2), 2001.
    T. Louis, "Finding the observed information matrix when using the EM algorithm", Journal of the Royal Statistical
    Society B 44(2), 1982.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": ["l1", "l1", "l2", "l2"], "item_id": ["i", "i", "j", "j"],
    ...     "worker_id": ["u", "v"] * 2, "field": ["ok"] * 4, "value": ["yes", "yes", "no", "yes"]})
    >>> table = worker_quality(answers, "ok", method="weighted_majority", gold={"i": "yes", "j": "no"})
    >>> table[["worker_id", "quality", "agreement", "n_gold", "gold_low", "gold_high"]].round(2)
      worker_id  quality  agreement  n_gold  gold_low  gold_high
    0         u      1.0        0.5       2      0.33       1.00
    1         v      0.5        0.5       2      0.06       0.94
    """
    confidence = arguments.share("confidence", confidence)
    cast, decision, known = _fitted(answers, field, method, gold, labels, options)
    votes, workers = cast.cast, len(cast.workers)
    given = np.bincount(votes.worker, minlength=workers)
    right = of_own_votes(cast, decision.beliefs)
    hits = np.bincount(votes.worker, weights=right, minlength=workers)
    missing = np.bincount(votes.worker, weights=right * (1 - right), minlength=workers)
    quality = _share(hits, given)
    spread = given * quality * (1 - quality)
    worth = given * (1 - np.divide(missing, spread, out=np.zeros(workers), where=spread > 0))
    low, high = jeffreys(quality, np.maximum(worth, 0), confidence)
    right_known, asked = of_known(cast, known)
    accuracy = _share(right_known, asked)
    gold_low, gold_high = jeffreys(accuracy, asked, confidence)
    return pd.DataFrame(
        {
            "worker_id": text_column(cast.workers),
            "n_answers": given,
            "quality": quality,
            "quality_low": low,
            "quality_high": high,
            "agreement": _with_others(cast),
            "n_gold": asked,
            "gold_accuracy": accuracy,
            "gold_low": gold_low,
            "gold_high": gold_high,
        }
    )


def worker_confusion(
    answers: pd.DataFrame,
    field: str,
    *,
    gold: Mapping[Any, Any] | pd.Series | pd.DataFrame | None = None,
    labels: Iterable[str] | None = None,
    smoothing: float = 0.01,
) -> pd.DataFrame:
    """Estimate what each worker answers where a label is right, by Dawid and Skene's model.

    Parameters
    ----------
    answers, field, gold, labels, smoothing
        As for `consolidate(method="dawid_skene")`.

    Returns
    -------
    DataFrame
        `worker_id`, `label` (the right one), `answer`, `rate` (how often this worker gives this answer there, smoothed)
        and `n` (how often that has been seen, in expectation); answers that a worker never gave are left out.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": ["l1", "l2"], "item_id": ["i", "j"], "worker_id": ["u", "u"],
    ...     "field": ["ok"] * 2, "value": ["yes", "no"]})
    >>> worker_confusion(answers, "ok", gold={"i": "yes", "j": "yes"}).round(2).query("n > 0")
      worker_id label answer  rate    n
    1         u   yes     no   0.5  1.0
    3         u   yes    yes   0.5  1.0
    """
    cast, decision, _ = _fitted(answers, field, "dawid_skene", gold, labels, {"smoothing": smoothing})
    beliefs = decision.beliefs
    model = beliefs.beliefs if isinstance(beliefs, Known) else beliefs
    if not isinstance(model, Confusions):
        raise InvalidInput("nobody has given a label", expected="answers to learn from")
    k, rows = len(cast.classes), len(model.worker)
    return pd.DataFrame(
        {
            "worker_id": text_column(cast.workers, model.worker.repeat(k)),
            "label": text_column(cast.classes, np.tile(np.arange(k), rows)),
            "answer": text_column(cast.classes, model.label.repeat(k)),
            "rate": model.rates().ravel(),
            "n": model.counts.ravel(),
        }
    )


def jeffreys(share: Shares, n: Shares | Codes, confidence: float = 0.95) -> tuple[Shares, Shares]:
    """Bound the rates behind shares of n, which need not be whole numbers: Jeffreys' interval; NaN where n is NaN.

    Examples
    --------
    >>> low, high = jeffreys(np.array([0.5, 1.0]), np.array([10.0, 10.0]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.224, 0.783], [0.776, 1.0])
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - light import

    a, b = share * n + 0.5, (1 - share) * n + 0.5
    tail = (1 - confidence) / 2
    low, high = betaincinv(a, b, tail), betaincinv(a, b, 1 - tail)
    # At the ends the interval is open to one side only.
    return np.minimum(np.where(share == 0, 0.0, low), share), np.maximum(np.where(share == 1, 1.0, high), share)


def _fitted(  # noqa: PLR0917 - those of the callers
    answers: pd.DataFrame, field: str, method: str, gold: Any, labels: Iterable[str] | None, options: Mapping[str, Any]
) -> tuple[Ballots, Decision, Codes]:
    """Return the ballots, what the method makes of them, and the known labels."""
    check_asked(field, labels)
    arguments.one_of("method", method, METHODS)
    given = dict(options)
    if gold is not None and method != "majority":
        given["gold"] = gold
    check_options(method, function_of(method), given)
    known = {} if gold is None else known_labels(gold)
    cast, decision = decided(offered_ballots(answers, field, labels).with_classes(known.values()), method, given)
    return cast, decision, codes_of(cast, known)


def _share(part: Shares | Codes, whole: Codes) -> Shares:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def _with_others(cast: Ballots) -> Shares:
    """Return the share of others' votes on the same items that agree with each worker's."""
    votes, workers = cast.cast, len(cast.workers)
    _, cell, same = np.unique(
        votes.item * max(len(cast.classes), 1) + votes.vote, return_inverse=True, return_counts=True
    )
    met = np.bincount(votes.worker, weights=cast.tallies.total[votes.item] - 1, minlength=workers)
    agreed = np.bincount(votes.worker, weights=same[cell] - 1, minlength=workers)
    return _share(agreed, met.astype(np.int64))
