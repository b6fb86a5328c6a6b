"""How fast worker task templates render, are linted, and open as a list of previews; on one core.

    python benchmarks/templates.py [--quick] [--json FILE]

The peer is python-liquid as it comes, with autoescape on, rendering the same template: `renders_peer_x` says what A2I's
dialect, its limits and the report of undefined names cost beside it. Each figure is the best of three runs.

Two shared cores, Python 3.11, 23 November 2026: 10,000 renders in 0.13 to 0.36 s (the peer 0.07 to 0.13 s; the target
is 2 s), a list of 1,000 previews in 0.1 s and 0.11 MB of notebook output, the lint of the text template in 1 ms.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pandas as pd
from liquid import Environment
from reporting import command_line, report

from a2i_al import preview
from a2i_al.templates import lint, load, render

RENDERS, ITEMS, TARGET = 10_000, 1_000, 2.0


def seconds(work: Callable[[], object], runs: int = 3) -> float:
    """Return the best time of several runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def measure(renders: int) -> dict[str, float]:
    """Return all figures; those of fewer renders are scaled to the full number."""
    template = load("text-classification")
    rows = [{"text": f"Parcel {n} came two days early & everything in it was <in> one piece."} for n in range(renders)]
    peer = Environment(autoescape=True).from_string(template.source)
    table = pd.DataFrame(rows[:ITEMS]).assign(item_id=[str(n) for n in range(ITEMS)])
    ours = seconds(lambda: [render(template.source, row) for row in rows]) * RENDERS / renders
    theirs = seconds(lambda: [peer.render(task={"input": row}) for row in rows]) * RENDERS / renders
    sizes: list[int] = []
    listed = seconds(lambda: sizes.append(len(preview(template.source, table)._repr_html_())))
    return {
        "renders_10000_seconds": ours,
        "renders_10000_target_seconds": TARGET,
        "renders_peer_10000_seconds": theirs,
        "renders_peer_x": theirs / ours,
        "preview_1000_seconds": listed,
        "preview_1000_megabytes": sizes[0] / 1e6,
        "lint_milliseconds": seconds(lambda: lint(template.source, template.sample_input)) * 1e3,
    }


def main() -> None:
    """Measure, print, and write the figures."""
    arguments = command_line(__doc__, quick="a fifth of the renders").parse_args()
    report(measure(RENDERS // 5 if arguments.quick else RENDERS), arguments.json)


if __name__ == "__main__":
    main()
