"""What only AWS itself can show: the same tests on the embedded service, always, and on AWS, when asked for.

    A2I_AL_REAL_AWS=1 pytest -m aws tests/aws/test_real.py

It needs credentials of an account that is an existing A2I customer, with one private work team in the Region. It makes
a bucket, a role, a human task UI and a flow definition, starts one human loop, stops it before anybody answers, and
deletes all of it. Cost: at most the price of one reviewed object (https://aws.amazon.com/augmented-ai/pricing/), and
less than 0.01 USD for a few dozen S3 requests.
"""

import os
import uuid

import boto3
import pandas as pd
import pytest

import a2i_al as al
from a2i_al import aws

TEMPLATE = "<crowd-form>{{ task.input.text }}<crowd-input name='answer'></crowd-input></crowd-form>"
ON_AWS = [
    pytest.mark.aws,
    pytest.mark.skipif(
        not os.environ.get("A2I_AL_REAL_AWS"), reason="set A2I_AL_REAL_AWS=1, with credentials of an A2I customer"
    ),
]
# Seconds until AWS has stopped a loop; the embedded service stops it at once.
PATIENCE = 120


@pytest.fixture(params=["embedded", pytest.param("aws", marks=ON_AWS)])
def session(request):
    """Give a session of the embedded service or the environment's own; skip where that one has no credentials."""
    if request.param == "embedded":
        return request.getfixturevalue("bare")
    session = boto3.Session()
    if session.get_credentials() is None or session.region_name is None:
        pytest.skip("no AWS credentials, or no Region")
    return session


@pytest.fixture
def name(session):
    """Give a project's name of its own; whatever was made for it is gone afterwards, and the next plan is empty."""
    name = f"t{uuid.uuid4().hex[:8]}"
    yield name
    aws.cleanup(name, dry_run=False, delete_answers=True, boto3_session=session)
    assert aws.cleanup(name, boto3_session=session).changes == ()


def test_what_is_provisioned_is_healthy_and_made_once(session, name):
    """By the doctor, who asks AWS itself for every part of it. Cost: less than 0.01 USD."""
    plan = aws.provision(name, template=TEMPLATE, boto3_session=session)
    diagnosis = aws.diagnose(plan.flow_definition_arn, boto3_session=session)
    assert diagnosis.healthy, diagnosis
    assert aws.provision(name, template=TEMPLATE, dry_run=True, boto3_session=session).changes == ()


def test_the_life_of_one_human_loop(session, name, tmp_path):
    """Submitted, described, listed, stopped, harvested and deleted. Cost: at most one reviewed object."""
    arn = aws.provision(name, template=TEMPLATE, boto3_session=session).flow_definition_arn
    flow = al.Workflow.from_arn(arn, template=TEMPLATE, ledger=tmp_path / "ledger", boto3_session=session)
    items = pd.DataFrame({"item_id": ["1"], "text": ["A parcel came."]})
    batch = flow.submit(items, progress=False)
    (loop,) = flow.submit(items, progress=False).human_loop_names  # the same one: it is not bought twice
    assert batch.human_loop_names == (loop,)

    a2i = session.client("sagemaker-a2i-runtime")
    found = a2i.describe_human_loop(HumanLoopName=loop)
    assert (found["HumanLoopStatus"], found["FlowDefinitionArn"]) == ("InProgress", arn)
    assert found["HumanLoopOutput"]["OutputS3Uri"].endswith(f"/{loop}/output.json")
    pages = a2i.get_paginator("list_human_loops").paginate(FlowDefinitionArn=arn)
    assert [each["HumanLoopName"] for page in pages for each in page["HumanLoopSummaries"]] == [loop]

    batch.stop(progress=False)
    assert batch.wait(PATIENCE, progress=False)["status"].tolist() == ["Stopped"]
    harvest = flow.harvest()  # of nobody's answers: an output with none, or no output at all
    assert harvest.answers.empty
    assert harvest.quarantine.empty
    assert set(harvest.uris) <= {loop}
    batch.delete(progress=False)
    with pytest.raises(a2i.exceptions.ResourceNotFoundException):
        a2i.describe_human_loop(HumanLoopName=loop)
