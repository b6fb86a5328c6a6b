"""A project's name, account and Region come in; the policy documents go out, for people who must ask an admin."""

from __future__ import annotations

import json
import re
from typing import Any

from a2i_al.aws.flows import check_name
from a2i_al.errors import InvalidInput

_VERSION = "2012-10-17"
_ACCOUNT_DIGITS = 12
_BUCKET_LIMIT = 63
_ROLE_PREFIX = "a2i-al-"
_QUEUE = re.compile(r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,80}")
CORS_RULE: dict[str, Any] = {
    # What the worker's browser needs to show an image (Chrome 89 and newer refuse it otherwise).
    "AllowedMethods": ["GET"],
    "AllowedOrigins": ["*"],
    "ExposeHeaders": ["Access-Control-Allow-Origin"],
}


class Policies(dict[str, Any]):
    """Policy documents by their purpose; prints as the JSON that the console and the command line take."""

    def __repr__(self) -> str:
        """Return every document under its purpose."""
        return "\n\n".join(f"# {purpose}\n{json.dumps(document, indent=2)}" for purpose, document in self.items())


def policies(
    name: str,
    *,
    account: str,
    region: str,
    bucket: str | None = None,
    kms_key_arn: str | None = None,
    queue_arn: str | None = None,
) -> Policies:
    """Return the documents that a project needs, without asking AWS for anything.

    Parameters
    ----------
    name : str
        Of the project, as for `provision`.
    account : str
        Twelve digits.
    region : str
        Such as ``"eu-west-1"``.
    bucket : str, optional
        If it is not the one that `provision` would make.
    kms_key_arn : str, optional
        Key that encrypts the bucket.
    queue_arn : str, optional
        SQS queue that EventBridge sends A2I's events to, for ``wait(queue_url=…)``.

    Returns
    -------
    Policies
        ``trust`` and ``execution_role`` of the role that A2I takes on; ``reviews`` for whoever starts human loops and
        reads answers; ``provisioning`` for whoever runs `provision` and `cleanup`; ``cors`` of the bucket; and with a
        queue, ``queue``: its own policy, which lets EventBridge's rules of this account and Region send to it.

    Raises
    ------
    InvalidInput
        If the account is not twelve digits, the name not one that A2I takes, or the queue's ARN not one of SQS.

    References
    ----------
    https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-permissions-security.html,
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html

    Examples
    --------
    >>> documents = policies("spam", account="111122223333", region="us-east-1")
    >>> documents["execution_role"]["Statement"][0]["Resource"]
    'arn:aws:s3:::a2i-al-spam-111122223333-us-east-1/spam/*'
    """
    check_name(name)
    if len(account) != _ACCOUNT_DIGITS or not account.isdigit():
        raise InvalidInput(f"the account is {account!r}", expected="twelve digits, as `aws sts get-caller-identity`")
    if queue_arn is not None and not _QUEUE.fullmatch(queue_arn):
        raise InvalidInput(f"the queue is {queue_arn!r}", expected="its ARN, arn:aws:sqs:<region>:<account>:<name>")
    bucket = bucket or bucket_name(name, account, region)
    return Policies(
        trust=trust_policy(),
        execution_role=execution_policy(name, bucket, kms_key_arn),
        reviews=_reviews(name, account, region, bucket, _key(kms_key_arn) + _queue(queue_arn)),
        provisioning=_provisioning(name, account, region, bucket),
        cors={"CORSRules": [CORS_RULE]},
        **({"queue": _events_to(queue_arn, account, region)} if queue_arn else {}),
    )


def role_name(name: str) -> str:
    """Return the name of a project's execution role.

    Examples
    --------
    >>> role_name("spam")
    'a2i-al-spam'
    """
    return f"{_ROLE_PREFIX}{name}"


def bucket_name(name: str, account: str, region: str) -> str:
    """Return the name of a project's own bucket: names are unique in the world, so it holds account and Region.

    Raises
    ------
    InvalidInput
        If it would be longer than 63 characters.

    Examples
    --------
    >>> bucket_name("spam", "111122223333", "us-east-1")
    'a2i-al-spam-111122223333-us-east-1'
    """
    bucket = f"a2i-al-{name}-{account}-{region}"
    if len(bucket) > _BUCKET_LIMIT:
        raise InvalidInput(
            f"the bucket would be called {bucket!r}, {len(bucket)} characters",
            expected=f"at most {_BUCKET_LIMIT}",
            fix="give a shorter name, or bucket=",
        )
    return bucket


