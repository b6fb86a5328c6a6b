"""How fast loops are submitted, beside boto3 in as many threads and beside a limit that nobody has told us of.

    python benchmarks/submit.py [--quick] [--json FILE]

The service is the embedded A2I, in a process of its own. The peer is what one would write without this package:
`start_human_loop` in a thread pool. It has no ledger, and knows nothing of throttling beyond boto3's own retries.

* `of_boto3`: our loops per second as a share of the peer's, the median of races in which the two take turns at being
  first: a machine that is busy for a while spoils a race or two. The peer's client is made beforehand.
* `of_limit`: of the requests that a limit would have let through in the time of a submission, the share that was made;
  `throttled`: of all requests, the share that was refused for being too fast. The targets are 0.95 and 0.02.

Two almost quiet cores, Python 3.11, 29 November 2026, 5,000 loops, four runs: 0.86, 0.90, 0.96 and 1.04 of boto3's rate
in the median race (1,210 to 1,410 loops a second against 1,360 to 1,450; the plan and the ledger, made before the first
request, are 0.03); 0.997 of a limit of 100 a second, 0.8 % throttled.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import pandas as pd
from reporting import command_line, report

from a2i_al import Workflow, local
from a2i_al.loops.requests.names import human_loop_name

LOOPS, RACES, WORKERS = 5_000, 5, 8
LIMIT = 100.0  # requests per second
TEMPLATE = "<crowd-form><p>{{ task.input.text }}</p><crowd-input name='answer'></crowd-input></crowd-form>"


def items(prefix: str, number: int) -> pd.DataFrame:
    """Return items with a kilobyte of text each."""
    text = "Parcel 7 came two days early and everything in it was in one piece. " * 15
    return pd.DataFrame({"item_id": [f"{prefix}-{n}" for n in range(number)], "text": text})


def ours(flow: Workflow, asked: pd.DataFrame) -> None:
    """Submit, ledger and all."""
    flow.submit(asked, max_workers=WORKERS, progress=False)


def with_boto3(flow: Workflow) -> Callable[[pd.DataFrame], object]:
    """Return what starts loops with boto3 alone."""
    service = local.running(Path(flow.ledger.path).parent)
    client = service.boto3_session().client("sagemaker-a2i-runtime", endpoint_url=service.url)

    def start(item: dict[str, str]) -> None:
        client.start_human_loop(
            HumanLoopName=human_loop_name(flow.arn, item["item_id"]),
            FlowDefinitionArn=flow.arn,
            HumanLoopInput={"InputContent": json.dumps(item)},
        )

    def theirs(asked: pd.DataFrame) -> None:
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(start, asked.to_dict("records")))

    return theirs


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def beside_boto3(flow: Workflow, loops: int) -> dict[str, float]:
    """Let both start equal numbers of loops, race by race."""
    contenders: dict[str, Callable[[pd.DataFrame], object]] = {"ours": partial(ours, flow), "boto3": with_boto3(flow)}
    for name, work in contenders.items():
        work(items(f"warm-{name}", WORKERS))
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for race in range(RACES):
        for name in sorted(contenders, reverse=race % 2 == 0):
            asked = items(f"{name}-{race}", loops)
            spent[name].append(seconds(partial(contenders[name], asked)))
    shares = [theirs / mine for mine, theirs in zip(spent["ours"], spent["boto3"], strict=True)]
    return {
        "loops": loops,
        "loops_per_second": loops / median(spent["ours"]),
        "boto3_loops_per_second": loops / median(spent["boto3"]),
        "of_boto3": median(shares),
        "of_boto3_quartile": quantiles(shares, n=4)[0],
    }


def beside_limit(flow: Workflow, loops: int) -> dict[str, float]:
    """Start so many loops against a limit, from not knowing it."""
    service = local.running(Path(flow.ledger.path).parent)
    service.limit(requests_per_second=LIMIT)
    before = service.traffic()
    took = seconds(lambda: ours(flow, items("limited", loops)))
    after = service.traffic()
    service.limit(requests_per_second=0)
    throttled = after["refused"].get("ThrottlingException", 0) - before["refused"].get("ThrottlingException", 0)
    # The bucket was full: a second's worth of requests could pass at once.
    return {
        "limited_loops": loops,
        "limit_per_second": LIMIT,
        "limited_loops_per_second": loops / took,
        "of_limit": loops / (LIMIT * (took + 1)),
        "throttled": throttled / (after["requests"] - before["requests"]),
    }


def main() -> None:
    """Measure, print, and write the figures."""
    arguments = command_line(__doc__, quick="races of 500 loops, 1,500 against the limit").parse_args()
    loops, limited = (500, 1_500) if arguments.quick else (LOOPS, LOOPS)
    with tempfile.TemporaryDirectory() as home:
        flow = Workflow.local("submit", template=TEMPLATE, home=home)
        try:
            other = Workflow.local("limit", template=TEMPLATE, home=home)
            figures = beside_boto3(flow, loops) | beside_limit(other, limited)
        finally:
            flow.stop_service()
    report(figures, arguments.json)


if __name__ == "__main__":
    main()
