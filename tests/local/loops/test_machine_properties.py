"""Whatever people, requesters and clocks do in whatever order: what must hold of human loops holds."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from a2i_al.local.wire.call import Refusal

COUNTS = {"a": 1, "b": 1, "c": 2, "d": 2}  # human loop name to TaskCount
NAMES = st.sampled_from(sorted(COUNTS))
PEOPLE = st.sampled_from(["Ann", "Ben", "Cem", "Dua"])
FINAL = {"Completed", "Stopped", "Failed"}
BENCH = []


@pytest.fixture(autouse=True)
def _bench_class(make_bench):
    """The state machine below is made by hypothesis, not by pytest: it finds the harness here."""
    BENCH[:] = [make_bench]


class Loops(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.bench = BENCH[0](self.folder / "service.sqlite3")
        limits = {"TaskTimeLimitInSeconds": 60, "TaskAvailabilityLifetimeInSeconds": 300}
        self.flows = {count: self.bench.flow(f"flow-{count}", count=count, **limits) for count in (1, 2)}
        self.seen = {}
        self.kept = {}

    def teardown(self):
        self.bench.store.close()
        shutil.rmtree(self.folder)

    def try_(self, action, *args):
        try:
            return action(*args)
        except Refusal:  # what may not be done is refused; what must hold is in the invariants
            return None

    @rule(name=NAMES)
    def start(self, name):
        self.try_(self.bench.start, self.flows[COUNTS[name]], name)

    @rule(name=NAMES)
    def stop(self, name):
        self.try_(self.bench.machine.stop, name)

    @rule(name=NAMES)
    def delete(self, name):
        status = self.seen.get(name)
        done = self.try_(lambda: self.bench.machine.delete(name) or "deleted")
        if done:
            assert status in FINAL or status is None
            self.seen.pop(name, None)
            self.kept = {key: value for key, value in self.kept.items() if key[0] != name}

    @rule(person=PEOPLE)
    def accept(self, person):
        worker = self.bench.desk.sign_in(person)
        task = self.bench.desk.next(worker)
        if task is None:
            assert self.bench.desk.waiting(worker, "flow-1").count == 0
        else:
            assert (task.human_loop_name, worker.id) not in self.kept

    @rule(person=PEOPLE, name=NAMES, label=st.sampled_from(["spam", "ham"]))
    def submit(self, person, name, label):
        worker = self.bench.desk.sign_in(person)
        answer = {"category": {"label": label}}
        if self.try_(self.bench.desk.submit, worker, name, answer) is not None:
            assert self.kept.setdefault((name, worker.id), answer) == answer

    @rule(person=PEOPLE, name=NAMES)
    def release(self, person, name):
        self.try_(self.bench.desk.release, self.bench.desk.sign_in(person), name)

    @rule(seconds=st.sampled_from([1, 30, 61, 301]))
    def wait(self, seconds):
        self.bench.wait(seconds)
        self.bench.machine.sweep()

    @rule(broken=st.booleans())
    def break_or_mend_the_disk(self, broken):
        self.bench.broken = broken

    @invariant()
    def nothing_is_lost_or_given_twice(self):
        for loop in [loop for flow in self.flows.values() for loop in self.bench.machine.list(flow)]:
            before = self.seen.get(loop.name)
            assert before not in FINAL or before == loop.status, "a final state is final"
            assert (before, loop.status) != ("Stopping", "InProgress")
            self.seen[loop.name] = loop.status
            kept = {worker: answer for (name, worker), answer in self.kept.items() if name == loop.name}
            assert len(kept) <= COUNTS[loop.name], "at most TaskCount answers"
            if loop.status == "Completed":
                assert len(kept) == COUNTS[loop.name]
            if loop.status in FINAL:
                written = {
                    a["workerId"]: a["answerContent"] for a in self.bench.outputs[loop.output_uri]["humanAnswers"]
                }
                assert written == kept, "the output has every answer that was acknowledged, and no other"

    @invariant()
    def places_are_what_is_left(self):
        with self.bench.store.transaction() as tx:
            rows = tx.execute(
                "SELECT name, places, (SELECT count(*) FROM answer WHERE loop = loop.id) AS answers,"
                " (SELECT count(*) FROM assignment WHERE loop = loop.id) AS opened"
                " FROM loop WHERE status IN ('InProgress', 'Stopping') AND outcome IS NULL"
            ).fetchall()
        assert all(places == COUNTS[name] - answers - opened >= 0 for name, places, answers, opened in rows)

    @invariant()
    def what_is_said_to_wait_is_what_can_be_opened(self):
        """The count, which remembers how far a worker has come, is that of the jobs, which is made afresh."""
        for person in ("Ann", "Ben"):
            worker = self.bench.desk.sign_in(person)
            opened = self.bench.store._connection.execute(
                "SELECT count(*) FROM assignment WHERE worker = ?", (worker.id,)
            ).fetchone()[0]
            fresh = sum(job.waiting for job in self.bench.desk.jobs(worker))
            waiting = [self.bench.desk.waiting(worker, f"flow-{count}") for count in self.flows]
            assert {w.count + opened for w in waiting} == {fresh}
            assert any(w.of_flow for w in waiting) == (fresh > opened)


TestLoops = Loops.TestCase
TestLoops.settings = settings(max_examples=60, stateful_step_count=50)
