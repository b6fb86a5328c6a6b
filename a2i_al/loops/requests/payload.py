"""An item becomes InputContent: its own columns at the top level, where templates read them, and our record beside.

    {"text": "…", "a2i_al": {"schema_version": 1, "item_id": …, "model_version": …, "round": …, "request_id": …,
     "prediction": {"label": …, "confidence": …}}}

Everything that is needed to rebuild the ledger is in here. The record also has ``attempt`` if it is not the first, and
``redacted`` if columns were left out. A Lambda function that asks about one item loads neither numpy nor pandas.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from a2i_al.errors import InvalidInput, InvalidPayload

SCHEMA_VERSION = 1
LIMIT = 3_145_728  # characters, from A2I's API model
RECORD = "a2i_al"
_ANONYMOUS = "FreeOfPersonallyIdentifiableInformation"
CLASSIFIERS = ("FreeOfAdultContent", _ANONYMOUS)
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False)  # made once: `json.dumps` would make one for every item


def input_content(
    item: Mapping[str, Any],
    *,
    item_id: str,
    model_version: str,
    round: int,  # noqa: A002
    request_id: str,
    prediction: Mapping[str, Any] | None = None,
    attempt: int = 0,
    redacted: Sequence[str] = (),
) -> str:
    """Return an item as the JSON string that StartHumanLoop takes.

    Parameters
    ----------
    item : mapping
        The item's columns. Numpy scalars, timestamps and missing values become JSON; NaN becomes null.
    prediction : mapping, optional
        What the model said, ``{"label": str, "confidence": float}``.
    attempt : int
        How many loops before it asked the same and failed.
    redacted : sequence of str
        Names of the columns that are not in ``item`` because nobody may see them.

    Raises
    ------
    InvalidPayload
        If a value has no JSON form, a column is called ``a2i_al``, or the text is longer than 3,145,728 characters or
        no UTF-8.

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
    # Absent where there is nothing to say: what was sent before there was anything is sent again to the letter.
    if attempt:
        content[RECORD]["attempt"] = attempt
    if redacted:
        content[RECORD]["redacted"] = sorted(redacted)
    text = _JSON.encode(content)
    as_utf8(text, f"item {item_id!r}")
    if len(text) > LIMIT:
        raise InvalidPayload(
            f"item {item_id!r} is {len(text):,} characters of JSON",
            expected=f"at most {LIMIT:,}, A2I's limit for InputContent",
            fix="name the large columns in as_files=, or submit the URIs that Workflow.upload gives",
        )
    return text


def as_utf8(text: str, where: str) -> bytes:
    r"""Return a text's bytes.

    Raises
    ------
    InvalidPayload
        If it has half of a character, as Python reads files with ``errors="surrogateescape"``.

    Examples
    --------
    >>> as_utf8("é", "item '7'")
    b'\xc3\xa9'
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InvalidPayload(
            f"{where} has text that UTF-8 cannot write: {error.reason}",
            expected="whole characters",
            fix="read the file that it comes from in its own encoding",
        ) from None


def data_attributes(content_classifiers: Sequence[str], workteam_arn: str = "") -> dict[str, Any]:
    """Return what StartHumanLoop takes as DataAttributes, as a keyword argument; nothing if nothing is declared.

    Parameters
    ----------
    content_classifiers : sequence of str
        What is declared of the content.
    workteam_arn : str
        Of the people who will see it.

    Raises
    ------
    InvalidInput
        If A2I has no such content classifier, or if it is Mechanical Turk that will see the content, and this is not
        declared to be free of personally identifiable information: every loop would fail.

    Examples
    --------
    >>> data_attributes(["FreeOfAdultContent"])
    {'DataAttributes': {'ContentClassifiers': ['FreeOfAdultContent']}}
    >>> data_attributes([])
    {}
    """
    declared = sorted({content_classifiers} if isinstance(content_classifiers, str) else set(content_classifiers))
    unknown = [name for name in declared if name not in CLASSIFIERS]
    if unknown:
        raise InvalidInput(
            f"content_classifiers has {unknown[0]!r}", expected=" or ".join(map(repr, CLASSIFIERS)) + ", or both"
        )
    if "/public-crowd/" in workteam_arn and _ANONYMOUS not in declared:
        raise InvalidInput(
            f"the work team is Mechanical Turk, and content_classifiers is {declared}",
            expected=f"{_ANONYMOUS!r} among them, without which A2I lets every loop fail",
            fix="leave personal data out with redact=, and declare it; never show patients' data to a public crowd",
        )
    return {"DataAttributes": {"ContentClassifiers": declared}} if declared else {}


def _plain(value: Any, where: str) -> Any:
    """Return the value as JSON has it; anything that would not come back the same is refused."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(k): _plain(v, where) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v, where) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else _not_finite(value, where)
    return _plain_of_tables(value, where)


def _plain_of_tables(value: Any, where: str) -> Any:
    # Imported here: values of JSON itself, which are all that most requests have, need neither.
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    if isinstance(value, np.ndarray):
        return [_plain(v, where) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
        if isinstance(value, bool | int | float):
            return _plain(value, where)
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
