"""The doctor tells how each thing stands, what puts it right, and no secret; it changes nothing."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import boto3
import pytest
from botocore.stub import Stubber

from a2i_al import aws
from a2i_al.aws.connection import Connection
from a2i_al.aws.diagnosis import account as of_account, flow as of_flow, role as of_role, storage
from a2i_al.errors import InvalidInput

TEMPLATE = "<crowd-form><crowd-input name='answer'></crowd-input></crowd-form>"
ROLE = "arn:aws:iam::123456789012:role/reviews"


@pytest.fixture
def name():
    return f"d{uuid.uuid4().hex[:8]}"


def by_name(diagnosis):
    return {check.name: check for check in diagnosis.checks}


def stub(connection, monkeypatch, service, operation, *, error=None, **response):
    client = connection.session.client(service)
    stubber = Stubber(client)
    if error:
        stubber.add_client_error(operation, *error)
    else:
        stubber.add_response(operation, response)
    stubber.activate()
    return client


def test_a_provisioned_flow_is_healthy_on_the_embedded_service(bare, name):
    """Nothing fails; what that service does not have is skipped, with the reason."""
    plan = aws.provision(name, template=TEMPLATE, boto3_session=bare)
    diagnosis = aws.diagnose(plan.flow_definition_arn, boto3_session=bare)
    checks = by_name(diagnosis)
    assert diagnosis.healthy, diagnosis
    for each in ("SDK versions", "credentials", "clock", "existing customer", "flow definition", "portal", "CORS"):
        assert checks[each].status == "ok", checks[each]
    assert checks["bucket Region"].status == "ok"
    assert checks["execution role"].status == "skipped"
    assert "iam has no endpoint" in checks["execution role"].why
    assert checks["reading answers"].status == "ok"
    aws.cleanup(name, dry_run=False, boto3_session=bare)


def test_it_starts_no_human_loop(bare, name):
    """Asking whether A2I takes the account leaves no loop behind."""
    plan = aws.provision(name, template=TEMPLATE, boto3_session=bare)
    aws.diagnose(plan.flow_definition_arn, boto3_session=bare)
    a2i = bare.client("sagemaker-a2i-runtime")
    with pytest.raises(a2i.exceptions.ResourceNotFoundException):
        a2i.describe_human_loop(HumanLoopName="a2i-al-doctor-no-such-flow")
    aws.cleanup(name, dry_run=False, boto3_session=bare)


def test_no_secret_is_shown(bare, embedded, name):
    """Neither the secret key, nor the access key, nor the portal's token, in any of its forms."""
    plan = aws.provision(name, template=TEMPLATE, boto3_session=bare)
    diagnosis = aws.diagnose(plan.flow_definition_arn, boto3_session=bare)
    shown = repr(diagnosis) + diagnosis._repr_html_() + diagnosis.to_frame().to_json()
    token = embedded.portal_url.rpartition("token=")[2]
    for secret in (token, embedded.credentials.secret_access_key, embedded.credentials.access_key_id):
        assert secret not in shown
    aws.cleanup(name, dry_run=False, boto3_session=bare)


def test_without_a_flow_definition_only_the_account_is_checked(bare):
    """The rest is skipped and says what to give."""
    checks = by_name(aws.diagnose(boto3_session=bare))
    assert checks["credentials"].status == "ok"
    assert checks["flow definition"].status == "skipped"
    assert "ARN" in checks["flow definition"].why


def test_an_unknown_flow_definition_fails_once(bare):
    """What depends on it is skipped, not failed again."""
    diagnosis = aws.diagnose("no-such-flow", boto3_session=bare)
    assert [check.name for check in diagnosis.checks if check.status == "fail"] == ["flow definition"]
    assert not diagnosis.healthy


def test_no_credentials_fail_with_the_command_that_makes_them(monkeypatch, tmp_path):
    """Nothing else is asked."""
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    checks = by_name(aws.diagnose("x", boto3_session=boto3.Session(region_name="us-east-1")))
    assert checks["credentials"].status == "fail"
    assert "aws configure" in checks["credentials"].fix
    assert checks["existing customer"].status == "skipped"


