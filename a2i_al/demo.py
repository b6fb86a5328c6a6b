"""The main job, end to end: handwritten digits, a classifier that knows 30 of them, and three people who err.

Everything is real but the people: boto3 over HTTP, the embedded A2I, output.json files. The state is in the output
folder, so that a run that was killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from a2i_al import datasets, local, places
from a2i_al.labels import consolidate
from a2i_al.metrics import Comparison, LearningCurveDisplay, compare
from a2i_al.metrics.wording import percent
from a2i_al.retrain.cycle import RetrainCycle
from a2i_al.retrain.report import report_html
from a2i_al.retrain.rounds import accuracy_of
from a2i_al.retrain.step import FINISHED, Step
from a2i_al.retrain.trainer import InProcessTrainer
from a2i_al.sampling import sample
from a2i_al.workflow import Workflow

FIELD = "category"
SEEDS_PER_CLASS, TEST_SIZE, PER_ROUND, ROUNDS, AUDIT = 3, 497, 30, 6, 0.1
ACCURACIES = {"Ana": 0.97, "Ben": 0.92, "Cleo": 0.85}
_HEADER = f"{'round':>5}  {'labels':>6}  {'accuracy':>8}  {'model ≠ people':>24}  {'reviewers agree':>15}"


@dataclass(frozen=True)
class Split:
    """The digits, divided: what the first model knows, what people may be asked, what the models are tested on."""

    data: datasets.ImageSet
    seed: np.ndarray
    pool: np.ndarray
    test: np.ndarray

    @classmethod
    def draw(cls, data: datasets.ImageSet, random_state: int) -> Split:
        """Draw three seeds of each class and a test set; the rest is the pool."""
        order = np.random.default_rng(random_state).permutation(len(data.item_ids))
        seed = np.concatenate([order[data.target[order] == label][:SEEDS_PER_CLASS] for label in data.labels])
        rest = order[~np.isin(order, seed)]
        return cls(data, seed, rest[TEST_SIZE:], rest[:TEST_SIZE])

    def ids(self, rows: np.ndarray) -> list[str]:
        """Return the item ids of rows."""
        return [self.data.item_ids[row] for row in rows]

    @property
    def held_out(self) -> tuple[np.ndarray, np.ndarray]:
        """Features and true classes of the test set."""
        return self.data.features[self.test], self.data.target[self.test]


@dataclass(frozen=True)
class Reviewer:
    """A person who is right with a known probability, and always gives the same answer to the same item."""

    name: str
    accuracy: float
    truth: Mapping[str, str]
    labels: tuple[str, ...]

    def category(self, item_id: str) -> str:
        """Return the class that this person sees in an item."""
        digest = hashlib.sha256(f"{self.name}/{item_id}".encode()).digest()
        rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
        right = self.truth[item_id]
        if rng.random() < self.accuracy:
            return right
        return str(rng.choice([label for label in self.labels if label != right]))

    def __call__(self, task_input: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answerContent for a task's input."""
        return {FIELD: {"label": self.category(task_input["item_id"])}}


def run(out: str | Path = "demo-out", *, human: bool = False, seed: int = 0) -> dict[str, Any]:
    """Run the main job, or go on with it, and write its results.

    Parameters
    ----------
    out : path-like
        For ``rounds.csv``, ``learning_curve.png``, ``report.html``, ``summary.json`` and the state in ``.state/``.
    human : bool
        Wait for a person at the portal instead of simulating three.
    seed : int
        Of every draw.

    Returns
    -------
    dict
        What is in ``summary.json``.
    """
    started = time.monotonic()
    out = places.folder("out", out)
    split = Split.draw(datasets.load("digits"), seed)
    people = _people(split)
    state = out / ".state" / f"{'human' if human else 'simulated'}-{seed}"
    home = state / "home"
    try:
        flow = _workflow(home, split, reviewers=1 if human else len(people))
        cycle = _cycle(flow, split, state, seed)
        _run_rounds(cycle, flow, people, human=human)
        results = _Results(split, flow, cycle, _random_baseline(split, people, cycle, seed))
        summary = results.write(out, seconds=time.monotonic() - started)
    finally:
        local.stop(home)
    return summary


