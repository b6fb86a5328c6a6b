"""How fast answers become labels, beside crowd-kit, and Krippendorff's alpha beside the package krippendorff.

    python benchmarks/consolidate.py [--quick] [--json FILE]

A hundred thousand and a million items, three answers each by 200 workers, five labels; `--quick` has thirty thousand,
and no one-coin model.
Ours and the peer take turns in one process, each from the same table of answers, its columns under the peer's names, to
labels by item; each figure is the median of three rounds after one that does not count, what takes over 10 s is run
once. In the figures, `_x` is the peer's time by ours, `_cpu_x` the same of the processors' time; `_equal` the share of
items of the same label, among those that ours does not call tied; `likelihood` is the mean of an answer's logarithm.
Memory is what a run takes beside its table, each in a process of its own. crowd-kit stops by a measure that need not
rise from step to step, ours where nothing changes any more: so labels differ in some of ten thousand items.

Two quiet cores, Python 3.11, 29 November 2026, by the clock: majority 7.4 times crowd-kit's speed with 100,000 items,
15 with a million; Dawid and Skene's model 19 and 38, one-coin 28; alpha 12 times from the table. Memory is less than
half of the peer's; at least 99.96 % of labels are equal, the likelihood to four digits.
"""

from __future__ import annotations

from crowds.races import alpha_race, label_race, memory, running_race
from reporting import command_line, report, show
from speed.clock import alone

METHODS = ("majority", "dawid_skene", "one_coin")


def labels(items: int, suffix: str, methods: tuple[str, ...] = METHODS) -> dict[str, float]:
    """Return the figures of the methods."""
    figures = {}
    for method in methods:
        taken, found = alone(label_race, method, items)
        show(f"{method}, {items:,} items × 3", taken)
        name = f"{method}{suffix}"
        figures |= {f"{name}_x": taken["crowd-kit"].seconds / taken["ours"].seconds}
        figures |= {f"{name}_cpu_x": taken["crowd-kit"].cpu / taken["ours"].cpu}
        figures |= {f"{name}_{what}": value for what, value in found.items()}
        if method != "one_coin":
            ours, theirs = alone(memory, "ours", method, items), alone(memory, "crowd-kit", method, items)
            figures |= {f"{name}_mb": ours, f"{name}_peer_mb": theirs}
    return figures


def alpha(items: int) -> dict[str, float]:
    """Return the figures of Krippendorff's alpha."""
    taken, found = alone(alpha_race, items)
    show(f"alpha, {items:,} items × 3", taken)
    return {
        "alpha_x": taken["krippendorff"].seconds / taken["ours"].seconds,
        "alpha_cpu_x": taken["krippendorff"].cpu / taken["ours"].cpu,
        "alpha_matrix_ready_x": taken["krippendorff, matrix ready"].seconds / taken["ours"].seconds,
        "alpha_apart": found["apart"],
    }


def running(items: int) -> dict[str, float]:
    """Return the figures of a thousand answers more."""
    taken, found = alone(running_race, items)
    show(f"1,000 answers more, {items:,} items × 3", taken)
    return {
        "running_x": taken["whole"].seconds / taken["portion"].seconds,
        "running_cpu_x": taken["whole"].cpu / taken["portion"].cpu,
        "running_equal": found["equal"],
        "running_settled_equal": found["settled_equal"],
    }


def main() -> None:
    """Measure, print, and write the figures."""
    arguments = command_line(__doc__, quick="fewer items, under a minute").parse_args()
    items = 30_000 if arguments.quick else 100_000
    figures = labels(items, "", METHODS[:2] if arguments.quick else METHODS) | alpha(items)
    figures |= running(100_000 if arguments.quick else 1_000_000)
    if not arguments.quick:
        figures |= labels(1_000_000, "_1e6", METHODS[:2])
    report(figures, arguments.json)


if __name__ == "__main__":
    main()
