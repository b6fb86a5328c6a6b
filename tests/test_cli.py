"""The command: results on standard output, errors as one line, and an environment that any boto3 program can use."""

import os
import subprocess
import sys

import pytest

from a2i_al.cli import main


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "a2i_al", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=60,
    )


def test_env_prints_what_a_shell_can_evaluate(embedded):
    """After eval, boto3 without any argument talks to the embedded A2I."""
    program = "import boto3; print(boto3.client('sagemaker').list_workteams()['Workteams'][0]['WorkteamName'])"
    env = f'"{sys.executable}" -m a2i_al local env --home "{embedded.home}"'
    script = f'eval "$({env})" && "{sys.executable}" -c "{program}"'
    clean = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    done = subprocess.run(["bash", "-c", script], check=False, capture_output=True, text=True, env=clean, timeout=60)
    assert done.stdout.strip() == "local", done.stderr


def test_status_tells_where_it_runs(embedded, capsys):
    """The address, the home and the portal link."""
    assert main(["local", "status", "--home", str(embedded.home)]) == 0
    out = capsys.readouterr().out
    assert embedded.url in out
    assert embedded.portal_url in out


@pytest.mark.parametrize("command", ["status", "env"])
def test_nothing_running_is_an_error_that_says_how_to_start_it(tmp_path, capsys, command):
    """Exit code 1, and one line on standard error."""
    assert main(["local", command, "--home", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "a2i-al local serve" in captured.err
    assert captured.err.count("\n") == 1


def test_stop_says_when_there_was_nothing_to_stop(tmp_path, capsys):
    """Stopping twice is not an error."""
    assert main(["local", "stop", "--home", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "was not running\n"


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["local"], ["local", "serve", "--s3", "elsewhere"]])
def test_wrong_usage_is_exit_code_2(arguments):
    """As every command does."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_ctrl_c_says_that_nothing_is_lost(monkeypatch, capsys):
    """An interrupted command ends with 130 and without a traceback."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("a2i_al.demo.run", interrupted)
    assert main(["demo"]) == 130
    assert "goes on from here" in capsys.readouterr().err


def test_a_port_in_use_and_a_home_that_cannot_be_written(embedded, tmp_path):
    """Serving says what is in the way, and leaves nothing half-started."""
    port = embedded.url.rsplit(":", 1)[1]
    taken = run("local", "serve", "--port", port, "--home", str(tmp_path / "home"))
    assert taken.returncode == 1
    assert f"{port}" in taken.stderr
    assert "Traceback" not in taken.stderr
    (tmp_path / "file").write_text("")
    unwritable = run("local", "serve", "--port", "0", "--home", str(tmp_path / "file" / "home"))
    assert unwritable.returncode == 1
    assert "Traceback" not in unwritable.stderr
