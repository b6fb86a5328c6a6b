"""Requests that botocore signs are accepted; with anything changed they are refused, for the right reason."""

import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given, strategies as st

from a2i_al.local.wire.call import Call, Refusal
from a2i_al.local.wire.chunked import plain_chunks
from a2i_al.local.wire.signatures import SIGNED_CHUNKS, UNSIGNED_CHUNKS, BadSignature, Fault, presign, verify
from a2i_al.settings import Credentials

KEY = Credentials("AKIALOCALEXAMPLE0000", "secret")
HOST = "127.0.0.1:8470"


def now():
    return datetime.now(UTC)


def signed(method="POST", path="/human-loops", query="", body=b"{}", *, service="sagemaker", key=KEY, headers=()):
    """Return a call as botocore's client would send it."""
    url = f"http://{HOST}{path}" + (f"?{query}" if query else "")
    request = AWSRequest(method=method, url=url, data=body, headers={"host": HOST, **dict(headers)})
    signer = auth.S3SigV4Auth if service == "s3" else auth.SigV4Auth
    signer(BotocoreCredentials(key.access_key_id, key.secret_access_key), service, "us-east-1").add_auth(request)
    return Call(method, path, query, {k.lower(): v for k, v in request.headers.items()}, body)


def changed(call, **changes):
    return Call(**{name: changes.get(name, getattr(call, name)) for name in Call.__dataclass_fields__})


def fault(call, *, service="sagemaker", at=None):
    with pytest.raises(BadSignature) as caught:
        verify(call, service, KEY, now=at or now())
    return caught.value.fault


def test_a_signed_request_gives_its_body():
    assert verify(signed(body=b'{"a": 1}'), "sagemaker", KEY, now=now()) == b'{"a": 1}'


@given(
    path=st.text(min_size=1, max_size=20).filter(lambda t: t.isprintable()),
    query=st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
    body=st.binary(max_size=50),
)
def test_any_path_query_and_body_can_be_signed_for_s3(path, query, body):
    call = signed("PUT", f"/s3/b/{quote(path)}", urlencode(query, quote_via=quote), body, service="s3")
    assert verify(call, "s3", KEY, now=now()) == body


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"raw_path": "/human-loops/stop"},
        {"raw_query": "MaxResults=1"},
        {"body": b"{ }"},
    ],
)
def test_nothing_of_what_was_signed_can_be_changed(change):
    assert fault(changed(signed(), **change)) is Fault.MISMATCH


def test_a_signed_header_can_neither_be_changed_nor_left_out():
    call = signed()
    assert fault(changed(call, headers=call.headers | {"host": "localhost:8470"})) is Fault.MISMATCH
    bare = {name: value for name, value in call.headers.items() if name != "host"}
    assert fault(changed(call, headers=bare)) is Fault.MALFORMED


def test_the_body_must_be_the_one_whose_hash_was_signed():
    assert fault(changed(signed(service="s3"), body=b"other"), service="s3") is Fault.PAYLOAD


def test_wrong_keys_are_told_from_wrong_secrets():
    assert fault(signed(key=Credentials("AKIASTRANGER00000000", "secret"))) is Fault.UNKNOWN_KEY
    assert fault(signed(key=Credentials(KEY.access_key_id, "wrong"))) is Fault.MISMATCH


def test_a_signature_for_one_service_does_not_open_another():
    assert fault(signed(service="s3"), service="sagemaker") is Fault.MISMATCH
    assert fault(signed(service="sagemaker"), service="s3") is Fault.MISMATCH


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_clock_more_than_15_minutes_off_is_refused(minutes):
    assert fault(signed(), at=now() + timedelta(minutes=minutes)) is Fault.SKEWED
    verify(signed(), "sagemaker", KEY, now=now() + timedelta(minutes=minutes * 14 / 16))


