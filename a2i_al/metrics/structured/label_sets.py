"""Predicted and true sets of labels in; precision, recall and F1 by label, and measures of whole sets, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from a2i_al.labels.structured.multi_label import jaccard, read_labels
from a2i_al.metrics.structured.pairing import Pair, paired, rates

ALL: Final = "all"
_COUNTS: Final = ("matched", "n_predicted", "n_actual")


def multi_label_scores(predicted: Any, actual: Any) -> pd.DataFrame:
    """Compare predicted sets of labels with people's, label by label.

    Parameters
    ----------
    predicted, actual : Series or mapping of item id to labels
        Lists, or objects of label and boolean. An item without labels has an empty list; items without an answer of
        either side are left out.

    Returns
    -------
    DataFrame
        A row per `label`, and first, for ``"all"`` labels, the sums: `precision`, `recall`, `f1`, `matched`,
        `n_predicted`, `n_actual`. A rate of nothing is NaN.

    Raises
    ------
    InvalidInput
        If nothing can be compared, or an answer is no set of labels.

    Examples
    --------
    >>> multi_label_scores({"i": ["a", "b"], "j": []}, {"i": ["a"], "j": ["b"]})[["label", "f1"]]
      label   f1
    0   all  0.5
    1     a  1.0
    2     b  0.0
    """
    return _scores(paired(predicted, actual, read_labels))


def multi_label_summary(predicted: Any, actual: Any) -> pd.Series:
    """Compare whole sets of labels.

    Parameters and errors are those of `multi_label_scores`.

    Returns
    -------
    Series
        `n` items, `subset_accuracy` (share of sets that are equal), `jaccard` (mean share of the labels of either that
        both have; 1 where neither has any), `hamming` (mean share of labels, of all that occur, that are wrong),
        `micro_f1` (over all labels' sums) and `macro_f1` (mean over labels).

    Examples
    --------
    >>> multi_label_summary({"i": ["a", "b"], "j": []}, {"i": ["a"], "j": []}).to_dict()
    {'n': 2.0, 'subset_accuracy': 0.5, 'jaccard': 0.75, 'hamming': 0.25, 'micro_f1': 0.6666666666666666,
     'macro_f1': 0.5}
    """
    pairs = paired(predicted, actual, read_labels)
    table = _scores(pairs).set_index("label")
    labels = [label for label in table.index if label != ALL]
    wrong = sum(len(pair.predicted ^ pair.actual) for pair in pairs)
    return pd.Series(
        {
            "n": len(pairs),
            "subset_accuracy": sum(pair.predicted == pair.actual for pair in pairs) / len(pairs),
            "jaccard": sum(jaccard(pair.predicted, pair.actual) for pair in pairs) / len(pairs),
            "hamming": wrong / (len(pairs) * len(labels)) if labels else 0.0,
            "micro_f1": table.loc[ALL, "f1"],
            "macro_f1": table.loc[labels, "f1"].mean(),
        },
        dtype="float64",
    )


def _scores(pairs: Sequence[Pair[frozenset[str]]]) -> pd.DataFrame:
    ours = Counter(label for pair in pairs for label in pair.predicted)
    theirs = Counter(label for pair in pairs for label in pair.actual)
    both = Counter(label for pair in pairs for label in pair.predicted & pair.actual)
    counts = [(ALL, both.total(), ours.total(), theirs.total())]
    counts += [(label, both[label], ours[label], theirs[label]) for label in sorted({*ours, *theirs})]
    rows = [{"label": label, **rates(*n), **dict(zip(_COUNTS, n, strict=True))} for label, *n in counts]
    return pd.DataFrame(rows)
