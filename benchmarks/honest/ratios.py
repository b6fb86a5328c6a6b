"""Pools of several classes in; how often intervals of recall, F1, macro-F1 and a mean amount hold the truth out."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

import a2i_al as al

CLASSES = np.array(["billing", "bug", "delivery", "other"])
SHARES = np.array([0.4, 0.3, 0.2, 0.1])
ITEMS = 2_000
DESIGNS = ("uniform", "importance", "audit and top n")


def coverage_of_ratios(n: int, pools: int, design: str, seed: int = 0) -> dict[str, float]:
    """Return the coverage of each metric: a model of about 85 % accuracy, n reviews of 2,000 items."""
    rng, held = np.random.default_rng([seed, DESIGNS.index(design)]), {}
    for _ in range(pools):
        table, proba = _pool(rng)
        picks = _picked(design, table, proba, n, rng)
        labels = table.loc[table["item_id"].isin(picks["item_id"]), ["item_id", "label", "amount"]]
        predictions = table.drop(columns=["label", "amount"])
        for metric in ("f1", "macro_f1", "recall", "amount"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", al.errors.EstimateWarning)
                found = al.estimate(predictions, labels, picks, metric=metric, proxy="auto")
            truth = _truth(table, metric)
            rows = list(found) if metric in ("f1", "recall") else [found]
            held.setdefault(f"{metric}, {design}", []).extend(
                row.low <= truth[row.group] <= row.high for row in rows if not np.isnan(row.value)
            )
    return {name: float(np.mean(each)) for name, each in held.items()}


def _pool(rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    label = rng.choice(len(CLASSES), ITEMS, p=SHARES)
    logits = rng.normal(0, 1.2, (ITEMS, len(CLASSES))) + np.log(SHARES)
    logits[np.arange(ITEMS), label] += 3.2
    proba = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    said = proba.argmax(axis=1)
    table = pd.DataFrame(
        {
            "item_id": [f"t{number}" for number in range(ITEMS)],
            "predicted_label": CLASSES[said],
            "confidence": proba.max(axis=1),
            "model_version": "v1",
            "label": CLASSES[label],
            "amount": rng.lognormal(3, 0.6, ITEMS) * (1 + (said != label)),
        }
    )
    return table.assign(**{f"proba_{name}": proba[:, at] for at, name in enumerate(CLASSES)}), proba


def _picked(design: str, table: pd.DataFrame, proba: np.ndarray, n: int, rng: np.random.Generator) -> pd.DataFrame:
    options = {"random_state": rng, "item_ids": table["item_id"]}
    if design == "importance":
        scores = al.estimation_scores(1 - table["confidence"])
        return al.sample(proba, n, strategy="importance", scores=scores, **options)
    if design == "uniform":
        return al.sample(proba, n, strategy="random", **options)
    return al.sample(proba, n, strategy="margin", audit_fraction=0.5, **options)


def _truth(table: pd.DataFrame, metric: str) -> dict[str, float]:
    if metric == "amount":
        return {"": float(table["amount"].mean())}
    truth = {}
    for name in CLASSES:
        truly, said = table["label"] == name, table["predicted_label"] == name
        of = truly.sum() if metric == "recall" else (truly.sum() + said.sum()) / 2
        truth[str(name)] = float((truly & said).sum() / of)
    return {"": float(np.mean(list(truth.values())))} if metric == "macro_f1" else truth
