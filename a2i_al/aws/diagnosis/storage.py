"""What inputs and outputs need: a usable key, a bucket in the Region, CORS, and somebody who can read the answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from a2i_al.aws.buckets import allows_pages, read_setting
from a2i_al.aws.connection import Connection
from a2i_al.aws.diagnosis import role
from a2i_al.aws.diagnosis.report import Check
from a2i_al.aws.reach import why_absent
from a2i_al.errors import ServiceError, service_errors

KINDS = ("role trust", "execution role", "encryption key", "bucket Region", "CORS", "reading answers")


def checks(connection: Connection, flow: dict[str, Any]) -> list[Check]:
    """Look at the bucket of a flow definition's outputs, its key, the role that writes there, and who reads there."""
    place = urlsplit(flow["OutputConfig"]["S3OutputPath"])
    if place.scheme != "s3":
        return [Check(name, "skipped", "outputs go into a folder of this machine") for name in KINDS]
    bucket, prefix = place.netloc, place.path.strip("/")
    key, key_check = _key(connection, bucket, flow["OutputConfig"].get("KmsKeyId"))
    return [
        role.trust(connection, flow["RoleArn"]),
        role.rights(connection, flow["RoleArn"], f"{bucket}/{prefix}/output.json".replace("//", "/"), key),
        key_check,
        _region(connection, bucket),
        _cors(connection, bucket),
        _reading(connection, bucket, prefix),
    ]


def _key(connection: Connection, bucket: str, flow_key: str | None) -> tuple[str | None, Check]:
    """Return the key's ARN, where there is one that can be seen, and how it stands."""
    name = "encryption key"
    try:
        key = flow_key or _bucket_key(connection, bucket)
    except ServiceError as error:
        return None, Check(name, "warn", f"{bucket}: {type(error).__name__}", "allow s3:GetEncryptionConfiguration")
    if key is None:
        return None, Check(name, "skipped", "no KMS key of yours is in use")
    if reason := why_absent(connection, "kms"):
        return None, Check(name, "skipped", reason)
    try:
        with service_errors(f"looking up key {key}"):
            found = connection.client("kms").describe_key(KeyId=key)["KeyMetadata"]
    except ServiceError as error:
        fix = "check the key's ARN and policy, and allow kms:DescribeKey"
        return None, Check(name, "fail", f"{key} cannot be seen: {type(error).__name__}", fix)
    state = found["KeyState"]
    if state == "Enabled":
        return found["Arn"], Check(name, "ok", f"{key} is enabled")
    return found["Arn"], Check(name, "fail", f"{key} is {state}", f"aws kms enable-key --key-id {key}")


def _bucket_key(connection: Connection, bucket: str) -> str | None:
    encryption = read_setting(
        lambda: connection.s3.get_bucket_encryption(Bucket=bucket), "ServerSideEncryptionConfiguration"
    )
    if not encryption:
        return None
    key: str | None = encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID")
    return key


def _region(connection: Connection, bucket: str) -> Check:
    name, region = "bucket Region", connection.session.region_name
    try:
        with service_errors(f"asking where bucket {bucket!r} is"):
            found = connection.s3.get_bucket_location(Bucket=bucket).get("LocationConstraint") or "us-east-1"
    except ServiceError as error:
        fix = f"aws s3 mb s3://{bucket} --region {region}, or allow s3:GetBucketLocation"
        return Check(name, "fail", f"{bucket} cannot be seen: {type(error).__name__}", fix)
    if found == region:
        return Check(name, "ok", f"{bucket} is in {region}")
    fix = "al.aws.provision(…) with a bucket in the flow definition's Region"
    return Check(name, "fail", f"{bucket} is in {found}, the flow definition in {region}", fix)


def _cors(connection: Connection, bucket: str) -> Check:
    try:
        rules = read_setting(lambda: connection.s3.get_bucket_cors(Bucket=bucket), "CORSRules") or []
    except ServiceError as error:
        return Check("CORS", "warn", f"{bucket}: {type(error).__name__}", "allow s3:GetBucketCORS")
    if any(allows_pages(rule) for rule in rules):
        return Check("CORS", "ok", f"task pages may show what lies in {bucket}")
    fix = (
        f"aws s3api put-bucket-cors --bucket {bucket} --cors-configuration"
        """ '{"CORSRules":[{"AllowedMethods":["GET"],"AllowedOrigins":["*"]}]}'"""
    )
    return Check("CORS", "warn", f"no rule of {bucket} lets a browser show its images", fix)


def _reading(connection: Connection, bucket: str, prefix: str) -> Check:
    """Ask for one key of the prefix, as harvesting does."""
    place = f"s3://{bucket}/{prefix}"
    try:
        with service_errors(f"listing {place}"):
            connection.s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/" if prefix else "", MaxKeys=1)
    except ServiceError as error:
        fix = "allow s3:ListBucket and s3:GetObject: print(a2i_al.aws.policies(…)['reviews'])"
        return Check("reading answers", "fail", f"{place} cannot be listed: {type(error).__name__}", fix)
    return Check("reading answers", "ok", f"{place} can be listed")
