"""What is asked determines the human loop's name, so that asking again finds the loop instead of buying another."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache

NAME_LIMIT = 63
_DIGEST = 26  # hex digits in the name: 104 bits
_JSON = json.JSONEncoder(ensure_ascii=False)


@lru_cache(maxsize=16)  # a loop's name and its record ask for it, one after the other
def request_id(flow_definition_arn: str, item_id: str, model_version: str, round: int) -> str:  # noqa: A002
    """Return the identity of one question, 64 hex digits: same flow definition, item, model version and round, same id.

    Examples
    --------
    >>> request_id("arn:f", "item-1", "m1", 0) == request_id("arn:f", "item-1", "m1", 0)
    True
    >>> request_id("arn:f", "item-1", "m1", 0) == request_id("arn:f", "item-1", "m1", 1)
    False
    """
    identity = _JSON.encode([flow_definition_arn, str(item_id), model_version, int(round)])
    return hashlib.sha256(identity.encode(errors="surrogatepass")).hexdigest()  # the payload refuses what is no text


def human_loop_name(
    flow_definition_arn: str,
    item_id: str,
    model_version: str = "",
    round: int = 0,  # noqa: A002
    attempt: int = 0,
) -> str:
    """Return the name of the human loop that asks this question.

    Parameters
    ----------
    attempt : int
        0 for the first time that it is asked; one more whenever the loop before it has failed and it is asked again.

    Returns
    -------
    str
        At most 63 characters of ``[a-z0-9-]``, starting with the flow definition's name, as A2I demands.

    Examples
    --------
    >>> human_loop_name("arn:aws:sagemaker:us-east-1:000000000000:flow-definition/digits", "img-7", "v1", 2)
    'digits-4f1d5259686a93991df2bbd971'
    >>> human_loop_name("arn:aws:sagemaker:us-east-1:000000000000:flow-definition/digits", "img-7", "v1", 2, attempt=1)
    'digits-4f1d5259686a93991df2bbd971-1'
    """
    digest = request_id(flow_definition_arn, item_id, model_version, round)[:_DIGEST]
    tail = f"{digest}-{attempt}" if attempt else digest
    return f"{_stem(flow_definition_arn, NAME_LIMIT - len(tail) - 1)}-{tail}".lstrip("-")


@lru_cache(maxsize=16)  # the same for all loops of a submission
def _stem(flow_definition_arn: str, most: int) -> str:
    flow = re.sub(r"[^a-z0-9]+", "-", flow_definition_arn.rsplit("/", 1)[-1].lower())
    return flow[:most].strip("-")
