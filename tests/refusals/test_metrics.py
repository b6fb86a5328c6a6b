"""What measuring and estimating are given; Displays and the tables they draw are in tests/metrics/test_refusals.py."""

import numpy as np
import pandas as pd

from a2i_al import metrics
from a2i_al.metrics import choose_threshold, compare, estimate, estimation_scores
from a2i_al.sampling import sample

N = 30
RNG = np.random.default_rng(0)
IDS = [f"i{n:02d}" for n in range(N)]
TRUTH = RNG.choice(["a", "b"], N)
SAID = np.where(RNG.random(N) < 0.9, TRUTH, "a")
SURE, WRONG = RNG.uniform(0.5, 1, N), SAID != TRUTH
ONES = np.ones(N)
PREDICTIONS = pd.DataFrame({"item_id": IDS, "predicted_label": SAID, "confidence": SURE, "model_version": "v1"})
LABELS = pd.DataFrame({"item_id": IDS, "label": TRUTH, "status": "agreed"})
ITEMS = pd.DataFrame({"item_id": IDS, "language": ["de", "en"] * (N // 2)})
PICKS = sample(None, 20, strategy="random", item_ids=IDS, random_state=0)
DRAWN = LABELS[LABELS["item_id"].isin(PICKS["item_id"])]
ANSWERS = pd.DataFrame(
    [
        {"human_loop_name": f"l{i}", "item_id": i, "worker_id": worker, "field": "category", "value": label}
        for i, right in zip(IDS, TRUTH, strict=True)
        for worker, label in (("u", right), ("v", right), ("w", "a"))
    ]
)
COMPARISON = compare(PREDICTIONS, LABELS, items=ITEMS)
OTHER = PREDICTIONS.assign(model_version="v2", predicted_label="b")
VERSIONS = compare(pd.concat([PREDICTIONS, OTHER]), LABELS)
OPERATIONS = metrics.operations(
    ANSWERS.assign(accepted_at="2026-11-01T10:00Z", submitted_at="2026-11-01T10:01Z", seconds=60.0)
)

SEED = {"n_resamples": 5, "random_state": 0}
SEEDS = {"n_resamples": "three", "random_state": "none three list"}
CURVE = {"confidence": SURE, "errors": WRONG, "weights": ONES}
# What is empty differs in length from what is not, and the error may be about either.
EMPTY = {"confidence": "confidence|errors", "values": "values|probabilities", "outcomes": "outcomes|weights"}
ASKED = {"answers": ANSWERS, "field": "category"}
# A matrix of ratings is given as it is, too: then there is no field.
RATED = {"data": "answers|ratings|data", "field": "field|rating", "categories": "categories|a rating is"}
COLUMN = {"time": "column|time", "columns": "column"}


def _pairs(function, predicted, actual, right=None, **options):
    """Return the call of a measure that compares two columns of items; what is empty has no item in common."""
    sides = dict.fromkeys(("predicted", "actual"), "predict|actual|labelled|labels")
    return function, {"predicted": {"i": predicted}, "actual": {"i": actual}, **options}, right or {}, sides


CALLS = {
    "compare": (compare, {"predictions": PREDICTIONS, "labels": LABELS, "picks": PICKS, "items": ITEMS}),
    "against": (VERSIONS.against, {"a": "v1", "b": "v2"}, {}, {"a": "versions", "b": "versions"}),
    "drift": (
        COMPARISON.drift,
        {"time": "item_id", "baseline": 0.3, "reference": None, "alpha": 0.05, "direction": "both"},
        {"reference": "three"},
        COLUMN | {"baseline": "baseline|reference", "reference": "reference|baseline"},
    ),
    "drift, run length": (
        COMPARISON.drift,
        {"time": "item_id", "reference": 10, "average_run_length": 100},
        {"reference": "three", "average_run_length": "three"},
        COLUMN,
    ),
    "to_html": (
        COMPARISON.to_html,
        {"title": "x", "segments": (), "model_version": "v1"},
        {"title": "text blank", "segments": "list dict"},
        COLUMN | {"segments": "segments|column"},
    ),
    "scores": (COMPARISON.scores, {"confidence": 0.9, **SEED}, SEEDS),
    "by_class": (COMPARISON.by_class, {"confidence": 0.9, **SEED}, SEEDS),
    "confusion": (COMPARISON.confusion, {"weighted": False}),
    "by_segment": (
        lambda columns, confidence: COMPARISON.by_segment(columns, confidence=confidence),
        {"columns": "language", "confidence": 0.9},
        {},
        COLUMN,
    ),
    "over_time": (COMPARISON.over_time, {"time": "item_id", "window": 10}, {"window": "three"}, COLUMN),
    "by_confidence": (COMPARISON.by_confidence, {"bins": 5, "strategy": "uniform"}, {"bins": "three"}),
    "calibration": (COMPARISON.calibration, {"bins": 5, "strategy": "uniform"}, {"bins": "three"}),
    "disagreement": (COMPARISON.disagreement, {"confidence": 0.9}),
    "only": (COMPARISON.only, {"model_version": "v1"}),
    "differences": (VERSIONS.against("v1", "v2").differences, {"confidence": 0.9, **SEED}, SEEDS),
    "estimate": (
        estimate,
        {"predictions": PREDICTIONS, "labels": DRAWN, "picks": PICKS}
        | {"metric": "error", "by": None, "confidence": 0.9, "proxy": "auto", "exact": False, "rounds": "last"},
        {"proxy": "none"},
    ),
    "estimation_scores": (
        estimation_scores,
        {"error_probability": SURE, "caution": 0.5},
        {"error_probability": "list"},
    ),
    "choose_threshold": (
        choose_threshold,
        {"predictions": PREDICTIONS, "labels": LABELS, "picks": None, "target_error": 0.5}
        | {"confidence": 0.9, "items_per_day": 10.0},
        {"items_per_day": "three"},
        {"target_error": "target_error"},
    ),
    "choose_threshold, costs": (
        choose_threshold,
        {"predictions": PREDICTIONS, "labels": LABELS, "review_cost": 1.0, "error_cost": 5.0},
        {"review_cost": "three", "error_cost": "three"},
    ),
    "certified_threshold": (
        metrics.certified_threshold,
        {**CURVE, "target_error": 0.5, "level": 0.9, "thresholds": [0.5, 0.7], "largest_weight": 2.0},
        {"largest_weight": "three"},
        EMPTY,
    ),
    "expected_costs": (
        metrics.expected_costs,
        {**CURVE, "review_cost": 1.0, "error_cost": 5.0, "pool_confidence": SURE},
        {"review_cost": "three", "error_cost": "three"},
        EMPTY,
    ),
    "risk_coverage": (metrics.risk_coverage, CURVE, {}, EMPTY),
    "reviewer_agreement": (
        metrics.reviewer_agreement,
        {**ASKED, "weights": None, "categories": ["a", "b"]},
        {},
        RATED,
    ),
    "agreement_table": (
        metrics.agreement_table,
        {"answers": ANSWERS, "fields": "category", "by": "field", "level": "nominal", "categories": ["a", "b"]}
        | {"confidence": 0.9, **SEED},
        SEEDS | {"fields": "list dict"},
        RATED,
    ),
    "cohen_kappa": (
        metrics.cohen_kappa,
        {"a": ["x", "y"], "b": ["x", "x"], "weights": None, "categories": ["x", "y"]},
        {},
        RATED | {"a": r"\ba\b", "b": r"\bb\b"},
    ),
    "fleiss_kappa": (metrics.fleiss_kappa, {"data": ANSWERS, "field": "category"}, {}, RATED),
    "gwet_ac1": (metrics.gwet_ac1, {"data": ANSWERS, "field": "category", "categories": ["a", "b"]}, {}, RATED),
    "krippendorff_alpha": (
        metrics.krippendorff_alpha,
        {"data": ANSWERS, "field": "category", "level": "nominal", "categories": ["a", "b"]},
        {},
        RATED,
    ),
    "bootstrap_interval": (
        metrics.bootstrap_interval,
        {"replicates": [1.0, 2.0, 3.0], "confidence": 0.9},
        {"replicates": "none negative nan three table"},
    ),
    "bootstrap_sums": (
        metrics.bootstrap_sums,
        {"cells": [0, 1, 1], "weights": [1.0, 1.0, 1.0], "n_cells": 2, **SEED},
        SEEDS | {"n_cells": "three"},
    ),
    "brier_score": (
        metrics.brier_score,
        {"confidence": [0.5, 0.6], "confirmed": [True, False], "weights": [1.0, 1.0], "interval": 0.9},
        {},
        {"confirmed": "outcomes"},
    ),
    "log_loss": (
        metrics.log_loss,
        {"confidence": [0.5, 0.6], "confirmed": [True, False], "weights": [1.0, 1.0], "interval": 0.9},
        {},
        {"confirmed": "outcomes"},
    ),
    "confidence_sequence": (
        metrics.confidence_sequence,
        {"outcomes": [True, False], "confidence": 0.9, "most": 100},
        {"outcomes": "list empty_table", "most": "three"},
    ),
    "detect_change": (
        metrics.detect_change,
        {"outcomes": [True, False] * 9, "times": list(range(18)), "baseline": 0.5, "alpha": 0.05}
        | {"direction": "both", "average_run_length": 100},
        {"average_run_length": "three"},
        {"baseline": "baseline|reference"},
    ),
    "estimate_mean": (
        metrics.estimate_mean,
        {"values": [1.0, 0.0, 1.0], "inclusion_probability": [0.5] * 3, "pool_size": 6, "bounded": None}
        | {"confidence": 0.9, "name": "mean"},
        {"pool_size": "three", "name": "text blank"},
        EMPTY | {"inclusion_probability": "inclusion probabilit|chances"},
    ),
    "estimate_mean, weights": (
        metrics.estimate_mean,
        {"values": [1.0, 0.0, 1.0], "weights": ONES[:3], "proxy": SURE[:3], "pool_proxy": SURE, "pool_size": N},
        {},
        EMPTY | {"pool_size": "pool", "weights": "weights|chances", "pool_proxy": "pool"},
    ),
    "exact_interval": (
        metrics.exact_interval,
        {"successes": 1, "n": 5, "size": 20, "confidence": 0.9},
        {"successes": "three", "n": "three"},
        {"n": r"\bn\b"},
    ),
    "prediction_powered_mean": (
        metrics.prediction_powered_mean,
        {"values": [1.0, 0.0], "predicted": [1.0, 0.0], "predicted_unlabelled": [1.0, 0.0, 1.0], "slope": 1.0}
        | {"weights": [1.0, 1.0], "unlabelled_weights": ONES[:3], "confidence": 0.9},
        {"slope": "negative three"},
    ),
    "hajek": (metrics.hajek, {"values": [1.0, 0.0], "inclusion_probability": [0.5, 0.5]}, {}, EMPTY),
    "horvitz_thompson": (
        metrics.horvitz_thompson,
        {"values": [1.0, 0.0], "inclusion_probability": [0.5, 0.5], "pool_size": 4},
        {"pool_size": "three"},
        EMPTY,
    ),
    "lure_weights": (
        metrics.lure_weights,
        {"acquisition_probability": [0.5, 0.5], "pool_size": 4},
        {"acquisition_probability": "list", "pool_size": "three"},
    ),
    "wilson": (
        metrics.wilson,
        {"successes": 1, "n": 5, "confidence": 0.9},
        {"successes": "three", "n": "three"},
        {"n": r"\bn\b|of"},
    ),
    "wilson_weighted": (
        metrics.wilson_weighted,
        {"outcomes": [1, 0], "weights": [1.0, 1.0], "confidence": 0.9},
        {},
        EMPTY,
    ),
    "operations": (metrics.operations, {"answers": ANSWERS, "loops": None, "labels": LABELS, "now": None}),
    "throughput": (OPERATIONS.throughput, {"window": "1D"}, {"window": "none"}),
    "costs": (
        OPERATIONS.costs,
        {"per_loop": 1.0, "per_form": 1.0, "per_hour": 1.0},
        dict.fromkeys(("per_loop", "per_form", "per_hour"), "three"),
    ),
    "box_scores": _pairs(metrics.box_scores, [], [], iou=0.5),
    "mean_average_precision": _pairs(metrics.mean_average_precision, [], [], iou=(0.5,)),
    "mask_scores": _pairs(metrics.mask_scores, [[1]], [[1]]),
    "multi_label_scores": _pairs(metrics.multi_label_scores, ["a"], ["a"]),
    "multi_label_summary": _pairs(metrics.multi_label_summary, ["a"], ["a"]),
    "number_errors": _pairs(metrics.number_errors, 1, 1),
    "span_scores": _pairs(metrics.span_scores, [], []),
    "text_errors": _pairs(metrics.text_errors, "a", "a", ignore_case=True, ignore_space=True),
    "field_accuracy": _pairs(metrics.field_accuracy, {"a": 1}, {"a": 1}, ignore_case=True, ignore_space=True),
    "character_error_rate": _pairs(metrics.character_error_rate, "a", "a", ignore_case=True),
    "word_error_rate": _pairs(metrics.word_error_rate, "a", "a", ignore_case=True),
}


def test_what_is_right_is_taken(name):
    """So what is refused below is refused for the one argument that is not."""
    function, given, *_ = CALLS[name]
    function(**given)


def test_rubbish_is_refused_by_its_name(faults, name, argument):
    """With an error of this package's own that says what was expected."""
    assert faults(CALLS[name], argument) == []
