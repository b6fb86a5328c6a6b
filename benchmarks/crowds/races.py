"""Ours against crowd-kit and krippendorff on the same answers, from table to labels: time, memory, what comes out."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from speed.clock import Taken, forget_peak, held_mb, peak_mb, raced, timed

import a2i_al as al
from a2i_al.labels import RunningLabels
from a2i_al.metrics import krippendorff_alpha
from crowds.answers import crowd, for_crowd_kit, matrix

FIELD = "category"


def ours(method: str, answers: pd.DataFrame) -> pd.Series:
    """Return our labels by item."""
    return al.consolidate(answers, FIELD, method=method).set_index("item_id")["label"]


def theirs(method: str, answers: pd.DataFrame, **options: Any) -> Any:
    """Return crowd-kit's fitted aggregation; its labels are `labels_`."""
    from crowdkit.aggregation import DawidSkene, MajorityVote, OneCoinDawidSkene  # noqa: PLC0415

    peer = {"majority": MajorityVote, "dawid_skene": DawidSkene, "one_coin": OneCoinDawidSkene}[method]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of today's pandas
        return peer(**options).fit(for_crowd_kit(answers))


def label_race(method: str, items: int) -> tuple[dict[str, Taken], dict[str, float]]:
    """Return what either took, and how their labels compare."""
    answers, truth = crowd(items)
    warnings.simplefilter("ignore")  # while they run by turns, too
    found: dict[str, Any] = {}
    contenders: dict[str, Callable[[], object]] = {
        "ours": lambda: found.update(ours=ours(method, answers)),
        "crowd-kit": lambda: found.update(peer=theirs(method, answers)),
    }
    taken = raced(contenders)
    mine, peer = found["ours"], found["peer"]
    labels = peer.labels_.reindex(mine.index)
    # crowd-kit gives a tie to the first of the labels; ours says that it is one.
    clear = mine.notna()
    figures = {
        "equal": float((mine[clear] == labels[clear]).mean()),
        "tied": float(1 - clear.mean()),
        "right": float((mine == truth.reindex(mine.index)).mean()),
        "peer_right": float((labels == truth.reindex(mine.index)).mean()),
    }
    if method == "dawid_skene":
        posterior = al.consolidate(answers, FIELD, method=method, proba=True).set_index("item_id")
        mine_proba = posterior[[f"proba_{name}" for name in peer.probas_.columns]].to_numpy()
        peer_proba = peer.probas_.reindex(mine.index).to_numpy()
        figures["likelihood"] = likelihood(answers, mine_proba, mine.index, list(peer.probas_.columns))
        figures["peer_likelihood"] = likelihood(answers, peer_proba, mine.index, list(peer.probas_.columns))
    return taken, figures


def likelihood(answers: pd.DataFrame, posterior: np.ndarray, items: pd.Index, classes: list[str]) -> float:
    """Return the mean log-likelihood of an answer, with the error rates that follow from the items' posteriors."""
    item, label = items.get_indexer(answers["item_id"]), pd.Index(classes).get_indexer(answers["value"])
    worker, workers = pd.factorize(answers["worker_id"])
    counts = np.zeros((len(workers), len(classes), len(classes)))
    np.add.at(counts, (worker, label), posterior[item])
    counts = np.maximum(counts, 1e-10)
    rates, prior = counts / counts.sum(axis=1, keepdims=True), posterior.mean(axis=0)
    scores = np.repeat(np.log(prior)[None, :], len(items), axis=0)
    np.add.at(scores, item, np.log(rates)[worker, label])
    high = scores.max(axis=1)
    return float((high + np.log(np.exp(scores - high[:, None]).sum(axis=1))).sum() / len(answers))


def memory(who: str, method: str, items: int) -> float:
    """Return the memory that one run takes beside its table, in MB; a small run has loaded the code before."""
    work = {"ours": ours, "crowd-kit": theirs}[who]
    work(method, crowd(60_000)[0])
    answers, _ = crowd(items)
    forget_peak()
    before = held_mb()
    work(method, answers)
    return peak_mb() - before


def alpha_race(items: int) -> tuple[dict[str, Taken], dict[str, float]]:
    """Race Krippendorff's alpha from the table of answers; the peer's has a matrix made of it on the way."""
    import krippendorff  # noqa: PLC0415

    answers, _ = crowd(items)
    ready = matrix(answers)
    taken = raced(
        {
            "ours": lambda: krippendorff_alpha(answers, FIELD),
            "krippendorff": lambda: krippendorff.alpha(matrix(answers), level_of_measurement="nominal"),
            "krippendorff, matrix ready": lambda: krippendorff.alpha(ready, level_of_measurement="nominal"),
        }
    )
    apart = krippendorff_alpha(answers, FIELD) - krippendorff.alpha(ready, level_of_measurement="nominal")
    return taken, {"apart": abs(float(apart))}


def running_race(items: int) -> tuple[dict[str, Taken], dict[str, float]]:
    """Race a thousand further answers to a running consolidation against one fit of everything."""
    answers, _ = crowd(items)
    al.consolidate(answers.iloc[:200_000], FIELD, method="dawid_skene")
    running = RunningLabels(FIELD).add(answers.iloc[:-1_000])
    running.labels()
    new: dict[str, Any] = {}
    portion = timed(lambda: new.update(labels=running.add(answers.iloc[-1_000:]).labels()))
    whole = timed(lambda: new.update(whole=al.consolidate(answers, FIELD, method="dawid_skene")))
    expected = new["whole"]["label"].fillna("")
    near, end = (table["label"].fillna("") == expected for table in (new["labels"], running.labels(settle=True)))
    return {"portion": portion, "whole": whole}, {"equal": float(near.mean()), "settled_equal": float(end.mean())}
