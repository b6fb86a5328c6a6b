"""Objects by any key, with boto3's credentials; whatever goes wrong is an error of this package."""

import json
import os
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import boto3
import obstore
import obstore.store
import pytest
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import UnauthorizedSSOTokenError
from botocore.session import get_session

from a2i_al import storage
from a2i_al.aws.connection import Connection
from a2i_al.aws.flows import FlowDefinition
from a2i_al.errors import AccessDenied, NotConfigured, NotFound, QuarantineWarning, ServiceError, Unreachable
from a2i_al.harvest.read import read_outputs
from a2i_al.storage import file_uri, open_store

ODD = ["flow//double", "flow/./dot", "flow/../dots"]
PLAIN = ["flow/a", "flow/é ü", "flow/x y~%20?#&+=", "flow/z"]


def output(name):
    answer = {"answerContent": {"c": {"label": "x"}}, "submissionTime": "2026-11-01T10:00:00Z", "workerId": "w"}
    return json.dumps({"humanLoopName": name, "humanAnswers": [answer], "inputContent": {}}).encode()


def put(s3, folders):
    for folder in folders:
        s3.s3.put_object(Bucket="outputs", Key=f"{folder}/output.json", Body=output(folder.rsplit("/")[-1]))


@pytest.fixture
def sso(monkeypatch):
    """Give a session whose sign-on has run out."""

    def refresh():
        raise UnauthorizedSSOTokenError

    keys = {"access_key": "a", "secret_key": "s", "token": "t", "expiry_time": datetime.now(UTC) - timedelta(hours=1)}
    session = get_session()
    session._credentials = RefreshableCredentials(**keys, refresh_using=refresh, method="sso")
    return boto3.Session(botocore_session=session, region_name="us-east-1")


def test_keys_that_obstore_has_no_name_for_are_read_all_the_same(s3, tmp_path):
    """An S3OutputPath that ends in a slash can make them; one costs obstore the whole listing."""
    put(s3, [*ODD, *PLAIN])
    found = read_outputs("s3://outputs/flow", cache=tmp_path, connection=s3)
    assert sorted(found.answers["human_loop_name"]) == sorted(folder.rsplit("/")[-1] for folder in [*ODD, *PLAIN])
    assert "s3://outputs/flow//double/output.json" in set(found.answers["output_uri"])
    again = read_outputs("s3://outputs/flow", cache=tmp_path, connection=s3)
    assert again.answers.equals(found.answers)


def test_files_of_any_name_and_links_in_a_circle(tmp_path):
    """One of them costs obstore the whole listing; every output is read all the same, once."""
    for name in ("plain", "new\nline", "x~%20#?*", " é\u2028"):
        (tmp_path / "out" / name).mkdir(parents=True)
        (tmp_path / "out" / name / "output.json").write_bytes(output(name))
    (tmp_path / "out" / "circle").symlink_to(tmp_path / "out")
    (tmp_path / "out" / "dangling").symlink_to(tmp_path / "nothing")
    unreadable = os.fsdecode(b"\xff")
    (tmp_path / "out" / unreadable).mkdir()
    (tmp_path / "out" / unreadable / "output.json").write_bytes(output("no text"))
    found = read_outputs(file_uri(tmp_path / "out"), cache=tmp_path / "kept")
    assert sorted(found.answers["human_loop_name"]) == sorted(["plain", "new\nline", "x~%20#?*", " é\u2028"])
    assert read_outputs(file_uri(tmp_path / "out"), cache=tmp_path / "kept").answers.equals(found.answers)


def test_an_output_path_that_ends_in_a_slash(s3):
    """The workflow's own outputs are found whether A2I doubles the slash or not, and nobody else's are taken."""
    put(s3, ["flow//spam-1/a", "flow/spam-1/b", "flow/other/c"])
    definition = FlowDefinition("arn", "spam-1", "s3://outputs/flow", 1, "", slashed=True)
    found = read_outputs(definition.outputs, human_loop_names=["a", "b"], connection=s3)
    assert found.answers["human_loop_name"].tolist() == ["a", "b"]


def test_the_listing_goes_on_behind_what_was_listed(s3, monkeypatch):
    """Nothing comes twice, or is left out, where the odd key is on a later page."""
    put(s3, [*PLAIN, "zone//late", "zone/later"])
    store, _ = open_store("s3://outputs", s3)

    def pages(*_, **__):
        yield [
            {"path": f"{folder}/output.json", "size": 1, "e_tag": "t", "last_modified": datetime.now(UTC)}
            for folder in sorted(PLAIN)
        ]
        raise obstore.exceptions.InvalidPathError("zone//late")

    monkeypatch.setattr(obstore, "list", pages)
    assert [entry.key.removesuffix("/output.json") for entry in store.list("")] == [
        *sorted(PLAIN),
        "zone//late",
        "zone/later",
    ]


