"""The cycle on the embedded A2I: it goes on after any crash, buys nothing twice, and ends with what it bought."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from a2i_al.errors import CycleError, InvalidInput, InvalidTable
from a2i_al.local import SimulatedReviewer
from a2i_al.metrics import estimate
from a2i_al.retrain.cycle import RetrainCycle
from a2i_al.retrain.step import ASKED, DONE, FINISHED, WAITING
from a2i_al.retrain.trainer import InProcessTrainer, predictions_of
from a2i_al.workflow import Workflow

N = 40
X = np.linspace(0, 1, N)[:, None]
TRUTH = np.where(X[:, 0] > 0.6, "yes", "no")
ITEMS = pd.DataFrame({"item_id": [f"i{k:02d}" for k in range(N)], "text": [f"number {x:.2f}" for x in X[:, 0]]})
TRUTH_OF = dict(zip(ITEMS["item_id"], TRUTH, strict=True))
PERFECT = [SimulatedReviewer("Ana", lambda task: {"category": {"label": str(TRUTH_OF[task["item_id"]])}})]


@pytest.fixture
def make(embedded, tmp_path, request):
    """Make the cycle again and again, as a restarted kernel does."""
    name = f"cycle-{abs(hash(request.node.name)) % 10**8}"

    def make(**more):
        flow = Workflow.local(name, template="text-classification", labels=["no", "yes"], home=embedded.home)
        return RetrainCycle(
            more.pop("trainer", InProcessTrainer(LogisticRegression())),
            ITEMS,
            flow,
            **{
                "features": X,
                "seed_labels": {"i00": "no", "i39": "yes"},
                "field": "category",
                "directory": tmp_path / "cycle",
                "n": 4,
                "rounds": 2,
                "test": (X, TRUTH),
            }
            | more,
        )

    return make


def test_a_field_that_the_form_does_not_have_is_refused_before_anything_is_asked(make):
    """Otherwise a round would be paid for whose answers nobody looks for."""
    with pytest.raises(InvalidInput, match=r"no field 'categroy'.*'category' \(choice\)"):
        make(field="categroy")


def test_the_default_strategy_is_given_features_and_what_is_labelled(make):
    """So that it may vary the batch, and keep away from what people have seen."""
    cycle = make()
    cycle.step()
    picks = cycle.state.load(0, "picks")
    assert set(picks["strategy"]) <= {"auto: uncertainty_herding", "audit"}
    assert "auto: uncertainty_herding" in set(picks["strategy"])


def test_a_pipeline_over_texts_is_sampled_by_its_probabilities(make):
    """What is no vector cannot be told apart by distance: the default goes by margin."""
    texts = ITEMS["text"].to_numpy(dtype=object)
    pipeline = InProcessTrainer(make_pipeline(CountVectorizer(token_pattern=r"\S+"), LogisticRegression()))
    cycle = make(trainer=pipeline, features=texts, test=None)
    cycle.step()
    assert set(cycle.state.load(0, "picks")["strategy"]) <= {"auto: margin", "audit"}


def test_a_cycle_made_anew_before_every_step_is_one_cycle(make):
    """Nothing is kept in the object: asked, waiting, answered, closed, and on."""
    states = []
    while not states or states[-1] != DONE:
        cycle = make()
        step = cycle.step()
        states.append(step.state)
        if step.state == WAITING:
            assert step.waiting == 4
            assert cycle.flow.simulate(PERFECT) == 4
    assert states == [ASKED, WAITING, FINISHED] * 2 + [DONE]
    assert make().rounds()["labels_bought"].tolist() == [4, 8]
    assert len(make().flow.loops()) == 8


def test_no_item_is_asked_about_twice_and_seeds_never(make):
    """The rounds' picks are disjoint, and what the model knows is not bought."""
    cycle = make(rounds=3)
    cycle.run(answer=lambda: cycle.flow.simulate(PERFECT))
    asked = cycle.labels()["item_id"]
    assert asked.is_unique
    assert len(asked) == 12
    assert not set(asked) & {"i00", "i39"}


