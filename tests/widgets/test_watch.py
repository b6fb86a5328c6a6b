"""Watching a batch: it ends when all is final, when time is over and when it is interrupted, and what it counts."""

import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from a2i_al.errors import NotFound, Unreachable
from a2i_al.local import SimulatedReviewer
from a2i_al.widgets.progress import Progress, Screen
from a2i_al.widgets.watch import watch


class Clock:
    """Time that passes only where somebody waits."""

    now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Loops:
    """A batch that changes from look to look; an exception stands for a look that fails."""

    def __init__(self, *looks):
        self.looks, self.asked = list(looks), []

    def __call__(self):
        look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(look, BaseException):
            raise look
        names = [f"loop-{i}" for i in range(len(look))]
        states = [{"i": "InProgress", "c": "Completed", "f": "Failed"}[letter] for letter in look]
        return pd.DataFrame({"human_loop_name": names, "status": states})

    def answers_of(self, names):
        self.asked.append(set(names))
        rows = [(name, worker) for name in names for worker in ("ann", "ben")]
        return pd.DataFrame([*rows, *rows], columns=["human_loop_name", "worker_id"])


def run(*looks, **options):
    loops, shown = Loops(*looks), []
    last = watch(loops, loops.answers_of, show=shown.append, clock=Clock(), **options)
    return last, shown, loops


def test_it_ends_by_itself_when_every_loop_is_final():
    """Three looks; the last one shown is the one returned."""
    last, shown, _ = run("iii", "cii", "ccf")
    assert [progress.states.get("InProgress", 0) for progress in shown] == [3, 2, 0]
    assert shown[-1] == last
    assert (last.states, last.note) == ({"Completed": 2, "Failed": 1}, "all finished")


def test_rate_and_time_left_come_from_what_was_seen():
    """One of three in ten seconds: six a minute, twenty seconds for the other two."""
    _, shown, _ = run("iii", "cii", "ccc", poll=10)
    assert [(p.rate, p.seconds_left) for p in shown] == [(None, None), (6.0, 20.0), (9.0, None)]


def test_workers_are_counted_once_per_loop_and_outputs_are_read_once():
    """Two fields of one worker are one answer; a finished loop is not read again with every look."""
    last, _, loops = run("ii", "ci", "ci", "cc")
    assert loops.asked == [{"loop-0"}, {"loop-1"}]
    assert last.workers == {"ann": 2, "ben": 2}


def test_it_is_bounded():
    """Loops that nobody answers are watched until the time is over; 0 looks once."""
    last, shown, _ = run("i", timeout=5, poll=2)
    assert (last.note, len(shown)) == ("stopped watching after 5 s", 4)
    last, shown, _ = run("i", timeout=0)
    assert (last.note, len(shown)) == ("one look", 1)
    assert run("i", poll=3600)[0].note == "stopped watching after 86400 s"


def test_an_interrupt_returns_the_last_state():
    """Ctrl-C stops the watch, not the notebook."""
    last, shown, _ = run("ii", "ci", KeyboardInterrupt())
    assert (last.states, last.note) == ({"InProgress": 1, "Completed": 1}, "stopped watching")
    assert shown[-1] == last


def test_a_service_that_does_not_answer_for_a_moment_is_asked_again():
    """What was seen stays on show, with the reason; five times in a row is an error."""
    last, shown, _ = run("ci", Unreachable("away"), "cc")
    assert (shown[1].states, shown[1].note) == (shown[0].states, "the service does not answer; trying again")
    assert last.note == "all finished"
    with pytest.raises(Unreachable):
        run("ci", Unreachable("away"))


def test_a_refusal_ends_it_with_the_last_state_on_show():
    """The flow definition was deleted: to ask again would not help."""
    shown = []
    loops = Loops("i", NotFound("no such flow definition"))
    with pytest.raises(NotFound):
        watch(loops, loops.answers_of, show=shown.append, clock=Clock())
    assert shown[-1].note == "stopped watching: the service failed"


def test_an_empty_batch_is_finished():
    """Nothing to wait for."""
    assert run("")[0].note == "all finished"


def test_a_terminal_gets_a_line_with_every_change(capsys):
    """Outside a notebook the same is printed, and what has not changed is not repeated."""
    screen = Screen()
    at = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    for finished in (1, 1, 2):
        screen.show(Progress({"InProgress": 3 - finished, "Completed": finished}, at=at))
    assert capsys.readouterr().out == (
        "09:30:00  1 of 3 finished · InProgress 2 · Completed 1\n"
        "09:30:00  2 of 3 finished · InProgress 1 · Completed 2\n"
    )


def test_the_table_escapes_what_the_service_said():
    """Names come from outside."""
    table = Progress({"<b>": 1}, {"<i>": 2}, note="<u>")._repr_html_()
    assert not {"<b>1", "<i>", "<u>"} & set(table.replace("<", " <").split())
    assert "&lt;b&gt;" in table


@pytest.mark.parametrize(
    ("rate", "words"),
    [(60, "about 2 min left"), (1, "about 2 h left"), (0.01, "about 8 days left"), (200, "36 s left")],
)
def test_the_time_left_reads_well(rate, words):
    """In the unit that a person would use."""
    assert words in Progress({"InProgress": 120}, rate=rate).line()


def test_in_a_notebook_one_output_is_updated_and_not_shown_again_as_the_cell_s_value(monkeypatch):
    """The live table is the last thing that the saved notebook keeps, once."""
    shown = []
    handle = SimpleNamespace(update=lambda bundle, **_: shown.append(("update", bundle)))

    def display(bundle, *, raw, display_id=False):
        shown.append(("display", bundle))
        return handle if display_id else None

    shell = SimpleNamespace(kernel=object(), execution_count=7)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=display))
    loops = Loops("i", "c")
    last = watch(loops, loops.answers_of, clock=Clock())
    assert [kind for kind, _ in shown] == ["display", "update"]
    assert "all finished" in shown[-1][1]["text/html"]
    last._ipython_display_()
    assert len(shown) == 2
    shell.execution_count = 8
    last._ipython_display_()
    assert shown[2] == ("display", last.bundle())


def test_a_batch_is_watched_from_the_service_and_its_outputs(flow, capsys):
    """`Batch.watch` ends with every loop Completed and each worker's answers counted."""
    items = pd.DataFrame({"item_id": ["1", "2", "3"], "text": ["You have won!", "Lunch at one?", "Click <here>"]})
    batch = flow.submit(items, progress=False)
    assert batch.watch(timeout=0).states == {"InProgress": 3}
    flow.simulate([SimulatedReviewer("Ann", lambda _: {"category": {"label": "spam"}})])
    last = batch.watch()
    assert (last.states, list(last.workers.values())) == ({"Completed": 3}, [3])
    assert "3 of 3 finished · Completed 3 · all finished" in capsys.readouterr().out
