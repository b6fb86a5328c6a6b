"""One reviewer's way through the tasks: what counts as saved, what is refused, and messages on any thread."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import AlreadyExists, InvalidTemplate, Unreachable
from a2i_al.widgets.desk import OpenTask
from a2i_al.widgets.session import MESSAGE_LIMIT, Session


class FakeDesk:
    """Tasks in a list; errors on demand."""

    def __init__(self, *names):
        self.names, self.given = list(names), []
        self.error = self.error_of_release = None

    def _may_fail(self):
        if self.error:
            raise self.error

    def next(self):
        self._may_fail()
        return OpenTask(self.names[0], "Spam?", {"text": self.names[0]}, len(self.names) - 1) if self.names else None

    def answer(self, task, content):
        self._may_fail()
        self.names.remove(task.human_loop_name)
        self.given.append((task.human_loop_name, content))

    def release(self, task):
        self._may_fail()
        if self.error_of_release:
            raise self.error_of_release
        self.names.remove(task.human_loop_name)
        self.names.append(task.human_loop_name)


class Reader:
    """A session with what it showed and told."""

    def __init__(self, desk, make_page=None, **options):
        self.desk, self.scenes, self.told = desk, [], []
        make_page = make_page or (lambda task_input, **_: f"page of {task_input['text']}")
        self.session = Session(
            desk,
            make_page,
            show=self.scenes.append,
            tell=lambda nonce, text: self.told.append((nonce, text)),
            title="Tasks",
            **options,
        )

    @property
    def scene(self):
        return self.session.scene

    def send(self, kind="answer", value=None, nonce=None):
        value = {"category": {"label": "spam"}} if value is None else value
        self.session.receive(json.dumps({"nonce": nonce or self.scene.nonce, "kind": kind, "value": value}))


def test_nothing_is_opened_before_start():
    """A cell that merely runs takes no task away from anybody."""
    desk = FakeDesk("a")
    desk.next = None
    assert Reader(desk, waiting=1).scene.state == "before"


def test_an_answer_is_kept_and_the_next_task_appears():
    """Answer by answer to the end, with the count that the desk knows."""
    reader = Reader(FakeDesk("a", "b"), waiting=7)
    reader.session.start()
    assert (reader.scene.page, reader.scene.answered, reader.scene.total) == ("page of a", 0, 2)
    reader.send()
    assert (reader.scene.page, reader.scene.answered, reader.scene.total) == ("page of b", 1, 2)
    reader.send(value={"x": 1})
    assert (reader.scene.state, reader.scene.answered) == ("empty", 2)
    assert reader.desk.given == [("a", {"category": {"label": "spam"}}), ("b", {"x": 1})]


def test_each_task_has_a_nonce_of_its_own():
    """A message sent twice, or late, is about a task that is over: it answers nothing else."""
    reader = Reader(FakeDesk("a", "b"))
    reader.session.start()
    old = reader.scene.nonce
    reader.send()
    reader.send(nonce=old)
    assert len(reader.desk.given) == 1


def test_a_limit_ends_the_session_and_going_on_gives_as_many_again():
    """With limit=2 of 5, the third task is not opened until it is asked for."""
    reader = Reader(FakeDesk(*"abcde"), waiting=5, limit=2)
    assert reader.scene.total == 2
    reader.session.start()
    reader.send()
    reader.send()
    assert (reader.scene.state, reader.scene.answered) == ("finished", 2)
    reader.session.start()
    assert (reader.scene.state, reader.scene.total) == ("task", 4)


def test_a_skipped_task_comes_again_last_and_says_so():
    """Skip gives back; with nothing else left the same task returns."""
    reader = Reader(FakeDesk("a", "b"))
    reader.session.start()
    reader.send("skip")
    assert (reader.scene.page, reader.scene.notice) == ("page of b", "")
    reader.send()
    assert (reader.scene.page, reader.scene.notice) == ("page of a", "You have skipped this one before.")


def test_done_gives_the_open_task_back():
    """Nobody waits for a reviewer who has left; going on opens the next."""
    reader = Reader(FakeDesk("a", "b"))
    reader.session.start()
    reader.session.pause()
    assert (reader.scene.state, reader.desk.names) == ("paused", ["b", "a"])
    reader.send(nonce="")
    assert reader.desk.given == []
    reader.session.start()
    assert reader.scene.page == "page of b"


def test_a_failure_to_save_is_told_to_the_page_and_loses_nothing():
    """The page keeps the answer; sent again, it is saved once."""
    reader = Reader(FakeDesk("a"))
    reader.session.start()
    reader.desk.error = Unreachable("the embedded A2I does not run")
    nonce = reader.scene.nonce
    reader.send()
    assert reader.told == [(nonce, "Not saved: the embedded A2I does not run.")]
    assert (reader.scene.state, reader.scene.nonce, reader.scene.answered) == ("task", nonce, 0)
    reader.session.skip()
    assert reader.told[1:] == [(nonce, "Not skipped: the embedded A2I does not run.")]
    reader.desk.error = None
    reader.send()
    assert len(reader.desk.given) == 1


def test_a_task_that_is_over_can_be_skipped():
    """What was answered elsewhere cannot be given back, and does not hold the reviewer up."""
    reader = Reader(FakeDesk("a"))
    reader.session.start()
    reader.desk.error_of_release = AlreadyExists("it is over")
    reader.desk.names = ["b"]
    reader.session.skip()
    assert reader.scene.page == "page of b"


def test_an_answer_to_a_task_that_is_over_stays_in_the_page_and_says_how_to_go_on():
    """Two cells of the same reviewer show the same task: the second answer is not lost without a word."""
    reader = Reader(FakeDesk("a"))
    reader.session.start()
    reader.desk.error = AlreadyExists("You do not have this task open.")
    reader.send()
    assert reader.told[-1][1] == "Not saved: You do not have this task open. Skip goes on with the next task."
    assert reader.scene.state == "task"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
@pytest.mark.parametrize("broken", ["desk", "page"])
def test_an_interrupted_kernel_leaves_a_review_that_goes_on(error, broken):
    """Between two tasks: what was answered is saved, no dead page is left, and the interrupt is not swallowed."""
    pages = iter(["page of a", error(), "page of b"])

    def make_page(_, *, nonce):
        page = next(pages) if broken == "page" else "page"
        if isinstance(page, BaseException):
            raise page
        return page

    reader = Reader(FakeDesk("a", "b"), make_page)
    reader.session.start()
    if broken == "desk":
        give = reader.desk.next
        reader.desk.next = lambda: (_ for _ in ()).throw(error())
    with pytest.raises(error):
        reader.send()
    assert (reader.scene.state, reader.scene.page, reader.scene.answered) == ("paused", "", 1)
    assert "Go on" in reader.scene.notice
    if broken == "desk":
        reader.desk.next = give
    reader.session.start()
    assert (reader.scene.state, reader.scene.notice) == ("task", "")


def test_going_on_after_a_pause_finds_that_nothing_waits():
    reader = Reader(FakeDesk("a"))
    reader.session.start()
    reader.session.pause()
    reader.desk.names = []
    reader.session.start()
    assert reader.scene.state == "empty"


def test_a_service_that_stops_between_tasks_pauses():
    """The answer is saved; why there is no next task is said, and Go on tries again."""
    reader = Reader(FakeDesk("a"))
    reader.desk.error = Unreachable("gone")
    reader.session.start()
    assert reader.scene.state == "paused"
    assert "gone" in reader.scene.notice
    reader.desk.error = None
    reader.session.start()
    assert reader.scene.page == "page of a"


def test_a_page_that_cannot_be_made_can_be_skipped():
    """One broken item does not end the review."""

    def make_page(task_input, *, nonce):
        if task_input["text"] == "a":
            raise InvalidTemplate("no such filter")
        return "page"

    reader = Reader(FakeDesk("a", "b"), make_page)
    reader.session.start()
    assert (reader.scene.page, "no such filter" in reader.scene.notice) == ("", True)
    reader.session.skip()
    assert reader.scene.page == "page"


@pytest.mark.parametrize("value", ["[]", '"x"', "null", '{"a": NaN}', '{"a": Infinity}'])
def test_what_is_no_json_object_is_no_answer(value):
    """An answerContent is a JSON object without NaN."""
    reader = Reader(FakeDesk("a"))
    reader.session.start()
    reader.session.receive(f'{{"nonce": "{reader.scene.nonce}", "kind": "answer", "value": {value}}}')
    assert reader.desk.given == []


def test_an_answer_over_the_limit_is_refused():
    """A page cannot fill the kernel's memory or the service's disk."""
    reader = Reader(FakeDesk("a"))
    reader.session.start()
    reader.send(value={"x": "y" * MESSAGE_LIMIT})
    assert reader.desk.given == []
    assert "over 1,024 KiB" in reader.told[0][1]


@given(st.text() | st.recursive(st.none() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)).map(str))
def test_no_message_breaks_the_session(message):
    """Whatever a page sends, the task stays open."""
    reader = Reader(FakeDesk("a"))
    reader.session.start()
    reader.session.receive(message)
    assert (reader.scene.state, reader.desk.given) == ("task", [])


def test_one_answer_counts_however_many_threads_bring_it():
    """Handlers run on threads of their own; one lock lets one of them through."""
    reader = Reader(FakeDesk(*"abcdef"))
    reader.session.start()
    nonce = reader.scene.nonce
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: reader.send(nonce=nonce), range(64)))
    assert len(reader.desk.given) == reader.scene.answered == 1
