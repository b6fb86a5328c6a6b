"""Every setting of a home can be given to both commands that serve it, and arrives where it is kept."""

import json
import subprocess
import sys

import pytest

from a2i_al import local
from a2i_al.cli import main

OPTIONS = ["--requests-per-second", "7.5", "--loops-in-flight", "9", "--events-queue-url", "http://127.0.0.1:1/0/q"]
SETTINGS = {"requests_per_second": 7.5, "loops_in_flight": 9, "events_queue_url": "http://127.0.0.1:1/0/q"}


@pytest.fixture
def home(tmp_path):
    yield tmp_path
    local.stop(tmp_path)


def test_the_service_keeps_what_it_was_started_with(home):
    """The home's config.json has the settings, and the running service goes by them."""
    subprocess.run([sys.executable, "-m", "a2i_al.local", "--home", home, *OPTIONS, "--detach"], check=True)
    service = local.ensure(home)
    assert json.loads((home / "config.json").read_text()).items() >= SETTINGS.items()
    assert service.traffic().items() >= {"requests_per_second": 7.5, "loops_in_flight": 9}.items()


def test_the_command_hands_them_on(monkeypatch, tmp_path):
    """`a2i-al local serve` has the same options; what is left out is left as it is."""
    served = []
    monkeypatch.setattr(local, "serve", lambda _, **settings: served.append(settings))
    assert main(["local", "serve", "--home", str(tmp_path), *OPTIONS]) == 0
    assert main(["local", "serve", "--home", str(tmp_path)]) == 0
    assert served[0] == SETTINGS | {"s3": None, "port": 8470}
    assert served[1] == dict.fromkeys(SETTINGS) | {"s3": None, "port": 8470}


def test_status_says_what_holds_requests_back(home, capsys):
    """Limits that are set, and what they have refused, are lines of `a2i-al local status`."""
    local.ensure(home, loops_in_flight=3)
    main(["local", "status", "--home", str(home)])
    out = capsys.readouterr().out
    assert "requests     0 to the runtime API\n" in out
    assert "limit        3 human loops in flight" in out
    assert "requests a second" not in out
