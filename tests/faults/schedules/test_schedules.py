"""Exactly once: whatever schedule of faults a submission meets, each item's loop is started once and the ledger knows.

A schedule follows from its number alone and is printed with a failure; ``-k 'one_at_a_time[17]'`` runs one again.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import pandas as pd
import pytest

from a2i_al.loops.calling.rate import RateController
from a2i_al.loops.following.track import refresh
from a2i_al.loops.rebuilding.rebuild import rebuild
from a2i_al.loops.requests.planning import plan
from a2i_al.loops.submission.starting import Pace, start

NETWORK = ["refused connection", "connect timeout", "read timeout", "closed connection"]
SERVICE = ["service killed before", "service killed after"]
REFUSALS = ["429", "402", "500", "503", "500 after accepting"]
OFFSETS = [timedelta(0)] * 3 + [timedelta(minutes=5), -timedelta(minutes=5), timedelta(hours=3), -timedelta(days=40)]
JUMPS = [timedelta(hours=2), -timedelta(hours=2), timedelta(days=35), -timedelta(days=400)]


@dataclass(frozen=True)
class Submission:
    """What is asked about; called with a life, it asks."""

    items: pd.DataFrame
    predictions: pd.DataFrame | None
    max_workers: int = 1

    def __call__(self, life):
        planned = plan(life.world.flow, self.items, predictions=self.predictions, ledger=life.ledger)
        pace = Pace(RateController(life.watch), wait_for_room=60)
        return start(
            life.connection, planned, ledger=life.ledger, max_workers=self.max_workers, progress=False, pace=pace
        )


def draw_submission(draw, size=6):
    ids = [f"item-{n}" for n in range(draw.randint(2, size))]
    items = pd.DataFrame({"item_id": ids, "text": [f"text of {i}" for i in ids]})
    said = pd.DataFrame({"item_id": ids, "predicted_label": "spam", "confidence": 0.6, "model_version": "m1"})
    return Submission(items, draw.choice([None, said]))


def draw_faults(draw, requests, kinds):
    """Draw what goes wrong with so many requests: single faults, and bursts that outlast the retries."""
    faults, number = {}, 1
    while number <= requests:
        kind = draw.choice([None, *kinds])
        length = draw.choice([1, 1, 2, 6]) if kind in REFUSALS else 1
        faults |= dict.fromkeys(range(number, number + length), kind)
        number += length
    return faults


def draw_life(draw, live, world, kinds, **more):
    faults = draw_faults(draw, draw.choice([0, 12]), kinds)
    return live(world, faults=faults, dies=draw.choice([-1, draw.randint(1, 45)]), offset=draw.choice(OFFSETS), **more)


def disturb(draw, world):
    """See that the ledger knows of all that was started so far, then let something happen between two lives."""
    assert not world.unknown()
    what = draw.choice(["nothing", "answers", "lost ledger", "service restarts", "service's clock jumps", "quota"])
    world.log(f"then: {what}")
    match what:
        case "answers":
            world.review(draw.randint(1, 3))
        case "lost ledger":
            world.lose_ledger()
        case "service restarts":
            world.reboot()
        case "service's clock jumps":
            world.offset += draw.choice(JUMPS)
        case "quota":
            world.backend.limits.change(loops_in_flight=draw.choice([0, 2]))


def check(world, live, submission):
    """Submit once more with nothing in the way, and look whether all is there, once, and known."""
    if world.backend.limits.loops_in_flight:
        world.backend.limits.change(loops_in_flight=0)
    healthy = live(world, "healthy", offset=world.offset)
    assert submission(healthy).empty
    refresh(healthy.connection, healthy.ledger, world.flow)
    loops = healthy.ledger.loops()
    assert sorted(loops["item_id"]) == sorted(submission.items["item_id"])
    assert len(world.started) == len({name for name, _ in world.started}) == len(loops)
    there = world.loops() | dict.fromkeys(world.deleted, "Deleted")
    assert dict(zip(loops["human_loop_name"], loops["status"], strict=True)) == there


@pytest.mark.parametrize("number", range(300))
def test_one_at_a_time(draw, world, live):
    """Kills, dropped connections, refusals, lost ledgers and wrong clocks, one run after the other."""
    submission = draw_submission(draw)
    for life in range(draw.randint(1, 3)):
        draw_life(draw, live, world, [None, *NETWORK, *REFUSALS, *SERVICE], name=f"life {life}").run(submission)
        disturb(draw, world)
    check(world, live, submission)


@pytest.mark.parametrize("number", range(110))
def test_two_at_once(draw, world, live, take_turns):
    """Two submitters of the same batch interleave at every effect, each with troubles of its own."""
    submission = draw_submission(draw)
    other = replace(submission, items=submission.items.sample(frac=1, random_state=draw.randint(0, 99)))
    turns = take_turns(draw, ["A", "B"])
    kinds = [None, None, None, *NETWORK, *REFUSALS]
    lives = [draw_life(draw, live, world, kinds, name=name, turns=turns) for name in "AB"]
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda life, action: life.run(action), lives, [submission, other]))
    disturb(draw, world)
    check(world, live, submission)


@pytest.mark.parametrize("number", range(50))
def test_a_lost_ledger_is_rebuilt(draw, world, live):
    """However often rebuilding is killed, it ends with every loop known, and no loop of an output is bought again."""
    submission = draw_submission(draw)
    draw_life(draw, live, world, [None, *NETWORK]).run(submission)
    world.review(draw.randint(0, 4))
    if draw.random() < 0.5:
        world.delete_finished()
    world.lose_ledger()

    def put_back(life):
        return rebuild(life.connection, life.ledger, world.flow, world.outputs, submission.items, model_versions=["m1"])

    for _ in range(draw.randint(1, 3)):
        live(world, faults=draw_faults(draw, 3, [None, *NETWORK]), dies=draw.randint(1, 15)).run(put_back)
    table = put_back(live(world))
    assert not set(table["source"]) & {"unknown"}
    assert sorted(table["human_loop_name"]) == sorted(name for name, _ in world.started)
    check(world, live, submission)


@pytest.mark.parametrize("number", range(40))
def test_many_threads(draw, world, live):
    """Eight threads of one submitter are killed in whatever they were at."""
    submission = replace(draw_submission(draw, size=16), max_workers=8)
    kinds = [None, None, None, *NETWORK, *REFUSALS]
    for _ in range(2):
        draw_life(draw, live, world, kinds).run(submission)
        assert not world.unknown()
    check(world, live, submission)
