"""The cycle: choose, ask, harvest, compare, retrain. Each step does what can be done now; weeks may lie between."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from a2i_al import arguments
from a2i_al.errors import CycleError, InvalidInput
from a2i_al.loops.bookkeeping.ledger import FINAL
from a2i_al.retrain.choice import Choice
from a2i_al.retrain.pool import Pool
from a2i_al.retrain.rounds import held_out, round_labels, round_row
from a2i_al.retrain.state import CycleState
from a2i_al.retrain.step import ASKED, DONE, FINISHED, WAITING, Step
from a2i_al.retrain.trainer import InProcessTrainer, Model, Trainer
from a2i_al.sampling.registry import StrategyFunction
from a2i_al.tables import ROUNDS
from a2i_al.workflow import Workflow


class RetrainCycle:
    """Rounds of: train, score the pool, pick, ask people, harvest, consolidate, compare, and train again.

    Everything is in the directory and at the service, nothing in this object: a cycle made again with the same
    arguments, tomorrow or after a crash, goes on where it was, and no review is bought twice.

    Parameters
    ----------
    trainer : Trainer or classifier
        Makes the models; a scikit-learn classifier is trained as `InProcessTrainer` does.
    items : DataFrame
        An items table: the pool.
    flow : Workflow
        Asks the people.
    features : array-like of shape (len(items), d)
        What the model learns from, row by row as the items.
    seed_labels : mapping of str to str
        Item id to label: what the first model learns from. Seeds need not be in the pool: see ``seed_features``.
    seed_features : array-like of shape (len(seed_labels), d), optional
        Features of seeds that are not items, in the order of ``seed_labels``.
    field : str
        The form field that holds the label.
    directory : path-like
        Of the saved state.
    n : int
        Items per round.
    rounds : int
        How many rounds.
    strategy : str or callable
        As in `a2i_al.sample`; it is given the features and what is labelled so far.
    audit_fraction : float
        Share of each round drawn at random from the whole pool; what makes honest estimates possible.
    test : tuple of (features, labels), optional
        Held-out set for the accuracy after each round.
    random_state : int
        Seeds every draw.

    Raises
    ------
    CycleError
        If the directory holds a cycle with other settings.
    InvalidInput
        If the form has no such field, a setting is out of range, or the directory cannot be written.
    InvalidTable
        If features and items do not match.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from sklearn.linear_model import LogisticRegression
    >>> from a2i_al import SimulatedReviewer
    >>> items = pd.DataFrame({"item_id": ["a", "b", "c", "d"], "text": ["Hi", "See you", "Sale!", "You have won!"]})
    >>> ann = SimulatedReviewer("Ann", lambda shown: {"category": {"label": "spam" if "!" in shown["text"] else "ham"}})
    >>> with TemporaryDirectory() as home:
    ...     flow = Workflow.local("mail", template="text-classification", labels=["spam", "ham"], home=home)
    ...     cycle = RetrainCycle(
    ...         LogisticRegression(), items, flow, features=[[0], [1], [2], [3]], seed_labels={"a": "ham", "d": "spam"},
    ...         field="category", directory=f"{home}/cycle", n=2, rounds=1,
    ...     )
    ...     cycle.step()
    ...     cycle.run(lambda: flow.simulate([ann]))["labels_bought"].tolist()
    ...     flow.stop_service()
    Step(state='asked', round=0, waiting=2)
    [2]
    """

    def __init__(
        self,
        trainer: Trainer | Any,
        items: pd.DataFrame,
        flow: Workflow,
        *,
        features: Any,
        seed_labels: Mapping[str, str],
        seed_features: Any = None,
        field: str,
        directory: str | os.PathLike[str],
        n: int = 30,
        rounds: int = 6,
        strategy: str | StrategyFunction = "auto",
        audit_fraction: float = 0.1,
        test: tuple[Any, Any] | None = None,
        random_state: int = 0,
    ) -> None:
        arguments.able("trainer", trainer, "fit", "a Trainer or a classifier, such as LogisticRegression()")
        arguments.able("flow", flow, "submit", "a Workflow")
        self.trainer: Trainer = InProcessTrainer(trainer) if hasattr(trainer, "get_params") else trainer
        self.flow, self.field = flow, arguments.text("field", field)
        # Asked now: a round whose answers are never looked for has been paid for in vain.
        if flow.fields and field not in flow.fields:
            listed = ", ".join(f"{name!r} ({kind})" for name, kind in flow.fields.items())
            raise InvalidInput(f"the form has no field {field!r}", expected=f"one of {listed}")
        self.pool = Pool.of(items, features, seed_labels, seed_features)
        self.choice = Choice.of(n, strategy, audit_fraction, random_state)
        self.n_rounds = arguments.whole("rounds", rounds, least=0)
        self.test = held_out(test)
        # Last, when nothing else can be wrong: it makes the folder.
        self.state = CycleState(directory, self._settings())

    def step(self) -> Step:
        """Do what can be done now: open a round, look whether it is answered, or close it.

        Raises
        ------
        ServiceError
            If the service refuses or cannot be reached; step again to go on.
        """
        number = self.state.current()
        if number >= self.n_rounds:
            return Step(DONE, number)
        if not self.state.is_open():
            if not self._open(number):
                return Step(DONE, number)
            self._submit(number)
            return Step(ASKED, number, self._waiting(number))
        self._submit(number)  # a crash may have come between the picks and their loops
        waiting = self._waiting(number)
        if waiting:
            return Step(WAITING, number, waiting)
        self._close(number)
        return Step(FINISHED, number)

    def run(
        self,
        answer: Callable[[], object] | None = None,
        *,
        timeout: float = 3600.0,
        poll: float = 5.0,
        on_step: Callable[[Step], object] | None = None,
    ) -> pd.DataFrame:
        """Step until every round is closed, and return the rounds table.

        Parameters
        ----------
        answer : callable, optional
            Called whenever people are waited for, returns whether it did anything:
            ``lambda: flow.simulate(reviewers)``. Without it, people answer.
        timeout : float
            Seconds to wait for the answers of one round.
        poll : float
            Seconds between looks, where ``answer`` has nothing to do or is left out.
        on_step : callable, optional
            Called with each `Step`, to show progress.

        Raises
        ------
        CycleError
            If a round is not answered in time. Nothing is lost: run again to go on.
        InvalidInput
            If a time is negative, or there is nothing to call.
        """
        timeout, poll = arguments.seconds("timeout", timeout), arguments.seconds("poll", poll)
        for name, called in (("answer", answer), ("on_step", on_step)):
            if called is not None and not callable(called):
                raise InvalidInput(f"{name} is {arguments.told(called)}", expected="something to call, or None")
        deadline = time.monotonic() + timeout
        while True:
            step = self.step()
            if on_step:
                on_step(step)
            if step.state == DONE:
                return self.rounds()
            if step.state == FINISHED:
                deadline = time.monotonic() + timeout
            elif step.waiting:
                if time.monotonic() > deadline:
                    raise CycleError(
                        f"round {step.round} has {step.waiting} open human loops after {timeout:g} s",
                        fix="run the cycle again; it goes on from here",
                    )
                # An answer() that found nothing to do would otherwise be called in a tight loop until the timeout.
                if not (answer and answer()):
                    time.sleep(poll)

    def rounds(self) -> pd.DataFrame:
        """Return the rounds table of the closed rounds."""
        return self.state.rounds()

    def labels(self) -> pd.DataFrame:
        """Return the labels bought in the closed rounds, as a labels table."""
        return self.state.of_all("labels")

    def picks(self) -> pd.DataFrame:
        """Return the picks of the closed rounds, as a picks table: what estimates from their draws go by."""
        return self.state.of_all("picks")

    def predictions(self) -> pd.DataFrame:
        """Return the predictions of the picks of the closed rounds, each by the model that chose it."""
        return self.state.of_all("predictions")

    def model(self) -> Model:
        """Return the model trained on the seeds and every agreed label of the closed rounds."""
        return self._fit(self.labels())

    def __repr__(self) -> str:
        number = self.state.current()
        closed = number >= self.n_rounds
        at = f"all {self.n_rounds} rounds closed" if closed else f"round {number + 1} of {self.n_rounds}"
        asked = ", people are asked" if self.state.is_open() else ""
        return f"RetrainCycle({at}{asked}, {len(self.labels()):,} labels bought, in {str(self.state.directory)!r})"

    def _open(self, number: int) -> bool:
        """Choose this round's items and write them down; False if the pool is used up."""
        chosen = self.choice.pick(number, self.pool, self.labels(), self.trainer)
        if chosen is None:
            return False
        picks, predictions = chosen
        self.state.save(number, "predictions", predictions)
        self.state.save(number, "picks", picks)
        return True

    def _submit(self, number: int) -> None:
        picks, predictions = self.state.load(number, "picks"), self.state.load(number, "predictions")
        self.flow.submit(self.pool.items, picks, predictions=predictions, progress=False)

    def _waiting(self, number: int) -> int:
        return int((~self._loops(number)["status"].isin(FINAL)).sum())

    def _loops(self, number: int) -> pd.DataFrame:
        loops = self.flow.loops()
        picked = self.state.load(number, "picks")["item_id"]
        return loops[(loops["round"] == number) & loops["item_id"].isin(picked)]

    def _close(self, number: int) -> None:
        """Harvest and consolidate this round, train the next model, and write the round's row last: that closes it."""
        picks, predictions = self.state.load(number, "picks"), self.state.load(number, "predictions")
        answers = self.flow.harvest(self._loops(number)["human_loop_name"]).answers
        labels = round_labels(answers, picks, self.field, self.flow.definition.reviewers)
        self.state.save(number, "answers", answers)
        self.state.save(number, "labels", labels)
        so_far = pd.concat([self.labels(), labels])
        row = round_row(number, picks, predictions, so_far, model=self._fit(so_far), test=self.test)
        self.state.save(number, "round", ROUNDS.from_rows([row]))

    def _fit(self, labels: pd.DataFrame) -> Model:
        return self.trainer.fit(*self.pool.learnt(labels))

    def _settings(self) -> dict[str, Any]:
        """Return what must stay the same for a saved cycle to go on; the number of rounds may grow."""
        return {
            "flow_definition_arn": self.flow.arn,
            "field": self.field,
            **self.choice.settings,
            **self.pool.digests(),
        }