def _people(split: Split) -> list[Reviewer]:
    truth, labels = split.data.truth.to_dict(), tuple(split.data.labels)
    return [Reviewer(name, accuracy, truth, labels) for name, accuracy in ACCURACIES.items()]


def _workflow(home: Path, split: Split, reviewers: int) -> Workflow:
    return Workflow.local(
        "digits",
        template="image-classification",
        labels=split.data.labels,
        title="Which digit is this?",
        description="Look at a handwritten digit and choose what was written.",
        reviewers=reviewers,
        home=home,
    )


def _cycle(flow: Workflow, split: Split, state: Path, seed: int) -> RetrainCycle:
    ids = split.ids(split.pool)
    uris = flow.upload({item_id: split.data.images[item_id] for item_id in ids})
    items = pd.DataFrame({"item_id": ids, "image": uris.loc[ids].to_numpy()})
    return RetrainCycle(
        _trainer(),
        items,
        flow,
        features=split.data.features[split.pool],
        seed_labels=dict(zip(split.ids(split.seed), split.data.target[split.seed], strict=True)),
        seed_features=split.data.features[split.seed],
        field=FIELD,
        directory=state / "cycle",
        n=PER_ROUND,
        rounds=ROUNDS,
        strategy="auto",
        audit_fraction=AUDIT,
        test=split.held_out,
        random_state=seed,
    )


def _trainer() -> InProcessTrainer:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  # 1.4 s that `a2i-al local` need not pay

    # Solved to the end: a solution that depends on the machine's arithmetic would choose other items on every machine.
    return InProcessTrainer(LogisticRegression(C=10, tol=1e-8, max_iter=5000))


def _run_rounds(cycle: RetrainCycle, flow: Workflow, people: list[Reviewer], *, human: bool) -> None:
    """Step through the rounds, with a bar of answered tasks and a printed row for each finished round."""
    from a2i_al.local import SimulatedReviewer  # noqa: PLC0415

    reviewers = [SimulatedReviewer(person.name, person) for person in people]
    print(_HEADER)  # noqa: T201
    for _, row in cycle.rounds().iterrows():
        print(_line(row))  # noqa: T201
    with tqdm(total=ROUNDS * PER_ROUND, unit="task", leave=False, disable=None) as bar:

        def show(step: Step) -> None:
            bar.set_description(f"round {step.round + 1} of {ROUNDS}")
            bar.update(step.round * PER_ROUND + (PER_ROUND - step.waiting if step.waiting else 0) - bar.n)
            if step.state == FINISHED:
                bar.write(_line(cycle.rounds().iloc[-1]))

        if human:
            bar.write(f"Please answer here:  {flow.portal_url}")
        cycle.run(
            answer=None if human else lambda: flow.simulate(reviewers),
            timeout=7 * 24 * 3600 if human else 600,
            poll=1,
            on_step=show,
        )


def _line(row: pd.Series) -> str:
    rate = f"{percent(row['disagreement'])} ({percent(row['disagreement_low'])} – {percent(row['disagreement_high'])})"
    return (
        f"{int(row['round']) + 1:>5}  {int(row['labels_bought']):>6}  {percent(row['accuracy']):>8}"
        f"  {rate:>24}  {percent(row['agreement']):>15}"
    )