def test_the_tag_is_the_same_whoever_lists(s3, monkeypatch):
    """Else one odd key would make every output look changed."""
    put(s3, PLAIN)
    store, _ = open_store("s3://outputs/flow", s3)
    before = {entry.key: entry.tag for entry in store.list("flow")}
    put(s3, ODD[:1])
    after = {entry.key: entry.tag for entry in store.list("flow")}
    assert before.items() <= after.items()
    assert len(after) == len(PLAIN) + 1


def test_what_is_not_there_is_not_found_by_any_key(s3):
    """By obstore or by boto3."""
    store, _ = open_store("s3://outputs", s3)
    for key in ("gone", "gone//output.json"):
        with pytest.raises(NotFound):
            store.get(key)
    with pytest.raises(NotFound, match="check the bucket's name"):
        read_outputs("s3://no-such-bucket-at-all", connection=s3)
    with pytest.raises(NotFound):
        open_store(file_uri("/"))[0].get("no//such")


def test_no_credentials_and_a_sign_on_that_has_run_out_say_so(monkeypatch, sso, moto_endpoint):
    """Before anything is sent: obstore would call it an unreachable server."""
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(variable, "/none")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for session, words in ((boto3.Session(region_name="us-east-1"), "none were found"), (sso, "SSO")):
        with pytest.raises(NotConfigured, match=words):
            read_outputs("s3://outputs/flow", connection=Connection(session, {"s3": moto_endpoint}))


@pytest.fixture
def trusted(monkeypatch):
    """Give what SSL_CERT_FILE says whenever obstore makes a store; no store is made."""
    seen = []
    monkeypatch.setattr(obstore.store, "S3Store", lambda *_, **__: seen.append(os.environ.get("SSL_CERT_FILE")))
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    return seen


@pytest.mark.parametrize("before", [None, "mine.pem"])
def test_obstore_trusts_what_boto3_trusts(s3, trusted, monkeypatch, before):
    """A company's own certificates are in AWS_CA_BUNDLE; afterwards the environment is as it was."""
    if before:
        monkeypatch.setenv("SSL_CERT_FILE", before)
    monkeypatch.setenv("AWS_CA_BUNDLE", "company.pem")
    session = boto3.Session("key", "secret", region_name="us-east-1")
    open_store("s3://outputs", Connection(session, {"s3": s3.endpoints["s3"]}))
    assert trusted == ["company.pem"]
    assert os.environ.get("SSL_CERT_FILE") == before


@pytest.mark.parametrize("kept", ["a file", "a folder", "an empty folder", "nothing"])
def test_where_the_system_has_no_certificates_those_of_botocore_serve(s3, trusted, monkeypatch, tmp_path, kept):
    """As on a small container; where there are any, obstore finds them by itself."""
    if kept == "a folder":
        (tmp_path / "one.pem").touch()
    paths = SimpleNamespace(
        cafile="all.pem" if kept == "a file" else None, capath=str(tmp_path) if "folder" in kept else None
    )
    monkeypatch.setattr("ssl.get_default_verify_paths", lambda: paths)
    session = boto3.Session("key", "secret", region_name="us-east-1")
    open_store("s3://outputs", Connection(session, {"s3": s3.endpoints["s3"]}))
    (found,) = trusted
    assert (found is None) == (kept in {"a file", "a folder"})
    assert found is None or found.endswith("cacert.pem")


@pytest.mark.parametrize(
    ("words", "kind", "fix"),
    [
        ("Received redirect without LOCATION", ServiceError, "bucket's own Region"),
        ("connection refused", Unreachable, "endpoint and the network"),
        ("<Code>AccessDenied</Code>", AccessDenied, "policy for this bucket"),
        ("<Code>NoSuchBucket</Code>", NotFound, "bucket's name"),
    ],
)
def test_obstores_own_words_are_told_apart(words, kind, fix):
    """A bucket of another Region is answered with a redirect, which is no fault of the network."""
    error = storage._own(obstore.exceptions.GenericError(f"{words}\n\nDebug source:\nfar too much"), "reading s3://b/k")
    assert "far too much" not in str(error)
    assert type(error) is kind
    assert fix in str(error)


def test_an_output_in_an_archive_is_quarantined_until_it_is_restored(s3, tmp_path):
    """A lifecycle rule has moved it: the others are harvested, and the cache does not hold it against it afterwards."""
    put(s3, ["flow/now"])
    s3.s3.put_object(Bucket="outputs", Key="flow/old/output.json", Body=output("old"), StorageClass="GLACIER")
    with pytest.warns(QuarantineWarning, match="1 of 2"):
        found = read_outputs("s3://outputs/flow", connection=s3, cache=tmp_path)
    assert found.answers["human_loop_name"].tolist() == ["now"]
    assert "restore-object" in found.quarantine["reason"].item()
    s3.s3.restore_object(Bucket="outputs", Key="flow/old/output.json", RestoreRequest={"Days": 1})
    found = read_outputs("s3://outputs/flow", connection=s3, cache=tmp_path)
    assert found.answers["human_loop_name"].tolist() == ["now", "old"]
