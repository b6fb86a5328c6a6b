"""The top 1,000 by margin of probabilities in Parquet: ours and polars' streaming scan in turns, in a process each."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from speed.clock import Taken, alone, peak_mb, timed
from speed.scores import CLASSES, TOP, probabilities

if TYPE_CHECKING:
    import pyarrow as pa

FILES, ROUNDS = 20, 9


def _by_pandas(pool: pa.Table, path: Path) -> None:
    pool.to_pandas().to_parquet(path)


def _by_polars(pool: pa.Table, path: Path) -> None:
    import polars as pl  # noqa: PLC0415

    pl.DataFrame(pool).write_parquet(path)


def _in_small_groups(pool: pa.Table, path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    pq.write_table(pool, path, row_group_size=131_072)


# What is in a file depends on who has written it: numbers plain or as places in a dictionary, in snappy or in zstd.
# In small groups pyarrow makes all of it dictionaries, which is the most work for a reader.
WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {
    "pandas": _by_pandas,
    "polars": _by_polars,
    "small_groups": _in_small_groups,
}


def write(writer: str, folder: Path, rows: int) -> None:
    """Write the pool: an id and ten columns of float32, in 20 files."""
    import pyarrow as pa  # noqa: PLC0415

    folder.mkdir()
    each = rows // FILES
    for number in range(FILES):
        proba = probabilities(each, seed=number)
        ids = pa.array(range(number * each, (number + 1) * each), pa.int64())
        columns = {"item_id": ids, **{f"p{k}": proba[:, k].copy() for k in range(CLASSES)}}
        WRITERS[writer](pa.table(columns), folder / f"part-{number:02}.parquet")


def parquet_race(writer: str, folder: Path, rows: int) -> dict[str, tuple[Taken, float]]:
    """Return time and peak memory in MB of each, having checked that they agree; the files are warm."""
    alone(write, writer, folder, rows)
    runs: dict[str, list[Taken]] = {"ours": [], "polars": []}
    with ExitStack() as stack:
        at_work = {who: stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn"))) for who in runs}
        chosen = {who: set(process.submit(_run, who, str(folder)).result()) for who, process in at_work.items()}
        # polars subtracts in float32, ours in float64: at the edge of the thousand they may differ.
        if len(chosen["ours"] & chosen["polars"]) < 0.99 * TOP:
            raise SystemExit("ours and polars chose different items")
        for _ in range(ROUNDS):
            for who, process in at_work.items():
                runs[who].append(process.submit(_timed, who, str(folder)).result())
        peaks = {who: process.submit(peak_mb).result() for who, process in at_work.items()}
    return {
        who: (Taken(median(run.seconds for run in taken), median(run.cpu for run in taken)), peaks[who])
        for who, taken in runs.items()
    }


def _timed(who: str, folder: str) -> Taken:
    return timed(lambda: _run(who, folder))


def _run(who: str, folder: str) -> list[int]:
    return {"ours": _ours, "polars": _polars}[who](folder)


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
