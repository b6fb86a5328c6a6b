"""AWS signatures are verified: a request and the home's key come in, the payload that was signed goes out.

The arithmetic is botocore's own, over the request rebuilt from what was received. Header-signed (SigV4), presigned
(SigV4 query) and the presigned links that boto3 still makes for S3 in its old form (SigV2 query) are understood.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials

from a2i_al.local.wire.call import Call
from a2i_al.local.wire.chunked import decode_chunks, plain_chunks
from a2i_al.settings import Credentials

ALGORITHM = "AWS4-HMAC-SHA256"
S3_MOUNT = "/s3"
UNSIGNED = "UNSIGNED-PAYLOAD"
SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
UNSIGNED_CHUNKS = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
_SKEW = timedelta(minutes=15)
_LONGEST = timedelta(days=7)
_TIME = "%Y%m%dT%H%M%SZ"


class Fault(Enum):
    """What can be wrong with a signature; each service has its own error code for it."""

    MISSING = "the request is not signed"
    MALFORMED = "the signature is incomplete"
    UNKNOWN_KEY = "the access key id does not exist in our records"
    MISMATCH = "the signature does not match the secret access key of this home"
    SKEWED = "the difference between the request's time and the server's is too large"
    EXPIRED = "the link has expired"
    PAYLOAD = "the payload is not the one that was signed"


class BadSignature(Exception):
    """A request that is not signed as it must be."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault.value}{f': {detail}' if detail else ''}")
        self.fault = fault


@dataclass(frozen=True)
class _Claim:
    """What the sender says about its signature."""

    key_id: str
    region: str
    service: str
    timestamp: str
    signed_headers: tuple[str, ...]
    signature: str
    payload: str
    lifetime: timedelta | None = field(default=None)

    @property
    def time(self) -> datetime:
        try:
            return datetime.strptime(self.timestamp, _TIME).replace(tzinfo=UTC)
        except ValueError:
            raise BadSignature(Fault.MALFORMED, f"X-Amz-Date is {self.timestamp!r}") from None


def verify(call: Call, service: str, credentials: Credentials, *, now: datetime) -> bytes:
    """Return the payload of a request that the holder of the key has signed.

    Parameters
    ----------
    call : Call
        As received.
    service : str
        Signing name that the credential scope must carry: ``"sagemaker"``, ``"s3"`` or ``"sts"``.
    credentials : Credentials
        The only key there is.
    now : datetime
        Aware.

    Returns
    -------
    bytes
        The body, out of its ``aws-chunked`` coding if it came in one.

    Raises
    ------
    BadSignature
        If it is not signed, not with this key, not for this service, not now or not over this body.
    """
    if service == "s3" and call.query.keys() >= {"AWSAccessKeyId", "Signature", "Expires"}:
        _verify_v2_link(call, credentials, now)
        return call.body
    claim = _claim(call, service)
    if not hmac.compare_digest(claim.key_id.encode(), credentials.access_key_id.encode()):
        raise BadSignature(Fault.UNKNOWN_KEY)
    if claim.service != service:
        raise BadSignature(Fault.MISMATCH, f"it is for the service {claim.service!r}, not {service!r}")
    signer, request = _rebuild(call, claim, credentials)
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    if not hmac.compare_digest(expected.encode(), claim.signature.encode()):
        raise BadSignature(Fault.MISMATCH)
    _check_time(claim, now)
    return _payload(call, claim, signer, request)


def presign(url: str, service: str, credentials: Credentials, region: str, *, seconds: int) -> str:
    """Return a link that may be fetched by anybody for so many seconds."""
    request = AWSRequest(method="GET", url=url)
    key = BotocoreCredentials(credentials.access_key_id, credentials.secret_access_key)
    auth.S3SigV4QueryAuth(key, service, region, expires=seconds).add_auth(request)
    return str(request.url)


def _claim(call: Call, service: str) -> _Claim:
    payload = call.headers.get("x-amz-content-sha256")
    header = call.headers.get("authorization", "")
    query = call.query
    if header:
        algorithm, _, rest = header.partition(" ")
        given = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        return _assemble(
            algorithm,
            given.get("Credential", ""),
            given.get("SignedHeaders", ""),
            given.get("Signature", ""),
            timestamp=call.headers.get("x-amz-date", ""),
            payload=payload or hashlib.sha256(call.body).hexdigest(),
        )
    if "X-Amz-Algorithm" in query:
        lifetime = query.get("X-Amz-Expires", "")
        if not lifetime.isdecimal() or timedelta(seconds=int(lifetime[:9])) > _LONGEST:
            raise BadSignature(Fault.MALFORMED, f"X-Amz-Expires is {lifetime!r}, at most 604800 is possible")
        return _assemble(
            query["X-Amz-Algorithm"],
            query.get("X-Amz-Credential", ""),
            query.get("X-Amz-SignedHeaders", ""),
            query.get("X-Amz-Signature", ""),
            timestamp=query.get("X-Amz-Date", ""),
            payload=payload or UNSIGNED,
            lifetime=timedelta(seconds=int(lifetime)),
        )
    raise BadSignature(Fault.MISSING, f"sign it for {service!r} with the key that `a2i-al local env` prints")


