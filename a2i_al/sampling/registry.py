"""Query strategies by name: plain functions whose parameters' names say what of the pool they need.

A function without `n` is a score; one with `n` chooses a batch; one that is annotated to return `Drawn` is a draw.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from itertools import takewhile
from typing import Any

import pandas as pd

from a2i_al.arguments import told
from a2i_al.errors import InvalidInput

StrategyFunction = Callable[..., Any]

# What `sample` can hand to a strategy, and how its caller gives it.
INPUTS = {
    "proba": "class probabilities: pass them, or an estimator, first",
    "label_proba": "probabilities of independent labels: pass them, or an estimator, first",
    "features": "features=",
    "committee": "committee=, or an estimator first",
    "labelled_features": "labelled_features=",
    "labelled_labels": "labelled_labels=",
    "labelled_proba": "labelled_proba=, or an estimator first",
    "predictions": "predictions=, or a regressor first",
    "answers": "answers=",
    "scores": "scores=",
    "costs": "costs=",
    "groups": "groups=",
    "classes": "an estimator, or a DataFrame of probabilities, first",
    "hashes": "",
    "chosen": "",
    "n": "",
    "rng": "",
}
# The uniform slice taken beside every other strategy; as a name it is taken.
AUDIT = "audit"
# The default: stands for another strategy, by what is known of the pool.
AUTO = "auto"

_SCORES, _BATCHES, _DRAWS = "a2i_al.sampling.scores", "a2i_al.sampling.batches", "a2i_al.sampling.draws"
_BUILT_IN = {
    AUTO: "a2i_al.sampling.auto",
    "least_confidence": f"{_SCORES}.uncertainty",
    "margin": f"{_SCORES}.uncertainty",
    "ratio": f"{_SCORES}.uncertainty",
    "entropy": f"{_SCORES}.uncertainty",
    "vote_entropy": f"{_SCORES}.committee",
    "consensus_entropy": f"{_SCORES}.committee",
    "kl_to_consensus": f"{_SCORES}.committee",
    "bald": f"{_SCORES}.committee",
    "variation_ratio": f"{_SCORES}.committee",
    "multilabel_uncertainty": f"{_SCORES}.multilabel",
    "regression_variance": f"{_SCORES}.regression",
    "active_lab": f"{_SCORES}.relabelling",
    "given_scores": f"{_SCORES}.given",
    "k_center": f"{_BATCHES}.k_center",
    "k_means": f"{_BATCHES}.k_means",
    "typiclust": f"{_BATCHES}.typiclust",
    "prob_cover": f"{_BATCHES}.prob_cover",
    "max_herding": f"{_BATCHES}.max_herding",
    "facility_location": f"{_BATCHES}.facility_location",
    "density_weighted": f"{_BATCHES}.density_weighted",
    "k_dpp": f"{_BATCHES}.k_dpp",
    "badge": f"{_BATCHES}.badge",
    "clue": f"{_BATCHES}.clue",
    "falcun": f"{_BATCHES}.falcun",
    "cluster_margin": f"{_BATCHES}.cluster_margin",
    "weighted_k_means": f"{_BATCHES}.weighted_k_means",
    "ranked_batch": f"{_BATCHES}.ranked_batch",
    "uncertainty_herding": f"{_BATCHES}.uncertainty_herding",
    "contrastive": f"{_BATCHES}.contrastive",
    "gsx": f"{_BATCHES}.greedy_regression",
    "igs": f"{_BATCHES}.greedy_regression",
    "random": f"{_DRAWS}.uniform",
    "stratified": f"{_DRAWS}.stratified",
    "importance": f"{_DRAWS}.importance",
}
_registered: dict[str, Strategy] = {}


@dataclass(frozen=True)
class Strategy:
    """A strategy and what its signature says of it.

    Parameters
    ----------
    name : str
        For the picks' `strategy` column.
    function : callable
        The strategy itself.
    kind : str
        ``"score"``, ``"batch"`` or ``"draw"``.
    needs, takes : tuple of str
        The inputs it cannot do without, and those it uses if they are there.
    positional : tuple of str
        The inputs that are handed over by their places, in this order: to positional-only parameters, and the
        probabilities to the one parameter of a function that has a name of its own for them.
    """

    name: str
    function: StrategyFunction
    kind: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    positional: tuple[str, ...] = ()

    @property
    def is_built_in(self) -> bool:
        """Whether the function is one of this package's, with settings of the caller's own or without."""
        return str(getattr(_inner(self.function), "__module__", "")).startswith(f"{__package__}.")

    @property
    def built_in(self) -> str | None:
        """The name by which the package knows the function, if it is one of its own: another's may have the same."""
        return str(_inner(self.function).__name__) if self.is_built_in else None

    def __call__(self, given: Mapping[str, Any]) -> Any:
        """Call the function with what it needs and takes of the inputs."""
        # Behind an optional one that is not given no place can be filled.
        by_place = [given[name] for name in takewhile(given.__contains__, self.positional)]
        named = (name for name in (*self.needs, *self.takes) if name in given and name not in self.positional)
        return self.function(*by_place, **{name: given[name] for name in named})


