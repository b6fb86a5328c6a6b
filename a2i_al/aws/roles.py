"""A project's name comes in; the steps go out that make its execution role, with the right to one prefix only."""

from __future__ import annotations

import json
from typing import Any

from a2i_al.aws.connection import Connection
from a2i_al.aws.plans import PROJECT_TAG, Step, carries
from a2i_al.aws.policy_documents import role_name, trust_policy
from a2i_al.aws.reach import why_absent
from a2i_al.errors import AlreadyExists, NotFound, ServiceError, service_errors

POLICY = "a2i-al"


def role_steps(connection: Connection, project: str, policy: dict[str, Any]) -> list[Step]:
    """Return the steps for the project's execution role.

    Raises
    ------
    AlreadyExists
        If a role of that name is there without the project's tag: it is not this project's to change.
    """
    name = role_name(project)
    if reason := why_absent(connection, "iam"):
        return [Step("skip", "execution role", name, reason)]
    iam = connection.client("iam")
    role = find_role(iam, name)
    if role is None:
        return [
            Step("create", "execution role", name, "trusted by SageMaker only", lambda: _create(iam, name, project)),
            Step("create", "role policy", name, _scope(policy), lambda: _write(iam, name, policy)),
        ]
    if not carries(role.get("Tags", []), project):
        raise AlreadyExists(
            f"role {name!r} is there, and does not carry the tag {PROJECT_TAG}={project}",
            fix="give role_arn= to use it as it is, or another name for the project",
        )
    return [_trust_step(iam, role), _policy_step(iam, name, policy)]


def find_role(iam: Any, name: str) -> dict[str, Any] | None:
    """Return a role with its tags, or None."""
    try:
        with service_errors(f"looking up role {name!r}"):
            found: dict[str, Any] = iam.get_role(RoleName=name)["Role"]
    except ServiceError as error:
        if not is_absent(error):
            raise
        return None
    return found


def is_absent(error: ServiceError) -> bool:
    """Say whether an error means that there is no such thing; IAM has a code of its own for it."""
    return isinstance(error, NotFound) or error.code == "NoSuchEntity"


def _create(iam: Any, name: str, project: str) -> None:
    with service_errors(f"creating role {name!r}"):
        iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps(trust_policy()),
            Description="What Amazon A2I may do for human loops of this project.",
            Tags=[{"Key": PROJECT_TAG, "Value": project}],
        )


def _write(iam: Any, name: str, policy: dict[str, Any]) -> None:
    with service_errors(f"writing the policy of role {name!r}"):
        iam.put_role_policy(RoleName=name, PolicyName=POLICY, PolicyDocument=json.dumps(policy))


def _trust_step(iam: Any, role: dict[str, Any]) -> Step:
    name = role["RoleName"]
    if role["AssumeRolePolicyDocument"] == trust_policy():
        return Step("exists", "execution role", name, "trusted by SageMaker only")

    def write() -> None:
        with service_errors(f"writing who may take on role {name!r}"):
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust_policy()))

    return Step("change", "execution role", name, "trusted by SageMaker only", write)


def _policy_step(iam: Any, name: str, policy: dict[str, Any]) -> Step:
    try:
        with service_errors(f"reading the policy of role {name!r}"):
            now = iam.get_role_policy(RoleName=name, PolicyName=POLICY)["PolicyDocument"]
    except ServiceError as error:
        if not is_absent(error):
            raise
        now = None
    if now == policy:
        return Step("exists", "role policy", name, _scope(policy))
    return Step("change" if now else "create", "role policy", name, _scope(policy), lambda: _write(iam, name, policy))


def _scope(policy: dict[str, Any]) -> str:
    return f"read and write {policy['Statement'][0]['Resource']}"
