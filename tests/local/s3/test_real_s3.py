"""Outputs in the real S3: the setting s3="aws", against moto's server in the place of AWS."""

import json
import subprocess
import sys

import boto3
import pytest
from moto.server import ThreadedMotoServer

from a2i_al import local


@pytest.fixture
def moto():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_outputs_and_pictures_are_in_the_s3_that_boto3_finds(tmp_path, moto, monkeypatch, clients_of):
    for name, value in {
        "AWS_ENDPOINT_URL_S3": moto,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    s3 = boto3.client("s3", endpoint_url=moto)
    s3.create_bucket(Bucket="company-reviews")
    command = [sys.executable, "-m", "a2i_al.local", "--home", tmp_path, "--s3", "aws", "--detach"]
    subprocess.run(command, check=True, capture_output=True)
    try:
        clients = clients_of(local.ensure(tmp_path))
        flow = clients.flow(
            output_path="s3://company-reviews/out", template="<img src='{{ task.input.image | grant_read_access }}'>"
        )
        name = clients.start(flow, image="s3://company-reviews/a.png")
        assert local.review(clients.service, [local.SimulatedReviewer("Ann", lambda _: {"ok": {"on": True}})]) == 1
        uri = clients.runtime.describe_human_loop(HumanLoopName=name)["HumanLoopOutput"]["OutputS3Uri"]
        found = s3.get_object(Bucket="company-reviews", Key=uri.removeprefix("s3://company-reviews/"))
        assert found["ContentType"] == "application/json"
        assert json.load(found["Body"])["humanAnswers"][0]["answerContent"] == {"ok": {"on": True}}
        rendered = clients.sagemaker.render_ui_template(
            UiTemplate={"Content": "{{ 's3://company-reviews/a.png' | grant_read_access }}"},
            Task={"Input": "{}"},
            RoleArn="arn:aws:iam::000000000000:role/reviews",
        )
        assert rendered["RenderedContent"].startswith(f"{moto}/company-reviews/a.png?X-Amz-Algorithm=")
    finally:
        local.stop(tmp_path)
