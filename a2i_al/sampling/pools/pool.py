"""What the caller knows of the items in, a pool out: each input checked, of one length, and found by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.sampling.draws.stratified import require_groups
from a2i_al.sampling.pools.calibrating import aligned, calibrate
from a2i_al.sampling.pools.estimators import answers_of, is_estimator
from a2i_al.sampling.pools.frames import check_same_items, features_and_ids, in_order_of, proba_and_ids
from a2i_al.sampling.pools.ids import PoolIds
from a2i_al.sampling.pools.inputs import check_labelled, checked_input, is_empty, is_text, rows_of, taken
from a2i_al.sampling.probabilities import as_rows, check_proba
from a2i_al.sampling.registry import INPUTS, Strategy

Positions = npt.NDArray[np.intp]

# What is about something else than the pool's items, and is never cut down to the candidates.
_WHOLE = ("labelled_features", "labelled_labels", "labelled_proba", "classes")


@dataclass(frozen=True)
class Pool:
    """The items to choose from: their ids, and what is known of them.

    Parameters
    ----------
    ids : PoolIds
        One per row.
    inputs : dict of str to ndarray
        By their names in `registry.INPUTS`; `proba` is not checked row by row yet, the others are checked.
    """

    ids: PoolIds
    inputs: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, name: str, asker: str) -> npt.NDArray[Any]:
        """Return an input that another argument cannot do without.

        Raises
        ------
        InvalidInput
            If it was not given.
        """
        if name not in self.inputs:
            raise InvalidInput(f"{asker} was given without {name}", fix=f"pass {name}=, one per item")
        return self.inputs[name]

    def check_rows(self) -> None:
        """Check that the rows of `proba` are distributions over the classes."""
        proba = self.inputs.get("proba")
        if proba is None:
            return
        from a2i_al.sampling.scores.top import LARGE, check_large  # noqa: PLC0415 - top knows this package's scores

        check: Callable[[Any], object] = check_large if len(proba) >= LARGE else check_proba
        check(proba)

    def at(self, rows: Positions | None, strategy: Strategy) -> dict[str, Any]:
        """Return the inputs that a strategy uses, of these rows; None stands for all, uncopied."""
        used = {name: self.inputs[name] for name in (*strategy.needs, *strategy.takes) if name in self.inputs}
        if rows is not None:
            used = {name: values if name in _WHOLE else taken(name, values, rows) for name, values in used.items()}
        if "hashes" in strategy.needs:
            used["hashes"] = self.ids.hashes(rows)
        return used


def gather(
    source: Any,
    strategy: Strategy,
    given: Mapping[str, Any],
    *,
    item_ids: Iterable[Any] | None,
    temperature: str | float,
    rng: np.random.Generator,
) -> Pool:
    """Make a pool of what the caller gave.

    Parameters
    ----------
    source : array-like, DataFrame, estimator or None
        Probabilities, or what gives them.
    strategy : Strategy
        What it neither needs nor takes is checked for its length only.
    given : mapping of str to Any
        The other inputs by name; None where there is none.
    item_ids : iterable, or None
        By default a DataFrame's column `item_id` or its index, or the row numbers.
    temperature : str or float
        As in `sample`.
    rng : numpy.random.Generator
        For a committee's bootstraps.

    Raises
    ------
    InvalidInput
        If nothing says how many items there are, inputs differ in length, or the strategy needs another input.

    Examples
    --------
    >>> from a2i_al.sampling.registry import resolve
    >>> rng = np.random.default_rng(0)
    >>> len(gather([[0.5, 0.5]], resolve("margin"), {}, item_ids=None, temperature="off", rng=rng))
    1
    """
    known = _given(given)
    if item_ids is not None:
        item_ids = arguments.several("item_ids", item_ids, "ids, one per row of the pool")
        item_ids = list(item_ids) if isinstance(item_ids, Iterator) else item_ids  # it is gone through twice
    source, known, named = _framed(source, known)
    known = _answers(source, strategy, known, rng) | known
    table = known.get("proba", known.get("label_proba"))
    if named is None and isinstance(table, pd.DataFrame):  # an estimator's
        named = table.index
    calibrated = not (isinstance(temperature, str) and temperature == "off")
    if calibrated or "labelled_proba" in strategy.takes + strategy.needs:
        known = aligned(known)
    inputs = _inputs(source, strategy, known)
    check_labelled(inputs)
    if "groups" in inputs and "groups" in {*strategy.needs, *strategy.takes}:
        require_groups(np.asarray(pd.isna(inputs["groups"])))
    if calibrated:
        inputs = calibrate(inputs, known, temperature)
    rows = _rows({name: value for name, value in known.items() if name not in _WHOLE}, inputs, item_ids)
    missing = [name for name in strategy.needs if name not in inputs and INPUTS[name]]
    if missing:
        raise InvalidInput(
            f"strategy {strategy.name!r} needs {' and '.join(missing)}",
            expected=f"all of {', '.join(name for name in strategy.needs if INPUTS[name])}",
            fix="; ".join(f"pass {INPUTS[name]}" for name in missing),
        )
    return Pool(PoolIds(named if item_ids is None else item_ids, rows), inputs)


def _given(given: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in given.items() if value is not None}
    labelled = [name for name in known if name.startswith("labelled_")]
    before_the_first_round = all(is_empty(known[name]) for name in labelled)
    return {name: value for name, value in known.items() if name not in labelled or not before_the_first_round}


def _framed(source: Any, known: dict[str, Any]) -> tuple[Any, dict[str, Any], Iterable[Any] | None]:
    """Return the source and the inputs without columns of ids, and the ids: the source's, or else the features'."""
    # A model that does not say what it was fitted with reads tables in a way of its own.
    unsaid = ("item_id",) if is_estimator(source) and not hasattr(source, "n_features_in_") else ()
    fitted_with, known, ids = getattr(source, "feature_names_in_", unsaid), dict(known), None
    for name in ("labelled_features", "features"):
        if name in known:
            known[name], ids = features_and_ids(known[name], fitted_with)
    if {"features", "labelled_features"} <= known.keys():
        known["labelled_features"] = in_order_of(known["features"], known["labelled_features"])
    if not isinstance(source, pd.DataFrame):
        return source, known, ids if "features" in known else None
    source, named = proba_and_ids(source)
    if isinstance(named, pd.Series) and isinstance(ids, pd.Series):
        check_same_items(named, ids)
    return source, known, named


def _inputs(source: Any, strategy: Strategy, known: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """Return what the strategy uses; vectors that it can do without it does without where only the model reads them."""
    wanted = [name for name in known if name in {*strategy.needs, *strategy.takes, "proba", "costs", "groups"}]
    spare = [name for name in wanted if name in strategy.takes and name.endswith("features")]
    vectors: dict[str, npt.NDArray[Any]] = {}
    if not any(is_text(known[name]) for name in spare):
        try:
            vectors = {name: _checked(name, _without_ids(name, known)) for name in spare}
        except InvalidInput:
            # Where the pool's vectors are needed, what is labelled is not passed over.
            if not is_estimator(source) or "features" not in spare:
                raise
    return vectors | {name: _checked(name, _without_ids(name, known)) for name in wanted if name not in spare}


def _without_ids(name: str, known: Mapping[str, Any]) -> Any:
    """Return an input; of features that a model was fitted with, `item_id` is none to a strategy."""
    return features_and_ids(known[name])[0] if name.endswith("features") else known[name]


def _answers(source: Any, strategy: Strategy, known: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    wanted = (*strategy.needs, *strategy.takes)
    if source is None:
        return {}
    if is_estimator(source):
        return answers_of(
            source,
            wanted,
            features=known.get("features"),
            labelled_features=known.get("labelled_features"),
            labelled_labels=known.get("labelled_labels"),
            rng=rng,
            needs_committee="committee" in strategy.needs and "committee" not in known,
        )
    classes = {"classes": np.asarray(source.columns)} if isinstance(source, pd.DataFrame) else {}
    return {"label_proba" if "label_proba" in wanted else "proba": source, **classes}


def _checked(name: str, value: Any) -> npt.NDArray[Any]:
    if name == "proba":
        return as_rows(value)
    return checked_input(name, value)


def _rows(known: Mapping[str, Any], inputs: Mapping[str, npt.NDArray[Any]], item_ids: Iterable[Any] | None) -> int:
    lengths = {name: rows_of(name, inputs[name]) if name in inputs else _length(name, known[name]) for name in known}
    if not lengths:
        if item_ids is None:
            raise InvalidInput(
                "there is no pool", expected="probabilities, an estimator with features=, or item_ids=", fix="pass one"
            )
        return sum(1 for _ in item_ids)
    first, rows = next(iter(lengths.items()))
    for name, length in lengths.items():
        if length != rows:
            raise InvalidInput(f"{name} has {length} rows, {first} has {rows}", expected="one row per item in each")
    return rows


def _length(name: str, value: Any) -> int:
    try:
        if hasattr(value, "shape"):
            return int(value.shape[1 if name == "committee" else 0])
        return len(value[0]) if name == "committee" else len(value)
    except (TypeError, LookupError) as error:
        raise InvalidInput(f"{name} is {arguments.told(value)}", expected="an array with a row per item") from error
