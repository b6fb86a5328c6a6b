"""What inputs and outputs need: a role that may write the prefix, a usable key, a bucket in the Region, and CORS."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from a2i_al.aws.buckets import allows_pages, read_setting
from a2i_al.aws.connection import Connection
from a2i_al.aws.diagnosis.report import Check
from a2i_al.aws.reach import why_absent
from a2i_al.errors import ServiceError, service_errors

_KINDS = ("execution role", "encryption key", "bucket Region", "CORS")


def checks(connection: Connection, flow: dict[str, Any]) -> list[Check]:
    """Look at the bucket of a flow definition's outputs, its key, and the role that writes there."""
    place = urlsplit(flow["OutputConfig"]["S3OutputPath"])
    if place.scheme != "s3":
        return [Check(name, "skipped", "outputs go into a folder of this machine") for name in _KINDS]
    bucket, prefix = place.netloc, place.path.strip("/")
    return [
        _role(connection, flow["RoleArn"], f"{bucket}/{prefix}/output.json".replace("//", "/")),
        _key(connection, bucket, flow["OutputConfig"].get("KmsKeyId")),
        _region(connection, bucket),
        _cors(connection, bucket),
    ]


def _role(connection: Connection, role_arn: str, key: str) -> Check:
    name = "execution role"
    if reason := why_absent(connection, "iam"):
        return Check(name, "skipped", reason)
    try:
        with service_errors(f"simulating what {role_arn} may do"):
            results = connection.client("iam").simulate_principal_policy(
                PolicySourceArn=role_arn, ActionNames=["s3:PutObject"], ResourceArns=[f"arn:aws:s3:::{key}"]
            )["EvaluationResults"]
    except ServiceError as error:
        why = f"it could not be simulated: {type(error).__name__} {error.code}".strip()
        return Check(name, "warn", why, "allow iam:SimulatePrincipalPolicy, and check that the role is there")
    decision = results[0]["EvalDecision"]
    if decision == "allowed":
        return Check(name, "ok", f"may write s3://{key.rpartition('/')[0]}/")
    fix = "give it the policy that print(a2i_al.aws.policies(…)['execution_role']) shows"
    return Check(name, "fail", f"{role_arn} may not write s3://{key.rpartition('/')[0]}/: {decision}", fix)


def _key(connection: Connection, bucket: str, flow_key: str | None) -> Check:
    name = "encryption key"
    try:
        key = flow_key or _bucket_key(connection, bucket)
    except ServiceError as error:
        return Check(name, "warn", f"{bucket}: {type(error).__name__}", "allow s3:GetEncryptionConfiguration")
    if key is None:
        return Check(name, "skipped", "no KMS key of yours is in use")
    if reason := why_absent(connection, "kms"):
        return Check(name, "skipped", reason)
    try:
        with service_errors(f"looking up key {key}"):
            state = connection.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    except ServiceError as error:
        fix = "check the key's ARN and policy, and allow kms:DescribeKey"
        return Check(name, "fail", f"{key} cannot be seen: {type(error).__name__}", fix)
    if state == "Enabled":
        return Check(name, "ok", f"{key} is enabled; its policy must let the execution role use it")
    return Check(name, "fail", f"{key} is {state}", f"aws kms enable-key --key-id {key}")


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
