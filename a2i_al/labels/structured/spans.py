"""Entities that several people marked in one text in; the parts of it that enough of them marked out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from a2i_al.arguments import one_of, told
from a2i_al.errors import InvalidInput
from a2i_al.labels.structured.covers import Span, covers, dice
from a2i_al.labels.structured.deciding import Decision, Method, Unreadable, pairwise, unsaid
from a2i_al.labels.structured.marks import label_of, marks_in, of
from a2i_al.labels.structured.offsets import Offsets, check_unit
from a2i_al.labels.structured.quorum import Quorum

UNITS: Final = ("character", "token", "span")
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class _Vote:
    """What became of a stretch of the text under one label."""

    label: str
    start: int
    end: int
    votes: int
    verdict: str


def spans(
    *,
    unit: str = "character",
    threshold: float = 0.5,
    texts: Mapping[str, str] | None = None,
    offsets: str = "utf-16",
) -> Method[frozenset[Span]]:
    """Vote on every character, token or whole span, label by label.

    A part that as many marked as did not ties the item; so does an item where everybody marked something and nothing
    stays, for that there is nothing is what nobody said.

    Parameters
    ----------
    unit : {"character", "token", "span"}
        What is voted on. Of characters and tokens, neighbours that stay are one span, but where most of those who
        marked both began a new one between them. Spans must be marked by enough people exactly alike.
    threshold : float, default 0.5
        Share of the answers that a part needs, see `Quorum`.
    texts : mapping of str to str, optional
        Item id → its text, such as ``items.set_index("item_id")["text"]``. With it, spans beyond the text's end cannot
        be read, spans never cut a character in two, ties over blanks and punctuation do not count, and `detail` quotes
        what was marked. Needed for tokens.
    offsets : {"utf-16", "code points"}
        What the pages count, see `a2i_al.labels.structured.offsets`. Results are counted likewise.

    Returns
    -------
    Method
        Its `value` is an answer of crowd-entity-annotation; `detail` has each stretch that anybody marked with its
        votes (the fewest of its characters) and verdict. `confidence` is the mean, over the characters that anybody
        marked, of the share of people on the verdict's side, `agreement` the mean Dice coefficient of pairs of answers.

    Raises
    ------
    InvalidInput
        If an option is out of range, or tokens are asked for without texts.

    References
    ----------
    The vote of each token is the baseline of F. Rodrigues, F. Pereira, B. Ribeiro, "Sequence labeling with multiple
    annotators", Machine Learning 95(2), 2014; the likeness of two answers that of L. Dice, "Measures of the amount of
    ecologic association between species", Ecology 26(3), 1945.

    Examples
    --------
    >>> method = spans(texts={"i": "Ann Lee met Bo"})
    >>> marked = [[("person", 0, 7)], [("person", 0, 7), ("person", 12, 14)], [("person", 0, 3)]]
    >>> method.decide("i", [frozenset(answer) for answer in marked]).value
    {'entities': [{'label': 'person', 'startOffset': 0, 'endOffset': 7}]}
    """
    quorum = Quorum(threshold)
    check_unit(offsets)
    one_of("unit", unit, UNITS)
    if texts is not None and not isinstance(texts, Mapping | pd.Series):
        raise InvalidInput(f"texts is {told(texts)}", expected="a mapping of item id to text, or a Series")
    if unit == "token" and texts is None:
        raise InvalidInput("unit is 'token' and there are no texts", expected="texts=, item id to text")

    def decide(item: str, answers: Sequence[frozenset[Span]]) -> Decision:
        text = _text(texts, item)
        places = None if text is None else Offsets(text, offsets)
        if places is not None:
            answers = [frozenset((n, places.to_python(a), places.to_python(b, end=True)) for n, a, b in answer)
                       for answer in answers]  # fmt: skip
        if unit == "token" and text is not None:
            answers = [frozenset((n, *_widened(text, a, b)) for n, a, b in answer) for answer in answers]
        found, parts = (_whole if unit == "span" else _stretches)(answers, quorum)
        kept = [vote for vote in found if vote.verdict == "in"]
        tied = [vote for vote in found if vote.verdict == "tied" and _matters(text, vote)]
        entities = [{"label": vote.label, **_at(vote, places)} for vote in kept]
        detail = {"spans": [_told(vote, text, places) for vote in found], "answers": len(answers)}
        sure = quorum.sure(parts, len(answers))
        undecided = bool(tied) or unsaid(kept, answers)
        return Decision(None if undecided else {"entities": entities}, sure, pairwise(answers, dice), detail)

    def fits(item: str, answer: frozenset[Span]) -> str | None:
        text = _text(texts, item)
        if text is None:
            return None
        length = Offsets(text, offsets).length
        beyond = sorted(span for span in answer if span[2] > length)
        return f"a span ends at {beyond[0][2]}, the text at {length} ({offsets})" if beyond else None

    return Method(read_spans, decide, labels=lambda answer: {label for label, _, _ in answer}, fits=fits)


def read_spans(value: Any) -> frozenset[Span]:
    """Return the entities of crowd-entity-annotation, a list of them, or of harvest's `Span` records.

    Examples
    --------
    >>> sorted(read_spans({"entities": [{"label": "person", "startOffset": 0, "endOffset": 3}]}))
    [('person', 0, 3)]
    """
    return frozenset(_span(mark) for mark in marks_in(value, "entities"))


def _text(texts: Mapping[str, str] | None, item: str) -> str | None:
    """Return an item's text; None where it is not known, missing in a column of texts included."""
    text = None if texts is None or item not in texts else texts[item]
    return text if isinstance(text, str) else None