def _assemble(
    algorithm: str,
    credential: str,
    signed_headers: str,
    signature: str,
    *,
    timestamp: str,
    payload: str,
    lifetime: timedelta | None = None,
) -> _Claim:
    scope = credential.split("/")
    names = tuple(signed_headers.split(";"))
    if algorithm != ALGORITHM or len(scope) != 5 or "host" not in names or not signature:  # noqa: PLR2004
        raise BadSignature(Fault.MALFORMED, f"expected {ALGORITHM} with Credential, SignedHeaders and Signature")
    key_id, day, region, service, _ = scope
    if not timestamp.startswith(day):
        raise BadSignature(Fault.MALFORMED, "the credential's date is not the request's")
    return _Claim(key_id, region, service, timestamp, names, signature, payload, lifetime)


def _check_time(claim: _Claim, now: datetime) -> None:
    if claim.lifetime is None:
        if abs(now - claim.time) > _SKEW:
            raise BadSignature(Fault.SKEWED, f"{claim.timestamp} against {now.strftime(_TIME)}")
    elif now > claim.time + claim.lifetime:
        raise BadSignature(Fault.EXPIRED)
    elif now < claim.time - _SKEW:
        raise BadSignature(Fault.SKEWED, "the link is from the future")


class _Signer(auth.S3SigV4Auth):  # type: ignore[misc]  # botocore ships no types
    """botocore's signer, over exactly the headers and the payload hash that the sender says it signed."""

    def __init__(self, credentials: Any, claim: _Claim) -> None:
        super().__init__(credentials, claim.service, claim.region)
        self._claim = claim

    def headers_to_sign(self, request: Any) -> Any:
        return request.headers

    def payload(self, _request: Any) -> str:
        return self._claim.payload

    def canonical_query_string(self, request: Any) -> str:
        # Senders differ in what they escape; AWS decodes and encodes again.
        pairs = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
        kept = [(quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in pairs if k != "X-Amz-Signature"]
        return "&".join(f"{k}={v}" for k, v in sorted(kept))

    def _normalize_url_path(self, path: str) -> str:
        if self._claim.service == "s3":
            return quote(unquote(path), safe="/-_.~")
        return str(auth.SigV4Auth._normalize_url_path(self, path))  # noqa: SLF001  # S3's parent has the general rule


def _rebuild(call: Call, claim: _Claim, credentials: Credentials) -> tuple[_Signer, Any]:
    missing = [name for name in claim.signed_headers if name not in call.headers]
    if missing:
        raise BadSignature(Fault.MALFORMED, f"signed headers that did not arrive: {', '.join(missing)}")
    request = AWSRequest(
        method=call.method,
        url=f"{call.base_url}{call.raw_path}?{call.raw_query}",
        headers={name: call.headers[name] for name in claim.signed_headers},
    )
    request.context["timestamp"] = claim.timestamp
    key = BotocoreCredentials(credentials.access_key_id, credentials.secret_access_key)
    return _Signer(key, claim), request


def _payload(call: Call, claim: _Claim, signer: _Signer, request: Any) -> bytes:
    if claim.payload == UNSIGNED:
        return call.body
    if claim.payload == UNSIGNED_CHUNKS:
        return plain_chunks(call.body)
    if claim.payload == SIGNED_CHUNKS:

        def sign(previous: str, chunk: bytes) -> str:
            empty, content = hashlib.sha256(b"").hexdigest(), hashlib.sha256(chunk).hexdigest()
            scope = signer.credential_scope(request)
            lines = ("AWS4-HMAC-SHA256-PAYLOAD", claim.timestamp, scope, previous, empty, content)
            return str(signer.signature("\n".join(lines), request))

        body = decode_chunks(call.body, claim.signature, sign)
        if body is None:
            raise BadSignature(Fault.PAYLOAD)
        return body
    if not hmac.compare_digest(hashlib.sha256(call.body).hexdigest().encode(), claim.payload.lower().encode()):
        raise BadSignature(Fault.PAYLOAD)
    return call.body


class _V2Signer(auth.HmacV1QueryAuth):  # type: ignore[misc]  # botocore ships no types
    """botocore's signer of old presigned links, for the expiry that the link carries."""

    def _get_date(self) -> str:
        return str(self._expires)


def _verify_v2_link(call: Call, credentials: Credentials, now: datetime) -> None:
    query = call.query
    if not hmac.compare_digest(query["AWSAccessKeyId"].encode(), credentials.access_key_id.encode()):
        raise BadSignature(Fault.UNKNOWN_KEY)
    signed = {n: v for n, v in call.headers.items() if n.startswith("x-amz-") or n in {"content-md5", "content-type"}}
    request = AWSRequest(method=call.method, url=f"{call.base_url}{call.raw_path}?{call.raw_query}", headers=signed)
    key = BotocoreCredentials(credentials.access_key_id, credentials.secret_access_key)
    # This old form is over bucket and key alone, not over the path of the endpoint before them.
    signer = _V2Signer(key, expires=query["Expires"])
    expected = signer.get_signature(
        call.method, urlsplit(request.url), request.headers, auth_path=call.raw_path.removeprefix(S3_MOUNT)
    )
    if not hmac.compare_digest(expected.encode(), query["Signature"].encode()):
        raise BadSignature(Fault.MISMATCH)
    if not query["Expires"].isdecimal() or now.timestamp() > int(query["Expires"]):
        raise BadSignature(Fault.EXPIRED)
