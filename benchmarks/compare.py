"""How fast a million predictions are compared with labels, with 1,000 weighted bootstrap replicates; on two cores.

    python benchmarks/compare.py [--quick] [--json FILE]

The peer is what one would write: pandas' merge on string ids, and scikit-learn's accuracy and macro F1 with sample
weights once per replicate, timed for two replicates and scaled to all. `--quick` takes a tenth of the rows.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from reporting import command_line, report
from sklearn.metrics import accuracy_score, f1_score

from a2i_al.metrics import compare

ROWS, REPLICATES, TARGET = 1_000_000, 1_000, 5.0
WRONG = 0.2
CLASSES = np.array(["negative", "neutral", "positive", "mixed", "other"], dtype=object)


def tables(rows: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return predictions, labels in another order, and picks drawn with chances that all differ."""
    rng = np.random.default_rng(0)
    ids = np.array([f"item-{number:07d}" for number in range(rows)], dtype=object)
    truth = rng.integers(0, len(CLASSES), rows)
    said = np.where(rng.random(rows) < WRONG, (truth + 1) % len(CLASSES), truth)
    mixed = rng.permutation(rows)
    predictions = {"predicted_label": CLASSES[said], "confidence": rng.uniform(0.2, 1, rows), "model_version": "v1"}
    return (
        pd.DataFrame({"item_id": ids} | predictions),
        pd.DataFrame({"item_id": ids[mixed], "label": CLASSES[truth[mixed]], "status": "agreed"}),
        pd.DataFrame({"item_id": ids, "inclusion_probability": rng.uniform(0.1, 1, rows), "strategy": "importance"}),
    )


def ours(predictions: pd.DataFrame, labels: pd.DataFrame, picks: pd.DataFrame) -> dict[str, float]:
    """Compare, then bound every score by the weighted bootstrap."""
    start, spent = time.perf_counter(), time.process_time()
    comparison = compare(predictions, labels, picks)
    joined = time.perf_counter()
    scores = comparison.scores(n_resamples=REPLICATES, random_state=0)
    end = time.perf_counter()
    return {
        "compare_seconds": joined - start,
        "scores_seconds": end - joined,
        "total_seconds": end - start,
        "total_cpu_seconds": time.process_time() - spent,
        "accuracy": float(scores["value"].iloc[0]),
    }


def peers(predictions: pd.DataFrame, labels: pd.DataFrame, picks: pd.DataFrame, times: int = 2) -> dict[str, float]:
    """Merge, then score a few replicates, scaled to all of them."""
    start = time.perf_counter()
    joined = predictions.merge(labels, on="item_id").merge(picks, on="item_id")
    merged = time.perf_counter()
    rng = np.random.default_rng(0)
    for _ in range(times):
        drawn = rng.multinomial(len(joined), np.full(len(joined), 1 / len(joined)))
        weights = drawn / joined["inclusion_probability"]
        accuracy_score(joined["label"], joined["predicted_label"], sample_weight=weights)
        f1_score(joined["label"], joined["predicted_label"], average="macro", sample_weight=weights)
    scored = (time.perf_counter() - merged) * REPLICATES / times
    return {"merge_seconds": merged - start, "scikit_learn_seconds": scored}


def main() -> None:
    """Measure, print a table, write JSON."""
    options = command_line(__doc__, quick="a tenth of the rows").parse_args()
    rows = ROWS // 10 if options.quick else ROWS
    ours(*tables(1_000))  # compiles, or loads what was compiled
    data = tables(rows)
    figures: dict[str, float] = {"rows": rows} | {f"ours_{k}": v for k, v in ours(*data).items()}
    figures |= {f"peer_{k}": v for k, v in peers(*data).items()}
    figures["target_seconds"] = TARGET
    figures["peer_x"] = (figures["peer_merge_seconds"] + figures["peer_scikit_learn_seconds"]) / figures[
        "ours_total_seconds"
    ]
    report(figures, options.json)


if __name__ == "__main__":
    main()
