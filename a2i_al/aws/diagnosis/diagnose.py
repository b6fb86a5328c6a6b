"""Runs the checks in their order, so that one missing thing is told once and not ten times."""

from __future__ import annotations

from typing import Any

from a2i_al.aws.connection import Connection
from a2i_al.aws.diagnosis import account, flow, storage
from a2i_al.aws.diagnosis.report import Check, Diagnosis

_OF_A_FLOW = ("flow definition", "work team", "portal", *storage.KINDS)


def diagnose(arn: str | None = None, *, boto3_session: Any = None) -> Diagnosis:
    """Look at all that a human loop needs, changing nothing; say of each thing how it stands and what puts it right.

    Parameters
    ----------
    arn : str, optional
        Of a flow definition, or its name; without it the checks that need one are skipped.
    boto3_session : boto3.Session, optional
        Credentials and Region; those of the environment by default, which may be the embedded A2I's.

    Returns
    -------
    Diagnosis
        A table; ``.healthy`` is False if a check failed. It holds no secret: no key, and no portal token.

    Examples
    --------
    Of the embedded A2I:

    >>> import os
    >>> from tempfile import TemporaryDirectory
    >>> from unittest.mock import patch
    >>> from a2i_al import local
    >>> with TemporaryDirectory() as home, local.visiting(home) as a2i, patch.dict(os.environ, a2i.environment()):
    ...     diagnosis = diagnose(boto3_session=a2i.boto3_session())
    >>> diagnosis.healthy
    True
    >>> print(diagnosis)
    Diagnosis: 4 ok, 10 skipped
    status   check              why
    ok       SDK versions       boto3 ...
    ok       credentials        account 000000000000, arn:aws:iam::000000000000:user/local
    ...
    """
    connection = Connection(boto3_session)
    checks = [account.sdk_versions(), *account.credentials_and_clock(connection)]
    if any(check.status == "fail" and check.name in {"credentials", "Region"} for check in checks):
        why = "credentials and a Region are needed for it"
        return Diagnosis((*checks, *_skipped(why, ("A2I in Region", "existing customer", *_OF_A_FLOW))))
    checks += [account.region_has_a2i(connection), account.existing_customer(connection)]
    if arn is None:
        return Diagnosis((*checks, *_skipped("give the ARN of a flow definition", _OF_A_FLOW)))
    found, check = flow.active(connection, arn)
    if found is None:
        return Diagnosis((*checks, check, *_skipped("there is no flow definition to go by", _OF_A_FLOW[1:])))
    checks += [check, *flow.team_and_portal(connection, found)]
    return Diagnosis((*checks, *storage.checks(connection, found)))


def _skipped(why: str, names: tuple[str, ...]) -> list[Check]:
    return [Check(name, "skipped", why) for name in names]