def test_it_ends_when_the_pool_is_used_up(make):
    """The last round takes what is left, and then it is done."""
    cycle = make(n=30, rounds=9)
    rounds = cycle.run(answer=lambda: cycle.flow.simulate(PERFECT))
    assert rounds["labels_bought"].tolist() == [30, 38]
    assert rounds["accuracy"].iloc[-1] > 0.9


@pytest.mark.parametrize("after", ["picks", "loops", "labels"])
def test_a_crash_between_any_two_writes_buys_nothing_twice(make, monkeypatch, after):
    """Killed after the picks, after the loops or after the labels were written: the same four loops."""
    cycle = make(rounds=1)
    if after == "picks":
        monkeypatch.setattr(cycle, "_submit", crash)
    else:
        cycle.step()
        cycle.flow.simulate(PERFECT)
        if after == "labels":
            monkeypatch.setattr("a2i_al.retrain.cycle.round_row", crash)
    if after != "loops":
        with pytest.raises(KeyboardInterrupt):
            cycle.step()
        monkeypatch.undo()
    again = make(rounds=1)
    again.run(answer=lambda: again.flow.simulate(PERFECT))
    assert len(again.flow.loops()) == 4
    assert again.rounds()["labels_bought"].tolist() == [4]


def crash(*_, **__):
    raise KeyboardInterrupt


def test_more_rounds_may_be_added_later(make):
    """The number of rounds is how far to go, not what the cycle is."""
    for rounds in (1, 2):
        cycle = make(rounds=rounds)
        assert len(cycle.run(answer=lambda cycle=cycle: cycle.flow.simulate(PERFECT))) == rounds


def test_waiting_is_bounded(make):
    """Nobody answers: the cycle says so after its timeout, and what was asked stays asked."""
    cycle = make()
    with pytest.raises(CycleError, match=r"round 0 has 4 open human loops after 0 s.*goes on from here"):
        cycle.run(timeout=0, poll=0)
    assert len(cycle.flow.loops()) == 4


def test_an_answer_that_does_nothing_is_not_called_in_a_tight_loop(make, monkeypatch):
    """Between two calls that found nothing to answer there is a pause of `poll` seconds."""
    calls, pauses, now = [], [], [0.0]
    monkeypatch.setattr("a2i_al.retrain.cycle.time.monotonic", lambda: now[0])

    def sleep(seconds):
        pauses.append(seconds)
        now[0] += seconds

    monkeypatch.setattr("a2i_al.retrain.cycle.time.sleep", sleep)
    with pytest.raises(CycleError):
        make().run(answer=lambda: calls.append(1), timeout=6, poll=2)
    assert len(calls) == len(pauses) == 4
    assert set(pauses) == {2}