def trust_policy() -> dict[str, Any]:
    """Return who may take on the execution role: SageMaker, and nobody else."""
    return _document({"Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"})


def execution_policy(name: str, bucket: str, kms_key_arn: str | None = None) -> dict[str, Any]:
    """Return what the execution role may do: read and write one prefix, and use one key."""
    objects = {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"arn:aws:s3:::{bucket}/{name}/*"}
    return _document(objects, *_key(kms_key_arn))


def _reviews(name: str, account: str, region: str, bucket: str, more: list[dict[str, Any]]) -> dict[str, Any]:
    here = f"arn:aws:sagemaker:{region}:{account}"
    loops = ["StartHumanLoop", "DescribeHumanLoop", "ListHumanLoops", "StopHumanLoop", "DeleteHumanLoop"]
    return _document(
        {
            "Action": [f"sagemaker:{action}" for action in [*loops, "DescribeFlowDefinition", "DescribeHumanTaskUi"]],
            "Resource": [f"{here}:flow-definition/{name}-*", f"{here}:human-task-ui/{name}-*", f"{here}:human-loop/*"],
        },
        {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"arn:aws:s3:::{bucket}/{name}/*"},
        {"Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"},
        *more,
    )


def _events_to(queue_arn: str, account: str, region: str) -> dict[str, Any]:
    """Return what a queue allows: to be sent to by the rules of one account and Region, and by nothing else."""
    return _document(
        {
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue_arn,
            "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:events:{region}:{account}:rule/*"}},
        }
    )


def _provisioning(name: str, account: str, region: str, bucket: str) -> dict[str, Any]:
    here, role = f"arn:aws:sagemaker:{region}:{account}", f"arn:aws:iam::{account}:role/{role_name(name)}"
    made = [f"{verb}{noun}" for noun in ("FlowDefinition", "HumanTaskUi") for verb in ("Create", "Describe", "Delete")]
    settings = [f"{verb}{setting}" for verb in ("Get", "Put") for setting in _BUCKET_SETTINGS]
    roles = [f"{verb}Role" for verb in ("Create", "Get", "Delete", "Tag")]
    role_policies = [f"{verb}RolePolicy" for verb in ("Put", "Get", "Delete")]
    return _document(
        {
            "Action": [f"sagemaker:{action}" for action in [*made, "AddTags", "ListTags"]],
            "Resource": [f"{here}:flow-definition/{name}-*", f"{here}:human-task-ui/{name}-*"],
        },
        # Lists know no resource.
        {"Action": _LISTS, "Resource": "*"},
        {
            "Action": [f"iam:{action}" for action in [*roles, *role_policies, "UpdateAssumeRolePolicy"]],
            "Resource": role,
        },
        {
            "Action": "iam:PassRole",
            "Resource": role,
            "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        },
        {
            "Action": [f"s3:{action}" for action in ["CreateBucket", "DeleteBucket", *_BUCKET_LISTS, *settings]],
            "Resource": f"arn:aws:s3:::{bucket}",
        },
        {"Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"], "Resource": f"arn:aws:s3:::{bucket}/*"},
    )


_LISTS = [
    "sagemaker:ListFlowDefinitions",
    "sagemaker:ListHumanTaskUis",
    "sagemaker:ListWorkteams",
    "sagemaker:DescribeWorkteam",
    "s3:ListAllMyBuckets",
    "sts:GetCallerIdentity",
]
_BUCKET_LISTS = ("ListBucket", "ListBucketVersions", "GetBucketLocation")
_BUCKET_SETTINGS = (
    "BucketCORS",
    "BucketPublicAccessBlock",
    "BucketTagging",
    "EncryptionConfiguration",
    "LifecycleConfiguration",
)


def _key(kms_key_arn: str | None) -> list[dict[str, Any]]:
    if kms_key_arn is None:
        return []
    actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    return [{"Action": actions, "Resource": kms_key_arn}]


def _queue(queue_arn: str | None) -> list[dict[str, Any]]:
    # Deleting in batches is no right of its own.
    return [{"Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": queue_arn}] if queue_arn else []


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": _VERSION, "Statement": [{"Effect": "Allow", **statement} for statement in statements]}
