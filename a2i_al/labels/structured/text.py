"""Texts in; the one that most people wrote, or the one in the middle of all, out."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

from a2i_al.arguments import flags
from a2i_al.labels.structured.deciding import Decision, Method, Unreadable, pairwise
from a2i_al.labels.structured.edit_distance import similarity


def text(*, ignore_case: bool = True, ignore_space: bool = True) -> Method[str]:
    """Take the text that most people wrote, spelled as most of them did.

    Texts are compared in Unicode's NFKC form, so that the ligature ``ﬁ`` is ``fi``. Two that lead together are a
    tie. For texts that count as written, see ``method="majority"``; for long ones, of which no two are
    alike, ``method="medoid"``.

    Parameters
    ----------
    ignore_case : bool, default True
        Compare without regard to upper and lower case.
    ignore_space : bool, default True
        Take any white space as one space, and none at the ends.

    References
    ----------
    "Unicode normalization forms", Unicode Standard Annex 15.

    Examples
    --------
    >>> text().decide("i", ["Main  Street 5", "main street 5", "Main Street 5", "Main Street 5", "Oak Lane"]).value
    'Main Street 5'
    """
    flags(ignore_case=ignore_case, ignore_space=ignore_space)

    def decide(_: str, said: Sequence[str]) -> Decision:
        keys = [normalised(written, ignore_case=ignore_case, ignore_space=ignore_space) for written in said]
        votes = Counter(keys)
        lead = max(votes.values())
        leaders = sorted(key for key, n in votes.items() if n == lead)
        detail = {"votes": {key: votes[key] for key in sorted(votes)}, "tied": leaders if len(leaders) > 1 else []}
        value = None if len(leaders) > 1 else spelling([s for s, key in zip(said, keys, strict=True) if key in leaders])
        return Decision(value, lead / len(said), pairwise(keys, lambda a, b: float(a == b)), detail)

    return Method(read_text, decide)


def medoid(*, ignore_case: bool = True, ignore_space: bool = True) -> Method[str]:
    """Take the text that is closest to all others by edit distance: transcriptions, of which no two may be equal.

    `confidence` is its mean similarity to the other answers, `agreement` the mean similarity of pairs; the similarity
    of two texts is 1 less their edit distance relative to the longer one. Two different texts that are as close to the
    others, as with two answers they always are, are a tie. Parameters are those of `text`.

    References
    ----------
    T. Kohonen, "Median strings", Pattern Recognition Letters 3(5), 1985; V. Levenshtein, "Binary codes capable of
    correcting deletions, insertions, and reversals", Soviet Physics Doklady 10(8), 1966.

    Examples
    --------
    >>> medoid().decide("i", ["the quick fox", "the quick brown fox", "thequick brown fax"]).value
    'the quick brown fox'
    """
    flags(ignore_case=ignore_case, ignore_space=ignore_space)

    def decide(_: str, said: Sequence[str]) -> Decision:
        keys = [normalised(written, ignore_case=ignore_case, ignore_space=ignore_space) for written in said]
        known = {(a, b): similarity(a, b) for a in {*keys} for b in {*keys} if a <= b}
        near = {a: sum(known[min(a, b), max(a, b)] for b in keys) - 1 for a in {*keys}}
        best = max(near.values())
        closest = sorted(key for key, value in near.items() if best - value < 1e-12)  # noqa: PLR2004 - rounding
        others = len(said) - 1
        detail = {"nearness": {key: near[key] / others if others else 1.0 for key in sorted(near)},
                  "tied": closest if len(closest) > 1 else []}  # fmt: skip
        value = None if len(closest) > 1 else spelling([s for s, k in zip(said, keys, strict=True) if k in closest])
        agreement = pairwise(keys, lambda a, b: known[min(a, b), max(a, b)])
        return Decision(value, best / others if others else 1.0, agreement, detail)

    return Method(read_text, decide)


def normalised(text: str, *, ignore_case: bool = True, ignore_space: bool = True) -> str:
    r"""Return a text as it is compared.

    Examples
    --------
    >>> normalised("  AB\n ﬁne "), normalised("A b", ignore_case=False)
    ('ab fine', 'A b')
    """
    text = unicodedata.normalize("NFKC", text)
    if ignore_case:
        text = unicodedata.normalize("NFKC", text.casefold())
    return " ".join(text.split()) if ignore_space else text


def read_text(value: Any) -> str:
    """Return a text, or a number or a boolean as one.

    Examples
    --------
    >>> read_text("a"), read_text(3)
    ('a', '3')
    """
    if isinstance(value, dict | list | tuple | set) or getattr(value, "ndim", 0) != 0:
        raise Unreadable(f"{value!r:.80} is no text")
    return str(value)


def spelling(spellings: Sequence[str]) -> str:
    """Return the commonest spelling; of several, one without odd characters, the shortest, the first as text.

    Examples
    --------
    >>> spelling(["a b", "A B", "A  B"])
    'A B'
    """
    votes = Counter(spellings)
    odd = {written: unicodedata.normalize("NFKC", written) != written for written in votes}
    return min(votes, key=lambda written: (-votes[written], odd[written], len(written), written))
