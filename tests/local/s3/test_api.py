"""The embedded S3, with unchanged boto3 and obstore clients over real HTTP."""

import uuid
from datetime import timedelta
from hashlib import md5 as _md5
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import boto3
import obstore
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from obstore.store import S3Store

from a2i_al.local.s3.objects import Buckets


def md5(content):
    return _md5(content, usedforsecurity=False).hexdigest()


@pytest.fixture
def s3(clients):
    return clients.s3


@pytest.fixture
def bucket(s3):
    name = f"b-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def store(clients, bucket):
    key = clients.service.credentials
    return S3Store(
        bucket,
        endpoint=clients.service.endpoints()["s3"],
        region=clients.service.region,
        access_key_id=key.access_key_id,
        secret_access_key=key.secret_access_key,
        client_options={"allow_http": True},
    )


def code(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"]


def test_buckets_are_made_found_and_removed(s3, bucket):
    assert bucket in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    s3.head_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=bucket)
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None
    s3.put_object(Bucket=bucket, Key="a/b", Body=b"")
    assert code(s3.delete_bucket, Bucket=bucket) == "BucketNotEmpty"
    s3.delete_object(Bucket=bucket, Key="a/b")
    s3.delete_bucket(Bucket=bucket)
    assert code(s3.head_bucket, Bucket=bucket) == "404"
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"") == "NoSuchBucket"


