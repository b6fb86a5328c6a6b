"""The command: results on standard output, errors as one line, and an environment that any boto3 program can use."""

import io
import json
import os
import subprocess
import sys
from importlib.metadata import version

import pytest

import a2i_al
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


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["local"],
        ["local", "serve", "--s3", "elsewhere"],
        ["local", "serve", "--port", "70000"],
        ["local", "serve", "--port", "http"],
        ["demo", "--seed", "-1"],
    ],
)
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


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["demo", "--out", "file"], "out is file: that is a file"),
        (["template", "new", "text-classification", "--out", "file/page.html"], "--out is file/page.html: file is a"),
        (["template", "new", "text-classification", "--out", "no/page.html"], "there is no folder no"),
    ],
)
def test_a_place_that_cannot_be_written_is_said(tmp_path, monkeypatch, capsys, command, words):
    """With what would do, and before anything is begun."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    assert main(command) == 1
    errors = capsys.readouterr().err
    assert words in errors
    assert "To fix: choose another place." in errors


TEMPLATE = """<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form>
  <img src="{{ task.input.image | grant_read_access }}"><p>{{ task.input.text }}</p>
  <crowd-input name="who"></crowd-input>
</crowd-form>
"""


@pytest.fixture
def written(tmp_path):
    """Write a template and a row, and return their paths as text."""
    (tmp_path / "page.liquid.html").write_text(TEMPLATE)
    (tmp_path / "row.json").write_text(json.dumps({"text": "R&D", "image": "s3://bucket/folder/dot.png"}))
    return str(tmp_path / "page.liquid.html"), str(tmp_path / "row.json")


def test_check_finds_nothing_and_lists_what_is_answered(written, capsys):
    """A clean template is exit code 0, and its fields are printed with their kinds."""
    template, row = written
    assert main(["template", "check", template, "--input", row]) == 0
    assert capsys.readouterr().out == "answers:\n  who  text\nno findings\n"


def test_check_prints_findings_as_compilers_do(tmp_path, capsys):
    """File, line, column, severity, message, code, and a caret below the line; errors are exit code 1."""
    (tmp_path / "bad.html").write_text(TEMPLATE.replace("</crowd-input>", "</crowd-input><crowd-inptu></crowd-inptu>"))
    assert main(["template", "check", str(tmp_path / "bad.html")]) == 1
    first, excerpt, caret, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{tmp_path / 'bad.html'}:4:41: error: there is no element <crowd-inptu>.")
    assert first.endswith("[unknown-element]")
    assert excerpt[caret.index("^") :].startswith("<crowd-inptu>")


def test_check_gives_json_to_programs(written, capsys):
    """The same as an object; warnings alone are exit code 0."""
    template, _ = written
    assert main(["template", "check", template, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True
    assert found["fields"] == {"who": "text"}
    assert found["findings"] == []


def test_check_reads_standard_input(monkeypatch, capsys):
    """A dash stands for it, as in other commands."""
    monkeypatch.setattr("sys.stdin", io.StringIO("{% if"))
    assert main(["template", "check", "-"]) == 1
    assert capsys.readouterr().out.startswith("-:1:1: error:")


def test_allowed_hosts_are_no_finding_and_in_the_page(tmp_path, written, capsys):
    """What the owner names is written into the page's policy, and nothing else is."""
    (tmp_path / "chart.html").write_text(TEMPLATE + '<script src="https://cdn.example.org/chart.js"></script>')
    allow = ["--allow-host", "https://cdn.example.org"]
    assert main(["template", "check", str(tmp_path / "chart.html"), *allow]) == 0
    assert "no findings" in capsys.readouterr().out
    command = ["template", "render", str(tmp_path / "chart.html"), "--input", written[1], "--out", "-"]
    main([*command, *allow])
    assert "script-src 'unsafe-inline' https://cdn.example.org;" in capsys.readouterr().out
    main(command)
    assert "script-src 'unsafe-inline';" in capsys.readouterr().out


def test_render_writes_one_file_that_needs_nothing_else(tmp_path, written):
    """Pictures are placeholders, or come from the folder that is named."""
    template, row = written
    command = ["template", "render", template, "--input", row, "--out", str(tmp_path / "page.html")]
    assert main(command) == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "R&amp;D" in page
    assert "data:image/svg+xml" in page
    (tmp_path / "dot.png").write_bytes(b"dot")
    assert main([*command, "--files", str(tmp_path)]) == 0
    assert "data:image/png;base64,ZG90" in (tmp_path / "page.html").read_text("utf-8")


def test_render_says_what_the_row_lacks(tmp_path, written, capsys):
    """On standard error: the page is written all the same, as A2I would show it."""
    (tmp_path / "short.json").write_text(json.dumps({"image": "s3://bucket/a.png"}))
    assert main(["template", "render", written[0], "--input", str(tmp_path / "short.json"), "--out", "-"]) == 0
    captured = capsys.readouterr()
    assert "task.input.text is not in" in captured.err
    assert "task.input.text" not in captured.out


def test_list_and_new_begin_a_template(tmp_path, capsys):
    """A name of the list, with labels of one's own, is a template that the lint finds nothing wrong with."""
    assert main(["template", "list"]) == 0
    assert "text-classification" in capsys.readouterr().out
    out = tmp_path / "mine.html"
    assert main(["template", "new", "text-classification", "--labels", "spam, it's ham", "--out", str(out)]) == 0
    assert "it&#x27;s ham" in out.read_text("utf-8")
    assert main(["template", "check", str(out)]) == 0


def test_new_never_overwrites(tmp_path, capsys):
    """What was edited is not lost by a command that is run again."""
    (tmp_path / "mine.html").write_text("edited")
    assert main(["template", "new", "text-classification", "--out", str(tmp_path / "mine.html")]) == 1
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "mine.html").read_text() == "edited"


@pytest.mark.parametrize(
    ("row", "words"),
    [("[1]", "holds a list"), ("{", "is not JSON"), (b"\xff", "cannot be read"), (None, "cannot be read")],
)
def test_a_row_that_is_none_is_an_error_in_one_line(tmp_path, written, capsys, row, words):
    """Not an object, not JSON, not text, not there."""
    path = tmp_path / "other.json"
    if row is not None:
        path.write_bytes(row if isinstance(row, bytes) else row.encode())
    assert main(["template", "check", written[0], "--input", str(path)]) == 1
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1


def test_the_version_is_that_of_the_package(capsys):
    """By the command and in Python alike."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"a2i-al {a2i_al.__version__}\n"
    assert a2i_al.__version__ == version("a2i-al")
