"""A name, a template and a work team come in; an Active flow definition comes out, the same one every time.

A2I has no update call: a changed template or setting means a new human task UI and a new flow definition. Both carry a
hash of what defines them, so asking for the same thing twice finds it and asking for another makes another.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from a2i_al.arguments import text, told, whole
from a2i_al.aws.connection import Connection
from a2i_al.errors import AlreadyExists, InvalidInput, NotFound, ServiceError, service_errors

_NAME = re.compile(r"[a-z0-9](-*[a-z0-9])*")
_NAME_LIMIT = 63 - len("-") - 8
_MAX_REVIEWERS = 3
ALLOW_HOSTS_TAG = "a2i-al:allow-hosts"  # the embedded A2I reads it; local/ knows the name too


@dataclass(frozen=True)
class FlowDefinition:
    """What the library needs to know of a flow definition.

    Examples
    --------
    >>> FlowDefinition("arn:…/spam-1f2e", "spam-1f2e", "s3://bucket/out", 1, "").outputs
    's3://bucket/out/spam-1f2e'
    """

    arn: str
    name: str
    output_path: str
    reviewers: int
    human_task_ui_arn: str
    workteam_arn: str = ""
    slashed: bool = False

    @property
    def outputs(self) -> str:
        """Where its outputs lie: a folder of its own, but for an S3OutputPath that ends in a slash.

        Whether A2I writes ``out/spam/…`` or ``out//spam/…`` then is not documented: both lie below the path itself.
        """
        return self.output_path if self.slashed else f"{self.output_path}/{self.name}"


def describe_flow(connection: Connection, arn_or_name: str) -> FlowDefinition:
    """Look a flow definition up.

    Raises
    ------
    NotFound
        If there is none of that name in the account and Region.
    """
    name = arn_or_name.rsplit("/", 1)[-1]
    with service_errors(f"looking up flow definition {name!r}"):
        found = connection.sagemaker.describe_flow_definition(FlowDefinitionName=name)
    loop_config = found.get("HumanLoopConfig", {})
    return FlowDefinition(
        arn=found["FlowDefinitionArn"],
        name=found["FlowDefinitionName"],
        output_path=found["OutputConfig"]["S3OutputPath"].rstrip("/"),
        reviewers=loop_config.get("TaskCount", 1),
        human_task_ui_arn=loop_config.get("HumanTaskUiArn", ""),
        workteam_arn=loop_config.get("WorkteamArn", ""),
        slashed=found["OutputConfig"]["S3OutputPath"].endswith("/"),
    )


def ensure_flow(
    connection: Connection,
    name: str,
    *,
    template: str,
    workteam_arn: str,
    role_arn: str,
    output_path: str,
    title: str,
    description: str,
    reviewers: int = 1,
    time_limit: int = 3600,
    lifetime: int = 30 * 24 * 3600,
    timeout: float = 60,
    allow_hosts: Sequence[str] = (),
    tags: Mapping[str, str] | None = None,
) -> FlowDefinition:
    """Find or create the human task UI and the flow definition for a template, and wait until it is Active.

    Parameters
    ----------
    name : str
        Lower-case letters, digits and inner hyphens, at most 54 characters; a hash of the settings is added to it.
    template : str
        Source of the worker task template, 1 to 128,000 characters.
    reviewers : int
        Distinct workers per human loop (TaskCount), 1 to 3.
    time_limit, lifetime : int
        Seconds one worker has for one task, and seconds the task is offered at all.
    timeout : float
        Seconds to wait for the status Active.
    allow_hosts : sequence of str
        Origins that the owner lets the embedded A2I's task pages load from; a tag of the human task UI.
    tags : mapping of str to str, optional
        Tags of whatever of the two has to be created.

    Raises
    ------
    InvalidInput
        If the name or the number of reviewers is not one that A2I takes.
    ServiceError
        If the service refuses, or the flow definition does not become Active.
    """
    check_name(name)
    check_reviewers(reviewers)
    ui_arn = _ensure_ui(connection, human_task_ui_name(name, template, allow_hosts), template, allow_hosts, tags)
    request = flow_request(
        name,
        ui_arn=ui_arn,
        workteam_arn=workteam_arn,
        role_arn=role_arn,
        output_path=output_path,
        title=title,
        description=description,
        reviewers=reviewers,
        time_limit=time_limit,
        lifetime=lifetime,
    )
    flow_name = request["FlowDefinitionName"]
    if tags:
        request["Tags"] = _tag_list(tags)
    _create_unless_there(
        connection.sagemaker.create_flow_definition, request, f"creating flow definition {flow_name!r}"
    )
    _wait_until_active(connection, flow_name, timeout)
    return describe_flow(connection, flow_name)


def check_name(name: str) -> None:
    """Refuse a name that a flow definition cannot have once a hash is added to it.

    Raises
    ------
    InvalidInput
        If it is too long, or holds anything but lower-case letters, digits and inner hyphens.

    Examples
    --------
    >>> check_name("ticket-intent")
    """
    if not _NAME.fullmatch(text("name", name)) or len(name) > _NAME_LIMIT:
        raise InvalidInput(
            f"the workflow's name is {told(name)}",
            expected=f"lower-case letters, digits and inner hyphens, at most {_NAME_LIMIT} characters",
        )


def check_reviewers(reviewers: int) -> None:
    """Refuse a number of reviewers that A2I does not take.

    Raises
    ------
    InvalidInput
        If it is not 1, 2 or 3.

    Examples
    --------
    >>> check_reviewers(2)
    """
    if whole("reviewers", reviewers, 1) > _MAX_REVIEWERS:
        raise InvalidInput(f"reviewers is {reviewers}", expected="1, 2 or 3, A2I's TaskCount")


def human_task_ui_name(name: str, template: str, allow_hosts: Sequence[str] = ()) -> str:
    """Return the name of the human task UI for a template: the same for the same source.

    Examples
    --------
    >>> human_task_ui_name("spam", "<p>Spam?</p>")
    'spam-642c8152'
    """
    return f"{name}-{_digest(' '.join([template, *allow_hosts]))}"


def flow_request(
    name: str,
    *,
    ui_arn: str,
    workteam_arn: str,
    role_arn: str,
    output_path: str,
    title: str,
    description: str,
    reviewers: int = 1,
    time_limit: int = 3600,
    lifetime: int = 30 * 24 * 3600,
) -> dict[str, Any]:
    """Return the request that creates a flow definition; its name carries a hash of what defines it.

    Raises
    ------
    InvalidInput
        If the number of reviewers is not one that A2I takes.
    """
    check_reviewers(reviewers)
    loop_config = {
        "WorkteamArn": workteam_arn,
        "HumanTaskUiArn": ui_arn,
        "TaskTitle": title,
        "TaskDescription": description,
        "TaskCount": reviewers,
        "TaskTimeLimitInSeconds": time_limit,
        "TaskAvailabilityLifetimeInSeconds": lifetime,
    }
    return {
        "FlowDefinitionName": f"{name}-{_digest(json.dumps([loop_config, output_path], sort_keys=True))}",
        "HumanLoopConfig": loop_config,
        "OutputConfig": {"S3OutputPath": output_path},
        "RoleArn": role_arn,
    }


def _tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _ensure_ui(
    connection: Connection, ui_name: str, template: str, allow_hosts: Sequence[str], tags: Mapping[str, str] | None
) -> str:
    request: dict[str, Any] = {"HumanTaskUiName": ui_name, "UiTemplate": {"Content": template}}
    # A tag's value takes no asterisk; no host has a plus.
    hosts = {ALLOW_HOSTS_TAG: " ".join(allow_hosts).replace("*", "+")} if allow_hosts else {}
    if tagged := hosts | dict(tags or {}):
        request["Tags"] = _tag_list(tagged)
    _create_unless_there(connection.sagemaker.create_human_task_ui, request, f"creating human task UI {ui_name!r}")
    with service_errors(f"looking up human task UI {ui_name!r}"):
        return str(connection.sagemaker.describe_human_task_ui(HumanTaskUiName=ui_name)["HumanTaskUiArn"])


def _create_unless_there(create: Any, request: dict[str, Any], doing: str) -> None:
    # Two notebooks may run the same cell at once: creating first and accepting "it exists" leaves no gap between.
    try:
        with service_errors(doing):
            create(**request)
    except AlreadyExists:
        return


def _wait_until_active(connection: Connection, flow_name: str, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            with service_errors(f"looking up flow definition {flow_name!r}"):
                found = connection.sagemaker.describe_flow_definition(FlowDefinitionName=flow_name)
        except NotFound:
            found = {"FlowDefinitionStatus": "Initializing"}  # a fresh name may not be visible everywhere yet
        if found["FlowDefinitionStatus"] == "Active":
            return
        if found["FlowDefinitionStatus"] == "Failed" or time.monotonic() > deadline:
            raise ServiceError(
                f"flow definition {flow_name!r} is {found['FlowDefinitionStatus']}: {found.get('FailureReason', '')}",
                expected=f"Active within {timeout:.0f} s",
                fix="check the role, the work team and the template's ARN",
            )
        time.sleep(1)
