"""The List operations of ``sagemaker``: resources and a request come in, one page and the next token go out."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from a2i_al.local.api.resources import Resource
from a2i_al.local.wire.call import invalid
from a2i_al.local.wire.shapes import as_time

_PAGE = 100


def page(resources: Sequence[Resource], request: dict[str, Any]) -> tuple[list[Resource], str | None]:
    """Return the page that a List request asks for: filtered, sorted (newest first by default) and cut.

    Raises
    ------
    Refusal
        ``ValidationException`` for a token that is not one of ours.
    """
    chosen = [resource for resource in resources if _wanted(resource, request)]
    if request.get("SortBy") == "Name":
        chosen.sort(key=lambda resource: resource.name)
        descending = request.get("SortOrder") == "Descending"
    else:
        descending = request.get("SortOrder", "Descending") == "Descending"
    chosen = chosen[::-1] if descending else chosen
    names = [resource.name for resource in chosen]
    start = names.index(_after(request["NextToken"], names)) + 1 if "NextToken" in request else 0
    end = start + request.get("MaxResults", _PAGE)
    token = urlsafe_b64encode(names[end - 1].encode()).decode() if end < len(names) else None
    return chosen[start:end], token


def _wanted(resource: Resource, request: dict[str, Any]) -> bool:
    after, before = request.get("CreationTimeAfter"), request.get("CreationTimeBefore")
    return (
        request.get("NameContains", "") in resource.name
        and (after is None or resource.created > as_time(after).timestamp() * 1000)
        and (before is None or resource.created < as_time(before).timestamp() * 1000)
    )


def _after(token: str, names: Sequence[str]) -> str:
    try:
        name = urlsafe_b64decode(token.encode()).decode()
    except ValueError:
        name = ""
    if name not in names:
        raise invalid("NextToken is not one of this list.")
    return name
