"""What people need to answer: an Active flow definition, a work team with somebody in it, and a portal."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from a2i_al.aws.connection import Connection
from a2i_al.aws.diagnosis.report import Check
from a2i_al.aws.reach import why_absent
from a2i_al.errors import ServiceError, service_errors

_PRIVATE = "workteam/private-crowd/"
_INVITE = "add people in the SageMaker console: Ground Truth, Labeling workforces, Private"


def active(connection: Connection, arn: str) -> tuple[dict[str, Any] | None, Check]:
    """Look a flow definition up; return it with how it stands, or None if it cannot be seen."""
    name = arn.rsplit("/", 1)[-1]
    try:
        with service_errors(f"looking up flow definition {name!r}"):
            found: dict[str, Any] = connection.sagemaker.describe_flow_definition(FlowDefinitionName=name)
    except ServiceError as error:
        why = f"{name} cannot be seen: {type(error).__name__}"
        return None, Check("flow definition", "fail", why, "aws sagemaker list-flow-definitions")
    status = found["FlowDefinitionStatus"]
    if status == "Active":
        return found, Check("flow definition", "ok", f"{name} is Active")
    why = f"{name} is {status}: {found.get('FailureReason', 'no reason given')}"
    return found, Check("flow definition", "fail", why, "put the reason right, then al.aws.provision(…)")


def team_and_portal(connection: Connection, flow: dict[str, Any]) -> list[Check]:
    """Look at who answers, and where."""
    arn = flow["HumanLoopConfig"]["WorkteamArn"]
    if _PRIVATE not in arn:
        why = "public and vendor teams belong to somebody else"
        return [Check(name, "skipped", why) for name in ("work team", "portal")]
    name = arn.rsplit("/", 1)[-1]
    try:
        with service_errors(f"looking up work team {name!r}"):
            team = connection.sagemaker.describe_workteam(WorkteamName=name)["Workteam"]
    except ServiceError as error:
        why = f"{name} cannot be seen: {type(error).__name__}"
        return [
            Check("work team", "fail", why, "aws sagemaker list-workteams"),
            Check("portal", "skipped", "no work team to go by"),
        ]
    return [_members(connection, team), _portal(team)]


def _members(connection: Connection, team: dict[str, Any]) -> Check:
    groups = [
        member["CognitoMemberDefinition"] for member in team["MemberDefinitions"] if "CognitoMemberDefinition" in member
    ]
    name = team["WorkteamName"]
    if reason := why_absent(connection, "cognito-idp"):
        return Check("work team", "skipped", f"{name}: {reason}")
    if not groups:
        return Check("work team", "skipped", f"{name}: its members are known to an OIDC provider, not to AWS")
    cognito = connection.client("cognito-idp")
    try:
        with service_errors(f"listing the members of work team {name!r}"):
            members = sum(
                len(cognito.list_users_in_group(UserPoolId=group["UserPool"], GroupName=group["UserGroup"])["Users"])
                for group in groups
            )
    except ServiceError as error:
        return Check("work team", "warn", f"{name}: {type(error).__name__}", "allow cognito-idp:ListUsersInGroup")
    if members == 0:
        return Check("work team", "fail", f"{name} has no members: nobody can answer", _INVITE)
    return Check("work team", "ok", f"{name} has {members} or more members" if members > 1 else f"{name} has 1 member")


def _portal(team: dict[str, Any]) -> Check:
    host = team.get("SubDomain", "")
    if not host:
        return Check("portal", "fail", "the work team has no portal", _INVITE)
    # The embedded A2I's address carries a token: whoever reads this table need not be let in.
    address = urlsplit(f"//{host}")
    return Check("portal", "ok", f"{address.netloc}{address.path}")
