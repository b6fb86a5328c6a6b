"""The embedded S3 on the wire: path-style requests under ``/s3`` come in, S3's replies go out.

What boto3's and obstore's clients need for inputs and outputs, over the plain files of `a2i_al.local.s3.objects`.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import formatdate
from functools import partial
from urllib.parse import unquote

from starlette.responses import Response

from a2i_al.local.clock import Clock
from a2i_al.local.home import Home
from a2i_al.local.s3 import listing
from a2i_al.local.s3.multipart import Uploads
from a2i_al.local.s3.objects import Buckets, Stored
from a2i_al.local.s3.requests import byte_range, check_conditions, check_md5, kept_headers, subresource
from a2i_al.local.wire import xml
from a2i_al.local.wire.call import Call, Refusal, request_id
from a2i_al.local.wire.signatures import S3_MOUNT, BadSignature, Fault, verify

_CODES = {
    Fault.MISSING: ("AccessDenied", 403),
    Fault.MALFORMED: ("AuthorizationHeaderMalformed", 400),
    Fault.UNKNOWN_KEY: ("InvalidAccessKeyId", 403),
    Fault.MISMATCH: ("SignatureDoesNotMatch", 403),
    Fault.SKEWED: ("RequestTimeTooSkewed", 403),
    Fault.EXPIRED: ("AccessDenied", 403),
    Fault.PAYLOAD: ("XAmzContentSHA256Mismatch", 400),
}
# A sandboxed page has the origin "null"; what it may load is decided by the signature in the link.
_CORS = {"access-control-allow-origin": "*", "access-control-expose-headers": "ETag, Content-Range"}
_CORS_RULE = {"AllowedMethod": ["GET", "HEAD"], "AllowedOrigin": "*"}


class S3Api:
    """The S3 operations.

    Parameters
    ----------
    home : Home
        Its key, and its Region.
    buckets : Buckets
        Where objects are.
    clock : callable
        Returns the time, aware.
    """

    def __init__(self, home: Home, buckets: Buckets, clock: Clock) -> None:
        self._home, self._buckets, self._clock = home, buckets, clock
        self._uploads = Uploads(buckets)

    def __call__(self, call: Call) -> Response:
        """Answer a request; every refusal is an XML error."""
        try:
            if call.method == "OPTIONS":
                allowed = {"access-control-allow-methods": "GET, HEAD", "access-control-allow-headers": "*"}
                return _reply(headers=allowed)
            try:
                body = verify(call, "s3", self._home.credentials, now=self._clock())
            except BadSignature as error:
                code, status = _CODES[error.fault]
                raise Refusal(code, str(error), status) from None
            return self._dispatch(call, body)
        except Refusal as refusal:
            content = {
                "Code": refusal.code,
                "Message": refusal.message,
                "Resource": call.path,
                "RequestId": request_id(),
            }
            bare = call.method == "HEAD" or refusal.status == 304  # noqa: PLR2004  # replies without a body
            body = b"" if bare else xml.document("Error", content, namespace="")
            return _reply(body, refusal.status, content_type="application/xml")

    def _dispatch(self, call: Call, body: bytes) -> Response:
        bucket, _, key = unquote(call.raw_path.removeprefix(S3_MOUNT)).removeprefix("/").partition("/")
        if not bucket:
            return self._list_buckets(call)
        query = call.query
        operations: Mapping[tuple[str, str], Callable[[], Response]]
        if key:
            operations = {
                ("GET", ""): lambda: self._get(call, bucket, key),
                ("HEAD", ""): lambda: self._get(call, bucket, key),
                ("PUT", ""): lambda: self._put(call, bucket, key, body),
                ("DELETE", ""): lambda: self._delete(bucket, key),
                ("POST", "uploads"): lambda: self._begin_upload(call, bucket, key),
                ("PUT", "uploadId"): lambda: self._put_part(call, bucket, body),
                ("POST", "uploadId"): lambda: self._complete_upload(call, bucket, key, body),
                ("DELETE", "uploadId"): lambda: self._abort_upload(call),
            }
            chosen = "uploadId" if "uploadId" in query else subresource(query)
        else:
            operations = {
                ("GET", ""): lambda: listing.list_objects(self._buckets, bucket, query),
                ("GET", "location"): lambda: self._location(bucket),
                ("GET", "cors"): lambda: self._cors(bucket),
                ("HEAD", ""): lambda: self._head_bucket(bucket),
                ("PUT", ""): lambda: self._create_bucket(bucket),
                ("DELETE", ""): lambda: self._delete_bucket(bucket),
                ("POST", "delete"): lambda: self._delete_many(bucket, body),
            }
            chosen = subresource(query)
        operation = operations.get((call.method, chosen))
        if operation is None:
            raise Refusal("NotImplemented", f"The embedded S3 has no {call.method} ?{chosen} of {call.path}.", 501)
        return operation()

    def _list_buckets(self, call: Call) -> Response:
        if call.method != "GET":
            raise Refusal("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
        buckets = [
            {"Name": name, "CreationDate": listing.iso_time((self._buckets.root / name).stat().st_mtime)}
            for name in self._buckets.names()
        ]
        owner = {"ID": self._home.config.account, "DisplayName": "local"}
        return _xml("ListAllMyBucketsResult", {"Owner": owner, "Buckets": {"Bucket": buckets}})

    def _create_bucket(self, bucket: str) -> Response:
        # As in the real S3, making one's own bucket again is an error everywhere but in us-east-1.
        if not self._buckets.create(bucket) and self._home.config.region != "us-east-1":
            raise Refusal("BucketAlreadyOwnedByYou", "The bucket you tried to create is yours already.", 409)
        return _reply(headers={"location": f"/{bucket}"})

    def _head_bucket(self, bucket: str) -> Response:
        self._buckets.folder(bucket)
        return _reply(headers={"x-amz-bucket-region": self._home.config.region})

    def _delete_bucket(self, bucket: str) -> Response:
        self._buckets.delete(bucket)
        return _reply(status=204)

    def _location(self, bucket: str) -> Response:
        self._buckets.folder(bucket)
        region = self._home.config.region
        text = "" if region == "us-east-1" else region  # S3's own oddity
        body = f'<LocationConstraint xmlns="{xml.S3_NAMESPACE}">{text}</LocationConstraint>'
        return _reply(body.encode(), content_type="application/xml")

    def _cors(self, bucket: str) -> Response:
        self._buckets.folder(bucket)
        return _xml("CORSConfiguration", {"CORSRule": _CORS_RULE})

    def _get(self, call: Call, bucket: str, key: str) -> Response:
        stored = self._buckets.get(bucket, key)
        check_conditions(call, stored.etag, reading=True)
        headers = dict(stored.headers) | {
            "etag": f'"{stored.etag}"',
            "last-modified": formatdate(stored.modified, usegmt=True),
            "accept-ranges": "bytes",
        }
        start, end, status = 0, stored.size, 200
        if "range" in call.headers:
            start, end = byte_range(call.headers["range"], stored.size)
            headers["content-range"], status = f"bytes {start}-{end - 1}/{stored.size}", 206
        if call.method == "HEAD":
            return _reply(b"", status, headers=headers | {"content-length": str(end - start)})
        return _reply(_slice(stored, start, end), status, headers=headers)

    def _put(self, call: Call, bucket: str, key: str, body: bytes) -> Response:
        source = call.headers.get("x-amz-copy-source")
        if source is not None:
            return self._copy(call, bucket, key, source)
        check_md5(call, body)
        etag = self._buckets.put(
            bucket, key, body, kept_headers(call), condition=lambda etag: check_conditions(call, etag)
        )
        return _reply(headers={"etag": f'"{etag}"'})

    def _copy(self, call: Call, bucket: str, key: str, source: str) -> Response:
        from_bucket, _, from_key = unquote(source).removeprefix("/").partition("/")
        stored = self._buckets.get(from_bucket, from_key)
        replace = call.headers.get("x-amz-metadata-directive") == "REPLACE"
        headers = kept_headers(call) if replace else stored.headers
        etag = self._buckets.put(
            bucket, key, stored.path.read_bytes(), headers, condition=partial(check_conditions, call)
        )
        modified = listing.iso_time(self._buckets.get(bucket, key).modified)
        return _xml("CopyObjectResult", {"ETag": f'"{etag}"', "LastModified": modified})

    def _delete(self, bucket: str, key: str) -> Response:
        self._buckets.remove(bucket, key)
        return _reply(status=204)

    def _delete_many(self, bucket: str, body: bytes) -> Response:
        request = xml.read(body)
        deleted, errors = [], []
        for element in request.iter("Object"):
            key = element.findtext("Key") or ""
            try:
                self._buckets.remove(bucket, key)
                deleted.append({"Key": key})
            except Refusal as refusal:
                if refusal.code == "NoSuchBucket":
                    raise
                errors.append({"Key": key, "Code": refusal.code, "Message": refusal.message})
        quiet = request.findtext("Quiet") == "true"
        return _xml("DeleteResult", {"Deleted": [] if quiet else deleted, "Error": errors})

    def _begin_upload(self, call: Call, bucket: str, key: str) -> Response:
        upload = self._uploads.begin(bucket, key, kept_headers(call))
        return _xml("InitiateMultipartUploadResult", {"Bucket": bucket, "Key": key, "UploadId": upload})

    def _put_part(self, call: Call, bucket: str, body: bytes) -> Response:
        self._buckets.folder(bucket)
        check_md5(call, body)
        etag = self._uploads.put_part(call.query["uploadId"], call.query.get("partNumber", ""), body)
        return _reply(headers={"etag": f'"{etag}"'})

    def _complete_upload(self, call: Call, bucket: str, key: str, body: bytes) -> Response:
        parts = [(p.findtext("PartNumber") or "", p.findtext("ETag") or "") for p in xml.read(body).iter("Part")]
        etag = self._uploads.complete(
            call.query["uploadId"], bucket, key, parts, condition=partial(check_conditions, call)
        )
        return _xml("CompleteMultipartUploadResult", {"Bucket": bucket, "Key": key, "ETag": f'"{etag}"'})

    def _abort_upload(self, call: Call) -> Response:
        self._uploads.abort(call.query["uploadId"])
        return _reply(status=204)


def _slice(stored: Stored, start: int, end: int) -> bytes:
    with stored.path.open("rb") as file:
        file.seek(start)
        return file.read(end - start)


def _xml(root: str, content: Mapping[str, object]) -> Response:
    return _reply(xml.document(root, content), content_type="application/xml")


def _reply(
    body: bytes = b"", status: int = 200, *, headers: Mapping[str, str] | None = None, content_type: str | None = None
) -> Response:
    return Response(body, status, {"x-amz-request-id": request_id(), **_CORS, **(headers or {})}, content_type)
