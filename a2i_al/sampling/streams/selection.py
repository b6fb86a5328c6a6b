"""A pool of any size in, the picks table out: one pass over the source, with memory for a few chunks of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.sampling.audit import audit_size
from a2i_al.sampling.auto import decide
from a2i_al.sampling.ids import draw_seed
from a2i_al.sampling.pools.candidates import whole
from a2i_al.sampling.pools.estimators import answers_of
from a2i_al.sampling.pools.frames import in_order_of
from a2i_al.sampling.pools.ids import excluded_ids
from a2i_al.sampling.pools.inputs import check_labelled, checked_input
from a2i_al.sampling.registry import AUTO, INPUTS, Strategy, StrategyFunction, resolve
from a2i_al.sampling.streams.carrying_out import Pass
from a2i_al.sampling.streams.item_ids import excluding
from a2i_al.sampling.streams.kept import candidates
from a2i_al.sampling.streams.layout import Layout, Names, require_names
from a2i_al.sampling.streams.picked import picks_of
from a2i_al.sampling.streams.plan import Plan, Way, plan
from a2i_al.sampling.streams.spec import Spec
from a2i_al.sampling.streams.widths import Widths
from a2i_al.tables import PICKS


def sample_stream(
    source: Any,
    n: int,
    *,
    strategy: str | StrategyFunction = "auto",
    estimator: Any = None,
    item_id: str | None = None,
    proba: Names = None,
    features: Names = None,
    labelled_features: Any = None,
    labelled_labels: npt.ArrayLike | None = None,
    labelled_proba: npt.ArrayLike | None = None,
    exclude: Iterable[Any] | pd.DataFrame = (),
    audit_fraction: float = 0.0,
    round: int = 0,  # noqa: A002 - the picks table's own column
    random_state: int | np.random.Generator | None = None,
    kept: int | None = None,
    filesystem: Any = None,
) -> pd.DataFrame:
    """Choose the n items of a pool larger than memory that are worth a person's minute, in one pass over it.

    Scores, ``"random"`` and ``"importance"`` choose from the whole pool. Of the strategies that look at many items at
    once, those that vary what is uncertain (``"badge"``, ``"clue"``, ``"cluster_margin"``, ``"falcun"``,
    ``"ranked_batch"``, ``"weighted_k_means"``) choose among the `kept` rows most uncertain by margin; ``"k_center"``
    and ``"gsx"`` reduce chunk after chunk to a core-set of `kept` rows; others that need no probabilities choose among
    `kept` rows drawn uniformly; and all others among half of each, the most uncertain and the drawn.

    Parameters
    ----------
    source : path, pyarrow.dataset.Dataset, table or iterable of chunks
        Parquet: a file, a folder, a pattern such as ``"pool/*.parquet"``, a list of these, or a URI such as
        ``"s3://bucket/pool/"``, in the order of the names. Or any object with ``__arrow_c_stream__`` (polars,
        DuckDB), or an iterable of arrays with a row per item, DataFrames, or pyarrow Tables or RecordBatches.
    n : int
        How many items to choose: exactly so many come back, all distinct.
    strategy : str or callable, default "auto"
        As in `sample`; ``"auto"`` looks at features where they are named or go to an estimator. A score is called with
        one chunk's rows, or some of them, so it must not depend on the others: it may take `hashes`, but not `rng`.
    estimator : object with ``predict_proba``, optional
        Gives the probabilities of each chunk from its features; arrays are features then.
    item_id : str, optional
        The column of ids: whole numbers or text. By default ``"item_id"`` if it is there, else a DataFrame's index if
        that is no default index, else the row's number in the source, from 0.
    proba, features : str or sequence of str, optional
        A list column, or the columns, one per class or dimension. By default the list column of this name, else the
        columns ``proba_...`` or ``features_...``, else the only list column of floats, else all other float columns
        (``confidence`` is none of them, nor are probabilities features); for an estimator that knows its features'
        names, those.
    labelled_features, labelled_labels, labelled_proba : array-like, optional
        As in `sample`; where the features are named, a DataFrame's columns go by their names. An estimator gives
        `labelled_proba`, if need be.
    exclude : iterable of ids, or a table with `item_id`
        Items that are no candidates, such as those reviewed already.
    audit_fraction : float, default 0.0
        As in `sample`: share of n that is drawn uniformly from all candidates.
    round : int, default 0
        Round of the cycle, for the table.
    random_state : int, numpy.random.Generator or None
        The same seed gives the same picks, for a score or ``"random"`` also in another order or other chunks, and
        the same as `sample` in memory.
    kept : int, optional
        How many rows batch strategies choose from. By default 10 n of the most uncertain, 3 n in a core-set, or
        20,000 (10 n if that is more).
    filesystem : pyarrow.fs.FileSystem, optional
        Where the paths are; without it a URI is resolved by pyarrow, with the environment's credentials.

    Returns
    -------
    DataFrame
        The picks table, as `sample` gives it.

    Raises
    ------
    InvalidInput
        If the source is empty or cannot be read (naming the file), has fewer than n candidates, an id is missing or
        among the picks twice, or the strategy needs what a stream cannot give. Repeated ids among rows that are not
        kept go unseen: to see them, the whole pool would have to be remembered.
    InvalidTable
        If a chunk lacks a column, or has others than the first, in whatever order and precision; has ids where
        others have none; or not as many classes or features as others, or as what is labelled.
    InvalidProbabilities
        If a row is no distribution over the classes, naming the file and the row in it. ``"random"`` reads ids only.

    Notes
    -----
    Time O(N k) for scores: ten million rows of ten float32 classes in Parquet take a fraction of a second. Memory: a
    chunk per processor (some row groups, or batches of a large one) and what is kept. Under ``"importance"`` the weight
    is the margin score, or 5 % of the mean margin score (rounded to a power of two) if that is more; the chance of each
    pick is exactly min(1, weight/τ), the same as in memory. The floor is known at the end only: up to 2 n rows of each
    power of two of scores are kept until then.

    References
    ----------
    E. Cohen, N. Duffield, H. Kaplan, C. Lund and M. Thorup, "Stream sampling for variance-optimal estimation of subset
    sums", SODA 2009; P. Indyk, S. Mahabadi, M. Mahdian and V. Mirrokni, "Composable core-sets for diversity and
    coverage maximization", PODS 2014; F. Zhdanov, "Diverse mini-batch active learning", 2019.

    Examples
    --------
    >>> chunks = (np.array([[0.9, 0.1], [0.6, 0.4]]) + [shift, -shift] for shift in (0.0, 0.05, -0.08))
    >>> sample_stream(chunks, 2, random_state=0)[["item_id", "rank", "score"]].round(2)
      item_id  rank  score
    0       5     1   0.96
    1       1     2   0.80
    """
    for name, value in (("item_id", item_id), ("proba", proba), ("features", features)):
        require_names(name, value)
    asked = resolve(strategy)
    if asked.built_in == AUTO:
        known = {"features": features if estimator is None else estimator, "labelled_features": labelled_features}
        asked = decide({"proba": source, **known, "labelled_labels": labelled_labels}).strategy
    n, number = whole(n, "n"), arguments.whole("round", round, 0)
    if n < 1:
        raise InvalidInput(f"n is {n}", expected="1 or more")
    rng, share = arguments.generator(random_state), arguments.fraction("audit_fraction", audit_fraction, of="n")
    way = plan(asked, n, kept)
    audits = audit_size(share, n) if asked.kind != "draw" else 0
    # A labelled table's columns go by their names, where the pool's are known.
    named = getattr(estimator, "feature_names_in_", None) if features is None else features
    if named is not None and not isinstance(named, str):
        labelled_features = in_order_of(pd.DataFrame(columns=list(named)), labelled_features)
    given = _given(asked, labelled_features, labelled_labels, labelled_proba, estimator)
    of_labels = "label_proba" in asked.needs
    layout = Layout(item_id, proba, features, *_looked_at(asked, way, proba, features, estimator), estimator, of_labels)
    # In the order in which `sample` draws its seeds: that of the audit slice, then that of the ties.
    audit_seed = draw_seed(rng)
    seed = draw_seed(rng) if way.way is Way.TOP else audit_seed
    excluded = excluding(excluded_ids(exclude))
    spec = Spec(None, exclude=excluded, audits=audits, audit_seed=audit_seed, given=given, widths=_widths(given))
    rows = Pass(asked, way, spec, layout, seed).over(source, filesystem)
    if len(rows) < n:
        raise InvalidInput(
            f"n is {n}, and the source has {candidates(rows)} candidates",
            expected=f"from 1 to {candidates(rows)}" if len(rows) else "rows that are not excluded",
            fix="ask for fewer items" if len(rows) else "",
        )
    return PICKS.check(picks_of(rows, n, strategy=asked, way=way, spec=spec, rng=rng).assign(round=number))


def _given(strategy: Strategy, features: Any, labels: Any, proba: Any, estimator: Any) -> dict[str, npt.NDArray[Any]]:
    if proba is None and features is not None and "labelled_proba" in (*strategy.needs, *strategy.takes):
        proba = None if estimator is None else _probabilities(estimator, features)
    known = {"labelled_features": features, "labelled_labels": labels, "labelled_proba": proba}
    known["classes"] = getattr(estimator, "classes_", None)
    # Classes may be the names of the source's columns.
    lacking = [name for name in strategy.needs if name in known and known[name] is None and name != "classes"]
    if lacking:
        raise InvalidInput(
            f"strategy {strategy.name!r} needs {' and '.join(lacking)}",
            fix="; ".join(f"pass {INPUTS[name]}" for name in lacking),
        )
    used = (*strategy.needs, *strategy.takes)
    given = {name: checked_input(name, value) for name, value in known.items() if value is not None and name in used}
    check_labelled(given)
    return given


def _probabilities(estimator: Any, features: Any) -> Any:
    return answers_of(estimator, ("proba",), features=features, rng=np.random.default_rng(0)).get("proba")


def _widths(given: Mapping[str, npt.NDArray[Any]]) -> Widths:
    """Say how many features and classes a chunk must have to go with what is labelled."""
    of = {"labelled_features": "features", "labelled_proba": "classes"}
    return Widths({of[name]: (values.shape[1], name) for name, values in given.items() if name in of})


def _looked_at(strategy: Strategy, way: Plan, proba: Names, features: Names, estimator: Any) -> tuple[bool, bool]:
    """Whether probabilities and features are read: what the strategy takes but can do without, only where named."""
    if way.way is Way.UNIFORM:
        return False, False
    uncertain = way.way in (Way.WEIGHTED, Way.AMONG_UNCERTAIN, Way.AMONG_BOTH)
    wants_proba = uncertain or any(name in strategy.needs for name in ("proba", "label_proba"))
    named_proba = "proba" in strategy.takes and (proba is not None or estimator is not None)
    named_features = "features" in strategy.takes and (features is not None or estimator is not None)
    return wants_proba or named_proba, "features" in strategy.needs or named_features
