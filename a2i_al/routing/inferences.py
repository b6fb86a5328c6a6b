"""What Textract and Rekognition found: a raw response in, its key-value pairs or moderation labels out.

Both spellings are read: boto3's (``Blocks``) and the one in A2I's own inputs and outputs (``blocks``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from a2i_al.errors import InvalidInput
from a2i_al.routing.values import as_number, is_missing

BLOCKS, LABELS = "Blocks", "ModerationLabels"


@dataclass(frozen=True)
class Pair:
    """A key with its value, as Textract's form analysis returns them.

    Parameters
    ----------
    key : str
        The key's words, joined by single spaces.
    confidence : float
        Of the key-value block, 0 to 100: the lower one of key and value.
    words : tuple of float
        Confidences of the words of both, 0 to 100.

    Examples
    --------
    >>> Pair("Pay Date", 71.5, (99.0, 98.5, 80.0)).key
    'Pay Date'
    """

    key: str
    confidence: float
    words: tuple[float, ...]


def response_list(prediction: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]] | None:
    """Return a response's list of blocks or labels; None if the prediction is no such response, or it is missing.

    Raises
    ------
    InvalidInput
        If it is there and no list of objects.

    Examples
    --------
    >>> response_list({"moderationLabels": []}, LABELS), response_list({"confidence": 0.5}, LABELS)
    ([], None)
    """
    # A table with responses in some of its rows, or in both spellings, has NaN in the others.
    spellings = (name, name[0].lower() + name[1:])
    found = next((prediction[each] for each in spellings if not is_missing(prediction.get(each))), None)
    if found is None:
        return None
    if not isinstance(found, (list, tuple)) or not all(isinstance(each, Mapping) for each in found):
        raise InvalidInput(
            f"{name} is a {type(found).__name__}", expected="the list of objects of a service's response"
        )
    return found


def moderation_labels(labels: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    """Give the name and confidence, 0 to 100, of each label of DetectModerationLabels.

    Examples
    --------
    >>> list(moderation_labels([{"Name": "Suggestive", "Confidence": 96.7, "ParentName": ""}]))
    [('Suggestive', 96.7)]
    """
    for label in labels:
        yield str(_get(label, "Name")), _confidence(label)


def key_value_pairs(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Pair]:
    """Give the key-value pairs of AnalyzeDocument, in the order of their keys.

    Examples
    --------
    >>> list(key_value_pairs([
    ...     {"Id": "k", "BlockType": "KEY_VALUE_SET", "EntityTypes": ["KEY"], "Confidence": 70.0,
    ...      "Relationships": [{"Type": "CHILD", "Ids": ["w"]}, {"Type": "VALUE", "Ids": ["v"]}]},
    ...     {"Id": "v", "BlockType": "KEY_VALUE_SET", "EntityTypes": ["VALUE"], "Confidence": 60.0},
    ...     {"Id": "w", "BlockType": "WORD", "Text": "Name:", "Confidence": 99.0},
    ... ]))
    [Pair(key='Name:', confidence=60.0, words=(99.0,))]
    """
    by_id = {_get(block, "Id"): block for block in blocks}
    for key in blocks:
        if _get(key, "BlockType") != "KEY_VALUE_SET" or "KEY" not in (_get(key, "EntityTypes") or ()):
            continue
        values = _related(key, "VALUE", by_id)
        key_words = _words(key, by_id)
        words = [*key_words, *(word for value in values for word in _words(value, by_id))]
        yield Pair(
            " ".join(str(_get(word, "Text")) for word in key_words),
            min(_confidence(block) for block in [key, *values]),
            tuple(map(_confidence, words)),
        )


def _words(block: Mapping[str, Any], by_id: Mapping[Any, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [child for child in _related(block, "CHILD", by_id) if _get(child, "BlockType") == "WORD"]


def _related(block: Mapping[str, Any], kind: str, by_id: Mapping[Any, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    related = [each for each in _get(block, "Relationships") or () if _get(each, "Type") == kind]
    # A page of a longer document may point at blocks of another page.
    return [by_id[at] for each in related for at in _get(each, "Ids") or () if at in by_id]


def _confidence(block: Mapping[str, Any]) -> float:
    return as_number(_get(block, "Confidence"), "Confidence")


def _get(block: Mapping[str, Any], name: str) -> Any:
    return block.get(name, block.get(name[0].lower() + name[1:]))
