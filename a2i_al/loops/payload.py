"""An item becomes InputContent: its own columns at the top level, where templates read them, and our record beside.

    {"text": "…", "a2i_al": {"schema_version": 1, "item_id": …, "model_version": …, "round": …, "request_id": …,
     "prediction": {"label": …, "confidence": …}}}

Everything that is needed to rebuild the ledger is in here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from a2i_al.errors import InvalidPayload

SCHEMA_VERSION = 1
LIMIT = 3_145_728  # characters, from A2I's API model
RECORD = "a2i_al"


def input_content(
    item: Mapping[str, Any],
    *,
    item_id: str,
    model_version: str,
    round: int,  # noqa: A002
    request_id: str,
    prediction: Mapping[str, Any] | None = None,
) -> str:
    """Return an item as the JSON string that StartHumanLoop takes.

    Parameters
    ----------
    item : mapping
        The item's columns. Numpy scalars, timestamps and missing values become JSON; NaN becomes null.
    prediction : mapping, optional
        What the model said, ``{"label": str, "confidence": float}``.

    Raises
    ------
    InvalidPayload
        If a value has no JSON form, a column is called ``a2i_al``, or the text is longer than 3,145,728 characters.

    Examples
    --------
    >>> input_content({"text": "hi"}, item_id="7", model_version="m", round=0, request_id="r")[:15]
    '{"text": "hi", '
    """
    if RECORD in item:
        raise InvalidPayload(
            f"item {item_id!r} has a column {RECORD!r}", expected="that name to be free", fix="rename it"
        )
    content = {str(name): _plain(value, f"item {item_id!r}, column {name!r}") for name, value in item.items()}
    content[RECORD] = {
        "schema_version": SCHEMA_VERSION,
        "item_id": item_id,
        "model_version": model_version,
        "round": int(round),
        "request_id": request_id,
        "prediction": _plain(prediction, f"the prediction for item {item_id!r}"),
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    if len(text) > LIMIT:
        raise InvalidPayload(
            f"item {item_id!r} is {len(text):,} characters of JSON",
            expected=f"at most {LIMIT:,}, A2I's limit for InputContent",
            fix="upload large columns to S3 and submit their URIs, for instance with Workflow.upload",
        )
    return text


def _plain(value: Any, where: str) -> Any:
    """Return the value as JSON has it; anything that would not come back the same is refused."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v, where) for k, v in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(v, where) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else _not_finite(value, where)
    if value is None or isinstance(value, str | bool | int):
        return value
    if value is pd.NaT or value is pd.NA:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise InvalidPayload(
        f"{where} is a {type(value).__name__}",
        expected="text, numbers, booleans, times, lists or dicts",
        fix="convert it, or upload it with Workflow.upload and submit its URI",
    )


def _not_finite(value: float, where: str) -> None:
    if math.isnan(value):
        return  # pandas' missing value: null
    raise InvalidPayload(f"{where} is {value}", expected="finite numbers: JSON has no infinity")
