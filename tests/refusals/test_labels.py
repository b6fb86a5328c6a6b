"""What consolidation is given, the options of its methods included."""

import pandas as pd

from a2i_al.labels import RunningLabels, consolidate, needs_another_review, worker_confusion, worker_quality

IDS = [f"i{n}" for n in range(6)]
TRUTH = dict(zip(IDS, "ababab", strict=True))
ANSWERS = pd.DataFrame(
    [
        {"human_loop_name": f"l{i}", "item_id": i, "worker_id": worker, "field": "category", "value": label}
        for i, right in TRUTH.items()
        for worker, label in (("u", right), ("v", right), ("w", "a"))
    ]
)
PREDICTIONS = pd.DataFrame({"item_id": IDS, "proba_a": 0.7, "proba_b": 0.3})
RUNNING = RunningLabels("category", method="majority").add(ANSWERS)

ASKED = {"answers": ANSWERS, "field": "category"}
OFFERED = {"labels": ["a", "b"]}
# No label offered, none fits: that is told of the answer, or of the known label.
NOT_OFFERED = {"labels": "labels|one of", "answers": "answers|no answer"}
GOLD = {"gold": TRUTH}


def _method(method, value=None, right=None, **options):
    """Return the call of a method, with answers that it can read."""
    answers = ANSWERS if value is None else ANSWERS.assign(value=[value] * len(ANSWERS))
    return (lambda **given: consolidate(answers, "category", method=method, **given), options, right or {})


CALLS = {
    "consolidate": (
        consolidate,
        {**ASKED, "method": "majority", "reviewers": 3, **OFFERED, "proba": False},
        {"reviewers": "three"},
        NOT_OFFERED,
    ),
    "consolidate, by the kind": (consolidate, {"answers": ANSWERS.assign(kind="choice"), "field": "category"}),
    "dawid_skene": _method("dawid_skene", **GOLD, smoothing=0.1, right={"gold": "none dict", "smoothing": "three"}),
    "one_coin": _method("one_coin", **GOLD, smoothing=0.1, right={"gold": "none dict", "smoothing": "three"}),
    "glad": _method("glad", **GOLD, right={"gold": "none dict"}),
    "weighted_majority": _method("weighted_majority", weights={"u": 1, "v": 1, "w": 2}, right={"weights": "none"}),
    "crowdlab": _method("crowdlab", predictions=PREDICTIONS),
    "multi_label": _method("multi_label", ["a"], threshold=0.5),
    "numbers": _method("numbers", 3, {"tolerance": "three"}, centre="median", tolerance=0.1),
    "text": _method("text", "a", ignore_case=True, ignore_space=True),
    "medoid": _method("medoid", "a", ignore_case=True, ignore_space=True),
    "boxes": _method("boxes", [], iou=0.5, threshold=0.5, fuse="mean"),
    "polygons": _method("polygons", [], iou=0.5, threshold=0.5),
    "keypoints": _method("keypoints", [], {"radius": "none three"}, radius=5, threshold=0.5),
    "spans": _method("spans", [], {"texts": "none dict"}, unit="span", threshold=0.5, texts=None, offsets="utf-16"),
    "key_values": _method("key_values", {"Total": "12"}, ignore_case=True, ignore_space=True),
    "RunningLabels": (
        RunningLabels,
        {"field": "category", "method": "majority", "reviewers": 3, **OFFERED},
        {"field": "text blank", "reviewers": "three", "labels": "list dict"},
    ),
    "RunningLabels, gold": (
        RunningLabels,
        {"field": "category", "method": "one_coin", **GOLD},
        {"field": "text blank", "gold": "none dict"},
    ),
    "RunningLabels.add": (
        lambda answers: RunningLabels("category").add(answers),
        {"answers": ANSWERS},
        {"answers": "empty_table"},
    ),
    "RunningLabels.labels": (RUNNING.labels, {"settle": None, "proba": False}),
    "RunningLabels.from_bytes": (RunningLabels.from_bytes, {"kept": RUNNING.to_bytes()}, {}, {"kept": "bytes"}),
    "worker_quality": (
        worker_quality,
        {**ASKED, "method": "one_coin", **GOLD, **OFFERED, "confidence": 0.9},
        {"gold": "dict"},
        NOT_OFFERED,
    ),
    "worker_confusion": (
        worker_confusion,
        {**ASKED, **GOLD, **OFFERED, "smoothing": 0.1},
        {"gold": "dict", "smoothing": "three"},
        NOT_OFFERED,
    ),
    "needs_another_review": (
        needs_another_review,
        {**ASKED, "predictions": PREDICTIONS, **OFFERED},
        {},
        NOT_OFFERED,
    ),
}


def test_what_is_right_is_taken(name):
    """So what is refused below is refused for the one argument that is not."""
    function, given, *_ = CALLS[name]
    function(**given)


def test_rubbish_is_refused_by_its_name(faults, name, argument):
    """With an error of this package's own that says what was expected."""
    assert faults(CALLS[name], argument) == []
