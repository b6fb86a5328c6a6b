"""Predicted and true entities in; exact and partial precision, recall and F1 by label out."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from a2i_al.labels.structured.covers import Span, common
from a2i_al.labels.structured.spans import read_spans
from a2i_al.metrics.structured.pairing import paired, rates

ALL: Final = "all"
_COUNTS: Final = ("matched", "n_predicted", "n_actual")

_Spans = frozenset[Span]


def span_scores(predicted: Any, actual: Any) -> pd.DataFrame:
    """Compare predicted entities with people's.

    Parameters
    ----------
    predicted, actual : Series or mapping of item id to entities
        As crowd-entity-annotation answers or as a list of its entities, both counted in one unit. A text without
        entities has an empty list; items without a label or a prediction are left out.

    Returns
    -------
    DataFrame
        A row per `label` and `match`, and first, for ``"all"`` labels, `precision`, `recall`, `f1`, `matched`,
        `n_predicted`, `n_actual`. ``exact`` counts entities with the same label, start and end; ``partial`` counts
        the characters that both marked with the same label. A rate of nothing is NaN.

    Raises
    ------
    InvalidInput
        If nothing can be compared, or an answer is no set of entities.

    References
    ----------
    E. Tjong Kim Sang, F. De Meulder, "Introduction to the CoNLL-2003 shared task", CoNLL 2003, for exact matches.

    Examples
    --------
    >>> def ann(end):
    ...     return {"entities": [{"label": "person", "startOffset": 0, "endOffset": end}]}
    >>> span_scores({"i": ann(3)}, {"i": ann(7)})[["label", "match", "precision", "recall"]].round(2).head(2)
      label    match  precision  recall
    0   all    exact        0.0    0.00
    1   all  partial        1.0    0.43
    """
    pairs = paired(predicted, actual, read_spans)
    names = sorted({label for pair in pairs for side in (pair.predicted, pair.actual) for label, _, _ in side})
    rows = []
    for label in [None, *names]:
        some = [(_only(pair.predicted, label), _only(pair.actual, label)) for pair in pairs]
        for match, count in (("exact", _same), ("partial", common)):
            counts = dict(
                zip(_COUNTS, (sum(n) for n in zip(*(count(*sides) for sides in some), strict=True)), strict=True)
            )
            rows.append({"label": ALL if label is None else label, "match": match, **rates(*counts.values()), **counts})
    return pd.DataFrame(rows)


def _only(spans: _Spans, label: str | None) -> _Spans:
    return spans if label is None else frozenset(span for span in spans if span[0] == label)


def _same(ours: _Spans, theirs: _Spans) -> tuple[int, int, int]:
    return len(ours & theirs), len(ours), len(theirs)
