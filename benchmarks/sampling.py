"""How fast the strategies choose, beside the peers' own, one read of the array and polars; everything in float32.

    python benchmarks/sampling.py [--quick] [--json FILE] [--plot docs/images/sampling_growth.png]

Every call of ours is the whole `al.sample`, its checks and the table included; a peer's is its public function or query
up to the positions. Ours and the peers take turns in the same process; each figure is the median of three rounds or
more after one that does not count; what takes over 10 s is run once. In the figures, `_x` is the fastest peer's time by
ours, `_over_` ours by the other's. One read of an array is the faster of numpy's sum and a compiled sum in as many
threads as ours uses, from memory: copies take turns, so that none stays in a cache. It is raced apart from the peers,
which take ten times as long and leave the caches to whoever comes next as they left them. `--quick` makes the pools
smaller and fewer, so its factors are smaller too. `parquet_over_polars` is the geometric mean over three writers of the
same pool, and each stands beside it. `--plot` measures and draws the growth from 10,000 to 10,000,000 items, some
minutes more.

Two quiet cores, Python 3.11, 29 November 2026, factors by the clock, several runs. 1,000 of 10 million: least
confidence 16 to 32, margin 20 to 28 and once 8, entropy 11 to 43 (the low ones where the machine took 35 ms more
in most of the rounds, without page faults); 1.4 to 2.3, 1.5 to 2.3 and 1.9 to 3.0 times one read, with 0.5 MB beside
the array. Of 1 million: 11 to 12, 10 to 12 and 7.8 to 9.2; 2.6 to 3.9, 2.6 to 3.8 and 4.6 to 7.4 times one read, of
which the table takes a part. Parquet 1.10 to 1.17 times polars' time, 1.09 to 1.13 of its processor time: 1.14 to 1.21
for files by pandas, 0.92 to 1.03 by polars, 1.22 to 1.31 in small row groups, where pyarrow's decoding alone takes as
much as polars' whole query; in 341 MB, polars 215 to 296. Batches: BADGE 254 to 273, density 50 to 55, k-center 40,
ProbCover 34, MaxHerding 32, TypiClust 8.1, contrastive 1.2 to 9.4, ranked batch 5.9 to 13, Falcun 2.6, CLUE 2.1,
weighted k-means 1.5 to 5.4, k-means 1.2. Committees: vote entropy 8.5, consensus entropy 5.4 to 6.2, KL to consensus
5.5, BALD 5.3. On a machine with other work to do factors are smaller: ours uses both cores, most peers one.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from statistics import geometric_mean

from reporting import command_line, report, show
from speed.batches import HEATS, batch_races, committee_race
from speed.clock import Taken, alone
from speed.growth import batch_curves, draw, exponent, score_curves
from speed.parquet import WRITERS, parquet_race
from speed.scores import READ, extra_mb, fastest, score_race

SHORT = {"least_confidence": "lc", "k_center": "kcenter", "prob_cover": "probcover", "max_herding": "maxherding"}


def scores(rows: int) -> dict[str, float]:
    """Return the figures of the uncertainty scores."""
    figures = {}
    beside_peers, beside_reads = alone(score_race, rows), alone(partial(score_race, peers=False), rows)
    for strategy, taken in beside_peers.items():
        show(f"{strategy}, 1,000 of {rows:,} × 10", taken)
        name, ours = SHORT.get(strategy, strategy), taken["ours"]
        figures[f"{name}_x"] = taken[fastest(taken)].seconds / ours.seconds
        figures[f"{name}_cpu_x"] = taken[fastest(taken)].cpu / ours.cpu
    for strategy, taken in beside_reads.items():
        show(f"{strategy}, beside a read", taken)
        figures[f"{SHORT.get(strategy, strategy)}_over_read"] = taken["ours"].seconds / taken[READ].seconds
    return figures


def committees() -> dict[str, float]:
    """Return the figures of the committee scores, `committee_x` the least of them."""
    figures = {}
    for strategy, taken in alone(committee_race).items():
        show(f"{strategy}, 1,000 of 5 × 100,000 × 10", taken)
        figures[f"{strategy}_x"] = against(taken)
    return {**figures, "committee_x": min(figures.values())}


def batches(quick: bool) -> dict[str, float]:  # noqa: FBT001 - as it comes from the command line
    """Return the figures of the strategies that choose a batch."""
    figures = {}
    for strategy, taken in alone(batch_races, quick).items():
        heat = HEATS[strategy]
        rows = heat.quick_rows if quick else heat.rows
        show(f"{strategy}, {heat.n} of {rows:,} × {heat.columns}", taken)
        figures[f"{SHORT.get(strategy, strategy)}_x"] = against(taken)
    return figures


def parquet(rows: int) -> dict[str, float]:
    """Return the figures of the pool that is read from files: the geometric mean over their writers, and each."""
    factors, cpu_factors, peaks, their_peaks = {}, {}, [], []
    for writer in WRITERS:
        with tempfile.TemporaryDirectory() as folder:
            race = parquet_race(writer, Path(folder) / "pool", rows)
        (ours, our_peak), (theirs, their_peak) = race["ours"], race["polars"]
        show(f"margin, 1,000 of {rows:,} × 10 in Parquet files by {writer}", {"ours": ours, "polars": theirs})
        factors[f"parquet_{writer}_over_polars"] = ours.seconds / theirs.seconds
        cpu_factors[f"parquet_{writer}_cpu_over_polars"] = ours.cpu / theirs.cpu
        peaks.append(our_peak)
        their_peaks.append(their_peak)
    return {
        "parquet_over_polars": geometric_mean(factors.values()),
        "parquet_cpu_over_polars": geometric_mean(cpu_factors.values()),
        **factors,
        **cpu_factors,
        "parquet_mb": max(peaks),
        "parquet_polars_mb": max(their_peaks),
    }


def growth(picture: Path) -> dict[str, float]:
    """Draw the growth curves and return their slopes from 100,000 rows on."""
    by_score, by_batch = score_curves(), batch_curves()
    picture.parent.mkdir(parents=True, exist_ok=True)
    draw(by_score, by_batch, picture)
    return {f"{name}_exponent": exponent(curve) for name, curve in (by_score | by_batch).items() if "peer" not in name}


def against(taken: dict[str, Taken]) -> float:
    """Return the peer's time by ours."""
    return taken[fastest(taken)].seconds / taken["ours"].seconds


def main() -> None:
    """Measure, print, and write the figures."""
    parser = command_line(__doc__, quick="smaller pools, under a minute")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the growth curves there")
    arguments = parser.parse_args()
    rows = 1_000_000 if arguments.quick else 10_000_000
    figures = scores(rows)
    if not arguments.quick:
        figures |= {name.replace("_x", "_1e6_x").replace("_over", "_1e6_over"): f for name, f in scores(10**6).items()}
    figures["peak_mb"] = alone(extra_mb, rows)
    figures |= parquet(2_000_000 if arguments.quick else 10_000_000) | batches(arguments.quick) | committees()
    if arguments.plot:
        figures |= growth(arguments.plot)
    report(figures, arguments.json)


if __name__ == "__main__":
    main()