def _span(mark: Any) -> Span:
    camel = isinstance(mark, Mapping) and "startOffset" in mark
    ends = [of(mark, name) for name in (("startOffset", "endOffset") if camel else ("start", "end"))]
    start, end = (int(end) if isinstance(end, float) and end.is_integer() else end for end in ends)
    if isinstance(start, bool) or not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        raise Unreadable(f"a span is from {start!r:.20} to {end!r:.20}")
    return label_of(mark), start, end


def _whole(answers: Sequence[frozenset[Span]], quorum: Quorum) -> tuple[list[_Vote], Counter[int]]:
    votes = Counter(span for answer in answers for span in answer)
    order = sorted(votes, key=lambda span: (span[1], span[2], span[0]))
    return [_Vote(*span, votes[span], quorum(votes[span], len(answers))) for span in order], Counter(votes.values())


def _stretches(answers: Sequence[frozenset[Span]], quorum: Quorum) -> tuple[list[_Vote], Counter[int]]:
    """Return stretches of one verdict each, and how many characters got how many votes."""
    found: list[_Vote] = []
    parts: Counter[int] = Counter()
    for label, cover in covers(answers).items():
        votes = cover.covered.sum(axis=0)
        verdicts = [quorum(int(n), len(answers)) if n else "" for n in votes]
        for n, length in zip(votes.tolist(), cover.lengths, strict=True):
            parts[n] += length * (n > 0)
        before = np.roll(cover.covered, 1, axis=1)
        # A new span begins where most of those who marked both neighbours say so.
        cut = 2 * (cover.begun & before).sum(axis=0) > (cover.covered & before).sum(axis=0)
        edges = [i for i in range(1, len(verdicts))
                 if verdicts[i] != verdicts[i - 1] or (verdicts[i] == "in" and cut[i])]  # fmt: skip
        for start, end in zip([0, *edges], [*edges, len(verdicts)], strict=True):
            if verdicts[start]:
                fewest = int(votes[start:end].min())
                found.append(_Vote(label, cover.cuts[start], cover.cuts[end], fewest, verdicts[start]))
    return sorted(found, key=lambda vote: (vote.start, vote.end, vote.label)), +parts


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span with every token that it touches; one of blanks only stays as it is."""
    touched = [token.span() for token in _TOKEN.finditer(text) if token.start() < end and token.end() > start]
    return (min(touched)[0], max(touched)[1]) if touched else (start, end)


def _matters(text: str | None, vote: _Vote) -> bool:
    return text is None or any(character.isalnum() for character in text[vote.start : vote.end])


def _at(vote: _Vote, places: Offsets | None) -> dict[str, int]:
    start, end = (vote.start, vote.end) if places is None else (places.to_page(vote.start), places.to_page(vote.end))
    return {"startOffset": start, "endOffset": end}


def _told(vote: _Vote, text: str | None, places: Offsets | None) -> dict[str, Any]:
    quoted = {} if text is None else {"text": text[vote.start : vote.end]}
    return {"label": vote.label, **_at(vote, places), **quoted, "votes": vote.votes, "verdict": vote.verdict}
