"""What only AWS itself can show. Run it with `A2I_AL_REAL_AWS=1 pytest -m aws tests/aws/test_real.py`.

It needs credentials of an account that is an existing A2I customer, with one private work team in the Region. It makes
a bucket, a role, a human task UI and a flow definition, starts no human loop, and deletes all of it. Cost: none for
A2I, which bills reviewed objects only, and less than 0.01 USD for a few dozen S3 requests.
"""

import os
import uuid

import boto3
import pytest

from a2i_al import aws

TEMPLATE = "<crowd-form><crowd-input name='answer'></crowd-input></crowd-form>"

pytestmark = [
    pytest.mark.aws,
    pytest.mark.skipif(
        not os.environ.get("A2I_AL_REAL_AWS"), reason="set A2I_AL_REAL_AWS=1, with credentials of an A2I customer"
    ),
]


@pytest.fixture
def session():
    """Give the environment's own session; skip where it has no credentials."""
    session = boto3.Session()
    if session.get_credentials() is None or session.region_name is None:
        pytest.skip("no AWS credentials, or no Region")
    return session


def test_provision_diagnose_cleanup(session):
    """What is made is healthy by the doctor, made once, and gone after cleanup. Cost: less than 0.01 USD."""
    name = f"t{uuid.uuid4().hex[:8]}"
    try:
        plan = aws.provision(name, template=TEMPLATE, boto3_session=session)
        diagnosis = aws.diagnose(plan.flow_definition_arn, boto3_session=session)
        assert diagnosis.healthy, diagnosis
        assert aws.provision(name, template=TEMPLATE, dry_run=True, boto3_session=session).changes == ()
    finally:
        aws.cleanup(name, dry_run=False, boto3_session=session)
    assert aws.cleanup(name, boto3_session=session).changes == ()