def test_an_unreadable_output_is_an_item_without_a_label(make, embedded):
    """An output cut off on disk costs its item; the round closes with the other three."""
    cycle = make(rounds=1)
    cycle.step()
    cycle.flow.simulate(PERFECT)
    output = next((embedded.home / "s3").rglob(f"{cycle.flow.definition.name}/**/output.json"))
    output.write_bytes(output.read_bytes()[:50])
    with pytest.warns(match="cannot be read"):
        cycle.step()
    assert cycle.labels()["status"].value_counts().to_dict() == {"agreed": 3, "incomplete": 1}
    assert cycle.rounds()[["labels_bought", "not_agreed"]].to_numpy().tolist() == [[4, 1]]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"features": X[:5]}, "features has 5 rows and items 40"),
        ({"seed_labels": {"stranger": "no"}}, "seeds are not among the items, such as 'stranger'"),
        ({"seed_features": X[:1]}, "seed_features has 1 rows and seed_labels 2"),
        ({"seed_features": X[:2, 0]}, r"of shape \(1,\) an item and seed_features of shape \(\) a seed"),
    ],
)
def test_tables_that_do_not_match_are_refused(make, more, words):
    """Before anything is written or asked."""
    with pytest.raises(InvalidTable, match=words):
        make(**more)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"trainer": None}, "trainer is None.*a Trainer"),
        ({"trainer": LogisticRegression}, "trainer is the class LogisticRegression.*a Trainer"),
        ({"trainer": LinearSVC()}, "LinearSVC has no predict_proba"),
        ({"field": None}, "field is None"),
        ({"features": None}, "features is None.*a row per item"),
        ({"features": csr_matrix(X)}, r"features is a csr_matrix.*features\.toarray\(\)"),
        ({"seed_labels": ["i00"]}, "seed_labels is a list.*a mapping of item id to label"),
        ({"n": 0}, "n is 0.*at least 1 item"),
        ({"n": 2.5}, "n is 2.5"),
        ({"rounds": -1}, "rounds is -1"),
        ({"audit_fraction": 10}, "audit_fraction is 10.*from 0 to 1"),
        ({"random_state": None}, "random_state is None"),
        ({"test": X}, r"test is a ndarray.*\(features, labels\)"),
        ({"test": (X, TRUTH[1:])}, r"shape \(40, 1\) and labels of shape \(39,\)"),
        ({"directory": None}, "directory is None.*a path"),
    ],
)
def test_settings_that_mean_nothing_are_refused(make, tmp_path, more, words):
    """When the cycle is made, not weeks later when its second round is."""
    with pytest.raises(InvalidInput, match=words):
        make(**more)
    assert not (tmp_path / "cycle").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"timeout": float("nan")}, "timeout is nan.*0 or more"),
        ({"timeout": None}, "timeout is None"),
        ({"poll": -1}, "poll is -1"),
        ({"answer": 3}, "answer is 3.*something to call"),
        ({"on_step": "print"}, "on_step is 'print'"),
    ],
)
def test_a_run_that_would_never_end_is_refused(make, more, words):
    """Before it asks anybody anything."""
    cycle = make()
    with pytest.raises(InvalidInput, match=words):
        cycle.run(**more)
    assert not cycle.state.is_open()


def test_what_was_picked_and_predicted_is_there_for_estimates(make):
    """Of the closed rounds: a row per item that was asked about, by the model that chose it."""
    cycle = make(audit_fraction=0.5)
    assert len(cycle.picks()) == len(cycle.predictions()) == 0
    cycle.run(answer=lambda: cycle.flow.simulate(PERFECT))
    assert cycle.picks()["round"].tolist() == [0] * 4 + [1] * 4
    assert set(cycle.picks()["item_id"]) == set(cycle.predictions()["item_id"]) == set(cycle.labels()["item_id"])
    assert cycle.predictions()["model_version"].nunique() == 2
    left = ITEMS["item_id"].iloc[1:-1].tolist()  # the seeds were no candidates
    pool = predictions_of(cycle.model(), left, cycle.model().predict_proba(X[1:-1]))
    assert estimate(pool, cycle.labels(), cycle.picks(), exact=True).low == 0


def test_a_cycle_says_where_it_is(make):
    """Which round, whether people are asked, and what was bought so far."""
    cycle = make(rounds=1)
    assert repr(cycle).startswith("RetrainCycle(round 1 of 1, 0 labels bought, in '")
    cycle.step()
    assert "round 1 of 1, people are asked, 0 labels" in repr(cycle)
    cycle.run(answer=lambda: cycle.flow.simulate(PERFECT))
    assert "all 1 rounds closed, 4 labels bought" in repr(cycle)


def test_a_strategy_may_be_any_callable(make):
    """A partial has no name of its own, and is one."""
    draw = partial(np.arange, n=2)
    assert make(strategy=draw).state.current() == make(strategy=draw).state.current() == 0


def test_a_classifier_is_trained_in_this_process(make):
    """It need not be wrapped: its models have the version that they have by the trainer for it."""
    assert make(trainer=LogisticRegression()).model().version == make().model().version
