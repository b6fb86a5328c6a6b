"""Sets of labels in, the labels that enough people chose out; a label that as many chose as not is a tie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from a2i_al.labels.structured.deciding import Decision, Method, Unreadable, pairwise, unsaid
from a2i_al.labels.structured.quorum import Quorum


def multi_label(*, threshold: float = 0.5) -> Method[frozenset[str]]:
    """Vote on each label by itself.

    An answer is a list of labels, the object of several checkboxes (those ticked count), or what
    crowd-rekognition-detect-moderation-labels sends. The consolidated value is a sorted list. Where everybody chose
    something and no label stays, as when three people tick three different radio buttons, the leading labels are tied:
    that nothing applies is what nobody said.

    Parameters
    ----------
    threshold : float, default 0.5
        Share of the answers that a label needs, see `Quorum`.

    References
    ----------
    Label by label as crowd-kit's `BinaryRelevance`, but for ties; the likeness of two answers is that of P. Jaccard,
    "The distribution of the flora in the alpine zone", New Phytologist 11(2), 1912.

    Examples
    --------
    >>> multi_label().decide("i", [frozenset("ab"), frozenset("a"), frozenset("ac")]).value
    ['a']
    """
    quorum = Quorum(threshold)

    def decide(_: str, chosen: Sequence[frozenset[str]]) -> Decision:
        votes = Counter(label for labels in sorted(map(sorted, chosen)) for label in labels)
        verdicts = {label: quorum(votes[label], len(chosen)) for label in sorted(votes)}
        tied = [label for label, verdict in verdicts.items() if verdict == "tied"]
        kept = [label for label, verdict in verdicts.items() if verdict == "in"]
        if unsaid(kept + tied, chosen):
            tied = [label for label, n in sorted(votes.items()) if n == max(votes.values())]
        detail = {"votes": {label: votes[label] for label in verdicts}, "tied": tied}
        return Decision(
            None if tied else kept, quorum.sure(votes.values(), len(chosen)), pairwise(chosen, jaccard), detail
        )

    return Method(read_labels, decide, labels=lambda content: content)


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the share of the labels of either that both have; 1 where neither has any.

    Examples
    --------
    >>> jaccard(frozenset("abc"), frozenset("bcd"))
    0.5
    """
    return len(a & b) / len(a | b) if a | b else 1.0


def read_labels(value: Any) -> frozenset[str]:
    """Return the labels that an answer names.

    Examples
    --------
    >>> [sorted(read_labels(value)) for value in (["b", "a"], {"a": True, "b": False})]
    [['a', 'b'], ['a']]
    """
    match value:
        case {"labels": [*labels]} | {"moderationLabels": [*labels]} | {"ModerationLabels": [*labels]}:
            pass
        case dict() if value and all(isinstance(ticked, bool) for ticked in value.values()):
            labels = [label for label, ticked in value.items() if ticked]
        case [*labels]:
            pass
        case set() | frozenset():
            labels = list(value)
        case _ if hasattr(value, "tolist"):  # what a list becomes on its way through Parquet
            return read_labels(value.tolist())
        case _:
            raise Unreadable(f"{value!r:.80} is no list of labels")
    names = [label.get("name", label.get("Name")) if isinstance(label, dict) else label for label in labels]
    if not all(isinstance(name, str) for name in names):
        raise Unreadable(f"{value!r:.80} is no list of labels")
    return frozenset(map(str, names))
