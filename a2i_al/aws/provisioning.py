"""A project's name, template and work team come in; what A2I needs for it goes out, planned, made once, and tagged."""

from __future__ import annotations

import time
from typing import Any

from a2i_al.aws.buckets import bucket_steps
from a2i_al.aws.connection import Connection
from a2i_al.aws.flows import check_name, ensure_flow, flow_request, human_task_ui_name
from a2i_al.aws.plans import PROJECT_TAG, Plan, Step, carries, carry_out
from a2i_al.aws.policy_documents import bucket_name, execution_policy, role_name
from a2i_al.aws.roles import role_steps
from a2i_al.aws.workteams import find_workteam
from a2i_al.errors import InvalidInput, NotFound, RequestRefused, service_errors

_RETRY_SECONDS = 3


def provision(
    name: str,
    *,
    template: str,
    workteam_arn: str | None = None,
    bucket: str | None = None,
    role_arn: str | None = None,
    kms_key_arn: str | None = None,
    title: str | None = None,
    description: str = "",
    reviewers: int = 1,
    time_limit: int = 3600,
    lifetime: int = 30 * 24 * 3600,
    expire_days: int | None = None,
    timeout: float = 60,
    dry_run: bool = False,
    boto3_session: Any = None,
) -> Plan:
    """Make what human loops on AWS need: a bucket, an execution role, a human task UI and a flow definition.

    The same call finds what the last one made. Another template or setting makes another human task UI and flow
    definition beside the old ones, since A2I cannot update either. Everything made carries the tag ``a2i-al:project``.

    Parameters
    ----------
    name : str
        Of the project: lower-case letters, digits and inner hyphens.
    template : str
        Source of a worker task template, such as
        ``templates.load("text-classification").with_labels(["spam", "ham"])``.
    workteam_arn : str, optional
        Who answers; by default the one private work team of the Region.
    bucket : str, optional
        For inputs and outputs, under ``name/``; by default one of the project's own. A bucket that is there already and
        is not the project's is used and left as it is.
    role_arn : str, optional
        Execution role that an admin has made (see `policies`); by default one of the project's own.
    kms_key_arn : str, optional
        Key for the bucket's encryption; by default S3's own keys.
    title, description : str
        Shown to the worker.
    reviewers : int
        Distinct people per item, 1 to 3.
    time_limit, lifetime : int
        Seconds one worker has for one task, and seconds a task is offered at all.
    expire_days : int, optional
        Days after which the project's objects are deleted; never by default.
    timeout : float
        Seconds to wait until a new role is known everywhere and the flow definition is Active.
    dry_run : bool
        Only list what would be done.
    boto3_session : boto3.Session, optional
        Credentials and Region.

    Returns
    -------
    Plan
        What is there, and what was (or would be) made; ``plan.flow_definition_arn`` is for `Workflow.from_arn`.

    Raises
    ------
    InvalidInput
        If the name, the template or the number of reviewers is not one that A2I takes, or no single work team is there.
    ServiceError
        If AWS refuses a step. What was done stays; the same call goes on from there.

    Notes
    -----
    Nothing made here costs anything while it lies idle, but for what is stored in the bucket.

    Examples
    --------
    Rehearsed on the embedded A2I, which has no roles:

    >>> import os
    >>> from tempfile import TemporaryDirectory
    >>> from unittest.mock import patch
    >>> from a2i_al import local, templates
    >>> page = templates.load("text-classification").with_labels(["spam", "ham"])
    >>> with TemporaryDirectory() as home, local.visiting(home) as a2i, patch.dict(os.environ, a2i.environment()):
    ...     plan = provision("mail", template=page, dry_run=True, boto3_session=a2i.boto3_session())
    >>> plan.applied, [f"{step.action} {step.kind}" for step in plan.changes]
    (False, ['create bucket', 'create CORS', 'create human task UI', 'create flow definition'])
    >>> plan.flow_definition_arn
    'arn:aws:sagemaker:us-east-1:000000000000:flow-definition/mail-...'
    """
    check_name(name)
    _check_template(template)
    connection = Connection(boto3_session)
    with service_errors("asking whose account this is"):
        account = connection.client("sts").get_caller_identity()["Account"]
    region = connection.sagemaker.meta.region_name
    own_bucket = bucket or bucket_name(name, account, region)
    team = find_workteam(connection, workteam_arn)
    settings: dict[str, Any] = {
        "workteam_arn": team,
        "role_arn": role_arn or f"arn:aws:iam::{account}:role/{role_name(name)}",
        "output_path": f"s3://{own_bucket}/{name}",
        "title": title or name.replace("-", " ").capitalize(),
        "description": description or "Please answer the question.",
        "reviewers": reviewers,
        "time_limit": time_limit,
        "lifetime": lifetime,
    }
    here = f"arn:aws:sagemaker:{region}:{account}"
    ui_name = human_task_ui_name(name, template)
    flow_name = flow_request(name, ui_arn=f"{here}:human-task-ui/{ui_name}", **settings)["FlowDefinitionName"]
    bucket_plan = bucket_steps(
        connection,
        own_bucket,
        project=name,
        own_name=bucket is None,
        region=region,
        kms_key_arn=kms_key_arn,
        expire_days=expire_days,
    )
    role_plan = (
        [Step("leave", "execution role", role_arn, "given")]
        if role_arn
        else role_steps(connection, name, execution_policy(name, own_bucket, kms_key_arn))
    )

    def make() -> None:
        _ensure(connection, name, template, settings, timeout)

    flow_plan = [
        _resource_step(connection, "human task UI", f"{here}:human-task-ui/{ui_name}", name, make),
        _resource_step(connection, "flow definition", f"{here}:flow-definition/{flow_name}", name, make),
    ]
    steps = (Step("exists", "work team", team.rsplit("/", 1)[-1], team), *bucket_plan, *role_plan, *flow_plan)
    plan = Plan(name, steps, flow_definition_arn=f"{here}:flow-definition/{flow_name}", bucket=own_bucket)
    return plan if dry_run else carry_out(plan)


def _check_template(template: str) -> None:
    if "<" not in template:
        raise InvalidInput(
            f"the template is {template!r}",
            expected="the source of a worker task template",
            fix=f"give `templates.load({template!r}).with_labels([…])`",
        )


def _resource_step(connection: Connection, kind: str, arn: str, project: str, make: Any) -> Step:
    """Return the step for a human task UI or a flow definition; one that is there without its tag gets it."""
    resource = arn.rsplit("/", 1)[-1]
    sagemaker = connection.sagemaker
    try:
        with service_errors(f"looking up {kind} {resource!r}"):
            if kind == "human task UI":
                sagemaker.describe_human_task_ui(HumanTaskUiName=resource)
            else:
                sagemaker.describe_flow_definition(FlowDefinitionName=resource)
            tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    except NotFound:
        return Step("create", kind, resource, "", make)
    if carries(tags, project):
        return Step("exists", kind, resource)

    def tag() -> None:
        with service_errors(f"tagging {kind} {resource!r}"):
            sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": PROJECT_TAG, "Value": project}])

    return Step("change", kind, resource, f"tag {PROJECT_TAG}={project}", tag)


def _ensure(connection: Connection, name: str, template: str, settings: dict[str, Any], timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            ensure_flow(connection, name, template=template, timeout=timeout, tags={PROJECT_TAG: name}, **settings)
        except RequestRefused as error:
            # A new role takes seconds to be known everywhere; until then A2I says that it cannot take it on.
            if "role" not in str(error).lower() or time.monotonic() + _RETRY_SECONDS > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return
