"""The sagemaker operations around human loops, with a real boto3 client over real HTTP."""

import hashlib
import uuid

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/reviews"


def fresh():
    return f"n-{uuid.uuid4().hex[:12]}"


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def make_ui(sagemaker, name, content="<p>{{ task.input.text }}</p>"):
    return sagemaker.create_human_task_ui(HumanTaskUiName=name, UiTemplate={"Content": content})["HumanTaskUiArn"]


def flow_request(clients, name, **human):
    return {
        "FlowDefinitionName": name,
        "HumanLoopConfig": {
            "WorkteamArn": clients.service.workteam_arn(),
            "HumanTaskUiArn": make_ui(clients.sagemaker, name),
            "TaskTitle": "t",
            "TaskDescription": "d",
            "TaskCount": 1,
            **human,
        },
        "OutputConfig": {"S3OutputPath": "s3://outputs"},
        "RoleArn": ROLE,
    }


def test_a_human_task_ui_is_described_by_link_and_hash(clients, http):
    name, content = fresh(), "<p>Grüße {{ task.input.text }}</p>"
    arn = make_ui(clients.sagemaker, name, content)
    ui = clients.sagemaker.describe_human_task_ui(HumanTaskUiName=name)
    assert (ui["HumanTaskUiArn"], ui["HumanTaskUiStatus"]) == (arn, "Active")
    assert ui["UiTemplate"]["ContentSha256"] == hashlib.sha256(content.encode()).hexdigest()
    reply = http.request("GET", ui["UiTemplate"]["Url"])
    assert reply.data.decode() == content
    assert reply.headers["content-type"].startswith("text/plain")
    assert http.request("GET", ui["UiTemplate"]["Url"].replace("Signature=", "Signature=0")).status == 403


def test_resources_can_be_deleted_and_their_names_used_again(clients):
    name = fresh()
    make_ui(clients.sagemaker, name)
    assert refused(make_ui, sagemaker=clients.sagemaker, name=name)[0] == "ResourceInUse"
    clients.sagemaker.delete_human_task_ui(HumanTaskUiName=name)
    assert refused(clients.sagemaker.describe_human_task_ui, HumanTaskUiName=name)[0] == "ResourceNotFound"
    make_ui(clients.sagemaker, name)


def test_a_flow_definition_is_active_at_once_and_described_as_it_was_asked_for(clients):
    request = flow_request(clients, fresh(), TaskCount=3, TaskTimeLimitInSeconds=120, TaskKeywords=["a b"])
    arn = clients.sagemaker.create_flow_definition(**request, Tags=[{"Key": "team", "Value": "Grün"}])[
        "FlowDefinitionArn"
    ]
    flow = clients.sagemaker.describe_flow_definition(FlowDefinitionName=request["FlowDefinitionName"])
    assert flow["FlowDefinitionStatus"] == "Active"
    assert request.items() <= flow.items()
    assert clients.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "Grün"}]
    clients.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "round", "Value": "2"}])
    clients.sagemaker.delete_tags(ResourceArn=arn, TagKeys=["team"])
    assert clients.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "round", "Value": "2"}]
    assert refused(clients.sagemaker.create_flow_definition, **request)[0] == "ResourceInUse"
    clients.sagemaker.delete_flow_definition(FlowDefinitionName=request["FlowDefinitionName"])
    assert clients.sagemaker.list_tags(ResourceArn=arn)["Tags"] == []
    clients.sagemaker.create_flow_definition(**request)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"TaskCount": 4}, "less than or equal to 3"),
        ({"TaskCount": 0}, "greater than or equal to 1"),
        ({"TaskTitle": ""}, "humanLoopConfig.taskTitle"),
        ({"TaskTimeLimitInSeconds": 29}, "greater than or equal to 30"),
        ({"TaskKeywords": ["a", "b", "c", "d", "e", "f"]}, "taskKeywords"),
    ],
)
def test_the_limits_of_the_real_service_hold(clients, change, words):
    request = flow_request(clients, fresh(), **change)
    url, unchecked = clients.service.url, Config(parameter_validation=False)  # not by the client, that is
    sagemaker = clients.service.boto3_session().client("sagemaker", endpoint_url=url, config=unchecked)
    code, message = refused(sagemaker.create_flow_definition, **request)
    assert code == "ValidationException"
    assert words in message


def test_a_flow_definition_needs_an_existing_template_and_work_team(clients):
    arn = "arn:aws:sagemaker:us-east-1:000000000000"
    for change in (
        {"HumanTaskUiArn": f"{arn}:human-task-ui/none"},
        {"WorkteamArn": f"{arn}:workteam/private-crowd/none"},
    ):
        code, message = refused(clients.sagemaker.create_flow_definition, **flow_request(clients, fresh(), **change))
        assert code == "ResourceNotFound"
        assert next(iter(change.values())) in message
    elsewhere = {
        "HumanTaskUiArn": flow_request(clients, fresh())["HumanLoopConfig"]["HumanTaskUiArn"].replace(
            "us-east-1", "eu-west-1"
        )
    }
    assert refused(clients.sagemaker.create_flow_definition, **flow_request(clients, fresh(), **elsewhere))[0] == (
        "ResourceNotFound"
    )


