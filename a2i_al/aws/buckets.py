"""A bucket's name comes in; the steps go out that make it encrypted, private, tagged, and readable by task pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from a2i_al.aws.connection import Connection
from a2i_al.aws.plans import NOT_IMPLEMENTED, PROJECT_TAG, Step, carries
from a2i_al.aws.policy_documents import CORS_RULE
from a2i_al.errors import AccessDenied, NotFound, ServiceError, service_errors

_UPLOADS_RULE, _EXPIRY_RULE = "a2i-al-uploads", "a2i-al-expiry"
_PRIVATE = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"),
    True,
)
# S3 answers so for a setting that was never made.
_UNSET = frozenset(
    {
        "ServerSideEncryptionConfigurationNotFoundError",
        "NoSuchPublicAccessBlockConfiguration",
        "NoSuchCORSConfiguration",
        "NoSuchLifecycleConfiguration",
        "NoSuchTagSet",
    }
)
# The one Region that must not be named when a bucket is made.
_NO_CONSTRAINT = "us-east-1"


@dataclass(frozen=True)
class _Setting:
    """One setting of a bucket: what it is now, and what it has to become."""

    kind: str
    detail: str
    read: Callable[[], Any]
    merged: Callable[[Any], Any]
    write: Callable[[Any], Any]


def bucket_steps(
    connection: Connection,
    bucket: str,
    *,
    project: str,
    own_name: bool,
    region: str,
    kms_key_arn: str | None,
    expire_days: int | None,
) -> list[Step]:
    """Return the steps for a bucket; one that is there already and is not the project's is left as it is.

    Parameters
    ----------
    own_name : bool
        Whether the name is the project's own, so that it is the project's even where its tag is still missing.
    expire_days : int, optional
        Days after which the project's objects are deleted; never by default, they are paid for.
    """
    s3 = connection.s3
    there = bucket_exists(connection, bucket)
    if there and not own_name and not carries(bucket_tags(s3, bucket) or [], project):
        return [Step("leave", "bucket", bucket, "not made by this project: see `a2i-al doctor` for what it lacks")]
    place = {} if region == _NO_CONSTRAINT else {"CreateBucketConfiguration": {"LocationConstraint": region}}

    def create() -> None:
        with service_errors(f"creating bucket {bucket!r}"):
            s3.create_bucket(Bucket=bucket, **place)

    first = Step("exists", "bucket", bucket) if there else Step("create", "bucket", bucket, f"in {region}", create)
    settings = _settings(s3, bucket, project, kms_key_arn, expire_days)
    return [first, *(_setting_step(setting, bucket, there=there) for setting in settings)]


def bucket_exists(connection: Connection, bucket: str) -> bool:
    """Say whether a bucket is there.

    Raises
    ------
    AccessDenied
        If it is somebody else's.
    """
    try:
        with service_errors(f"looking up bucket {bucket!r}"):
            connection.s3.head_bucket(Bucket=bucket)
    except NotFound:
        return False
    return True


def bucket_tags(s3: Any, bucket: str) -> list[dict[str, str]] | None:
    """Return the tags of a bucket; None where this S3 has no tags at all, as the embedded one."""
    tags: list[dict[str, str]] | None = read_setting(lambda: s3.get_bucket_tagging(Bucket=bucket), "TagSet")
    return tags


def read_setting(call: Callable[[], dict[str, Any]], key: str) -> Any:
    """Return one member of what S3 answers; an empty list where it was never set, None where S3 has no such setting."""
    try:
        with service_errors("reading a setting of a bucket"):
            return call()[key]
    except ServiceError as error:
        if error.code == NOT_IMPLEMENTED:
            return None
        if error.code in _UNSET:
            return []
        raise


def _setting_step(setting: _Setting, bucket: str, *, there: bool) -> Step:
    now = setting.read() if there else _read_early(setting)
    if now is None:
        return Step("skip", setting.kind, bucket, "this endpoint does not have it")
    wanted = setting.merged(now)
    if now == wanted:
        return Step("exists", setting.kind, bucket, setting.detail)

    def write() -> None:
        with service_errors(f"setting {setting.kind} of bucket {bucket!r}"):
            setting.write(wanted)

    return Step("change" if now else "create", setting.kind, bucket, setting.detail, write)


def _read_early(setting: _Setting) -> Any:
    """Ask for a setting of a bucket that is not there yet, so that the plan says what this endpoint does not have."""
    try:
        return setting.read()
    except (AccessDenied, NotFound):
        return []


def _settings(s3: Any, bucket: str, project: str, kms_key_arn: str | None, expire_days: int | None) -> list[_Setting]:
    named = {"Bucket": bucket}
    algorithm = (
        {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": kms_key_arn} if kms_key_arn else {"SSEAlgorithm": "AES256"}
    )
    lifecycle = _lifecycle_rules(project, expire_days)
    return [
        # Tagged first: whatever fails later, `cleanup` knows whose the bucket is.
        _Setting(
            "bucket tags",
            f"{PROJECT_TAG}={project}",
            lambda: read_setting(lambda: s3.get_bucket_tagging(**named), "TagSet"),
            lambda now: now if carries(now, project) else [*_others(now), {"Key": PROJECT_TAG, "Value": project}],
            lambda tags: s3.put_bucket_tagging(**named, Tagging={"TagSet": tags}),
        ),
        _Setting(
            "public access block",
            "all four",
            lambda: read_setting(lambda: s3.get_public_access_block(**named), "PublicAccessBlockConfiguration"),
            lambda _: _PRIVATE,
            lambda block: s3.put_public_access_block(**named, PublicAccessBlockConfiguration=block),
        ),
        _Setting(
            "encryption",
            kms_key_arn or "S3's own keys",
            lambda: _algorithm(read_setting(lambda: s3.get_bucket_encryption(**named), _ENCRYPTION)),
            lambda _: algorithm,
            lambda wanted: s3.put_bucket_encryption(
                **named,
                ServerSideEncryptionConfiguration={
                    "Rules": [{"ApplyServerSideEncryptionByDefault": wanted, "BucketKeyEnabled": bool(kms_key_arn)}]
                },
            ),
        ),
        _Setting(
            "CORS",
            "GET from any origin, for task pages",
            lambda: read_setting(lambda: s3.get_bucket_cors(**named), "CORSRules"),
            lambda now: now if any(allows_pages(rule) for rule in now) else [*now, CORS_RULE],
            lambda rules: s3.put_bucket_cors(**named, CORSConfiguration={"CORSRules": rules}),
        ),
        _Setting(
            "lifecycle",
            f"objects expire after {expire_days} days" if expire_days else "broken uploads go after 7 days",
            lambda: read_setting(lambda: s3.get_bucket_lifecycle_configuration(**named), "Rules"),
            lambda now: _with_rules(now, lifecycle),
            lambda rules: s3.put_bucket_lifecycle_configuration(**named, LifecycleConfiguration={"Rules": rules}),
        ),
    ]


_ENCRYPTION = "ServerSideEncryptionConfiguration"


def allows_pages(rule: dict[str, Any]) -> bool:
    """Say whether a CORS rule lets a task page of any origin show an object.

    Examples
    --------
    >>> allows_pages({"AllowedMethods": ["GET", "HEAD"], "AllowedOrigins": ["*"]})
    True
    """
    return "GET" in rule["AllowedMethods"] and "*" in rule["AllowedOrigins"]


def _others(tags: list[dict[str, str]]) -> list[dict[str, str]]:
    return [tag for tag in tags if tag["Key"] != PROJECT_TAG]


def _algorithm(encryption: Any) -> Any:
    return encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"] if encryption else encryption


def _lifecycle_rules(project: str, expire_days: int | None) -> list[dict[str, Any]]:
    rule = {"Status": "Enabled", "Filter": {"Prefix": f"{project}/"}}
    uploads = {"ID": _UPLOADS_RULE, **rule, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
    expiry = [{"ID": _EXPIRY_RULE, **rule, "Expiration": {"Days": expire_days}}] if expire_days else []
    return [uploads, *expiry]


def _with_rules(now: list[dict[str, Any]], ours: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rules with ours among them; the same list if they are there as they should be."""
    mine = {_UPLOADS_RULE, _EXPIRY_RULE}
    have = {rule["ID"]: rule for rule in now if rule.get("ID") in mine}
    return now if have == {rule["ID"]: rule for rule in ours} else [*(r for r in now if r.get("ID") not in mine), *ours]
