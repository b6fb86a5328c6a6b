"""A signed request to a running embedded A2I that is no operation of A2I: limits go in, its counters come out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from a2i_al.errors import InvalidInput, ServiceNotRunning
from a2i_al.local.api.limits import PATH
from a2i_al.settings import Credentials

_SECONDS = 10


def limits(url: str, credentials: Credentials, region: str, changes: Mapping[str, float] | None = None) -> Any:
    """Return limits and counters of the service at a URL, after changes if there are any.

    Raises
    ------
    InvalidInput
        If a limit is impossible.
    ServiceNotRunning
        If nobody answers there, or not as the service of these credentials.
    """
    from botocore.auth import SigV4Auth  # noqa: PLC0415  # heavy
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415
    from botocore.credentials import Credentials as BotocoreCredentials  # noqa: PLC0415

    method, body = ("PUT", json.dumps(changes).encode()) if changes else ("GET", None)
    signed = AWSRequest(method, url + PATH, data=body)
    key = BotocoreCredentials(credentials.access_key_id, credentials.secret_access_key)
    SigV4Auth(key, "sagemaker", region).add_auth(signed)
    request = Request(url + PATH, body, dict(signed.headers.items()), method=method)  # noqa: S310  # our own URL
    try:
        # Without proxies: they know nothing of this machine's loopback.
        with build_opener(ProxyHandler({})).open(request, timeout=_SECONDS) as reply:
            return json.load(reply)
    except HTTPError as error:
        with error:
            refusal = json.load(error)
        if refusal["__type"] == "ValidationException":
            raise InvalidInput(refusal["message"]) from None
        raise ServiceNotRunning(f"{url} refuses: {refusal['message']}") from None
    except (URLError, OSError, ValueError) as error:
        raise ServiceNotRunning(f"no embedded A2I answers at {url}: {error}") from error