@pytest.mark.parametrize(("minutes", "status"), [(0, "ok"), (2, "warn"), (-6, "fail")])
def test_the_clock_is_judged_by_what_aws_refuses(minutes, status):
    """A minute off is suspect, five are refused, in either direction."""
    now = datetime(2026, 11, 1, tzinfo=UTC)
    date = format_datetime(now + timedelta(minutes=minutes), usegmt=True)
    assert of_account._clock(date, now).status == status


@pytest.mark.parametrize(
    ("code", "message", "status"),
    [
        ("ValidationException", "Only existing customers may use Amazon A2I.", "fail"),
        ("AccessDeniedException", "not authorized to perform sagemaker:StartHumanLoop", "warn"),
        ("ResourceNotFoundException", "no such flow definition", "ok"),
    ],
)
def test_a_refused_account_is_told_from_a_refused_loop(bare, monkeypatch, code, message, status):
    """An account that is new to A2I fails and is told of the embedded one; other refusals say nothing against it."""
    connection = Connection(bare)
    stubbed = stub(connection, monkeypatch, "sagemaker-a2i-runtime", "start_human_loop", error=(code, message))
    connection.__dict__["a2i"] = stubbed
    check = of_account.existing_customer(connection)
    assert check.status == status
    assert ("Workflow.local" in check.fix) == (status == "fail")


@pytest.mark.parametrize(("region", "status"), [("eu-west-1", "ok"), ("eu-north-1", "fail")])
def test_a_region_without_a2i_fails(monkeypatch, region, status):
    """By A2I's published Regions, without asking anybody."""
    monkeypatch.delenv("AWS_ENDPOINT_URL_SAGEMAKER_A2I_RUNTIME", raising=False)
    connection = Connection(boto3.Session("key", "secret", region_name=region))
    assert of_account.region_has_a2i(connection).status == status


