"""Who the workers are is asked of Cognito when somebody asks, and stands in no table and no cache before."""

import json

import boto3
import pandas as pd
import pytest
from botocore.stub import Stubber

from a2i_al import worker_names
from a2i_al.aws.connection import Connection
from a2i_al.errors import InvalidInput, ServiceError
from a2i_al.harvest.read import read_outputs
from a2i_al.storage import file_uri

ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/{}"


@pytest.fixture
def pool(moto_endpoint, monkeypatch):
    """Give a user pool with one person in it, as a name of the pool and her subject."""
    for variable, value in (("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret")):
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", moto_endpoint)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    cognito = boto3.client("cognito-idp", region_name="eu-west-1")
    name = cognito.create_user_pool(PoolName="reviewers")["UserPool"]["Id"]
    attributes = [{"Name": "name", "Value": "Ada"}, {"Name": "email", "Value": "ada@example.org"}]
    user = cognito.admin_create_user(UserPoolId=name, Username="ada", UserAttributes=attributes)["User"]
    yield name, next(a["Value"] for a in user["Attributes"] if a["Name"] == "sub")
    cognito.delete_user_pool(UserPoolId=name)


@pytest.fixture
def put(tmp_path):
    """Write outputs; give the answers of all of them."""

    def write(**people):
        for worker, identity in people.items():
            answer = {"answerContent": {"c": "x"}, "submissionTime": "2026-11-01T10:00:00Z", "workerId": worker}
            if identity:
                answer["workerMetadata"] = {"identityData": identity}
            path = tmp_path / "out" / f"loop-{worker}" / "output.json"
            path.parent.mkdir(parents=True)
            output = {"humanLoopName": f"loop-{worker}", "humanAnswers": [answer], "inputContent": {}}
            path.write_text(json.dumps(output))
        return read_outputs(file_uri(tmp_path / "out"), cache=tmp_path / "kept").answers

    return write


def identity(issuer, subject):
    return {"identityProviderType": "Cognito", "issuer": issuer, "sub": subject}


def test_a_worker_is_named_when_asked_for(pool, put):
    """From the pool that her answers name, in that pool's Region."""
    (row,) = worker_names(put(w1=identity(ISSUER.format(pool[0]), pool[1]))).to_dict("records")
    assert (row["worker_id"], row["status"], row["name"], row["email"]) == ("w1", "found", "Ada", "ada@example.org")


def test_nothing_of_it_is_in_the_answers_or_the_cache(pool, put, tmp_path):
    """Neither the subject nor the issuer."""
    answers = put(w1=identity(ISSUER.format(pool[0]), pool[1]))
    (kept,) = (pd.read_parquet(path) for path in (tmp_path / "kept").iterdir())
    for secret in (pool[0], pool[1], "Cognito"):
        assert secret not in answers.to_csv() + kept.to_csv()


def test_everybody_else_is_a_row_with_a_status(pool, put):
    """Vendors, other providers, people who have left, and files that are gone: never dropped, never guessed."""
    answers = put(
        gone=identity(ISSUER.format(pool[0]), pool[1]),
        left=identity(ISSUER.format(pool[0]), "0-1-2"),
        nopool=identity(ISSUER.format("eu-west-1_nothing"), "0-1-2"),
        oidc=identity("https://login.example.org", pool[1]),
        sly=identity(ISSUER.format(pool[0]), '" or sub = "'),
        vendor=None,
    )
    answers["output_uri"] = answers["output_uri"].str.replace("loop-gone", "loop-elsewhere")
    names = worker_names(answers).set_index("worker_id")
    assert names["status"].to_dict() == {
        "gone": "not readable",
        "left": "unknown",
        "nopool": "unknown",
        "oidc": "other provider",
        "sly": "other provider",
        "vendor": "no identity",
    }
    assert names["name"].isna().all()


def test_answers_of_a_report_are_found_by_their_line(pool, tmp_path):
    """A model evaluation's file has one output in every line."""
    answer = {"answerContent": {"c": "x"}, "submissionTime": "2026-11-01T10:00:00Z", "workerId": "w"}
    named = answer | {"workerMetadata": {"identityData": identity(ISSUER.format(pool[0]), pool[1])}}
    lines = [
        {"humanEvaluationResult": {"humanLoopName": n, "humanAnswers": [a]}} for n, a in (("a", answer), ("b", named))
    ]
    path = tmp_path / "job" / "datasets" / "prompts" / "1_output.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(map(json.dumps, lines)))
    assert worker_names(read_outputs(file_uri(tmp_path)).answers)["status"].tolist() == ["found"]


def test_a_refusal_of_cognito_is_an_error(pool, put, monkeypatch):
    """It says nothing about the workers."""
    answers = put(w1=identity(ISSUER.format(pool[0]), pool[1]))
    cognito = boto3.client("cognito-idp")
    stubber = Stubber(cognito)
    stubber.add_client_error("list_users", "NotAuthorizedException", "no")
    stubber.activate()
    monkeypatch.setattr(Connection, "client", lambda *_, **__: cognito)
    monkeypatch.setattr("a2i_al.harvest.workers.why_absent", lambda *_: "")
    with pytest.raises(ServiceError, match="looking a worker up"):
        worker_names(answers)


def test_the_embedded_services_key_goes_to_no_other_service(pool, put, monkeypatch, embedded):
    """Where Cognito has no endpoint beside it, nobody is asked."""
    answers = put(w1=identity(ISSUER.format(pool[0]), pool[1]))
    monkeypatch.delenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER")
    for variable, value in embedded.environment().items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    (row,) = worker_names(answers).to_dict("records")
    assert row["status"] == "not readable"
    assert "has no endpoint" in row["reason"]


def test_a_table_without_the_columns_is_refused():
    """It says what is missing."""
    with pytest.raises(InvalidInput, match="output_uri"):
        worker_names(pd.DataFrame({"worker_id": ["w"]}))
