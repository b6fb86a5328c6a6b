"""What A2I does, it does as the execution role: who may take it on, and what it may do, as IAM says."""

from __future__ import annotations

from typing import Any

from a2i_al.aws.connection import Connection
from a2i_al.aws.diagnosis.report import Check
from a2i_al.aws.policy_documents import trust_policy
from a2i_al.aws.reach import why_absent
from a2i_al.errors import ServiceError, service_errors

_SERVICE = trust_policy()["Statement"][0]["Principal"]["Service"]
_FIX = "give it the policy that print(a2i_al.aws.policies(…)['{}']) shows"


def trust(connection: Connection, role_arn: str) -> Check:
    """Say whether SageMaker may take the role on."""
    title = "role trust"
    if reason := why_absent(connection, "iam"):
        return Check(title, "skipped", reason)
    name = role_arn.rsplit("/", 1)[-1]
    try:
        with service_errors(f"looking up role {name!r}"):
            document = connection.client("iam").get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    except ServiceError as error:
        if error.code == "NoSuchEntity":
            return Check(title, "fail", f"there is no role {name}", "al.aws.provision(…) makes one")
        return Check(title, "warn", f"{name}: {type(error).__name__}", "allow iam:GetRole")
    if any(_lets_in(statement) for statement in document["Statement"]):
        return Check(title, "ok", f"{_SERVICE} may take on {name}")
    return Check(title, "fail", f"{_SERVICE} may not take on {name}", _FIX.format("trust"))


def rights(connection: Connection, role_arn: str, key: str, kms_key_arn: str | None) -> Check:
    """Say whether the role may read and write below a prefix, and use the key, as IAM simulates it.

    Parameters
    ----------
    key : str
        ``bucket/prefix/output.json``: an object below the prefix.
    kms_key_arn : str, optional
        The key's own policy may grant what the role's do not, so that this alone is a warning.
    """
    title = "execution role"
    if reason := why_absent(connection, "iam"):
        return Check(title, "skipped", reason)
    place = f"s3://{key.rpartition('/')[0]}/"
    try:
        objects = _denied(connection, role_arn, ["s3:PutObject", "s3:GetObject"], f"arn:aws:s3:::{key}")
        keys = _denied(connection, role_arn, ["kms:GenerateDataKey", "kms:Decrypt"], kms_key_arn) if kms_key_arn else []
    except ServiceError as error:
        why = f"it could not be simulated: {type(error).__name__} {error.code}".strip()
        return Check(title, "warn", why, "allow iam:SimulatePrincipalPolicy, and check that the role is there")
    if objects:
        return Check(title, "fail", f"{role_arn} lacks {', '.join(objects)} for {place}", _FIX.format("execution_role"))
    if keys:
        why = f"{role_arn} lacks {', '.join(keys)} for {kms_key_arn}, unless the key's own policy lets it"
        return Check(title, "warn", why, "a2i_al.aws.policies(…, kms_key_arn=…)['execution_role']")
    return Check(title, "ok", f"may read and write {place}" + (" and use the key" if kms_key_arn else ""))


def _denied(connection: Connection, role_arn: str, actions: list[str], resource: str) -> list[str]:
    with service_errors(f"simulating what {role_arn} may do"):
        results = connection.client("iam").simulate_principal_policy(
            PolicySourceArn=role_arn, ActionNames=actions, ResourceArns=[resource]
        )["EvaluationResults"]
    return [f"{result['EvalActionName']} ({result['EvalDecision']})" for result in results if not _allowed(result)]


def _allowed(result: dict[str, Any]) -> bool:
    return bool(result["EvalDecision"] == "allowed")


def _lets_in(statement: dict[str, Any]) -> bool:
    """Say whether a statement of a trust policy lets SageMaker in; one value may stand for a list of one."""
    principal = statement.get("Principal", {})
    services = principal.get("Service", []) if isinstance(principal, dict) else [_SERVICE] if principal == "*" else []
    actions = statement.get("Action", [])
    services, actions = ([each] if isinstance(each, str) else each for each in (services, actions))
    taken_on = any(action in {"sts:AssumeRole", "sts:*", "*"} for action in actions)
    return statement.get("Effect") == "Allow" and _SERVICE in services and taken_on
