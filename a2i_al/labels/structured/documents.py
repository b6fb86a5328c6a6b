"""Textract's blocks come in, as A2I has them in its answers; the fields of the document's form go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def form_fields(blocks: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the key and the value of every form field, in the order of the keys among the blocks.

    A block's text is its own, which the worker may have corrected, or else that of its words.

    Parameters
    ----------
    blocks : sequence of mapping
        As A2I spells them: camelCase.

    Raises
    ------
    AttributeError, KeyError, TypeError
        If a block is not as Textract's are.

    References
    ----------
    https://docs.aws.amazon.com/textract/latest/dg/how-it-works-kvp.html

    Examples
    --------
    >>> form_fields([
    ...     {"id": "k", "blockType": "KEY_VALUE_SET", "entityTypes": ["KEY"], "text": "Name",
    ...      "relationships": [{"type": "VALUE", "ids": ["v"]}]},
    ...     {"id": "v", "blockType": "KEY_VALUE_SET", "entityTypes": ["VALUE"],
    ...      "relationships": [{"type": "CHILD", "ids": ["w"]}]},
    ...     {"id": "w", "blockType": "WORD", "text": "Ann"}])
    [('Name', 'Ann')]
    """
    by_id = {block["id"]: block for block in blocks if "id" in block}
    keys = [block for block in blocks if "KEY" in (block.get("entityTypes") or ())]
    return [
        (_words(key, by_id), " ".join(_words(value, by_id) for value in _related(key, "VALUE", by_id))) for key in keys
    ]


def _words(block: Mapping[str, Any], by_id: Mapping[str, Any]) -> str:
    if "text" in block:
        if not isinstance(block["text"], str):
            raise TypeError("text")
        return block["text"]
    words = (child.get("text", child.get("selectionStatus", "")) for child in _related(block, "CHILD", by_id))
    return " ".join(str(word) for word in words)


def _related(block: Mapping[str, Any], kind: str, by_id: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    links = [link for link in block.get("relationships") or () if link.get("type") == kind]
    return [by_id[i] for link in links for i in link.get("ids") or () if i in by_id]
