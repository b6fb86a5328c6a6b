"""Throttling and the quota of loops in flight: off unless asked for, in A2I's own errors, counted, changeable."""

import json
from contextlib import suppress

import pytest
from botocore.config import Config

from a2i_al import local
from a2i_al.errors import InvalidInput, ServiceNotRunning
from a2i_al.local.api.limits import Limits
from a2i_al.local.home import Home
from a2i_al.local.wire.call import Refusal
from a2i_al.settings import Credentials


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """Serve a home of its own: limits would disturb the session's service."""
    home = tmp_path_factory.mktemp("limited")
    yield local.ensure(home)
    local.stop(home)


@pytest.fixture
def clients(limited, clients_of):
    limited.limit(requests_per_second=0, loops_in_flight=0)
    return clients_of(limited)


def impatient(clients):
    """Make a client that does not try again."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 1})
    url = clients.service.endpoints()["sagemaker-a2i-runtime"]
    return clients.service.boto3_session().client("sagemaker-a2i-runtime", endpoint_url=url, config=config)


def passing(limits, times):
    """Return how many of so many requests pass at once."""
    passed = 0
    for _ in range(times):
        with suppress(Refusal):
            limits.admit()
            passed += 1
    return passed


def test_a_new_home_has_no_limits(tmp_path):
    """Nobody is throttled who has not asked for it."""
    limits = Limits(Home.open(tmp_path), clock=lambda: 0.0)
    assert passing(limits, 1000) == 1000
    assert limits.loops_in_flight == 0


def test_a_second_s_worth_passes_at_once_and_then_the_rate(tmp_path):
    """The bucket holds one second's requests, fills at the rate, and never holds more."""
    now = [0.0]
    limits = Limits(Home.open(tmp_path), clock=lambda: now[0])
    limits.change(requests_per_second=10)
    assert passing(limits, 50) == 10
    now[0] += 0.3
    assert passing(limits, 50) == 3
    now[0] += 3600
    assert passing(limits, 50) == 10


def test_a_rate_below_one_lets_single_requests_pass(tmp_path):
    """One request in four seconds is a rate too."""
    now = [0.0]
    limits = Limits(Home.open(tmp_path), clock=lambda: now[0])
    limits.change(requests_per_second=0.25)
    assert passing(limits, 3) == 1
    now[0] += 3.9
    assert passing(limits, 3) == 0
    now[0] += 0.1
    assert passing(limits, 3) == 1


def test_a_throttled_client_gets_the_typed_error_and_is_counted(clients):
    """botocore reads ThrottlingException with status 429, from every operation."""
    runtime = impatient(clients)
    clients.service.limit(requests_per_second=0.001)
    before = clients.service.traffic()
    with pytest.raises(runtime.exceptions.ResourceNotFoundException):
        runtime.describe_human_loop(HumanLoopName="nobody")
    with pytest.raises(runtime.exceptions.ThrottlingException) as caught:
        runtime.describe_human_loop(HumanLoopName="nobody")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert caught.value.response["Error"]["Message"] == "Rate exceeded"
    after = clients.service.traffic()
    assert after["requests"] - before["requests"] == 2
    assert after["refused"]["ThrottlingException"] == before["refused"].get("ThrottlingException", 0) + 1
    assert after["requests_per_second"] == 0.001


def test_a_request_without_a_good_signature_takes_nobody_s_turn(clients, http):
    """Only whoever has the key is counted against the rate."""
    clients.service.limit(requests_per_second=0.001)
    assert http.request("GET", f"{clients.service.url}/human-loops/nobody").status == 403
    runtime = impatient(clients)
    with pytest.raises(runtime.exceptions.ResourceNotFoundException):
        runtime.describe_human_loop(HumanLoopName="nobody")


def test_the_quota_is_per_flow_definition_and_free_again_when_loops_end(clients):
    """One loop too many is refused with 402; another flow definition, or a loop that ends, has room."""
    flow, other = clients.flow(), clients.flow()
    clients.service.limit(loops_in_flight=2)
    first = clients.start(flow)
    second = clients.start(flow, text="second")
    quota = clients.runtime.exceptions.ServiceQuotaExceededException
    with pytest.raises(quota, match="has 2 human loops in flight, and its quota is 2") as caught:
        clients.start(flow)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402
    clients.start(other)
    clients.start(flow, second, text="second")  # the same again starts nothing, and so needs no room
    clients.runtime.stop_human_loop(HumanLoopName=first)
    clients.start(flow)
    assert clients.service.traffic()["refused"]["ServiceQuotaExceededException"] >= 1


def test_limits_outlive_the_service(tmp_path, clients_of):
    """A service that is started again has the limits that its home was given."""
    service = local.ensure(tmp_path, loops_in_flight=1)
    flow = clients_of(service).flow()
    clients_of(service).start(flow)
    local.stop(tmp_path)
    again = clients_of(local.ensure(tmp_path))
    with pytest.raises(again.runtime.exceptions.ServiceQuotaExceededException):
        again.start(flow)
    assert local.ensure(tmp_path, loops_in_flight=0).traffic()["loops_in_flight"] == 0
    again.start(flow)
    local.stop(tmp_path)


@pytest.mark.parametrize(
    "limits",
    [
        {"requests_per_second": -1},
        {"requests_per_second": float("nan")},
        {"requests_per_second": "9"},
        {"loops_in_flight": 1.5},
        {"loops_in_flight": True},
    ],
)
def test_an_impossible_limit_is_refused_and_changes_nothing(clients, limits):
    """What is no number from 0 up stays outside of the home."""
    with pytest.raises(InvalidInput, match="where 0 is no limit"):
        clients.service.limit(**limits)
    assert json.loads((clients.service.home / "config.json").read_text())["loops_in_flight"] == 0


def test_only_the_holder_of_the_key_changes_limits(clients, http):
    """Another program on this machine can neither read nor set them, and a limit that is none is named."""
    url = f"{clients.service.url}/limits"
    assert http.request("PUT", url, body=b'{"loops_in_flight": 1}').status == 403
    stranger = local.Service(**(vars(clients.service) | {"credentials": Credentials("AKIALOCAL", "guess")}))
    with pytest.raises(ServiceNotRunning, match="access key id does not exist"):
        stranger.limit(loops_in_flight=1)
    with pytest.raises(InvalidInput, match="no limit 'speed', but requests_per_second, loops_in_flight"):
        local.control.limits(clients.service.url, clients.service.credentials, clients.service.region, {"speed": 1})


def test_a_service_that_is_gone_is_said(tmp_path):
    """Asking a stopped service for its counters is an error of its own."""
    service = local.ensure(tmp_path)
    local.stop(tmp_path)
    with pytest.raises(ServiceNotRunning, match="no embedded A2I answers at"):
        service.traffic()