@pytest.mark.parametrize(
    "key", ["plain", "a/b/c.txt", "spaces and ünïcode/日本.txt", "a+b&c=d?e#f%20g~h", "-._'()*!", '<&>"']
)
def test_objects_come_back_as_they_went(s3, bucket, key):
    body = key.encode() * 3
    etag = s3.put_object(Bucket=bucket, Key=key, Body=body)["ETag"]
    found = s3.get_object(Bucket=bucket, Key=key)
    assert found["Body"].read() == body
    assert found["ETag"] == etag == f'"{md5(body)}"'
    assert s3.head_object(Bucket=bucket, Key=key)["ContentLength"] == len(body)
    assert [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    s3.delete_object(Bucket=bucket, Key=key)
    s3.delete_object(Bucket=bucket, Key=key)
    assert code(s3.get_object, Bucket=bucket, Key=key) == "NoSuchKey"
    assert code(s3.head_object, Bucket=bucket, Key=key) == "404"


@pytest.mark.parametrize(
    "key", ["../escape", "a/../../b", "a//b", "/a", "folder/", "a/./b", "nul\0", "back\\slash", "x" * 256]
)
def test_keys_that_cannot_be_files_are_refused(clients, s3, bucket, key):
    assert code(s3.put_object, Bucket=bucket, Key=key, Body=b"x") in {"InvalidArgument", "KeyTooLongError"}
    assert not (clients.service.home / "escape").exists()


def test_an_object_cannot_lie_below_another_object(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    assert code(s3.put_object, Bucket=bucket, Key="a/b", Body=b"x") == "InvalidArgument"
    s3.put_object(Bucket=bucket, Key="c/d", Body=b"x")
    assert code(s3.put_object, Bucket=bucket, Key="c", Body=b"x") == "InvalidArgument"
    s3.delete_object(Bucket=bucket, Key="c/d")
    s3.put_object(Bucket=bucket, Key="c", Body=b"x")


def test_headers_and_metadata_stay_with_the_object(clients, s3, bucket):
    s3.put_object(Bucket=bucket, Key="x.json", Body=b"{}", ContentType="text/x-odd", Metadata={"who": "me"})
    found = s3.head_object(Bucket=bucket, Key="x.json")
    assert (found["ContentType"], found["Metadata"]) == ("text/x-odd", {"who": "me"})
    s3.copy_object(Bucket=bucket, Key="y.json", CopySource={"Bucket": bucket, "Key": "x.json"})
    assert s3.head_object(Bucket=bucket, Key="y.json")["Metadata"] == {"who": "me"}
    s3.put_object(Bucket=bucket, Key="x.json", Body=b"{}")
    assert s3.head_object(Bucket=bucket, Key="x.json")["ContentType"] == "application/json"
    assert sorted(p.name for p in (clients.service.home / "s3" / bucket).iterdir()) == ["x.json", "y.json"]


def test_files_put_there_by_hand_are_objects(clients, s3, bucket):
    path = clients.service.home / "s3" / bucket / "by" / "hand.png"
    path.parent.mkdir()
    path.write_bytes(b"one")
    found = s3.get_object(Bucket=bucket, Key="by/hand.png")
    assert (found["ContentType"], found["Body"].read()) == ("image/png", b"one")
    path.write_bytes(b"other")
    assert s3.head_object(Bucket=bucket, Key="by/hand.png")["ETag"] == f'"{md5(b"other")}"'


def test_etags_tell_writes_of_one_size_and_one_moment_apart(tmp_path, monkeypatch):
    """On a file system whose clock ticks slowly, two writes may carry the same time."""
    stat = Path.stat

    def coarse(path, **options):
        real = stat(path, **options)
        return SimpleNamespace(st_mode=real.st_mode, st_size=real.st_size, st_mtime=0.0, st_mtime_ns=0)

    monkeypatch.setattr(Path, "stat", coarse)
    buckets = Buckets(tmp_path)
    buckets.create("bucket")
    for content in (b"one", b"two"):
        assert buckets.put("bucket", "k", content) == buckets.get("bucket", "k").etag == md5(content)


def test_every_key_is_listed_once_over_pages(s3, bucket):
    keys = sorted(["a", "a.txt", "a/1", "a/2", "a/b/3", "b/4", "z", "é"], key=str.encode)
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key.replace("a/", "A/"), Body=b"x")
    keys = sorted((key.replace("a/", "A/") for key in keys), key=str.encode)
    for size in (1, 2, 3, 100):
        for operation in ("list_objects_v2", "list_objects"):
            pages = s3.get_paginator(operation).paginate(Bucket=bucket, PaginationConfig={"PageSize": size})
            assert [o["Key"] for page in pages for o in page.get("Contents", ())] == keys
            pages = s3.get_paginator(operation).paginate(
                Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": size}
            )
            pages = list(pages)
            assert [o["Key"] for page in pages for o in page.get("Contents", ())] == ["a", "a.txt", "z", "é"]
            assert [p["Prefix"] for page in pages for p in page.get("CommonPrefixes", ())] == ["A/", "b/"]


def test_lists_can_be_narrowed(s3, bucket):
    for key in ("logs/1", "logs/2", "logs/old/3", "logstash"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")

    def listed(**query):
        page = s3.list_objects_v2(Bucket=bucket, **query)
        return [o["Key"] for o in page.get("Contents", ())], [p["Prefix"] for p in page.get("CommonPrefixes", ())]

    assert listed(Prefix="logs/") == (["logs/1", "logs/2", "logs/old/3"], [])
    assert listed(Prefix="logs") == (["logs/1", "logs/2", "logs/old/3", "logstash"], [])
    assert listed(Prefix="logs/", Delimiter="/") == (["logs/1", "logs/2"], ["logs/old/"])
    assert listed(StartAfter="logs/1", Prefix="logs/") == (["logs/2", "logs/old/3"], [])
    assert listed(Prefix="../") == ([], [])
    assert listed(Prefix="none/") == ([], [])
    assert listed(MaxKeys=0) == ([], [])


def test_ranges_are_partial_content(s3, bucket):
    s3.put_object(Bucket=bucket, Key="digits", Body=b"0123456789")

    def get(header):
        found = s3.get_object(Bucket=bucket, Key="digits", Range=header)
        return found["ResponseMetadata"]["HTTPStatusCode"], found["ContentRange"], found["Body"].read()

    assert get("bytes=2-4") == (206, "bytes 2-4/10", b"234")
    assert get("bytes=7-") == (206, "bytes 7-9/10", b"789")
    assert get("bytes=-3") == (206, "bytes 7-9/10", b"789")
    assert get("bytes=5-100") == (206, "bytes 5-9/10", b"56789")
    assert code(s3.get_object, Bucket=bucket, Key="digits", Range="bytes=10-") == "InvalidRange"


def test_writes_can_be_conditional(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*") == "PreconditionFailed"
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfMatch='"0"') == "PreconditionFailed"
    assert code(s3.put_object, Bucket=bucket, Key="none", Body=b"2", IfMatch=etag) == "NoSuchKey"
    s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfMatch=etag)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"
    assert code(s3.get_object, Bucket=bucket, Key="k", IfMatch=etag) == "PreconditionFailed"
    newer = s3.head_object(Bucket=bucket, Key="k")["ETag"]
    assert code(s3.get_object, Bucket=bucket, Key="k", IfNoneMatch=newer) == "304"


def test_many_objects_are_deleted_in_one_request(s3, bucket):
    keys = ["a", "b/c", "<&>"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    done = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in [*keys, "none", "a//b"]]})
    assert [d["Key"] for d in done["Deleted"]] == [*keys, "none"]
    assert [e["Code"] for e in done["Errors"]] == ["InvalidArgument"]
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_large_files_go_up_and_down_in_parts(s3, bucket, tmp_path):
    content = bytes(range(256)) * 4 * 1024 * 11
    config = TransferConfig(multipart_threshold=5 * 1024**2, multipart_chunksize=5 * 1024**2)
    (tmp_path / "up").write_bytes(content)
    s3.upload_file(str(tmp_path / "up"), bucket, "large", Config=config, ExtraArgs={"ContentType": "image/tiff"})
    s3.download_file(bucket, "large", str(tmp_path / "down"), Config=config)
    assert (tmp_path / "down").read_bytes() == content
    assert s3.head_object(Bucket=bucket, Key="large")["ContentType"] == "image/tiff"
    s3.upload_fileobj(BytesIO(b"small"), bucket, "small")
    assert s3.get_object(Bucket=bucket, Key="small")["Body"].read() == b"small"


