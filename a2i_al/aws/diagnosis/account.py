"""What does not depend on a flow definition: SDK, credentials, clock, Region, and whether A2I takes this account."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from urllib.parse import urlsplit

from a2i_al.aws.connection import Connection
from a2i_al.aws.diagnosis.report import Check
from a2i_al.errors import AccessDenied, NotAnExistingCustomer, ServiceError, Throttled, Unreachable, service_errors

# https://docs.aws.amazon.com/general/latest/gr/a2i.html
REGIONS = frozenset(
    [
        "us-east-1",
        "us-east-2",
        "us-west-2",
        "ca-central-1",
        "eu-west-1",
        "eu-west-2",
        "eu-central-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
    ]
)
_OLDEST_BOTO3 = (1, 37)
# AWS refuses a signature that is more than five minutes off; a minute is already a clock that nobody keeps.
_REFUSED_SECONDS, _SUSPECT_SECONDS = 300, 60
_PROBE = "a2i-al-doctor-no-such-flow"


def sdk_versions() -> Check:
    """Say which SDK is there, and whether it is new enough."""
    boto3, botocore = version("boto3"), version("botocore")
    why = f"boto3 {boto3}, botocore {botocore}, Python {sys.version.split()[0]}"
    if tuple(int(part) for part in boto3.split(".")[:2]) < _OLDEST_BOTO3:
        return Check("SDK versions", "fail", why, 'pip install --upgrade "boto3>=1.37"')
    return Check("SDK versions", "ok", why)


def credentials_and_clock(connection: Connection) -> list[Check]:
    """Ask STS who this is; its answer also tells the time."""
    try:
        if not connection.session.region_name:
            return [Check("Region", "fail", "none is set", "export AWS_DEFAULT_REGION=us-east-1")]
        with service_errors("asking STS who this is"):
            reply = connection.client("sts").get_caller_identity()
    except ServiceError as error:
        # The message may be a service's own words: only its kind is shown.
        why = f"{type(error).__name__} {error.code}".strip()
        fix = (
            "check the network and the endpoint"
            if isinstance(error, Unreachable)
            else "aws configure, or aws sso login"
        )
        return [Check("credentials", "fail", why, fix), Check("clock", "skipped", "no answer to read the time from")]
    return [
        Check("credentials", "ok", f"account {reply['Account']}, {reply['Arn']}"),
        _clock(reply["ResponseMetadata"]["HTTPHeaders"].get("date"), datetime.now(UTC)),
    ]


def _clock(date: str | None, now: datetime) -> Check:
    if date is None:
        return Check("clock", "skipped", "the answer has no Date")
    off = abs((now - parsedate_to_datetime(date)).total_seconds())
    why = f"{off:.0f} s from the service's clock"
    if off < _SUSPECT_SECONDS:
        return Check("clock", "ok", why)
    return Check("clock", "fail" if off >= _REFUSED_SECONDS else "warn", why, "sudo timedatectl set-ntp true")


def region_has_a2i(connection: Connection) -> Check:
    """Compare the Region with those of A2I."""
    region, host = connection.session.region_name, urlsplit(connection.a2i.meta.endpoint_url).hostname
    if not str(host).endswith("amazonaws.com"):
        return Check("A2I in Region", "skipped", f"A2I is served by {host}, which has no Regions")
    if region in REGIONS:
        return Check("A2I in Region", "ok", region)
    return Check("A2I in Region", "fail", f"A2I is not in {region}", f"use one of {', '.join(sorted(REGIONS))}")


def existing_customer(connection: Connection) -> Check:
    """Ask A2I to start a loop on a flow definition that cannot be: nothing starts, but its refusal tells its reason."""
    name = "existing customer"
    try:
        with service_errors("asking whether A2I takes this account"):
            # Of this very account: the flow definition of another would be denied, whoever asks.
            account = connection.client("sts").get_caller_identity()["Account"]
            arn = f"arn:aws:sagemaker:{connection.a2i.meta.region_name}:{account}:flow-definition/{_PROBE}"
            connection.a2i.start_human_loop(
                HumanLoopName=_PROBE, FlowDefinitionArn=arn, HumanLoopInput={"InputContent": "{}"}
            )
    except NotAnExistingCustomer:
        fix = "work on the embedded A2I: Workflow.local(…) or `a2i-al local serve`; or ask AWS Support"
        return Check(name, "fail", "A2I takes no new accounts since July 2026, and this one is new to it", fix)
    except AccessDenied:
        fix = "allow sagemaker:StartHumanLoop: print(a2i_al.aws.policies(…)['reviews'])"
        return Check(name, "warn", "StartHumanLoop is denied to these credentials, so this cannot be told", fix)
    except (Unreachable, Throttled) as error:
        return Check(name, "warn", f"no answer: {type(error).__name__}", "run this again")
    except ServiceError:
        return Check(name, "ok", "A2I refused a loop without a flow definition, and not the account")
    return Check(name, "ok", "A2I takes human loops")
