"""What is refused at the door: the wrong key, no key, another host's name, and paths where nothing is."""

import boto3
import pytest
import urllib3
from botocore.exceptions import ClientError


def test_without_a_signature_nothing_but_the_portal_and_the_health_check_answers(clients, http):
    url = clients.service.url
    for method, path, options in (
        ("GET", "/human-loops", {}),
        ("DELETE", "/human-loops/x", {}),
        ("POST", "/", {"body": b"{}", "headers": {"X-Amz-Target": "SageMaker.ListWorkteams"}}),
        ("POST", "/", {"body": b"Action=GetCallerIdentity&Version=2011-06-15"}),
        ("GET", "/human-task-uis/x", {}),
        ("GET", "/s3", {}),
        ("PUT", "/s3/outputs/x", {"body": b"x"}),
        ("GET", "/portal/tasks", {}),
    ):
        assert http.request(method, url + path, **options).status == 403
    assert http.request("GET", f"{url}/elsewhere").status == 404
    assert http.request("GET", f"{url}/healthz").status == 200


@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [("AKIASTRANGER00000000", "x", "UnrecognizedClientException"), (None, "wrong", "InvalidSignatureException")],
)
def test_a_wrong_key_is_refused_with_aws_own_code(clients, key, secret, code):
    session = boto3.Session(key or clients.service.credentials.access_key_id, secret, region_name="us-east-1")
    for service, operation in (("sagemaker", "list_workteams"), ("sagemaker-a2i-runtime", "describe_human_loop")):
        client = session.client(service, endpoint_url=clients.service.url)
        with pytest.raises(ClientError) as caught:
            getattr(client, operation)(**({"HumanLoopName": "x"} if "describe" in operation else {}))
        assert caught.value.response["Error"]["Code"] == code
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_host_name_that_was_rebound_to_this_machine_is_refused(clients, http):
    for path in ("/portal", "/healthz", f"/portal?{clients.service.portal_url.partition('?')[2]}"):
        reply = http.request("GET", clients.service.url + path, headers={"Host": "evil.example:80"})
        assert reply.status == 403
        assert b"evil.example" in reply.data


def test_a_body_that_is_too_large_is_not_taken(clients, http):
    body = b"x" * (11 * 1024 * 1024)
    try:
        status = http.request("POST", f"{clients.service.url}/portal/sign-in", body=body).status
    except urllib3.exceptions.ProtocolError:  # the server hung up before everything was sent, and its answer was lost
        status = 413
    assert status == 413
