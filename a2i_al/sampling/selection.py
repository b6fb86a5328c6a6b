"""A pool in, the picks table out: what a person should look at, and how it came to be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.sampling.audit import audit_size, audit_slice
from a2i_al.sampling.auto import decide
from a2i_al.sampling.budget import spend
from a2i_al.sampling.choosing import NOTHING, Choice, Task, choose
from a2i_al.sampling.ids import draw_seed
from a2i_al.sampling.pools.candidates import checked_n, not_excluded, without
from a2i_al.sampling.pools.ids import excluded_ids
from a2i_al.sampling.pools.pool import Pool, gather
from a2i_al.sampling.quotas import Quotas
from a2i_al.sampling.registry import AUDIT, AUTO, StrategyFunction, resolve
from a2i_al.sampling.sources import in_memory, is_source, sample_source
from a2i_al.tables import TEXT


def sample(
    pool: Any,
    n: int | None = None,
    *,
    strategy: str | StrategyFunction = "auto",
    features: Any = None,
    committee: npt.ArrayLike | None = None,
    labelled_features: Any = None,
    labelled_labels: npt.ArrayLike | None = None,
    labelled_proba: npt.ArrayLike | None = None,
    predictions: npt.ArrayLike | None = None,
    answers: npt.ArrayLike | None = None,
    scores: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None,
    quotas: int | Mapping[Any, int] | pd.Series | None = None,
    costs: npt.ArrayLike | None = None,
    budget: float | None = None,
    temperature: str | float = "off",
    item_ids: Iterable[Any] | None = None,
    exclude: Iterable[Any] | pd.DataFrame = (),
    audit_fraction: float = 0.0,
    round: int = 0,  # noqa: A002 - the picks table's own column
    random_state: int | np.random.Generator | None = None,
) -> pd.DataFrame:
    """Choose the n items of a pool that are worth a person's minute.

    Parameters
    ----------
    pool : array-like or DataFrame of shape (N, k), estimator, None, or a source larger than memory
        The model's class probabilities, or a predictions table with columns ``proba_<label>``; or the fitted model
        itself, with `features`; or None, for a strategy that needs no probabilities. Paths to Parquet, a pyarrow
        dataset, a list or an iterator of chunks go past once, in bounded memory: see
        `a2i_al.sampling.streams.sample_stream`, whose columns then stand for the arrays here.
    n : int
        How many items to choose: exactly so many come back, all distinct. With a `budget`, at most so many, be it more
        than there are; None is then as many as it pays for.
    strategy : str or callable, default "auto"
        ``"auto"`` goes by what is known, see `a2i_al.sampling.auto.auto`; the picks show what it chose. Or a name from
        ``al.sampling.strategies()``, one given to `register`, or a function: from an (m, k) array of the candidates'
        probabilities to m scores, higher meaning more useful, or any other kind that `register` takes.
    features : array-like of shape (N, d), optional
        The items' feature vectors or embeddings, for strategies that look for variety; or what the estimator takes:
        if these are texts, or anything else that is no table of numbers, the default strategy does without vectors.
    committee : array-like of shape (c, N, k), optional
        Class probabilities of c models, or (c, N) predictions. An estimator makes one where a strategy needs it.
    labelled_features, labelled_labels, labelled_proba : array-like, optional
        What has been labelled already: features (l, d), labels (l,) and the model's probabilities (l, k). Columns of
        DataFrames go by their names.
    predictions : array-like of shape (N,), optional
        A regression's predictions.
    answers : array-like of shape (N, a), optional
        The class, as a column number, that each of a reviewers gave to each item, NaN where none was given; for
        ``"active_lab"``, which weighs another answer for an old item against a new item. Those of excluded items count
        as well: they show what a reviewer is worth. A table of answers becomes such an array by
        `a2i_al.sampling.scores.relabelling.answer_matrix`.
    scores : array-like of shape (N,), optional
        Scores of one's own, higher meaning more useful: then the default strategy goes by them.
    groups : array-like of shape (N,), optional
        Each item's group: a customer, a day, a source.
    quotas : int, or mapping or Series of group to int, optional
        At most so many picks of each group; of groups that a mapping does not name, any number. One that it names and
        no item has is an error. The audit slice counts towards them, but is not bound by them.
    costs : array-like of shape (N,), optional
        What each item's review costs, above 0. Scores are then per unit cost.
    budget : float, optional
        What the costs of all picks may come to; enough for one.
    temperature : "off", "fit" or float, default "off"
        Divides the logits before the strategy sees the probabilities; ``"fit"`` finds it on `labelled_proba` and
        `labelled_labels`: classes, by value or as text, or else the numbers of the columns.
    item_ids : iterable of N ids, optional
        Taken as text. By default the column `item_id` of a DataFrame, the pool's or else the features', or its index,
        or ``"0"`` to ``"N-1"``.
    exclude : iterable of ids, or a table with `item_id`
        Items that are no candidates, such as those reviewed already. Compared as text; a float that is a whole number
        stands for ``"7"`` and ``"7.0"``, and what is missing for none.
    audit_fraction : float, default 0.0
        Share of n, from 0 to 1, that is drawn uniformly from all candidates before the strategy takes the best of the
        rest. Rounded half up to whole items. What is estimated from this slice holds for the pool; what is estimated
        from the strategy's choices holds for those choices.
    round : int, default 0
        Round of the cycle, for the table.
    random_state : int, numpy.random.Generator or None
        Draws the audit slice, breaks ties, and is the strategy's source of randomness. The same seed gives the same
        picks, in whatever order the pool's rows come with their ids.

    Returns
    -------
    DataFrame
        The picks table, `rank` 1 first, the audit slice last. `inclusion_probability` is n_audit/N for the audit
        slice, the exact chance under the draws ``"random"``, ``"stratified"`` and ``"importance"`` (where every pick
        is such a draw, whatever `audit_fraction`), and NaN for any other choice; N counts the candidates. `score` is
        NaN for the audit slice, which is drawn before the strategy scores the rest, and where a strategy has none.

    Raises
    ------
    InvalidProbabilities
        If the rows of the probabilities are not distributions over the classes.
    InvalidInput
        If n is below 1 or above the number of candidates or what the quotas allow; inputs differ in length; ids are
        missing, repeated or of another number than the rows; the strategy is unknown, needs an input that is not
        there, or breaks its contract.

    Notes
    -----
    The uncertainty scores of an array of a hundred thousand rows or more are one compiled pass over it: nothing is
    copied, and ten million rows of ten classes take about twice the time of reading them.

    Examples
    --------
    >>> picks = sample([[0.9, 0.1], [0.6, 0.4], [0.3, 0.7]], 2, item_ids=["a", "b", "c"], random_state=0)
    >>> picks[["item_id", "rank", "score", "strategy"]]
      item_id  rank  score      strategy
    0       b     1    0.8  auto: margin
    1       c     2    0.6  auto: margin
    """
    rng, number = arguments.generator(random_state), arguments.whole("round", round, 0)
    share = arguments.fraction("audit_fraction", audit_fraction, of="n")
    known = {
        "features": features,
        "committee": committee,
        "labelled_features": labelled_features,
        "labelled_labels": labelled_labels,
        "labelled_proba": labelled_proba,
        "predictions": predictions,
        "answers": answers,
        "scores": scores,
        "groups": groups,
        "costs": costs,
    }
    asked = resolve(strategy)
    pool, exclude = in_memory("the pool", pool), in_memory("exclude", exclude)
    if is_source(pool, features):
        known |= {"quotas": quotas, "budget": budget, "item_ids": item_ids}
        known |= {"temperature": None if temperature == "off" else temperature}
        return sample_source(
            pool,
            n,
            known,
            strategy=decide({**known, "proba": pool}).strategy if asked.built_in == AUTO else asked,
            exclude=exclude,
            audit_fraction=share,
            round_=number,
            rng=rng,
        )
    items = gather(pool, asked, known, item_ids=item_ids, temperature=temperature, rng=rng)
    if asked.built_in == AUTO:
        asked = decide({**items.inputs, "budget": budget}).strategy
    candidates = not_excluded(items.ids, excluded_ids(exclude))
    limits = None if quotas is None else Quotas(items.of("groups", "quotas="), quotas)
    if costs is not None or budget is not None:
        choice = spend(Task(asked, items, candidates, 0, limits, rng), n, budget, share)
        return _picks(items, asked.name, number, choice)
    count = checked_n(n, len(items), candidates)
    if asked.kind == "draw":
        return _picks(items, asked.name, number, choose(Task(asked, items, candidates, count, limits, rng)))
    # Drawn from all candidates, whatever the strategy chooses after it.
    audit = audit_slice(items.ids, candidates, audit_size(share, count), draw_seed(rng))
    if limits:
        limits.take(audit.rows)
    rest = candidates if not len(audit.rows) else without(candidates, audit.rows, len(items))
    choice = choose(Task(asked, items, rest, count - len(audit.rows), limits, rng))
    return _picks(items, asked.name, number, choice, audit)


def _picks(pool: Pool, name: str, round_: int, choice: Choice, audit: Choice = NOTHING) -> pd.DataFrame:
    rows = np.concatenate([choice.rows, audit.rows])
    # A picks table as it stands: rows are distinct and the types right, and to check it again would take as long as to
    # score a hundred thousand rows.
    return pd.DataFrame(
        {
            "item_id": pool.ids.column(rows),
            "rank": np.arange(1, len(rows) + 1, dtype=np.int64),
            "score": np.concatenate([choice.scores, audit.scores]),
            "strategy": pd.array([name, AUDIT], dtype=TEXT).repeat([len(choice.rows), len(audit.rows)]),
            "inclusion_probability": np.concatenate([choice.chances, audit.chances]),
            "round": np.full(len(rows), round_, dtype=np.int64),
        },
        copy=False,
    )
