"""A `Session` in the notebook: progress, the task in a sandboxed frame, Skip and Done, with core ipywidgets only.

The frame's answers reach the kernel through a hidden text box, and the kernel's replies reach the frame through hidden
HTML: no extension, no port and no network are needed, and the server may lack what the kernel has.
"""

from __future__ import annotations

import html
import json
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

import ipywidgets as widgets

from a2i_al import arguments
from a2i_al.widgets.cards import card, head, kept, of_total
from a2i_al.widgets.desk import Desk
from a2i_al.widgets.progress import current_cell
from a2i_al.widgets.session import MESSAGE_LIMIT, PageMaker, Scene, Session

_STATIC = Path(__file__).parent / "static"
_LONGEST_HOLD = 3.0  # seconds; the page calls an answer unsaved that has no reply after five
_HIDDEN = {"display": "none"}
_HOLD_BAR = (
    '<div class="a2i-al-hold" hidden><div><span role="status">Saving the answer …</span>'
    '<button type="button" class="a2i-al-undo">Undo <kbd>u</kbd></button>'
    '<button type="button" class="a2i-al-now">Save now <kbd>Enter</kbd></button><i></i></div></div>'
)


class Review:
    """Tasks to answer in a notebook's cell.

    It shows how many tasks wait, and opens the first when Start is pressed: a cell that merely runs, as in a headless
    execution, takes no task away from anybody. From then on the next task appears by itself.

    **What is saved.** An answer can be taken back for a moment after Submit: ``u`` or the Undo button; Enter or "Save
    now" ends that moment. Then it goes to the service, which keeps it before it says so, and cannot be changed any
    more. Nothing that was said to be saved lives in the kernel alone, so nothing is lost when the kernel dies; the task
    on show is then still this worker's, and is the first one that the next review opens.

    Parameters
    ----------
    desk, make_page, title, waiting, limit
        As for `Session`.
    undo_seconds : float
        For how long an answer can be taken back, 0 to 3.

    Raises
    ------
    InvalidInput
        If ``limit`` or ``undo_seconds`` is out of range.
    """

    def __init__(
        self,
        desk: Desk,
        make_page: PageMaker,
        *,
        title: str,
        waiting: int | None = None,
        limit: int | None = None,
        undo_seconds: float = 1.5,
    ) -> None:
        if limit is not None:
            arguments.whole("limit", limit, 1, of="answer, or None for all that waits")
        expected = f"0 to {_LONGEST_HOLD:g}"
        undo_seconds = arguments.number("undo_seconds", undo_seconds, lambda s: 0 <= s <= _LONGEST_HOLD, expected)
        self._hold = round(1000 * undo_seconds)
        self._count = count(1)
        self._name, self._displayed = f"a2i-al-{token_hex(8)}", False
        self._session = Session(
            desk, make_page, show=self._show, tell=self._tell, title=title, waiting=waiting, limit=limit
        )
        self._head = widgets.HTML()
        self._head.add_class("a2i-al-head")
        self._go = self._button("Start", self._session.start, button_style="primary")
        self._skip = self._button("Skip", self._session.skip, tooltip="Give this task back; it comes again, last (s)")
        self._done = self._button("Done", self._session.pause, tooltip="Stop here; the open task is given back")
        self._stage = widgets.HTML()
        self._reply = widgets.HTML(layout=_HIDDEN)
        self._reply.add_class("a2i-al-reply")
        self._box = widgets.Textarea(layout=_HIDDEN)
        self._box.add_class("a2i-al-box")
        self._box.observe(self._received, names="value")
        bar = widgets.HBox([self._head, self._skip, self._done, self._go])
        bar.add_class("a2i-al-bar")
        style = f"{_static('review.css')}\n.{self._name} {{ display: none }}"
        hold = widgets.HTML(f"<style>{style}</style>{_HOLD_BAR}")
        self.widget = widgets.VBox([bar, self._stage, hold, self._reply, self._box])
        self.widget.add_class("a2i-al-review")
        self._show(self._session.scene)

    @property
    def answered(self) -> int:
        """How many answers were saved from this cell."""
        return self._session.scene.answered

    def __repr__(self) -> str:
        scene = self._session.scene
        return f"Review({scene.title!r}, {scene.answered} answered{of_total(scene.total)})"

    def _ipython_display_(self) -> None:
        # The state beside the widget is what a notebook has that is opened without its kernel, or is not trusted.
        show = _display().display
        show({**self.widget._repr_mimebundle_(), "text/plain": repr(self)}, raw=True)
        if current_cell() is not None:
            show(self._kept(), raw=True, display_id=self._name)
            self._displayed = True

    def _kept(self) -> dict[str, str]:
        return {"text/plain": "", "text/html": kept(self._session.scene, self._name)}

    def _button(self, text: str, act: Any, **more: Any) -> Any:
        button = widgets.Button(description=text, **more)
        button.on_click(lambda _: act())
        return button

    def _received(self, change: Any) -> None:
        """Take a message of the frame, on whatever thread the kernel handles it."""
        if change["new"]:
            self._session.receive(change["new"])

    def _tell(self, nonce: str, message: str) -> None:
        text = json.dumps({"nonce": nonce, "message": message, "count": next(self._count)})
        self._reply.value = html.escape(text)

    def _show(self, scene: Scene) -> None:
        at_work = scene.state == "task"
        self._head.value = head(scene)
        self._go.description = "Start" if scene.state == "before" else "Go on"
        for button, wanted in ((self._go, not at_work), (self._skip, at_work), (self._done, at_work)):
            button.layout.display = "" if wanted else "none"
        notice = f'<p class="a2i-al-notice" role="alert">{html.escape(scene.notice)}</p>' if scene.notice else ""
        self._stage.value = notice + (self._frame(scene) if at_work else card(scene))
        if self._displayed:
            _display().update_display(self._kept(), raw=True, display_id=self._name)

    def _frame(self, scene: Scene) -> str:
        if not scene.page:
            return ""
        bridge = html.escape(f"({_static('bridge.js')})(this)")
        return (
            f'<iframe title="Task: {html.escape(scene.title)}" sandbox="allow-scripts allow-forms" allow=""'
            f' referrerpolicy="no-referrer" data-nonce="{scene.nonce}" data-hold="{self._hold}"'
            f' data-limit="{MESSAGE_LIMIT}" data-page="{html.escape(scene.page)}" onload="{bridge}"></iframe>'
        )


def _display() -> Any:
    return import_module("IPython.display")  # untyped, and there only in a notebook


@cache
def _static(name: str) -> str:
    return (_STATIC / name).read_text("utf-8")