@pytest.mark.parametrize(
    ("decisions", "status", "words"),
    [
        (("allowed", "allowed"), "ok", "may read and write s3://outputs/spam/ and use the key"),
        (("implicitDeny", "allowed"), "fail", "lacks s3:PutObject (implicitDeny) for s3://outputs/spam/"),
        (("allowed", "explicitDeny"), "warn", "lacks kms:Decrypt (explicitDeny) for arn:key"),
    ],
)
def test_a_role_that_may_not_write_the_prefix_fails(account, monkeypatch, decisions, status, words):
    """As IAM simulates it for one object below the prefix; the key's own policy may still let it use the key."""
    iam = account.client("iam")
    stubber = Stubber(iam)
    for action, decision in zip(("s3:PutObject", "kms:Decrypt"), decisions, strict=True):
        results = [{"EvalActionName": action, "EvalDecision": decision}]
        stubber.add_response("simulate_principal_policy", {"EvaluationResults": results})
    stubber.activate()
    real = Connection.client
    monkeypatch.setattr(Connection, "client", lambda self, name: iam if name == "iam" else real(self, name))
    check = of_role.rights(Connection(account), ROLE, "outputs/spam/output.json", "arn:key")
    assert check.status == status
    assert words in check.why


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ({"Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}, "ok"),
        ({"Principal": {"Service": ["ec2.amazonaws.com", "sagemaker.amazonaws.com"]}, "Action": ["sts:*"]}, "ok"),
        ({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}, "fail"),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}, "fail"),
    ],
)
def test_a_role_that_sagemaker_may_not_take_on_fails(account, statement, status):
    """Whatever its own rights are."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}
    role = account.client("iam").create_role(RoleName="reviews", AssumeRolePolicyDocument=json.dumps(document))
    check = of_role.trust(Connection(account), role["Role"]["Arn"])
    assert check.status == status
    assert ("policies(…)['trust']" in check.fix) == (status == "fail")


def test_a_role_that_is_not_there_fails(account):
    """It was deleted, or never made."""
    assert of_role.trust(Connection(account), ROLE).why == "there is no role reviews"


def test_answers_that_cannot_be_listed_fail(account):
    """Whoever reviews need not be whoever reads; harvesting lists the prefix."""
    account.client("s3").create_bucket(Bucket="outputs")
    assert storage._reading(Connection(account), "outputs", "spam").status == "ok"
    check = storage._reading(Connection(account), "no-such-bucket", "spam")
    assert check.status == "fail"
    assert "s3:ListBucket" in check.fix


def test_a_disabled_key_fails_and_an_enabled_one_does_not(account):
    """The key of the flow definition, looked up in KMS."""
    kms = account.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    arn, check = storage._key(Connection(account), "outputs", key)
    assert (arn, check.status) == (key, "ok")
    kms.disable_key(KeyId=key.rpartition("/")[2])
    _, check = storage._key(Connection(account), "outputs", key)
    assert check.status == "fail"
    assert "enable-key" in check.fix


def test_a_bucket_elsewhere_fails_and_one_without_cors_is_warned_of(account):
    """With the command that sets the CORS."""
    where = {"LocationConstraint": "eu-west-1"}
    account.client("s3").create_bucket(Bucket="outputs", CreateBucketConfiguration=where)
    connection = Connection(account)
    region, cors = storage._region(connection, "outputs"), storage._cors(connection, "outputs")
    assert region.status == "fail"
    assert "eu-west-1" in region.why
    assert cors.status == "warn"
    assert "put-bucket-cors" in cors.fix


def test_a_work_team_without_members_fails(account):
    """Its Cognito group is counted; one person is enough."""
    cognito = account.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="p")["UserPool"]["Id"]
    cognito.create_group(GroupName="g", UserPoolId=pool)
    team = {
        "WorkteamName": "t",
        "MemberDefinitions": [{"CognitoMemberDefinition": {"UserPool": pool, "UserGroup": "g", "ClientId": "c"}}],
    }
    assert of_flow._members(Connection(account), team).status == "fail"
    cognito.admin_create_user(UserPoolId=pool, Username="ada")
    cognito.admin_add_user_to_group(UserPoolId=pool, Username="ada", GroupName="g")
    assert of_flow._members(Connection(account), team).status == "ok"


def test_the_policies_are_json_that_names_this_project_only():
    """What an admin is asked for parses, and grants nothing on every bucket."""
    documents = aws.policies("spam", account="111122223333", region="eu-west-1")
    assert set(documents) == {"trust", "execution_role", "reviews", "provisioning", "cors"}
    for purpose, document in documents.items():
        assert f"# {purpose}\n{json.dumps(document, indent=2)}" in repr(documents)
        for statement in document.get("Statement", ()):
            # Lists and look-ups know no resource; whatever writes does.
            if statement.get("Resource") == "*":
                assert {action.split(":")[1][:3] for action in statement["Action"]} <= {"Lis", "Des", "Get"}
    resources = [statement["Resource"] for statement in documents["execution_role"]["Statement"]]
    assert resources == ["arn:aws:s3:::a2i-al-spam-111122223333-eu-west-1/spam/*"]


def test_whoever_reviews_may_do_all_that_is_done_with_human_loops():
    """Every operation of A2I's runtime has a verb here: a right that is missing shows in the middle of a batch."""
    reviews = aws.policies("spam", account="111122223333", region="eu-west-1")["reviews"]
    operations = boto3.client("sagemaker-a2i-runtime", region_name="eu-west-1").meta.service_model.operation_names
    assert {f"sagemaker:{operation}" for operation in operations} <= set(reviews["Statement"][0]["Action"])


def test_a_queue_may_be_read_by_whoever_reviews_and_filled_by_this_accounts_rules():
    """What an inbox calls, on that queue alone; and without a queue, nothing of the kind."""
    place = {"account": "111122223333", "region": "eu-west-1"}
    queue = "arn:aws:sqs:eu-west-1:111122223333:a2i-events"
    documents = aws.policies("spam", **place, queue_arn=queue)
    of_queue = [statement for statement in documents["reviews"]["Statement"] if statement["Resource"] == queue]
    assert of_queue == [
        {"Effect": "Allow", "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": queue},
    ]
    (sender,) = documents["queue"]["Statement"]
    assert (sender["Action"], sender["Resource"]) == ("sqs:SendMessage", queue)
    assert sender["Condition"]["ArnLike"]["aws:SourceArn"] == "arn:aws:events:eu-west-1:111122223333:rule/*"
    assert "sqs" not in repr(aws.policies("spam", **place))


@pytest.mark.parametrize("queue", ["a2i-events", "https://sqs.eu-west-1.amazonaws.com/1/q", "arn:aws:s3:::q"])
def test_what_is_no_queue_is_refused(queue):
    """A policy with a name or a URL as its resource allows nothing, and says nothing of it."""
    with pytest.raises(InvalidInput, match="the queue is"):
        aws.policies("spam", account="111122223333", region="eu-west-1", queue_arn=queue)
