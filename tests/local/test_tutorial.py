"""Anybody's boto3 script for A2I runs unchanged: it is given the environment variables and nothing else."""

import json
import os
import subprocess
import sys

SCRIPT = """
import boto3, json, sys, uuid
account = boto3.client("sts").get_caller_identity()["Account"]
sagemaker, a2i, s3 = (boto3.client(name) for name in ("sagemaker", "sagemaker-a2i-runtime", "s3"))
unique = uuid.uuid4().hex[:8]
bucket = f"a2i-{account}-{unique}"
s3.create_bucket(Bucket=bucket)
member = {"CognitoMemberDefinition": {"UserPool": "us-east-1_pool", "UserGroup": "group", "ClientId": "client"}}
team = sagemaker.create_workteam(WorkteamName=f"team-{unique}", MemberDefinitions=[member], Description="Reviewers")
with open(sys.argv[1]) as file:
    ui = sagemaker.create_human_task_ui(HumanTaskUiName=f"ui-{unique}", UiTemplate={"Content": file.read()})
flow = sagemaker.create_flow_definition(
    FlowDefinitionName=f"flow-{unique}", RoleArn=f"arn:aws:iam::{account}:role/A2I",
    HumanLoopConfig={"WorkteamArn": team["WorkteamArn"], "HumanTaskUiArn": ui["HumanTaskUiArn"], "TaskCount": 1,
                     "TaskDescription": "Is it spam?", "TaskTitle": "Spam"},
    OutputConfig={"S3OutputPath": f"s3://{bucket}/a2i-results"})["FlowDefinitionArn"]
assert sagemaker.describe_flow_definition(FlowDefinitionName=f"flow-{unique}")["FlowDefinitionStatus"] == "Active"
name = f"loop-{unique}"
a2i.start_human_loop(HumanLoopName=name, FlowDefinitionArn=flow,
                     HumanLoopInput={"InputContent": json.dumps({"text": "You have won!"})})
assert [s["HumanLoopName"] for s in a2i.list_human_loops(FlowDefinitionArn=flow)["HumanLoopSummaries"]] == [name]
a2i.stop_human_loop(HumanLoopName=name)
loop = a2i.describe_human_loop(HumanLoopName=name)
bucket, key = loop["HumanLoopOutput"]["OutputS3Uri"].removeprefix("s3://").split("/", 1)
print(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
a2i.delete_human_loop(HumanLoopName=name)
"""


def test_a_tutorial_runs_with_nothing_but_the_environment(clients, tmp_path):
    (tmp_path / "tutorial.py").write_text(SCRIPT)
    (tmp_path / "template.html").write_text("<crowd-form>{{ task.input.text }}</crowd-form>")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, tmp_path / "tutorial.py", tmp_path / "template.html"],
        env=plain | clients.service.environment() | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    output = json.loads(done.stdout)
    assert output["inputContent"] == {"text": "You have won!"}
    assert output["humanAnswers"] == []