def _random_baseline(split: Split, people: list[Reviewer], cycle: RetrainCycle, seed: int) -> pd.DataFrame:
    """Return the rounds of buying at random instead: the same number of items, the same people, the same vote.

    It is worked out here and not asked through human loops: its people are simulated even when a person answers.
    """
    truth_of = {item_id: row for row, item_id in enumerate(split.data.item_ids)}
    drawn = sample(
        np.full((len(split.pool), 2), 0.5),
        PER_ROUND * ROUNDS,
        strategy="random",
        item_ids=split.ids(split.pool),
        random_state=np.random.default_rng([seed, ROUNDS]),
    )["item_id"].tolist()
    answers = pd.DataFrame(
        {"human_loop_name": i, "item_id": i, "worker_id": p.name, "field": FIELD, "value": p.category(i)}
        for i in drawn
        for p in people
    )
    labels = consolidate(answers, FIELD, reviewers=len(people)).set_index("item_id").loc[drawn]
    rows = []
    for number in range(len(cycle.rounds()) + 1):
        bought = labels.iloc[: PER_ROUND * number].query("status == 'agreed'")
        known = np.concatenate([split.seed, [truth_of[i] for i in bought.index]]).astype(int)
        target = np.concatenate([split.data.target[split.seed], bought["label"].to_numpy(dtype=str)])
        model = _trainer().fit(split.data.features[known], target)
        rows.append({"round": number - 1, "labels_bought": PER_ROUND * number, **accuracy_of(model, split.held_out)})
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class _Results:
    """What the run comes to, written as files."""

    split: Split
    flow: Workflow
    cycle: RetrainCycle
    baseline: pd.DataFrame

    def write(self, out: Path, *, seconds: float) -> dict[str, Any]:
        rounds = self.cycle.rounds()
        summary = self._summary(rounds, seconds)
        curves = {"auto": self._from_the_start(rounds), "random": self.baseline}
        out.mkdir(parents=True, exist_ok=True)
        rounds.to_csv(out / "rounds.csv", index=False)
        figure = LearningCurveDisplay.from_rounds(curves).figure_
        figure.savefig(out / "learning_curve.png", dpi=144, bbox_inches="tight")
        page = report_html(
            "Handwritten digits: what people taught the model",
            lead=f"{ROUNDS} rounds of {PER_ROUND} digits, varied ones the model was least sure of"
            f" ({percent(AUDIT)} at random), each read by {self.flow.definition.reviewers} people who make mistakes.",
            facts=_facts(summary),
            rounds=rounds,
            curves=curves,
            comparison=self._comparison(),
        )
        (out / "report.html").write_text(page, encoding="utf-8")
        (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
        return summary

    def _summary(self, rounds: pd.DataFrame, seconds: float) -> dict[str, Any]:
        last = rounds.iloc[-1]
        pages = self.flow.connection.a2i.get_paginator("list_human_loops").paginate(FlowDefinitionArn=self.flow.arn)
        started = sum(len(page["HumanLoopSummaries"]) for page in pages)
        return {
            "rounds": len(rounds),
            "labels_bought": int(last["labels_bought"]),
            "accuracy": round(float(last["accuracy"]), 4),
            "accuracy_random": round(float(self.baseline["accuracy"].iloc[-1]), 4),
            "disagreement": round(float(last["disagreement"]), 4),
            "loops_started": started,
            "loops_duplicated": started - len(self.flow.asked()),
            "seconds": round(seconds, 1),
        }

    def _from_the_start(self, rounds: pd.DataFrame) -> pd.DataFrame:
        """Return the curve's points with the first model's before them."""
        return pd.concat([self.baseline.iloc[:1], rounds], ignore_index=True)

    def _comparison(self) -> Comparison:
        """Compare, over all rounds, what was predicted when an item was chosen with what people said."""
        # One model that is retrained each round, seen as one: each item's prediction is the one that chose it.
        return compare(self.cycle.predictions().assign(model_version="of its round"), self.cycle.labels())


def _facts(summary: Mapping[str, Any]) -> dict[str, str]:
    return {
        "labels bought": str(summary["labels_bought"]),
        "accuracy, chosen by auto": percent(summary["accuracy"]),
        "accuracy, chosen at random": percent(summary["accuracy_random"]),
        "model ≠ people, last round": percent(summary["disagreement"]),
        "human loops": str(summary["loops_started"]),
        "bought twice": str(summary["loops_duplicated"]),
    }