def test_outputs_go_to_s3_or_a_folder_and_nowhere_else(clients):
    request = flow_request(clients, fresh()) | {"OutputConfig": {"S3OutputPath": "https://s3.amazonaws.com/b"}}
    assert "s3://bucket/prefix or file:///folder" in refused(clients.sagemaker.create_flow_definition, **request)[1]


def test_the_built_in_task_types_are_refused_clearly(clients):
    request = flow_request(clients, fresh())
    request["HumanLoopRequestSource"] = {"AwsManagedHumanLoopRequestSource": "AWS/Textract/AnalyzeDocument/Forms/V1"}
    assert "custom tasks only" in refused(clients.sagemaker.create_flow_definition, **request)[1]


def test_work_teams_have_the_portal_as_their_sub_domain(clients):
    name = fresh()
    member = {"CognitoMemberDefinition": {"UserPool": "us-east-1_1", "UserGroup": "g", "ClientId": "c"}}
    arn = clients.sagemaker.create_workteam(WorkteamName=name, MemberDefinitions=[member], Description="d")[
        "WorkteamArn"
    ]
    team = clients.sagemaker.describe_workteam(WorkteamName=name)["Workteam"]
    assert team["WorkteamArn"] == arn
    assert f"http://{team['SubDomain']}" == clients.service.portal_url
    assert [t["WorkteamName"] for t in clients.sagemaker.list_workteams(NameContains=name)["Workteams"]] == [name]
    assert clients.sagemaker.delete_workteam(WorkteamName=name)["Success"] is True
    assert refused(clients.sagemaker.describe_workteam, WorkteamName=name)[0] == "ResourceNotFound"


def test_a_private_work_team_is_there_from_the_start(clients):
    team = clients.sagemaker.describe_workteam(WorkteamName="local")["Workteam"]
    assert team["WorkteamArn"] == clients.service.workteam_arn()


def test_lists_are_paged(clients):
    names = [fresh() for _ in range(3)]
    for name in names:
        make_ui(clients.sagemaker, name)
    pages = clients.sagemaker.get_paginator("list_human_task_uis").paginate(PaginationConfig={"PageSize": 2})
    found = [ui["HumanTaskUiName"] for page in pages for ui in page["HumanTaskUiSummaries"]]
    assert [name for name in found if name in names] == names[::-1]
    assert len(found) == len(set(found))
    flows = clients.sagemaker.list_flow_definitions(MaxResults=1, SortOrder="Ascending")
    assert len(flows["FlowDefinitionSummaries"]) == 1


def test_a_template_is_rendered_with_links_that_can_be_fetched(clients, http):
    clients.s3.create_bucket(Bucket="pictures")
    clients.s3.put_object(Bucket="pictures", Key="a b.png", Body=b"PNG")
    rendered = clients.sagemaker.render_ui_template(
        UiTemplate={"Content": "{{ task.input.text }} {{ task.input.image | grant_read_access | skip_autoescape }}"},
        Task={"Input": '{"text": "a < b", "image": "s3://pictures/a b.png"}'},
        RoleArn=ROLE,
    )
    assert rendered["Errors"] == []
    text, _, url = rendered["RenderedContent"].partition(" http")
    assert text == "a &lt; b"
    reply = http.request("GET", "http" + url)
    assert reply.data == b"PNG"
    assert reply.headers["access-control-allow-origin"] == "*"


def test_a_template_that_cannot_be_rendered_is_an_error_entry(clients):
    arn = make_ui(clients.sagemaker, fresh(), "{{ task.input.image | grant_read_access }}")
    request = {"HumanTaskUiArn": arn, "RoleArn": ROLE}
    rendered = clients.sagemaker.render_ui_template(**request, Task={"Input": '{"image": "x"}'})
    assert rendered["RenderedContent"] == ""
    assert [e["Code"] for e in rendered["Errors"]] == ["InvalidParameters"]
    assert "is not a valid S3 URI" in rendered["Errors"][0]["Message"]
    assert refused(clients.sagemaker.render_ui_template, **request, Task={"Input": "[]"})[0] == "ValidationException"
    both = request | {"UiTemplate": {"Content": "x"}}
    assert refused(clients.sagemaker.render_ui_template, **both, Task={"Input": "{}"})[0] == "ValidationException"


def test_an_operation_that_is_not_here_says_what_is(clients):
    code, message = refused(clients.sagemaker.list_training_jobs)
    assert code == "UnknownOperationException"
    assert "CreateFlowDefinition" in message


def test_the_caller_is_identified(clients):
    assert clients.sts.get_caller_identity()["Account"] == "000000000000"
    assert refused(clients.sts.get_session_token)[0] == "InvalidAction"
