"""The review widget: what it holds, what a saved notebook keeps of it, and the frame it makes."""

import html
import json
import re
import threading

import pytest

from a2i_al.errors import InvalidInput, Unreachable
from a2i_al.widgets.desk import OpenTask
from a2i_al.widgets.review import Review
from a2i_al.workflow import Workflow


class Desk:
    """Two tasks with a title that would break out of HTML."""

    def __init__(self):
        self.left, self.given = ["a", "b"], []

    def next(self):
        return OpenTask(self.left[0], '<b>"T"</b>', {}, len(self.left) - 1) if self.left else None

    def answer(self, _, content):
        self.given.append(content)
        self.left.pop(0)

    def release(self, _):
        self.left.append(self.left.pop(0))


@pytest.fixture
def review():
    return Review(Desk(), lambda _, *, nonce: f'<p title="&">{nonce}</p>', title="T", waiting=2)


def send(review, **message):
    nonce = review._session.scene.nonce
    review._box.value = json.dumps({"nonce": nonce, "kind": "answer", "value": {"x": 1}, **message})


def test_it_waits_for_start_and_shows_what_waits(review):
    """The cell's output is a card with Start; Skip and Done come with the first task."""
    assert "2 to review" in review._head.value
    assert [b.layout.display for b in (review._go, review._skip, review._done)] == ["", "none", "none"]
    assert "<iframe" not in review._stage.value
    review._go.click()
    assert "1 of 2" in review._head.value
    assert [b.layout.display for b in (review._go, review._skip, review._done)] == ["none", "", ""]


def test_the_task_is_in_a_sandbox_with_a_nonce_of_its_own(review):
    """Never same-origin; the page and its title cannot break out of the attribute."""
    review._go.click()
    frame = review._stage.value
    assert re.search(r'sandbox="([^"]*)"', frame)[1] == "allow-scripts allow-forms"
    nonce = review._session.scene.nonce
    assert html.unescape(re.search(r'data-page="([^"]*)"', frame)[1]) == f'<p title="&">{nonce}</p>'
    assert frame.count("<iframe") == frame.count("</iframe>") == 1
    assert '<b>"T"</b>' not in frame + review._head.value


def test_an_answer_in_the_hidden_box_moves_on(review):
    """The box is the way from the page to the kernel."""
    review._go.click()
    send(review)
    assert (review.answered, "2 of 2" in review._head.value) == (1, True)
    review._skip.click()
    review._done.click()
    assert "Paused" in review._stage.value
    assert repr(review) == "Review('<b>\"T\"</b>', 1 answered of 2)"


def test_a_handler_on_another_thread_does_the_same(review):
    """Jupyter may run handlers on a subshell's thread."""
    thread = threading.Thread(target=lambda: (review._go.click(), send(review)))
    thread.start()
    thread.join()
    assert review.answered == 1


def test_a_failure_is_told_to_the_page_that_sent_it(review):
    """The reply carries the page's nonce, and the same words again are another reply."""
    review._go.click()

    def fail(task, content):
        raise Unreachable("the embedded A2I does not run <now>")

    review._session._desk.answer = fail
    send(review)
    first = json.loads(html.unescape(review._reply.value))
    assert (first["nonce"], first["message"]) == (
        review._session.scene.nonce,
        "Not saved: the embedded A2I does not run <now>.",
    )
    assert "<now>" not in review._reply.value
    send(review, again=True)
    assert json.loads(html.unescape(review._reply.value)) != first


@pytest.fixture
def displayed(monkeypatch):
    """Collect what a notebook is given to show, and to show anew."""
    from IPython import display as ipython  # noqa: PLC0415

    shown = []
    monkeypatch.setattr(ipython, "display", lambda bundle, **how: shown.append((bundle, how.get("display_id"))))
    monkeypatch.setattr(ipython, "update_display", lambda bundle, **how: shown.append((bundle, how["display_id"])))
    monkeypatch.setattr("a2i_al.widgets.review.current_cell", lambda: 1)
    return shown


def test_a_notebook_keeps_the_last_state_beside_the_widget(review, displayed):
    """As HTML that needs no kernel and changes with each answer; where the widget is alive, its style hides it."""
    review._ipython_display_()
    (widget, _), (kept, name) = displayed
    assert widget["application/vnd.jupyter.widget-view+json"]["model_id"] == review.widget.model_id
    assert "text/html" not in widget
    assert f'class="a2i-al-kept {name}"' in kept["text/html"]
    assert "0 saved of 2" in kept["text/html"]
    assert f".{name} {{ display: none }}" in review.widget.children[2].value
    review._go.click()
    send(review)
    last, again = displayed[-1]
    assert again == name
    assert "1 saved of 2" in last["text/html"]
    assert '<b>"T"</b>' not in last["text/html"]


def test_a_terminal_is_given_a_line(review, displayed, monkeypatch):
    """There is nothing to keep there, and nothing to update."""
    monkeypatch.setattr("a2i_al.widgets.review.current_cell", lambda: None)
    review._ipython_display_()
    review._go.click()
    assert [bundle["text/plain"] for bundle, _ in displayed] == ["Review('T', 0 answered of 2)"]


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"undo_seconds": -1}, {"undo_seconds": 4}])
def test_limits_out_of_range_are_refused(wrong):
    """The page calls an answer unsaved after five seconds, so the moment to undo must be shorter."""
    with pytest.raises(InvalidInput, match=next(iter(wrong))):
        Review(Desk(), lambda _, **__: "", title="T", **wrong)


def test_a_workflow_is_reviewed_through_its_own_portal(flow):
    """`Workflow.review` answers this workflow's tasks as this worker, with the pictures in the page."""
    review = flow.review("Ann", limit=2, undo_seconds=0)
    assert "2 to review" in review._head.value
    assert set(flow.loops()["status"]) == {"InProgress"}
    review._go.click()
    assert "Which category fits this text best?" in html.unescape(review._stage.value)
    send(review, value={"category": {"label": "ham"}})
    send(review, value={"category": {"label": "ham"}})
    assert "That was what you wanted to do" in review._stage.value
    assert flow.harvest().answers["value"].tolist() == ["ham", "ham"]


def test_two_reviews_of_one_reviewer_save_each_task_once(flow):
    """Both cells show the same task; what the second one sends is refused in words, and Skip catches up."""
    first, second = (flow.review("<b>Ann & 'Co'</b>", undo_seconds=0) for _ in range(2))
    first._go.click()
    second._go.click()
    send(first, value={"category": {"label": "ham"}})
    send(second, value={"category": {"label": "spam"}})
    assert "Not saved" in second._reply.value
    assert "Skip goes on" in second._reply.value
    assert (first.answered, second.answered) == (1, 0)
    second._skip.click()
    send(second, value={"category": {"label": "spam"}})
    send(first, value={"category": {"label": "ham"}})
    first._skip.click()
    send(first, value={"category": {"label": "ham"}})
    assert sorted(flow.harvest().answers["value"]) == ["ham", "ham", "spam"]


def test_a_review_needs_the_embedded_a2i():
    """On AWS the work team has a portal of its own."""
    arn = "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/f"
    with pytest.raises(InvalidInput, match="not on the embedded A2I"):
        Workflow.from_arn(arn).review()
