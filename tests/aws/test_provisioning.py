"""What is made is private, tagged and made once; a plan changes nothing; cleanup takes what is tagged and no more."""

import json
import uuid

import pytest
from botocore.exceptions import ClientError

from a2i_al import aws
from a2i_al.aws import provisioning
from a2i_al.aws.plans import PROJECT_TAG
from a2i_al.errors import AlreadyExists, InvalidInput, NotFound, RequestRefused

TEMPLATE = "<crowd-form><crowd-input name='answer'></crowd-input></crowd-form>"


@pytest.fixture
def name():
    return f"p{uuid.uuid4().hex[:8]}"


@pytest.fixture
def remove(account, name):
    yield
    aws.cleanup(name, dry_run=False, delete_answers=True, boto3_session=account)


def actions(plan):
    return {step.kind: step.action for step in plan.steps}


def test_a_dry_run_lists_everything_and_makes_nothing(account, name):
    """The plan is to create all of it, and afterwards neither bucket nor role nor flow definition is there."""
    plan = aws.provision(name, template=TEMPLATE, dry_run=True, boto3_session=account)
    assert not plan.applied
    assert set(actions(plan).values()) == {"exists", "create"}
    assert actions(plan)["work team"] == "exists"
    assert account.client("s3").list_buckets()["Buckets"] == []
    with pytest.raises(ClientError, match="NoSuchEntity"):
        account.client("iam").get_role(RoleName=f"a2i-al-{name}")
    with pytest.raises(ClientError, match="ResourceNotFound"):
        account.client("sagemaker").describe_flow_definition(
            FlowDefinitionName=plan.flow_definition_arn.rsplit("/", 1)[-1]
        )


@pytest.mark.usefixtures("remove")
def test_what_was_planned_is_what_is_made_and_the_second_time_nothing_is(account, name):
    """The plan names the very flow definition that comes of it; running again finds every step done."""
    planned = aws.provision(name, template=TEMPLATE, dry_run=True, boto3_session=account)
    made = aws.provision(name, template=TEMPLATE, boto3_session=account)
    assert made.applied
    assert made.steps == planned.steps
    flow = account.client("sagemaker").describe_flow_definition(
        FlowDefinitionName=planned.flow_definition_arn.rsplit("/", 1)[-1]
    )
    assert flow["FlowDefinitionArn"] == planned.flow_definition_arn
    assert flow["OutputConfig"]["S3OutputPath"] == f"s3://{made.bucket}/{name}"
    again = aws.provision(name, template=TEMPLATE, boto3_session=account)
    assert again.changes == ()


@pytest.mark.usefixtures("remove")
def test_the_bucket_is_encrypted_private_and_readable_by_task_pages(account, name):
    """Encryption, public access block, CORS, lifecycle and the project's tag are S3's own answers."""
    s3 = account.client("s3")
    bucket = aws.provision(name, template=TEMPLATE, expire_days=90, boto3_session=account).bucket
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"][0]["AllowedMethods"] == ["GET"]
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert [rule.get("Expiration", {}).get("Days") for rule in rules] == [None, 90]
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": PROJECT_TAG, "Value": name}]


@pytest.mark.usefixtures("remove")
def test_a_setting_that_was_changed_by_hand_is_put_right_and_others_stay(account, name):
    """Only the CORS of a bucket that lost it is changed; a tag of somebody else's stays."""
    s3 = account.client("s3")
    bucket = aws.provision(name, template=TEMPLATE, boto3_session=account).bucket
    cost = {"Key": "cost-centre", "Value": "7"}
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [cost]})
    s3.delete_bucket_cors(Bucket=bucket)
    plan = aws.provision(name, template=TEMPLATE, boto3_session=account)
    assert {step.kind: step.action for step in plan.changes} == {"CORS": "create", "bucket tags": "change"}
    assert cost in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]