def test_an_upload_in_parts_is_checked_and_can_be_aborted(s3, bucket):
    upload = {"Bucket": bucket, "Key": "k", "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]}
    etag = s3.upload_part(**upload, PartNumber=1, Body=b"part")["ETag"]
    wrong = {"Parts": [{"PartNumber": 1, "ETag": '"0"'}]}
    assert code(s3.complete_multipart_upload, **upload, MultipartUpload=wrong) == "InvalidPart"
    twice = {"Parts": [{"PartNumber": 1, "ETag": etag}] * 2}
    assert code(s3.complete_multipart_upload, **upload, MultipartUpload=twice) == "InvalidPartOrder"
    assert code(s3.upload_part, **upload, PartNumber=10_001, Body=b"x") == "InvalidArgument"
    s3.abort_multipart_upload(**upload)
    assert code(s3.upload_part, **upload, PartNumber=1, Body=b"x") == "NoSuchUpload"


def test_obstore_works_unchanged(store, s3, bucket, http):
    store.put("a/ü b.json", b"{}", attributes={"Content-Type": "application/json"})
    assert s3.head_object(Bucket=bucket, Key="a/ü b.json")["ContentType"] == "application/json"
    assert bytes(store.get("a/ü b.json").bytes()) == b"{}"
    store.put("large", b"x" * 12_000_000)
    assert store.head("large")["size"] == 12_000_000
    assert bytes(store.get_range("large", start=3, end=7)) == b"xxxx"
    assert sorted(meta["path"] for page in obstore.list(store) for meta in page) == ["a/ü b.json", "large"]
    with pytest.raises(obstore.exceptions.AlreadyExistsError):
        store.put("large", b"", mode="create")
    store.delete(["large", "a/ü b.json"])
    with pytest.raises(FileNotFoundError):
        store.get("large")
    store.put("signed", b"signed")
    assert http.request("GET", obstore.sign(store, "GET", "signed", timedelta(minutes=1))).data == b"signed"


def test_the_wrong_secret_is_denied_to_obstore(clients, bucket):
    stranger = S3Store(
        bucket,
        endpoint=clients.service.endpoints()["s3"],
        region="us-east-1",
        access_key_id=clients.service.credentials.access_key_id,
        secret_access_key="wrong",
        client_options={"allow_http": True},
    )
    with pytest.raises(obstore.exceptions.PermissionDeniedError):
        stranger.get("k")


@pytest.mark.parametrize("version", [None, "s3v4", "s3"])
def test_presigned_links_of_every_kind_can_be_fetched(clients, bucket, version, http):
    session = clients.service.boto3_session()
    s3 = session.client("s3", endpoint_url=clients.service.endpoints()["s3"], config=Config(signature_version=version))
    request = {"Bucket": bucket, "Key": "a b+ü.txt"}
    url = s3.generate_presigned_url("put_object", Params=request)
    assert http.request("PUT", url, body=b"hello").status == 200
    url = s3.generate_presigned_url("get_object", Params=request)
    reply = http.request("GET", url)
    assert (reply.status, reply.data) == (200, b"hello")
    assert reply.headers["access-control-allow-origin"] == "*"
    assert http.request("GET", url.replace("a%20b", "other")).status == 403
    past = s3.generate_presigned_url("get_object", Params=request, ExpiresIn=-10)
    assert http.request("GET", past).status in {400, 403}


def test_unsigned_and_foreign_requests_are_denied(clients, bucket, http):
    reply = http.request("GET", f"{clients.service.endpoints()['s3']}/{bucket}/k")
    assert reply.status == 403
    assert b"<Code>AccessDenied</Code>" in reply.data
    stranger = boto3.Session("AKIASTRANGER00000000", "secret", region_name="us-east-1")
    s3 = stranger.client("s3", endpoint_url=clients.service.endpoints()["s3"])
    assert code(s3.list_objects_v2, Bucket=bucket) == "InvalidAccessKeyId"
    stranger = boto3.Session(clients.service.credentials.access_key_id, "wrong", region_name="us-east-1")
    s3 = stranger.client("s3", endpoint_url=clients.service.endpoints()["s3"])
    assert code(s3.list_objects_v2, Bucket=bucket) == "SignatureDoesNotMatch"


def test_what_is_not_here_is_said(s3, bucket):
    assert code(s3.get_bucket_versioning, Bucket=bucket) == "NotImplemented"
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"][0]["AllowedOrigins"] == ["*"]
    assert code(s3.create_bucket, Bucket="Not-A-Bucket") == "InvalidBucketName"
