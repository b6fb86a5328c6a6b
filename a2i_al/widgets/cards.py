"""A scene of a review comes in; what stands around the task goes out as HTML: the head, the cards, the kept state."""

from __future__ import annotations

import html

from a2i_al.widgets.session import Scene


def head(scene: Scene) -> str:
    """Return the title, the count and the bar of what is done."""
    if scene.state == "task":
        text = f"{scene.answered + 1}{of_total(scene.total)}"
    elif scene.state == "before":
        text = f"{scene.total} to review" if scene.total is not None else ""
    else:
        text = f"{scene.answered} saved"
    share = 100 * scene.answered / scene.total if scene.total else 0
    return (
        f'<span class="a2i-al-title">{html.escape(scene.title)}</span> &nbsp;<span class="a2i-al-count">{text}</span>'
        f'<div class="a2i-al-track" role="progressbar" aria-label="Answered" aria-valuenow="{share:.0f}">'
        f'<div style="width:{share:.1f}%"></div></div>'
    )


def card(scene: Scene) -> str:
    """Return what stands in place of a task while there is none."""
    keys = (
        "In a task: digits choose, <kbd>Enter</kbd> submits, <kbd>u</kbd> takes back, <kbd>s</kbd> skips,"
        " <kbd>?</kbd> lists all keys."
    )
    large, soft = {
        "before": ("Ready when you are", keys),
        "paused": ("Paused", "Everything that was answered is saved. Go on whenever you like."),
        "finished": ("That was what you wanted to do", "Everything is saved. Go on for as many again."),
        "empty": ("All done", "Nothing waits for you now. Go on looks again."),
        "task": ("", ""),
    }[scene.state]
    return f'<div class="a2i-al-card"><p class="a2i-al-large">{large}</p><p class="a2i-al-soft">{soft}</p></div>'


def kept(scene: Scene, name: str) -> str:
    """Return the last state as HTML that needs no kernel; a live review that has this name hides it.

    Where the review is not alive, this hides what a notebook shows in its place: "model not found".
    """
    saved = f"{scene.answered} saved{of_total(scene.total)}"
    share = 100 * scene.answered / scene.total if scene.total else 0
    return (
        "<style>.jp-OutputArea-child:not(:has(.a2i-al-review)):has(+ .jp-OutputArea-child"
        f" .{name}) {{ display: none }}</style>"
        f'<div class="a2i-al-kept {name}" style="max-width:640px">'
        f'<b>{html.escape(scene.title)}</b> · {saved}<div role="img" aria-label="{saved}"'
        ' style="height:4px;margin:6px 0;border-radius:2px;background:#8884;overflow:hidden">'
        f'<div style="width:{share:.1f}%;height:100%;background:#2e7d4f"></div></div>'
        "Run this cell again to answer more; what was saved is kept.</div>"
    )


def of_total(total: int | None) -> str:
    """Return how a count goes on, as far as its end is known."""
    return "" if total is None else f" of {total}"