@pytest.mark.usefixtures("remove")
def test_the_role_may_do_two_things_with_one_prefix(account, name):
    """Its policy allows getting and putting objects below the project's prefix; SageMaker alone may take it on."""
    iam = account.client("iam")
    bucket = aws.provision(name, template=TEMPLATE, boto3_session=account).bucket
    (statement,) = iam.get_role_policy(RoleName=f"a2i-al-{name}", PolicyName="a2i-al")["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["s3:GetObject", "s3:PutObject"]
    assert statement["Resource"] == f"arn:aws:s3:::{bucket}/{name}/*"
    trusted = iam.get_role(RoleName=f"a2i-al-{name}")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
    assert trusted == {"Service": "sagemaker.amazonaws.com"}


@pytest.mark.usefixtures("remove")
def test_a_policy_that_was_widened_by_hand_is_narrowed_again(account, name):
    """The next run changes the role's policy, and nothing else."""
    aws.provision(name, template=TEMPLATE, boto3_session=account)
    wide = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    account.client("iam").put_role_policy(
        RoleName=f"a2i-al-{name}", PolicyName="a2i-al", PolicyDocument=json.dumps(wide)
    )
    plan = aws.provision(name, template=TEMPLATE, boto3_session=account)
    assert [(step.kind, step.action) for step in plan.changes] == [("role policy", "change")]


@pytest.mark.usefixtures("remove")
def test_another_template_makes_another_flow_definition_beside_the_first(account, name):
    """A2I has no update call: both are there, under names that differ by a hash."""
    first = aws.provision(name, template=TEMPLATE, boto3_session=account)
    second = aws.provision(name, template=TEMPLATE.replace("answer", "reason"), boto3_session=account)
    assert {step.kind for step in second.changes} == {"human task UI", "flow definition"}
    sagemaker = account.client("sagemaker")
    for plan in (first, second):
        arn = plan.flow_definition_arn
        assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": PROJECT_TAG, "Value": name}]


@pytest.mark.usefixtures("remove")
def test_a_bucket_of_somebody_elses_is_used_and_left_as_it_is(account, name):
    """It gets no tag and no CORS, cleanup does not touch it."""
    s3 = account.client("s3")
    s3.create_bucket(Bucket="theirs")
    plan = aws.provision(name, template=TEMPLATE, bucket="theirs", boto3_session=account)
    assert actions(plan)["bucket"] == "leave"
    with pytest.raises(ClientError, match="NoSuchCORS"):
        s3.get_bucket_cors(Bucket="theirs")
    aws.cleanup(name, dry_run=False, delete_answers=True, boto3_session=account)
    s3.head_bucket(Bucket="theirs")


def test_a_role_of_that_name_without_the_tag_is_refused(account, name):
    """Whoever made it did not make it for this project."""
    account.client("iam").create_role(RoleName=f"a2i-al-{name}", AssumeRolePolicyDocument="{}")
    with pytest.raises(AlreadyExists, match="role_arn="):
        aws.provision(name, template=TEMPLATE, boto3_session=account)


def test_cleanup_lists_first_and_then_takes_exactly_what_is_tagged(account, name):
    """The dry run is the default; a project beside it keeps everything."""
    mine = aws.provision(name, template=TEMPLATE, boto3_session=account)
    other = aws.provision(f"{name}-b", template=TEMPLATE, boto3_session=account)
    plan = aws.cleanup(name, boto3_session=account)
    assert sorted(step.kind for step in plan.changes) == [
        "bucket",
        "execution role",
        "flow definition",
        "human task UI",
    ]
    assert aws.provision(name, template=TEMPLATE, dry_run=True, boto3_session=account).changes == ()
    aws.cleanup(name, dry_run=False, boto3_session=account)
    assert aws.cleanup(name, boto3_session=account).changes == ()
    assert [bucket["Name"] for bucket in account.client("s3").list_buckets()["Buckets"]] == [other.bucket]
    with pytest.raises(ClientError, match="NoSuchEntity"):
        account.client("iam").get_role(RoleName=f"a2i-al-{name}")
    with pytest.raises(ClientError, match="ResourceNotFound"):
        account.client("sagemaker").describe_flow_definition(
            FlowDefinitionName=mine.flow_definition_arn.rsplit("/", 1)[-1]
        )
    assert aws.provision(f"{name}-b", template=TEMPLATE, dry_run=True, boto3_session=account).changes == ()
    aws.cleanup(f"{name}-b", dry_run=False, boto3_session=account)


def test_answers_are_deleted_only_when_that_is_said(account, name):
    """A bucket with objects stays, unless delete_answers=True."""
    bucket = aws.provision(name, template=TEMPLATE, boto3_session=account).bucket
    s3 = account.client("s3")
    s3.put_object(Bucket=bucket, Key=f"{name}/output.json", Body=b"{}")
    assert actions(aws.cleanup(name, dry_run=False, boto3_session=account))["bucket"] == "leave"
    s3.head_object(Bucket=bucket, Key=f"{name}/output.json")
    aws.cleanup(name, dry_run=False, delete_answers=True, boto3_session=account)
    assert s3.list_buckets()["Buckets"] == []


def test_on_the_embedded_service_alone_what_it_does_not_have_is_skipped(bare, name):
    """The same code runs there: a flow definition comes of it; IAM is never asked with a key that is not AWS's."""
    planned = aws.provision(name, template=TEMPLATE, dry_run=True, boto3_session=bare)
    assert actions(planned)["encryption"] == "skip"  # known although there is no bucket yet
    plan = aws.provision(name, template=TEMPLATE, boto3_session=bare)
    assert actions(plan)["execution role"] == "skip"
    assert actions(plan)["encryption"] == "skip"
    assert actions(plan)["flow definition"] == "create"
    assert aws.provision(name, template=TEMPLATE, dry_run=True, boto3_session=bare).changes == ()
    s3 = bare.client("s3")
    s3.put_object(Bucket=plan.bucket, Key=f"{name}/output.json", Body=b"{}")
    s3.create_bucket(Bucket=f"{name}-of-somebody-else")
    assert actions(aws.cleanup(name, boto3_session=bare))["bucket"] == "leave"  # by its name: it can carry no tag
    gone = aws.cleanup(name, dry_run=False, delete_answers=True, boto3_session=bare).changes
    assert [step.kind for step in gone] == ["flow definition", "human task UI", "bucket"]
    assert f"{name}-of-somebody-else" in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"template": "text-classification"}, "templates.load"),
        ({"template": TEMPLATE, "reviewers": 4}, "TaskCount"),
    ],
)
def test_what_a2i_does_not_take_is_refused_before_anything_is_made(account, name, wrong, says):
    """The error says what would be right, and no bucket is there."""
    with pytest.raises(InvalidInput, match=says):
        aws.provision(name, boto3_session=account, **wrong)
    assert account.client("s3").list_buckets()["Buckets"] == []


