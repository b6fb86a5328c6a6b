"""Finding, starting and stopping the service from outside: one service per home, whoever asks and whenever."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from a2i_al import local
from a2i_al.errors import HomeNotWritable, PortInUse, ServiceNotRunning
from a2i_al.local import client
from a2i_al.local.home import Home
from a2i_al.local.server import _listen


@pytest.fixture
def home(tmp_path):
    yield tmp_path
    local.stop(tmp_path)


def pid(home):
    return json.loads((home / "service.json").read_text())["pid"]


def test_processes_that_start_it_at_once_get_one_service(home):
    script = "import sys; from a2i_al import local; print(local.ensure(sys.argv[1]).url)"
    starters = [
        subprocess.Popen([sys.executable, "-c", script, home], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    urls = {starter.communicate(timeout=60)[0].strip() for starter in starters}
    assert urls == {local.running(home).url}


def test_threads_that_start_it_at_once_get_one_service(home):
    with ThreadPoolExecutor(3) as pool:
        assert len({service.url for service in pool.map(lambda _: local.ensure(home), range(3))}) == 1


def test_it_goes_on_after_its_starter_and_is_joined(home):
    script = "import sys; from a2i_al import local; print(local.ensure(sys.argv[1]).url)"
    done = subprocess.run([sys.executable, "-c", script, home], capture_output=True, text=True, check=True)
    assert local.ensure(home).url == done.stdout.strip()


def test_stopping_it_keeps_everything(home, clients_of):
    before = local.ensure(home)
    flow = clients_of(before).flow()
    name = clients_of(before).start(flow)
    assert local.stop(home) is True
    assert not (home / "service.json").exists()
    assert local.running(home) is None
    assert local.stop(home) is False
    after = local.ensure(home)
    assert after.credentials == before.credentials
    assert after.portal_url.partition("?")[2] == before.portal_url.partition("?")[2]
    assert clients_of(after).status(name) == "InProgress"


def test_a_service_has_ended_when_another_has_begun(home, monkeypatch):
    """Whoever stops it does not wait for the next one to end as well."""
    local.ensure(home)
    kill, record = os.kill, Home.open(home).announced()

    def kill_and_start_another(*given):
        kill(*given)
        while Home.open(home).announced() in (None, record):
            local.ensure(home)

    with monkeypatch.context() as patched:
        patched.setattr(os, "kill", kill_and_start_another)
        assert local.stop(home, timeout=1) is True
    assert local.running(home) is not None


def test_a_visit_leaves_the_home_as_it_was(home):
    """What was stopped is stopped again, and what ran goes on."""
    with local.visiting(home) as service:
        assert local.running(home) == service
    assert local.running(home) is None
    before = local.ensure(home)
    with local.visiting(home) as service:
        assert service == before
    assert local.running(home) == before


def test_a_service_that_somebody_has_joined_outlives_the_visit(home):
    """A notebook that found it running counts on it; whoever joined the service before it does not keep this one."""
    with local.visiting(home):
        joined = local.ensure(home)
    assert local.running(home) == joined
    local.stop(home)
    with local.visiting(home), local.visiting(home):
        pass  # the second one has not started it
    assert local.running(home) is not None
    local.stop(home)
    with local.visiting(home):
        pass
    assert local.running(home) is None


def test_who_comes_while_a_visit_ends_gets_another_service(home, monkeypatch):
    """And never the one that is about to end."""
    stop = client.stop
    with ThreadPoolExecutor(1) as pool:
        late = []

        def stop_with_somebody_at_the_door(home):
            late.append(pool.submit(local.ensure, home))
            wait(late, timeout=0.3)  # would find the service within milliseconds
            return stop(home)

        monkeypatch.setattr(client, "stop", stop_with_somebody_at_the_door)
        with local.visiting(home):
            pass
        assert late[0].result() == local.running(home)


def test_a_killed_service_is_recognised_as_dead_and_replaced_without_loss(home, clients_of):
    service = local.ensure(home)
    clients = clients_of(service)
    name = clients.start(clients.flow(TaskCount=2))
    reviewer = local.SimulatedReviewer("Ann", lambda _: {"category": {"label": "spam"}})
    assert local.review(service, [reviewer]) == 1
    os.kill(pid(home), signal.SIGKILL)
    assert local.running(home) is None or local.running(home).url == service.url
    clients = clients_of(local.ensure(home))
    other = local.SimulatedReviewer("Ben", lambda _: {"category": {"label": "ham"}})
    assert local.review(clients.service, [reviewer, other]) == 1
    labels = [answer["answerContent"]["category"]["label"] for answer in clients.output(name)["humanAnswers"]]
    assert labels == ["spam", "ham"]


def test_a_service_that_comes_back_is_found_where_it_was(home):
    """A workflow in a notebook goes on after a crash, and after a stop; a port that was taken since is no obstacle."""
    service = local.ensure(home)
    os.kill(pid(home), signal.SIGKILL)
    assert local.ensure(home).url == service.url
    local.stop(home)
    assert local.ensure(home).url == service.url
    local.stop(home)
    with _listen("127.0.0.1", int(service.url.rpartition(":")[2])):
        assert local.ensure(home).url != service.url


def test_another_program_on_the_announced_port_is_not_mistaken_for_it(home, service):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        Home.open(home).announce(url=service.url, pid=bystander.pid, instance="another")
        assert local.running(home) is None
        assert local.stop(home) is False
        bystander.communicate(b"\n")
    assert bystander.returncode == 0


def test_small_replies_are_sent_at_once():
    """asyncio switches Nagle's algorithm off for sockets that name their protocol; it costs 40 ms a request."""
    with _listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_taken_port_is_an_error_of_its_own(home, service):
    with pytest.raises(PortInUse, match="choose another port"):
        local.ensure(home, port=int(service.url.rpartition(":")[2]))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly(tmp_path, number):
    command = [sys.executable, "-m", "a2i_al.local", "--home", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout.readline().startswith("embedded A2I  http://127.0.0.1:")
        assert server.stdout.readline().split() == ["home", str(tmp_path)]
        assert "/portal?token=" in server.stdout.readline()
        local.ensure(tmp_path)
        server.send_signal(number)
        assert server.wait(30) == 0
        assert "Traceback" not in server.stderr.read()
    assert not (tmp_path / "service.json").exists()


def test_a_home_of_a_newer_version_is_said_at_once(home):
    Home.open(home)
    connection = sqlite3.connect(home / "service.sqlite3")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ServiceNotRunning, match="upgrade a2i_al"):
        local.ensure(home)


def test_a_home_that_cannot_be_written_is_an_error_of_its_own(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeNotWritable):
        local.ensure(tmp_path / "file")


def test_the_server_refuses_to_listen_beyond_loopback_unless_told_to(tmp_path):
    command = [sys.executable, "-m", "a2i_al.local", "--home", tmp_path, "--host", "0.0.0.0"]  # noqa: S104  # which is what must be refused
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--allow-remote" in done.stderr


def test_importing_the_package_loads_no_server():
    script = (
        "import sys, a2i_al.local; print([m for m in ('boto3', 'starlette', 'uvicorn', 'liquid') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_environment_names_every_service_and_key(service):
    environment = service.environment()
    assert environment["AWS_ENDPOINT_URL_SAGEMAKER_A2I_RUNTIME"] == service.url
    assert environment["AWS_ENDPOINT_URL_S3"] == f"{service.url}/s3"
    assert environment["AWS_SECRET_ACCESS_KEY"] == service.credentials.secret_access_key


def test_a_service_shows_where_it_is_and_no_secret(service):
    """Its portal's link opens the portal, and saved notebooks are passed on."""
    assert repr(service) == f"Service({service.url!r}, home={str(service.home)!r})"
    assert service.credentials.secret_access_key not in repr(service.credentials)
