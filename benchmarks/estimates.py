"""How often the intervals of honest estimates hold the truth, and how wide they are, over simulated pools.

    python benchmarks/estimates.py [--quick] [--json FILE] [--pools N]

A setting is a way to draw (uniform, importance by `estimation_scores`, half audit slice and half top n, stratified by
predicted class in equal parts), a model (good: its confidences are true; overconfident; poor: half of its confidences
are shuffled; uninformative: all are), a rate of errors, and n reviews. In each, 1,000 pools of 2,000 items are drawn
anew, and a sample of each: what `al.estimate` says of it is held against all errors of the pool. `--quick` takes 24 of
the 192 settings. The figures:

- coverage_min, coverage_max: the least and the most, over all settings, of the share of 95 % intervals that hold the
  pool's error rate. With 1,000 pools the share is off by 0.7 % itself, so the least of 192 is 1 to 2 % too low.
  coverage_many_min, _max: over settings with 10 expected errors or more in a uniform sample of that size; with fewer,
  counts are so coarse that no interval has exactly 95 %, and what errs, errs to the safe side. coverage_mean: of all.
- width_ratio: mean width by that of Jeffreys' interval from a uniform sample of as many reviews without the model, the
  largest over importance draws with a good or overconfident model, 200 reviews or more and 4 expected errors or more;
  width_ratio_small: the largest of the others; width_ratio_uninformative: the largest over importance draws with an
  uninformative model; width_ratio_proxy: the largest over uniform draws, where only the estimator sees the model.
- naive_error, estimate_error: mean absolute error of the plain share of errors among the reviewed, and of the estimate,
  as a multiple of the true rate, the largest over the settings with importance draws or a top n; naive_coverage: the
  least coverage of Wilson's interval for the plain share there.
- ratios_min, ratios_max: coverage for F1 and recall by class, macro-F1 and a mean of skewed amounts, n = 100 reviews of
  2,000 items of four classes, by uniform draw, importance draw, and audit slice with top n.
- ppi_difference, ppi_x: beside ppi-python with 200 labels and 100,000 predictions: the largest difference between the
  ends of the intervals where its λ is not cut at 1, and its time by ours.
- threshold_broken_…: how often a threshold that is promised to let at most 5 % errors through, with 95 % confidence by
  300 labels, lets more through; threshold_made_…: how often there was one.
- bootstrap_seconds: 1,000 weighted replicates of a million rows.

Two quiet cores, Python 3.11, 29 November 2026, 192 settings of 1,000 pools, those outside 93 to 97 % again in 10,000:
coverage 93.1 to 99.0 %, mean 96.0; where counts are large (10 errors and more) 93.1 to 97.5 %. By design, over all
models, rates and sizes: uniform 93.1 to 97.6 %, importance 93.1 to 99.0, audit slice and top n 93.5 to 97.8, stratified
93.2 to 98.9. Importance draws with a good model are 0.56 to 0.70 times as wide as a uniform sample of the same price
(200 reviews or more, 4 expected errors or more), 0.73 to 0.78 times with 50 to 100 reviews at 10 % errors, and with an
uninformative model 1.05 to 1.10 times. The plain number is up to 11 times the true rate, and its interval never holds
it there. Several rounds together: 93.9 to 97.7 %. F1, recall, macro-F1 and amounts: 92.7 to 96.8 %. ppi-python's
intervals to 2e-16, 4 times faster. A threshold that promises at most 5 % with 95 % confidence lets more through in
3.5 % of the samples. The bootstrap of a million rows takes 0.3 s.

Importance draws in full: coverage in % and width ratio, by rate of errors and number of reviews.

                good        overconfident  poor       uninformative
30 %    20      95.9 0.73   97.0 0.75      95.0 0.97  94.2 1.06
30 %    50      96.3 0.65   95.6 0.64      95.9 0.96  94.4 1.08
10 %    20      96.7 0.85   96.1 0.84      96.8 0.97  97.0 1.06
10 %    50      96.2 0.78   96.6 0.76      95.1 0.94  93.1 1.08
10 %   100      94.6 0.73   95.6 0.73      94.9 0.96  93.8 1.09
10 %   200      94.6 0.70   95.2 0.70      94.8 0.95  93.7 1.10
 2 %    50      97.4 0.81   95.7 0.71      96.8 0.95  97.5 1.05
 2 %   200      96.8 0.67   97.3 0.60      93.5 0.88  94.4 1.05
 2 %   400      95.2 0.61   96.4 0.56      94.0 0.87  93.9 1.08
 1 %   200      97.8 0.72   98.3 0.65      98.0 0.90  97.4 1.06
0.5 %   50      97.4 0.94   96.0 0.91      97.2 1.01  97.0 1.08
0.5 %  400      99.0 0.65   98.0 0.69      97.0 0.87  97.5 1.07
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from honest.coverage import FULL, Found, Kind, Setting, kinds, measured
from honest.limits import LEAST, MOST, coarse, exactly, narrowest
from honest.peer import beside_ppi_python, million_rows, promise, weighted_promise
from honest.ratios import DESIGNS, coverage_of_ratios
from honest.rounds import CYCLES, of_rounds

INFORMATIVE = ("good", "overconfident")
# With fewer expected errors, none at all is likelier than 5 % and all misses are on one side.
COUNTED = 3
_FEWEST_REVIEWS, _FEWEST_ERRORS = 200, 4
_CAUTION = 0.5


def coverage_figures(found: dict[Setting, Found]) -> dict[str, float]:
    """Return the figures of all settings."""
    cover = {setting: each.coverage for setting, each in found.items()}
    counted = [share for setting, share in cover.items() if setting.expected >= COUNTED]
    inside = [LEAST <= share <= MOST for share in cover.values()]
    importance = {s: each.width_ratio for s, each in found.items() if s.design == "importance"}
    knows = {s: ratio for s, ratio in importance.items() if s.kind.model in INFORMATIVE}
    enough = {s for s in knows if s.kind.n >= _FEWEST_REVIEWS and s.expected >= _FEWEST_ERRORS}
    biased = [each for s, each in found.items() if s.design in ("importance", "audit and top n")]
    return {
        "settings": len(found),
        "coverage_min": min(cover.values()),
        "coverage_max": max(cover.values()),
        "coverage_mean": float(np.mean(list(cover.values()))),
        "coverage_outside": float(len(inside) - sum(inside)),
        "coverage_counted_min": min(counted),
        "coverage_counted_max": max(counted),
        "width_ratio": max(knows[s] for s in enough),
        "width_ratio_small": max((ratio for s, ratio in knows.items() if s not in enough), default=float("nan")),
        "width_ratio_uninformative": max(ratio for s, ratio in importance.items() if s.kind.model == "uninformative"),
        "width_ratio_proxy": max(each.width_ratio for s, each in found.items() if s.design == "uniform"),
        "naive_error": max(each.naive_error for each in biased),
        "estimate_error": max(each.error for each in biased),
        "naive_coverage": min(each.naive_coverage for each in biased),
    }


def show(setting: Setting, found: Found) -> None:
    """Print a line of the table."""
    kind = setting.kind
    print(
        f"{100 * kind.rate:5.1f} % {kind.n:4} {kind.model:14} {setting.design:16} {found.pools:6} "
        f"{found.coverage:8.3f} ({found.above:.3f}, {found.below:.3f}) {found.width_ratio:6.2f} "
        f"{found.error:8.2f} {found.naive_error:8.2f} {found.naive_coverage:8.2f}",
        flush=True,
    )


def simulate(asked: list[Kind], pools: int, again: int, processes: Executor) -> dict[Setting, Found]:
    """Measure all settings, and once more, in other and more pools, those that are not within 93 to 97 %."""
    found: dict[Setting, Found] = {}
    for each in processes.map(partial(measured, pools=pools), asked):
        found |= each
        for setting, one in each.items():
            show(setting, one)
    outside: dict[Kind, list[str]] = {}
    for setting, one in found.items():
        if again and not LEAST <= one.coverage <= MOST:
            outside.setdefault(setting.kind, []).append(setting.design)
    if outside:
        print(f"{sum(map(len, outside.values()))} settings are outside {LEAST:.0%} to {MOST:.0%}; in {again} pools:")
    for each in processes.map(partial(measured, pools=again, seed=1), outside, outside.values()):
        found |= each
        for setting, one in each.items():
            show(setting, one)
    return found


def cycles(quick: bool, processes: Executor) -> dict[str, float]:  # noqa: FBT001 - as it comes from the command line
    """Show what the draws of several rounds give together, and return the figures."""
    asked = CYCLES[:2] if quick else CYCLES
    found = list(processes.map(partial(of_rounds, pools=100 if quick else 1_000), asked))
    print("rounds    n  rate   model          all rounds covers   width by the last's   last round covers")
    for cycle, (held, ratio, last) in zip(asked, found, strict=True):
        print(
            f"{cycle.rounds:6} {cycle.n:4} {100 * cycle.rate:5.1f} % {cycle.model:14} {held:17.3f} {ratio:21.2f} "
            f"{last:19.3f}"
        )
    return {
        "rounds_min": min(held for held, _, _ in found),
        "rounds_max": max(held for held, _, _ in found),
        "rounds_width_ratio": max(ratio for _, ratio, _ in found),
    }


def floors(asked: Iterable[Kind]) -> dict[str, float]:
    """Return how narrow an oracle would be, for the model that is right."""
    good = {kind for kind in asked if kind.model == "good" and kind.rate * kind.n >= COUNTED}
    return {
        f"floor_{100 * kind.rate:g}_{kind.n}{name}": narrowest(kind, caution)
        for kind in sorted(good, key=lambda kind: (-kind.rate, kind.n))
        for name, caution in (("", 0.0), ("_cautious", _CAUTION))
    }


def exact_coverages(processes: Executor) -> dict[str, float]:
    """Show what uniform draws cover where few errors are expected, and what any interval must; return the figures."""
    few = [(rate, n) for rate, n in FULL if rate * n < COUNTED]
    figures = {}
    print("exactly, uniform draws: rate    n     ours    mid-p   Clopper–Pearson   least of any with 93 % everywhere")
    for (rate, n), found in zip(few, processes.map(exactly, *zip(*few, strict=True)), strict=True):
        print(
            f"{100 * rate:26.1f} % {n:4} {found.ours:8.4f} {found.mid_p:8.4f} {found.clopper_pearson:17.4f} "
            f"{found.least:8.4f}"
        )
        figures |= {f"exact_{100 * rate:g}_{n}": found.ours, f"exact_least_{100 * rate:g}_{n}": found.least}
    where = ", ".join(f"{low:.2f} to {high:.2f}" for low, high in coarse())
    print(f"no interval covers from 93 to 97 % where so many errors are expected: {where}")
    return figures


def main() -> None:
    """Simulate, print, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="24 settings, under a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--pools", type=int, default=1_000, metavar="N", help="pools per setting")
    parser.add_argument("--again", type=int, default=10_000, metavar="N", help="pools of settings outside 93 to 97 %%")
    arguments = parser.parse_args()
    start, quick = time.perf_counter(), arguments.quick
    asked = kinds(quick)
    print(" rate     n model          design            pools coverage (below, above)  width    error    naive  covers")
    ratios: dict[str, float] = {}
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("spawn")) as processes:
        found = simulate(asked, arguments.pools, 0 if quick else arguments.again, processes)
        figures = coverage_figures(found) | cycles(quick, processes) | floors(asked)
        if not quick:
            figures |= exact_coverages(processes)
        for each in processes.map(partial(coverage_of_ratios, 100, 20 if quick else 300), DESIGNS):
            ratios |= each
    for name, share in ratios.items():
        print(f"coverage of {name:28} {share:.3f}")
    figures |= {"ratios_min": min(ratios.values()), "ratios_max": max(ratios.values())}
    samples = 300 if quick else 2_000
    figures |= beside_ppi_python(20) | promise(samples) | weighted_promise(samples) | million_rows(1_000_000)
    figures |= {"load": os.getloadavg()[0], "seconds": time.perf_counter() - start}
    for name, value in figures.items():
        print(f"{name:28} {value:10.4g}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