def test_an_unknown_work_team_is_an_error_before_anything_is_made(account, name):
    """Looked up, not believed."""
    arn = "arn:aws:sagemaker:us-east-1:000000000000:workteam/private-crowd/nobody"
    with pytest.raises(NotFound, match="nobody"):
        aws.provision(name, template=TEMPLATE, workteam_arn=arn, boto3_session=account)


def test_where_there_are_several_work_teams_one_must_be_named(account, name):
    """The error lists their names."""
    sagemaker = account.client("sagemaker")
    group = {"CognitoMemberDefinition": {"UserPool": "us-east-1_p", "UserGroup": "g", "ClientId": "c"}}
    sagemaker.create_workteam(WorkteamName=name, Description="Another one.", MemberDefinitions=[group])
    try:
        with pytest.raises(InvalidInput, match=f"{name}.*workteam_arn="):
            aws.provision(name, template=TEMPLATE, boto3_session=account)
    finally:
        sagemaker.delete_workteam(WorkteamName=name)


def test_a_plan_shows_itself_in_a_notebook_and_as_a_frame(account, name):
    """One row per step in each, with nothing left unescaped."""
    plan = aws.provision(name, template=TEMPLATE, dry_run=True, boto3_session=account)
    assert len(plan.to_frame()) == len(plan.steps) == plan._repr_html_().count("<tr>") - 1
    assert "nothing was changed" in repr(plan)


def test_a_role_that_is_not_known_yet_is_waited_for_and_another_refusal_is_not(monkeypatch):
    """The flow definition is tried again after a refusal of the role; a refusal of anything else is raised at once."""
    refusals = [RequestRefused("cannot assume the role"), None, RequestRefused("the title is empty")]
    tries = []

    def refuse(*_, **__):
        tries.append(1)
        if error := refusals[len(tries) - 1]:
            raise error

    monkeypatch.setattr(provisioning, "ensure_flow", refuse)
    monkeypatch.setattr(provisioning, "_RETRY_SECONDS", 0)
    provisioning._ensure(None, "spam", TEMPLATE, {}, timeout=60)
    assert len(tries) == 2
    with pytest.raises(RequestRefused, match="title"):
        provisioning._ensure(None, "spam", TEMPLATE, {}, timeout=60)
