"""The command `a2i-al doctor`: a table or JSON on standard output, and an exit code that a script can go by."""

import json

import boto3
import pytest

from a2i_al.cli import main


@pytest.fixture(autouse=True)
def at_the_embedded_service(embedded, monkeypatch):
    for variable, value in embedded.environment().items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


def test_a_healthy_account_is_exit_code_0_and_a_table(capsys):
    """One line per check, the account's among them."""
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "existing customer" in out
    assert "ok" in out


def test_a_failed_check_is_exit_code_1_with_its_fix_in_the_table(capsys):
    """A flow definition that is not there."""
    assert main(["doctor", "no-such-flow"]) == 1
    assert "list-flow-definitions" in capsys.readouterr().out


def test_json_is_one_list_of_checks(capsys):
    """With the four members that the table has."""
    main(["doctor", "--json"])
    checks = json.loads(capsys.readouterr().out)
    assert {frozenset(check) for check in checks} == {frozenset({"status", "check", "why", "fix"})}
