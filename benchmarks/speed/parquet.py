"""The top 1,000 by margin of probabilities in Parquet: ours, and polars' streaming scan, each in its own process."""

from __future__ import annotations

from pathlib import Path

from speed.clock import Taken, alone, peak_mb, raced
from speed.scores import CLASSES, TOP, probabilities

FILES = 20


def write(folder: Path, rows: int) -> None:
    """Write the pool: an id and ten columns of float32, in 20 files."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    each = rows // FILES
    for number in range(FILES):
        proba = probabilities(each, seed=number)
        ids = pa.array(range(number * each, (number + 1) * each), pa.int64())
        columns = {"item_id": ids, **{f"p{k}": proba[:, k].copy() for k in range(CLASSES)}}
        pq.write_table(pa.table(columns), folder / f"part-{number:02}.parquet", row_group_size=131_072)


def parquet_race(folder: Path, rows: int) -> dict[str, tuple[Taken, float]]:
    """Return time and peak memory in MB of each, having checked that they agree; the files are warm."""
    alone(write, folder, rows)
    ours, theirs = alone(_run, "ours", str(folder)), alone(_run, "polars", str(folder))
    # polars subtracts in float32, ours in float64: at the edge of the thousand they may differ.
    if len(ours[2] & theirs[2]) < 0.99 * TOP:
        raise SystemExit("ours and polars chose different items")
    return {"ours": ours[:2], "polars": theirs[:2]}


def _run(who: str, folder: str) -> tuple[Taken, float, set[int]]:
    work = {"ours": _ours, "polars": _polars}[who]
    chosen = set(work(folder))
    taken = raced({who: lambda: work(folder)})[who]
    return taken, peak_mb(), chosen


def _ours(folder: str) -> list[int]:
    import a2i_al as al  # noqa: PLC0415

    return al.sample(folder, TOP, strategy="margin", random_state=0)["item_id"].astype(int).tolist()


def _polars(folder: str) -> list[int]:
    """Find the two highest of a row by running maxima: no lists, no sorting, the fastest way that polars has."""
    import polars as pl  # noqa: PLC0415

    first, second = pl.col("p0"), pl.lit(0.0, dtype=pl.Float32)
    for k in range(1, CLASSES):
        column = pl.col(f"p{k}")
        second = pl.max_horizontal(second, pl.min_horizontal(first, column))
        first = pl.max_horizontal(first, column)
    scan = pl.scan_parquet(f"{folder}/*.parquet").select("item_id", margin=first - second)
    return scan.bottom_k(TOP, by="margin").collect(engine="streaming")["item_id"].to_list()
