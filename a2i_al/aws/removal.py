"""A project's name comes in; a plan to delete what carries its tag goes out, carried out when asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from a2i_al.aws.buckets import bucket_tags
from a2i_al.aws.connection import Connection
from a2i_al.aws.flows import check_name
from a2i_al.aws.objects import list_objects
from a2i_al.aws.plans import NOT_IMPLEMENTED, PROJECT_TAG, Plan, Step, carries, carry_out
from a2i_al.aws.policy_documents import bucket_name, role_name
from a2i_al.aws.reach import why_absent
from a2i_al.aws.roles import POLICY, find_role, is_absent
from a2i_al.errors import AccessDenied, NotFound, ServiceError, service_errors


def cleanup(name: str, *, dry_run: bool = True, delete_answers: bool = False, boto3_session: Any = None) -> Plan:
    """Delete exactly what carries a project's tag: flow definitions, human task UIs, execution role and bucket.

    Parameters
    ----------
    name : str
        Of the project.
    dry_run : bool
        Only list what would be deleted, the default.
    delete_answers : bool
        Delete the bucket even if it holds objects, with all of them. Answers are paid for: by default a bucket that
        is not empty stays.
    boto3_session : boto3.Session, optional
        Credentials and Region.

    Returns
    -------
    Plan
        What was (or would be) deleted, and what stays and why.

    Raises
    ------
    ServiceError
        If AWS refuses a step; what comes before it is deleted, and the same call goes on from there.

    Examples
    --------
    Rehearsed on the embedded A2I:

    >>> import os
    >>> from tempfile import TemporaryDirectory
    >>> from unittest.mock import patch
    >>> from a2i_al import local, templates
    >>> from a2i_al.aws import provision
    >>> page = templates.load("text-classification").with_labels(["spam", "ham"])
    >>> with TemporaryDirectory() as home, local.visiting(home) as a2i, patch.dict(os.environ, a2i.environment()):
    ...     _ = provision("mail", template=page, boto3_session=a2i.boto3_session())
    ...     plan = cleanup("mail", boto3_session=a2i.boto3_session())
    >>> plan.applied, [f"{step.action} {step.kind}" for step in plan.changes]
    (False, ['delete flow definition', 'delete human task UI', 'delete bucket'])
    """
    check_name(name)
    connection = Connection(boto3_session)
    steps = (
        *_flow_definitions(connection, name),
        *_human_task_uis(connection, name),
        *_role(connection, name),
        *_buckets(connection, name, delete_answers=delete_answers),
    )
    plan = Plan(name, steps)
    return plan if dry_run else carry_out(plan)


def _flow_definitions(connection: Connection, project: str) -> list[Step]:
    sagemaker = connection.sagemaker
    with service_errors("listing flow definitions"):
        pages = sagemaker.get_paginator("list_flow_definitions").paginate()
        found = [(f["FlowDefinitionName"], f["FlowDefinitionArn"]) for p in pages for f in p["FlowDefinitionSummaries"]]
    return [
        Step(
            "delete", "flow definition", flow, "", _deleting(sagemaker.delete_flow_definition, FlowDefinitionName=flow)
        )
        for flow, arn in found
        if _tagged(sagemaker, arn, project)
    ]


def _human_task_uis(connection: Connection, project: str) -> list[Step]:
    sagemaker = connection.sagemaker
    with service_errors("listing human task UIs"):
        pages = sagemaker.get_paginator("list_human_task_uis").paginate()
        found = [(u["HumanTaskUiName"], u["HumanTaskUiArn"]) for p in pages for u in p["HumanTaskUiSummaries"]]
    return [
        Step("delete", "human task UI", ui, "", _deleting(sagemaker.delete_human_task_ui, HumanTaskUiName=ui))
        for ui, arn in found
        if _tagged(sagemaker, arn, project)
    ]


def _tagged(sagemaker: Any, arn: str, project: str) -> bool:
    try:
        with service_errors(f"reading the tags of {arn}"):
            return carries(sagemaker.list_tags(ResourceArn=arn)["Tags"], project)
    except NotFound:  # deleted since it was listed
        return False


def _role(connection: Connection, project: str) -> list[Step]:
    name = role_name(project)
    if reason := why_absent(connection, "iam"):
        return [Step("skip", "execution role", name, reason)]
    iam = connection.client("iam")
    role = find_role(iam, name)
    if role is None:
        return []
    if not carries(role.get("Tags", []), project):
        return [Step("leave", "execution role", name, f"it does not carry {PROJECT_TAG}={project}")]

    def delete() -> None:
        _deleting(iam.delete_role_policy, RoleName=name, PolicyName=POLICY)()
        _deleting(iam.delete_role, RoleName=name)()

    return [Step("delete", "execution role", name, "with its policy", delete)]


def _buckets(connection: Connection, project: str, *, delete_answers: bool) -> list[Step]:
    s3 = connection.s3
    with service_errors("listing buckets"):
        names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    own = _own_bucket(connection, project)
    return [
        _bucket_step(s3, name, delete_answers=delete_answers) for name in names if _bucket_of(s3, name, project, own)
    ]


def _own_bucket(connection: Connection, project: str) -> str:
    with service_errors("asking whose account this is"):
        account = connection.client("sts").get_caller_identity()["Account"]
    return bucket_name(project, account, connection.sagemaker.meta.region_name)


def _bucket_of(s3: Any, bucket: str, project: str, own: str) -> bool:
    """Say whether a bucket carries the project's tag; where S3 has no tags, whether it has the project's own name."""
    try:
        tags = bucket_tags(s3, bucket)
    except (AccessDenied, NotFound):  # a bucket that we may not even look into is not one that we made
        return False
    return bucket == own if tags is None else carries(tags, project)


def _bucket_step(s3: Any, bucket: str, *, delete_answers: bool) -> Step:
    with service_errors(f"looking into bucket {bucket!r}"):
        empty = s3.list_objects_v2(Bucket=bucket, MaxKeys=1).get("KeyCount", 0) == 0
    if not empty and not delete_answers:
        return Step("leave", "bucket", bucket, "it holds objects: delete_answers=True deletes them too")

    def delete() -> None:
        _empty(s3, bucket)
        _deleting(s3.delete_bucket, Bucket=bucket)()

    return Step("delete", "bucket", bucket, "" if empty else "with every object in it", delete)


def _empty(s3: Any, bucket: str) -> None:
    """Delete every version of every object; where S3 keeps no versions, every object."""
    try:
        with service_errors(f"emptying bucket {bucket!r}"):
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
                for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                    s3.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])
    except ServiceError as error:
        if error.code != NOT_IMPLEMENTED:
            raise
        with service_errors(f"emptying bucket {bucket!r}"):
            for entry in list_objects(s3, bucket, ""):
                s3.delete_object(Bucket=bucket, Key=entry["Key"])


def _deleting(call: Callable[..., Any], **what: str) -> Callable[[], None]:
    """Return what deletes something; that it is gone already is as good."""

    def delete() -> None:
        try:
            with service_errors(f"deleting {', '.join(what.values())}"):
                call(**what)
        except ServiceError as error:
            if not is_absent(error):
                raise

    return delete
