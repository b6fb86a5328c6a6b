"""A pool with its labels and the picks of several rounds in; a warning where the model seems to know earlier draws."""

from __future__ import annotations

import warnings

import pandas as pd

from a2i_al.errors import EstimateWarning
from a2i_al.metrics.estimates.sizes import UNIFORM

# So seldom is a model that has not learnt from the earlier draws so much better on them.
_NO_ACCIDENT = 1e-3


def warn_of_learnt(pool: pd.DataFrame, picks: pd.DataFrame) -> None:
    """Warn if a model is wrong less often on the uniform draws of earlier rounds than on those of the last.

    Later rounds draw from what strategies have left, most often the easier part: there a model that has learnt nothing
    in between errs less, not more. Fisher's exact test, one-sided.

    Parameters
    ----------
    pool : DataFrame
        Predictions with `label` where there is one, indexed by `item_id`.
    picks : DataFrame
        Checked.

    Warns
    -----
    EstimateWarning

    Examples
    --------
    >>> ids = [str(n) for n in range(40)]
    >>> pool = pd.DataFrame({"predicted_label": "a", "label": ["a"] * 20 + ["b"] * 20}, index=ids)
    >>> picks = pd.DataFrame({"item_id": ids, "round": [0] * 20 + [1] * 20, "strategy": "audit",
    ...     "inclusion_probability": 0.1})
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warn_of_learnt(pool, picks)
    >>> str(caught[0].message)[:61]
    'the model is wrong on 0 of 20 draws of earlier rounds and on '
    """
    from scipy.stats import hypergeom  # noqa: PLC0415 - half a second to import

    drawn = picks[picks["inclusion_probability"].notna() & picks["strategy"].isin(UNIFORM)].set_index("item_id")
    known = pool.loc[pool.index.intersection(drawn.index)]
    known = known[known["label"].notna()]
    wrong, asked_in = known["label"] != known["predicted_label"], drawn["round"].reindex(known.index)
    last = asked_in == asked_in.max()
    before, now = int(wrong[~last].sum()), int(wrong[last].sum())
    n_before, n_now = int((~last).sum()), int(last.sum())
    if n_before and hypergeom.cdf(before, n_before + n_now, before + now, n_before) < _NO_ACCIDENT:
        warnings.warn(
            f"the model is wrong on {before} of {n_before} draws of earlier rounds and on {now} of {n_now} of the "
            "last: it seems to have learnt from the former. Take rounds='last', or out-of-fold predictions",
            EstimateWarning,
            stacklevel=3,
        )
