"""The five runtime operations, with a real boto3 client over real HTTP."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from a2i_al import local

SPAM = {"category": {"label": "spam"}}


def error(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response


def test_a_loop_is_started_answered_described_and_its_output_read(clients):
    flow = clients.flow(TaskCount=2)
    name = clients.start(flow, text="You have won!")
    reviewers = [local.SimulatedReviewer(who, lambda _: SPAM) for who in ("Ann", "Ben")]
    assert local.review(clients.service, reviewers, flow_definition_arn=flow) == 2
    loop = clients.runtime.describe_human_loop(HumanLoopName=name)
    assert loop["HumanLoopStatus"] == "Completed"
    assert loop["HumanLoopArn"] == f"arn:aws:sagemaker:us-east-1:000000000000:human-loop/{name}"
    assert loop["FlowDefinitionArn"] == flow
    assert "FailureCode" not in loop
    assert abs(datetime.now(UTC) - loop["CreationTime"]) < timedelta(minutes=1)
    output = clients.output(name)
    assert output["inputContent"] == {"text": "You have won!"}
    assert [answer["answerContent"] for answer in output["humanAnswers"]] == [SPAM, SPAM]


def test_the_output_uri_is_known_before_there_is_an_output(clients):
    name = clients.start(clients.flow())
    uri = clients.runtime.describe_human_loop(HumanLoopName=name)["HumanLoopOutput"]["OutputS3Uri"]
    assert uri.startswith("s3://outputs/results/")
    assert uri.endswith(f"/{name}/output.json")


def test_a_typed_exception_for_every_kind_of_refusal(clients):
    errors = clients.runtime.exceptions
    flow = clients.flow()
    name = clients.start(flow)
    with pytest.raises(errors.ConflictException, match="different input data"):
        clients.start(flow, name, text="another")
    with pytest.raises(errors.ResourceNotFoundException, match="'nobody' does not exist"):
        clients.runtime.describe_human_loop(HumanLoopName="nobody")
    with pytest.raises(errors.ValidationException, match="only a Completed, Failed or Stopped one"):
        clients.runtime.delete_human_loop(HumanLoopName=name)


def test_errors_carry_their_type_message_and_status(clients):
    response = error(clients.runtime.stop_human_loop, HumanLoopName="nobody")
    assert response["Error"]["Code"] == "ResourceNotFoundException"
    assert response["Error"]["Message"] == "HumanLoop 'nobody' does not exist."
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert response["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize("name", ["Capital", "with_underscore", "-hyphen", "x" * 64])
def test_names_that_a2i_does_not_take_are_refused_in_its_words(clients, name):
    request = {"FlowDefinitionArn": clients.flow(), "HumanLoopInput": {"InputContent": "{}"}}
    response = error(clients.runtime.start_human_loop, HumanLoopName=name, **request)
    assert response["Error"]["Code"] == "ValidationException"
    assert "at 'humanLoopName' failed to satisfy constraint: Member must" in response["Error"]["Message"]


def test_an_input_over_3_mib_is_refused(clients):
    flow = clients.flow()
    largest = json.dumps({"text": "x" * (3 * 1024 * 1024 - len('{"text": ""}'))})
    clients.runtime.start_human_loop(
        HumanLoopName=flow[-12:], FlowDefinitionArn=flow, HumanLoopInput={"InputContent": largest}
    )
    response = error(
        clients.runtime.start_human_loop,
        HumanLoopName="larger",
        FlowDefinitionArn=flow,
        HumanLoopInput={"InputContent": largest + " "},
    )
    assert "Member must have length less than or equal to 3145728" in response["Error"]["Message"]


def test_content_classifiers_are_checked(clients):
    response = error(
        clients.runtime.start_human_loop,
        HumanLoopName="classified",
        FlowDefinitionArn=clients.flow(),
        HumanLoopInput={"InputContent": "{}"},
        DataAttributes={"ContentClassifiers": ["FreeOfCharge"]},
    )
    assert "dataAttributes.contentClassifiers.1.member" in response["Error"]["Message"]
    assert "FreeOfPersonallyIdentifiableInformation" in response["Error"]["Message"]


def test_lists_are_paged_and_sorted(clients):
    flow = clients.flow()
    names = [clients.start(flow) for _ in range(5)]
    paginator = clients.runtime.get_paginator("list_human_loops")
    pages = list(paginator.paginate(FlowDefinitionArn=flow, SortOrder="Ascending", PaginationConfig={"PageSize": 2}))
    assert [len(page["HumanLoopSummaries"]) for page in pages] == [2, 2, 1]
    assert [s["HumanLoopName"] for page in pages for s in page["HumanLoopSummaries"]] == names
    newest = clients.runtime.list_human_loops(FlowDefinitionArn=flow, MaxResults=1)["HumanLoopSummaries"]
    assert [summary["HumanLoopName"] for summary in newest] == names[-1:]


def test_lists_can_be_bounded_in_time(clients):
    flow = clients.flow()
    name = clients.start(flow)
    created = clients.runtime.describe_human_loop(HumanLoopName=name)["CreationTime"]

    def listed(**bounds):
        return [
            s["HumanLoopName"]
            for s in clients.runtime.list_human_loops(FlowDefinitionArn=flow, **bounds)["HumanLoopSummaries"]
        ]

    moment = timedelta(milliseconds=1)
    assert listed(CreationTimeAfter=created - moment, CreationTimeBefore=created + moment) == [name]
    assert listed(CreationTimeAfter=created) == []
    assert listed(CreationTimeBefore=created) == []


def test_lists_of_nothing_and_with_foreign_tokens_are_refused(clients):
    flow = clients.flow()
    assert clients.runtime.list_human_loops(FlowDefinitionArn=flow)["HumanLoopSummaries"] == []
    response = error(clients.runtime.list_human_loops, FlowDefinitionArn=flow + "x")
    assert response["Error"]["Code"] == "ResourceNotFoundException"
    for token in ("nonsense", "WzFd"):
        response = error(clients.runtime.list_human_loops, FlowDefinitionArn=flow, NextToken=token)
        assert response["Error"]["Code"] == "ValidationException"
    assert error(clients.runtime.list_human_loops, FlowDefinitionArn=flow, MaxResults=101)["Error"]["Code"] == (
        "ValidationException"
    )


def test_a_stopped_loop_can_be_deleted_and_its_output_stays(clients):
    flow = clients.flow()
    name = clients.start(flow)
    clients.runtime.stop_human_loop(HumanLoopName=name)
    assert clients.status(name) == "Stopped"
    uri = clients.runtime.describe_human_loop(HumanLoopName=name)["HumanLoopOutput"]["OutputS3Uri"]
    clients.runtime.delete_human_loop(HumanLoopName=name)
    assert clients.runtime.list_human_loops(FlowDefinitionArn=flow)["HumanLoopSummaries"] == []
    key = uri.removeprefix("s3://outputs/")
    assert json.load(clients.s3.get_object(Bucket="outputs", Key=key)["Body"])["humanAnswers"] == []


def test_a_failed_loop_tells_its_code_and_reason(clients):
    flow = clients.flow(template="{{ task.input.image | grant_read_access }}")
    name = clients.start(flow, image="nowhere")
    loop = clients.runtime.describe_human_loop(HumanLoopName=name)
    assert (loop["HumanLoopStatus"], loop["FailureCode"]) == ("Failed", "ValidationError")
    assert loop["FailureReason"].startswith("Task failed to render: [ InvalidParameters: '")
    assert "HumanLoopOutput" not in loop
    (summary,) = clients.runtime.list_human_loops(FlowDefinitionArn=flow)["HumanLoopSummaries"]
    assert summary["FailureReason"] == loop["FailureReason"]


def test_outputs_go_into_a_folder_of_this_machine_if_the_flow_definition_says_so(clients, tmp_path):
    folder = tmp_path / "with space"
    flow = clients.flow(output_path=f"file://{folder}")
    name = clients.start(flow)
    clients.runtime.stop_human_loop(HumanLoopName=name)
    uri = clients.runtime.describe_human_loop(HumanLoopName=name)["HumanLoopOutput"]["OutputS3Uri"]
    (path,) = folder.rglob("output.json")
    assert uri == f"file://{path}"
    assert json.loads(path.read_bytes())["humanLoopName"] == name
