"""Answers in, one row per item out: its label, how sure, and a status where there is no label to give.

An algorithm sees the votes alone and decides label and confidence; what is true of every algorithm (who answered, how
far the answers agree, which status follows) is settled here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.labels.majority import majority
from a2i_al.labels.structured import registry as structured
from a2i_al.labels.votes import as_text, check_offered, votes
from a2i_al.tables import ANSWERS, LABELS

# One row per vote in (item_id, worker_id, vote); out, indexed by item_id: label (None where undecided), confidence.
METHODS: dict[str, Callable[..., pd.DataFrame]] = {"majority": majority}


def consolidate(
    answers: pd.DataFrame,
    field: str,
    *,
    method: str | None = None,
    reviewers: int | None = None,
    labels: Iterable[str] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Turn several people's answers into one label per item, and say where there is none and why.

    Parameters
    ----------
    answers : DataFrame
        The answers table. Values may be text, numbers, booleans, lists or dicts; lists and dicts count as equal when
        their JSON with sorted keys is, and that JSON is the label.
    field : str
        Name of the form element whose answers are the labels.
    method : str, optional
        How votes become a label. By default, or as ``"auto"``, the column `kind` that harvested answers have decides:
        see "Methods" below. Answers of unknown kind, and single labels, go by "majority".
    reviewers : int, optional
        How many workers each item was given to. An item that fewer have answered is ``incomplete``.
    labels : iterable of str, optional
        The labels that the task page offers. An answer outside them is an error; with methods for answers that have
        parts, it does not count, and a warning says so.
    **options
        The method's own.

    Returns
    -------
    DataFrame
        The labels table, sorted by item_id, with a row for every item of `answers`. `status` is

        - ``incomplete``: fewer than `reviewers` workers have answered;
        - ``abstained``: all of them left the field empty;
        - ``tied``: two labels or more lead together;
        - ``agreed``: there is a label. In every other case `label` and `confidence` are missing.

        `n_answers` counts the workers that did not leave the field empty, each by the last answer submitted.
        `agreement` is the share of pairs of their answers that agree, NaN below two answers. A column of `answers`
        beyond the table's own passes if it has one value per item.

        Methods for answers with parts add `value`, the consolidated answer in JSON types, of which `label` is the text,
        and `detail`, what each part got. Their `n_answers` counts the answers that could be read; an item with none is
        ``abstained``. Their `agreement` is the mean likeness of pairs of answers.

    Raises
    ------
    InvalidTable
        If `answers` is no answers table.
    InvalidInput
        If no answer has that field, the method or an option is unknown, or `reviewers` is below 1; if the kinds
        of the answers ask for several methods.
    UnknownLabel
        If an answer is none of `labels`.

    Warns
    -----
    UnreadAnswerWarning
        If answers are not what the method works on: malformed, or of another kind.

    Notes
    -----
    Methods for answers with parts, their options, and the kinds that ask for them; each is documented with its function
    in `a2i_al.labels.structured`:

    - ``multi_label`` (choices, flags, moderation_labels): `threshold`;
    - ``numbers`` (number): `centre`, `tolerance`;
    - ``text`` (text), ``medoid``: `ignore_case`, `ignore_space`.

    References
    ----------
    The agreement of an item is P_i of J. Fleiss, "Measuring nominal scale agreement among many raters", Psychological
    Bulletin 76(5), 1971.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": ["l1", "l1", "l1"], "item_id": ["i"] * 3, "field": ["category"] * 3,
    ...     "worker_id": ["u", "v", "w"], "value": ["cat", "dog", "cat"]})
    >>> consolidate(answers, "category").round(3).to_dict("records")[0] == {"item_id": "i", "label": "cat",
    ...     "confidence": 0.667, "n_answers": 3, "agreement": 0.333, "status": "agreed", "method": "majority"}
    True
    """
    if method not in (None, "auto"):
        _check_method(method)
    if reviewers is not None and reviewers < 1:
        raise InvalidInput(f"reviewers is {reviewers}", expected="at least 1, the number of workers per item")
    answers = ANSWERS.check(answers)
    if answers.empty:
        return LABELS.empty()
    every = votes(answers, field)
    if method in (None, "auto"):
        method = structured.by_kind(answers[answers["field"] == field], "majority")
    cast = every.dropna(subset="vote")
    if method in structured.METHODS:
        decided = structured.consolidated(cast, method, options, labels)
    else:
        if labels is not None:
            check_offered(every, labels)
        structured.check_options(method, METHODS[method], options)
        decided = METHODS[method](cast, **options).join(_agreement(cast))

    # A worker whose form left the field out has answered all the same: count over every field.
    responded = answers.groupby("item_id")["worker_id"].nunique()
    out = pd.DataFrame(index=responded.index).join(decided)
    out = out.assign(n_answers=out["n_answers"].fillna(0).astype("int64"), status="agreed", method=method)
    out.loc[out["label"].isna(), "status"] = "tied"
    out.loc[out["n_answers"] == 0, "status"] = "abstained"
    out.loc[responded < (reviewers or 1), "status"] = "incomplete"
    undecided = out["status"] != "agreed"
    out = out.assign(
        label=out["label"].astype(object).mask(undecided, None), confidence=out["confidence"].mask(undecided)
    )
    if "value" in out:
        out["value"] = out["value"].astype(object).mask(undecided, None)
    extras = _constant_extras(answers).drop(columns=out.columns, errors="ignore")
    return LABELS.check(out.join(extras).reset_index())


def _check_method(method: str | None) -> None:
    known = sorted({*METHODS, *structured.METHODS, "auto"})
    if method not in known:
        raise InvalidInput(f"there is no method {method!r}", expected=f"one of {', '.join(map(repr, known))}")


def _agreement(cast: pd.DataFrame) -> pd.DataFrame:
    """Return n_answers and Fleiss' P_i per item: of all ordered pairs of votes, the share that name the same label."""
    counts = cast.groupby(["item_id", "vote"], observed=True).size()
    n = counts.groupby(level="item_id").sum()
    same = (counts * (counts - 1)).groupby(level="item_id").sum()
    return pd.DataFrame({"n_answers": n, "agreement": same / (n * (n - 1))})


def _constant_extras(answers: pd.DataFrame) -> pd.DataFrame:
    taken = {column.name for column in (*ANSWERS.columns, *LABELS.columns)}
    firsts = answers.drop_duplicates("item_id").set_index("item_id")
    kept = []
    for name in (name for name in answers.columns if name not in taken):
        texts = answers[name].map(as_text, na_action=None).fillna("")
        if (texts == texts.groupby(answers["item_id"]).transform("first")).all():
            kept.append(name)
    return firsts[kept]