def register(name: str, function: StrategyFunction) -> None:
    """Make a function of one's own a strategy that `sample` takes by name.

    Parameters
    ----------
    name : str
        Goes into the picks' `strategy` column. Registering it again replaces the function, so that a notebook cell
        can be run twice; the built-in names cannot be taken.
    function : callable
        Its parameters' names say what it is given, all about the m candidates, or of a score that takes `answers` about
        all m items of the pool: `proba` (m, k), `label_proba` (m, k; of independent labels, rows need not sum to 1),
        `features` (m, d), `committee` (c, m, k), `predictions` (m,), `answers` (m, a), `scores` (m,), `costs` (m,),
        `groups` (m,), `hashes` (m,; a 64-bit hash of each id); of what is labelled: `labelled_features` (l, d),
        `labelled_labels` (l,), `labelled_proba` (l, k); and `classes` (k,). One with a default is given if the caller
        has it. A function of a single parameter with a name of its own gets `proba`. The arrays are the caller's, and
        read-only. It returns m scores, higher meaning more useful. If it takes `n` and `rng`, a numpy Generator, it
        returns n distinct positions instead, most useful first, or a pair of these and n scores, or, annotated so, a
        `sampling.draws.Drawn`. Where quotas cut what it returns, it is asked again for the rest of the batch: what is
        in it is then labelled, if it takes `labelled_features` and no labels, or at the positions `chosen` (c,), which
        it must not return again.

    Raises
    ------
    InvalidInput
        If the name is empty or built in, the function cannot be called, or it has a parameter that `sample` cannot
        give.

    Examples
    --------
    >>> register("second_guess", lambda proba: proba.max(axis=1) < 0.8)
    >>> "second_guess" in known_names()
    True
    """
    if not isinstance(name, str) or not name.strip():
        raise InvalidInput(f"the strategy's name is {name!r}", expected="a text that is not empty")
    if name in {*_BUILT_IN, AUDIT}:
        raise InvalidInput(f"the strategy name {name!r} is built in", fix="register the function under another name")
    if not callable(function):
        raise InvalidInput(
            f"strategy {name!r} is a {type(function).__name__}", expected="a function: probabilities to scores"
        )
    _registered[name] = described(name, function)


def known_names() -> list[str]:
    """Return the names that `sample` takes as its strategy, sorted.

    Examples
    --------
    >>> {"entropy", "least_confidence", "margin", "random"} <= set(known_names())
    True
    """
    return sorted({*_BUILT_IN, *_registered})


