"""Several people's marks on one picture in; those that enough of them made out: boxes, points and polygons alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from a2i_al.labels.structured.deciding import Decision, Method, pairwise, unsaid
from a2i_al.labels.structured.marks import Floats, Marks, Size, with_size
from a2i_al.labels.structured.matching import Fit, f1, remembered, things
from a2i_al.labels.structured.quorum import Quorum


@dataclass(frozen=True)
class Shape:
    """What boxes, points and polygons differ in.

    Attributes
    ----------
    key : str
        Of the list of marks in the page's answer.
    read : callable
        An answer → its marks.
    fit : callable
        Size of the picture, if known, and all answers → how two answers' marks are compared.
    fuse : callable
        The places of one thing → one place.
    written : callable
        A place → its part of the page's answer.
    """

    key: str
    read: Callable[[Any], Marks]
    fit: Callable[[Size | None, Sequence[Marks]], Fit]
    fuse: Callable[[Sequence[Floats]], Floats]
    written: Callable[[Floats], dict[str, Any]]


def fused(shape: Shape, threshold: float) -> Method[Marks]:
    """Return the method that matches marks across answers and fuses those that are the same thing."""
    quorum = Quorum(threshold)

    def decide(_: str, answers: Sequence[Marks]) -> Decision:
        size = next((marks.size for marks in answers if marks.size), None)
        fit = remembered(shape.fit(size, answers))
        found = [_thing(shape, quorum, answers, group) for group in things(answers, fit)]
        found.sort(key=lambda thing: (thing["at"], thing["label"] or ""))
        kept = [{"label": thing["label"], **thing["mark"]} for thing in found if thing["verdict"] == "in"]
        tied = any(thing["verdict"] == "tied" for thing in found)
        tied = tied or unsaid(kept, [marks.labels for marks in answers])
        detail = {shape.key: [_told(thing) for thing in found], "answers": len(answers)}
        sure = quorum.sure([thing["votes"] for thing in found], len(answers))
        value = None if tied else with_size({shape.key: kept}, size)
        return Decision(value, sure, pairwise(answers, lambda a, b: f1(a, b, fit)), detail)

    return Method(shape.read, decide, labels=lambda marks: marks.labels, size=lambda marks: marks.size)


def _thing(shape: Shape, quorum: Quorum, answers: Sequence[Marks], group: Sequence[tuple[int, int]]) -> dict[str, Any]:
    place = shape.fuse([answers[who].places[mark] for who, mark in group])
    labels = Counter(answers[who].labels[mark] for who, mark in group)
    lead = max(labels.values())
    leaders = sorted(label for label, votes in labels.items() if votes == lead)
    verdict = quorum(len(group), len(answers))
    label = leaders[0] if len(leaders) == 1 else None
    if verdict == "in" and label is None:
        verdict = "tied"
    return {"at": np.ravel(place).tolist(), "mark": shape.written(place), "label": label, "verdict": verdict,
            "votes": len(group), "labels": {name: labels[name] for name in sorted(labels)}}  # fmt: skip


def _told(thing: dict[str, Any]) -> dict[str, Any]:
    return {**thing["mark"], **{name: thing[name] for name in ("label", "labels", "votes", "verdict")}}