def test_a_request_without_or_with_half_a_signature_is_refused():
    call = signed()
    assert fault(changed(call, headers={"host": HOST})) is Fault.MISSING
    for header in ("AWS4-HMAC-SHA256 Credential=x", "Basic abc", call.headers["authorization"].replace("host;", "")):
        assert fault(changed(call, headers=call.headers | {"authorization": header})) in {
            Fault.MALFORMED,
            Fault.MISMATCH,
        }


def link(seconds=60, path="/s3/b/k"):
    path, _, query = presign(f"http://{HOST}{path}", "s3", KEY, "us-east-1", seconds=seconds).partition("?")
    return Call("GET", path.removeprefix(f"http://{HOST}"), query, {"host": HOST})


def test_a_presigned_link_is_good_until_it_expires():
    assert verify(link(), "s3", KEY, now=now()) == b""
    assert fault(link(), service="s3", at=now() + timedelta(seconds=62)) is Fault.EXPIRED
    assert fault(link(), service="s3", at=now() - timedelta(minutes=16)) is Fault.SKEWED


def test_a_presigned_link_cannot_be_changed_or_live_for_ever():
    assert fault(changed(link(), raw_path="/s3/b/other"), service="s3") is Fault.MISMATCH
    longer = link().raw_query.replace("Expires=60", "Expires=61")
    assert fault(changed(link(), raw_query=longer), service="s3") is Fault.MISMATCH
    assert fault(link(seconds=604_801), service="s3") is Fault.MALFORMED


def test_chunks_without_signatures_are_decoded():
    body = b"5\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
    call = signed("PUT", "/s3/b/k", body=b"", service="s3")
    call = _declare(call, UNSIGNED_CHUNKS)
    assert verify(changed(call, body=body), "s3", KEY, now=now()) == b"hello!"


def test_every_signed_chunk_is_verified():
    call = _declare(signed("PUT", "/s3/b/k", body=b"", service="s3"), SIGNED_CHUNKS)
    good = _sign_chunks(call, [b"hello", b" world", b""])
    assert verify(changed(call, body=good), "s3", KEY, now=now()) == b"hello world"
    assert fault(changed(call, body=good.replace(b"hello", b"jello")), service="s3") is Fault.PAYLOAD
    without_end = good[: good.rindex(b"0;chunk-signature")]
    with pytest.raises(Refusal, match="cut off"):
        verify(changed(call, body=without_end), "s3", KEY, now=now())


@pytest.mark.parametrize("body", [b"", b"zz\r\n", b"5\r\nhel", b"-1\r\n\r\n", b"5"])
def test_a_body_that_is_not_framed_in_chunks_is_refused(body):
    with pytest.raises(Refusal, match="not framed"):
        plain_chunks(body)


def _signer():
    return auth.S3SigV4Auth(BotocoreCredentials(KEY.access_key_id, KEY.secret_access_key), "s3", "us-east-1")


def _declare(call, payload):
    """Sign a call anew, with a declaration in the place of its payload's hash."""
    headers = {name: value for name, value in call.headers.items() if name != "authorization"}
    request = AWSRequest(method=call.method, url=f"http://{HOST}{call.raw_path}", headers=headers)
    request.headers.replace_header("x-amz-content-sha256", payload)
    request.context["timestamp"] = call.headers["x-amz-date"]
    signer = _signer()
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    signer._inject_signature_to_request(request, signature)
    return changed(call, headers={name.lower(): value for name, value in request.headers.items()})


def _sign_chunks(call, chunks):
    signer, request = _signer(), AWSRequest(method="PUT", url=f"http://{HOST}")
    request.context["timestamp"] = call.headers["x-amz-date"]
    previous, body = call.headers["authorization"].rpartition("Signature=")[2], b""
    for chunk in chunks:
        lines = ["AWS4-HMAC-SHA256-PAYLOAD", request.context["timestamp"], signer.credential_scope(request), previous]
        lines += [hashlib.sha256(b"").hexdigest(), hashlib.sha256(chunk).hexdigest()]
        previous = signer.signature("\n".join(lines), request)
        body += f"{len(chunk):x};chunk-signature={previous}\r\n".encode() + chunk + b"\r\n"
    return body
