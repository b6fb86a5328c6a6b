"""Fields of a document as several people read them in; for each field what most of them read out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from a2i_al.arguments import flags
from a2i_al.labels.structured.deciding import Decision, Method, Unreadable, pairwise, unsaid
from a2i_al.labels.structured.documents import form_fields
from a2i_al.labels.structured.text import normalised, spelling

Fields = dict[str, str]


def key_values(*, ignore_case: bool = True, ignore_space: bool = True) -> Method[Fields]:
    """Vote on each field of a document by itself; that it is not there is a vote too.

    Where everybody read some field and none stays, all are tied: an empty document is what nobody saw.

    An answer is what crowd-textract-analyze-document sends, an object of texts and numbers, or harvest's `KeyValue`
    records. Keys and values are compared as `text` does; a key that comes twice counts apart, as ``Name (2)``.

    Parameters
    ----------
    ignore_case, ignore_space : bool, default True
        As for `text`.

    Returns
    -------
    Method
        Its `value` is an object of key and value; `detail` has the votes for each key, under ``null`` for its absence,
        and the keys that are `tied`, which tie the item. `confidence` is the mean over keys of the share behind the
        decision, `agreement` the mean over pairs of answers of the share of keys that are alike.

    References
    ----------
    "Form data (key-value pairs)", Amazon Textract developer guide.

    Examples
    --------
    >>> method = key_values()
    >>> said = [{"Total": "12.00", "Name": "Ann"}, {"total ": "12.00"}, {"Total": "13.00", "Name": "ann"}]
    >>> method.decide("i", [method.read(answer) for answer in said]).value
    {'Name': 'Ann', 'Total': '12.00'}
    """
    flags(ignore_case=ignore_case, ignore_space=ignore_space)

    def compared(text: str) -> str:
        return normalised(text, ignore_case=ignore_case, ignore_space=ignore_space)

    def decide(_: str, answers: Sequence[Fields]) -> Decision:
        read = [{compared(key): (key, value) for key, value in answer.items()} for answer in answers]
        value, votes, tied, shares = {}, {}, [], []
        for key in sorted({key for answer in read for key in answer}):
            given = [answer.get(key) for answer in read]
            name = spelling([pair[0] for pair in given if pair])
            counted = Counter(None if pair is None else compared(pair[1]) for pair in given)
            lead = max(counted.values())
            leaders = [text for text, n in counted.items() if n == lead]
            votes[name] = {"null" if text is None else text: counted[text] for text in sorted(counted, key=str)}
            shares.append(lead / len(read))
            if len(leaders) > 1:
                tied.append(name)
            elif leaders[0] is not None:
                value[name] = spelling([pair[1] for pair in given if pair and compared(pair[1]) == leaders[0]])
        if unsaid([*value, *tied], answers):
            tied = sorted(votes)
        sure = sum(shares) / len(shares) if shares else 1.0
        values = [{key: compared(pair[1]) for key, pair in answer.items()} for answer in read]
        return Decision(None if tied else value, sure, pairwise(values, _alike), {"votes": votes, "tied": tied})

    return Method(read_fields, decide)


def read_fields(value: Any) -> Fields:
    """Return a document's fields by their keys.

    Examples
    --------
    >>> read_fields({"Total": 12, "Name": "Ann"}), read_fields(({"key": "Name", "value": "Ann"},))
    ({'Total': '12', 'Name': 'Ann'}, {'Name': 'Ann'})
    """
    match value:
        case {"blocks": [*blocks]} if all(isinstance(block, Mapping) for block in blocks):
            pairs: list[tuple[str, Any]] = [*_from_blocks(blocks)]
        case Mapping() if value:
            pairs = [(str(key), text) for key, text in value.items()]
        case [*records] if all(hasattr(one, "key") or (isinstance(one, Mapping) and "key" in one) for one in records):
            pairs = [(one["key"], one["value"]) if isinstance(one, Mapping) else (one.key, one.value)
                     for one in records]  # fmt: skip
        case _:
            raise Unreadable(f"{value!r:.80} is no set of keys and values")
    odd = [text for _, text in pairs if isinstance(text, dict | list | tuple | set)]
    if odd:
        raise Unreadable(f"a field's value is no text: {odd[0]!r:.80}")
    fields: Fields = {}
    for key, text in pairs:
        number = 2
        name = key
        while name in fields:
            name, number = f"{key} ({number})", number + 1
        fields[name] = "" if text is None else str(text)
    return fields


def _from_blocks(blocks: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    try:
        return form_fields(blocks)
    except (AttributeError, KeyError, TypeError) as error:
        raise Unreadable(f"its blocks are none of Textract's: {type(error).__name__}: {error}") from None


def _alike(a: Fields, b: Fields) -> float:
    keys = {*a, *b}
    return sum(a.get(key) == b.get(key) for key in keys) / len(keys) if keys else 1.0
