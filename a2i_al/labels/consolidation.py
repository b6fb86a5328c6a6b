"""Answers in, one row per item out: its label, how sure, and a status where there is no label to give.

Answers that are one label each are counted in `categorical`; answers with parts are decided item by item in
`structured`, and their table is made here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.labels.categorical import METHODS, categorical, check_asked, constant_extras
from a2i_al.labels.counting.votes import votes
from a2i_al.labels.structured import registry as structured
from a2i_al.tables import ANSWERS, LABELS


def consolidate(
    answers: pd.DataFrame,
    field: str,
    *,
    method: str | None = None,
    reviewers: int | None = None,
    labels: Iterable[str] | None = None,
    proba: bool = False,
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
        see the notes. Answers of unknown kind, and single labels, go by "majority".
    reviewers : int, optional
        How many workers each item was given to. An item that fewer have answered is ``incomplete``.
    labels : iterable of str, optional
        The labels that the task page offers. An answer outside them is an error; with methods for answers that have
        parts, it does not count, and a warning says so.
    proba : bool, default False
        Add a column ``proba_<label>`` for every label: its share of the votes, or how likely the method holds it; NaN
        for an item that nobody has judged. Not for answers that have parts.
    **options
        The method's own, see "Notes".

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

    ConsolidationWarning
        If a model of the workers has nothing to learn from, or has not settled.

    Notes
    -----
    Methods for answers of one label each, and their options; each is documented with its function in the module of
    its name in `a2i_al.labels`. Those with `gold` take known answers, a mapping of item id to label or a labels table:

    - ``majority``: every vote counts alike;
    - ``weighted_majority``: a worker weighs by the agreement with the majority, or the known labels: `gold`, `weights`;
    - ``dawid_skene``: every worker confuses labels in an own way: `gold`, `smoothing`;
    - ``one_coin``: every worker is right at an own rate: `gold`, `smoothing`;
    - ``glad``: workers are more or less able, and items more or less difficult: `gold`;
    - ``crowdlab``: workers and a model, each weighed by how often the others agree: `predictions`.

    Which one? Simulated crowds of fourteen kinds, eight draws of each, say: where many guess or some are wrong on
    purpose, ``one_coin``, which gets up to a quarter more of all items right than weighed votes do; where nobody has
    answered more than five items, ``weighted_majority`` or ``glad``; ``dawid_skene`` where confusions are systematic,
    as in none of these crowds. crowd-kit's ``ZeroBasedSkill`` was never beyond chance ahead of the best of them and up
    to 26 points behind, its ``MMSR`` always behind: neither is here.

    Methods for answers with parts, their options, and the kinds that ask for them; each is documented with its function
    in `a2i_al.labels.structured`:

    - ``multi_label`` (choices, flags, moderation_labels): `threshold`;
    - ``numbers`` (number): `centre`, `tolerance`;
    - ``text`` (text), ``medoid``: `ignore_case`, `ignore_space`;
    - ``boxes`` (boxes): `iou`, `threshold`, `fuse`; ``polygons`` (polygons): `iou`, `threshold`; ``keypoints``
      (keypoints): `radius`, `threshold`; ``masks`` (mask), pixel by pixel;
    - ``spans`` (spans): `unit`, `threshold`, `texts`, `offsets`;
    - ``key_values`` (key_values): `ignore_case`, `ignore_space`;
    - ``borda``, ``kemeny``: rankings.

    Lines and polylines, and what custom elements answer, are compared as wholes.

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
    if method is not None:
        _check_method(method)
    check_asked(field, labels, reviewers=reviewers)
    arguments.flags(proba=proba)
    if isinstance(answers, pd.DataFrame) and answers.empty:
        ANSWERS.check(answers)
        return LABELS.empty()
    if method in (None, "auto"):
        method = _by_kind(answers, field)
    if method in METHODS:
        return categorical(answers, field, method=method, reviewers=reviewers, labels=labels, proba=proba, **options)
    if proba:
        raise InvalidInput(f"proba= is given for method {method!r}", expected="a method for answers of one label each")
    answers = ANSWERS.check(answers)
    cast = votes(answers, field).dropna(subset="vote")
    return _with_parts(answers, structured.consolidated(cast, str(method), options, labels), str(method), reviewers)


def _by_kind(answers: pd.DataFrame, field: str) -> str:
    if not isinstance(answers, pd.DataFrame) or not {"kind", "field", "value"} <= set(answers.columns):
        return "majority"
    of_field = answers[answers["field"].map(str) == field]
    if not set(of_field["kind"].dropna()) & set(structured.BY_KIND):
        return "majority"
    return structured.by_kind(of_field, "majority")


def _with_parts(answers: pd.DataFrame, decided: pd.DataFrame, method: str, reviewers: int | None) -> pd.DataFrame:
    """Return the labels table of what was decided item by item."""
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
    out["value"] = out["value"].astype(object).mask(undecided, None)
    out = out.reset_index()
    for name, extra in constant_extras(answers, set(out.columns)).items():
        out[name] = extra
    return LABELS.check(out)


def _check_method(method: Any) -> None:
    known = sorted({*METHODS, *structured.METHODS, "auto"})
    arguments.one_of("method", method, known)