def strategies() -> pd.DataFrame:
    """List what can be given to `sample` as its strategy, built in and registered.

    Returns
    -------
    DataFrame
        Sorted by `name`; `kind` is ``"score"``, ``"batch"`` or ``"draw"``, `needs` and `takes` are the inputs it
        cannot do without and those it uses if it is given them, `summary` and `paper` come from its documentation.

    Examples
    --------
    >>> strategies().set_index("name").loc["margin", ["kind", "needs"]].tolist()
    ['score', 'proba']
    """
    rows = []
    for name in known_names():
        strategy = resolve(name)
        text = inspect.getdoc(strategy.function) or ""
        rows.append(
            {
                "name": name,
                "kind": strategy.kind,
                "needs": ", ".join(_asked(strategy.needs)),
                "takes": ", ".join(_asked(strategy.takes)),
                "summary": text.partition("\n")[0],
                "paper": _first_reference(text),
            }
        )
    return pd.DataFrame(rows, columns=["name", "kind", "needs", "takes", "summary", "paper"])


def resolve(strategy: str | StrategyFunction) -> Strategy:
    """Return the strategy of that name, or the function as one; a strategy that is resolved already as it is.

    Raises
    ------
    InvalidInput
        If no strategy has that name, or the function has a parameter that `sample` cannot give.
    """
    if isinstance(strategy, Strategy):
        return strategy
    if callable(strategy):
        named = _inner(strategy)
        return described(getattr(named, "__name__", type(named).__name__), strategy)
    if isinstance(strategy, str) and strategy in _registered:
        return _registered[strategy]
    if isinstance(strategy, str) and strategy in _BUILT_IN:
        return _built_in(strategy)
    raise InvalidInput(
        f"there is no strategy {told(strategy)}",
        expected=f"one of {', '.join(map(repr, known_names()))}, or a function: probabilities to scores",
        fix="call register(name, function) for one of your own",
    )


def described(name: str, function: StrategyFunction) -> Strategy:
    """Read from a function's signature what kind of strategy it is and what it needs.

    Raises
    ------
    InvalidInput
        If it has a parameter that `sample` cannot give.

    Examples
    --------
    >>> described("far", lambda features, labelled_features=None: features[:, 0]).needs
    ('features',)
    """
    try:
        signature = inspect.signature(function)
    except ValueError:  # written in C, without a signature
        return Strategy(name, function, "score", ("proba",), (), positional=("proba",))
    named = [p for p in signature.parameters.values() if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    needs = tuple(p.name for p in named if p.default is p.empty)
    if len(needs) == 1 and needs[0] not in INPUTS:
        return Strategy(name, function, "score", ("proba",), (), positional=("proba",))
    unknown = [each for each in needs if each not in INPUTS]
    if unknown or not needs:
        raise InvalidInput(
            f"strategy {name!r} has the parameters {', '.join(map(repr, needs)) or 'none'}",
            expected=f"some of {', '.join(map(repr, INPUTS))}; any others with a default",
        )
    by_place = [p.name for p in named if p.kind is p.POSITIONAL_ONLY]
    reached = tuple(takewhile(INPUTS.__contains__, by_place))
    takes = tuple(p.name for p in named if p.name in INPUTS and p.name not in (*needs, *by_place[len(reached) :]))
    kind = "batch" if "n" in needs else "score"
    returned = signature.return_annotation
    if getattr(returned, "__name__", str(returned)).rpartition(".")[2] == "Drawn":
        kind = "draw"
    return Strategy(name, function, kind, needs, takes, positional=reached)


def _inner(function: StrategyFunction) -> Any:
    return function.func if isinstance(function, partial) else function


@cache
def _built_in(name: str) -> Strategy:
    return described(name, getattr(import_module(_BUILT_IN[name]), name))


def _asked(inputs: tuple[str, ...]) -> list[str]:
    return [name for name in inputs if INPUTS[name]]


def _first_reference(text: str) -> str:
    _, _, after = text.partition("References\n----------\n")
    return " ".join(after.partition("\n\n")[0].split())
