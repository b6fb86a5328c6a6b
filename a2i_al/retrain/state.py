"""The saved state of a cycle: a folder per round with its tables as JSON lines, each written whole or not at all.

settings.json                  what the cycle was started with; another setting needs another folder
round-000/predictions.jsonl    of the picks, by the model that chose them
round-000/picks.jsonl          written before the first loop is started: the round is open
round-000/answers.jsonl        what people said
round-000/labels.jsonl         consolidated
round-000/round.jsonl          the row of the rounds table; written last: the round is closed
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from a2i_al import places
from a2i_al.errors import CycleError
from a2i_al.tables import LABELS, PICKS, PREDICTIONS, ROUNDS, Table

_CLOSED = "round"
_TABLES: dict[str, Table] = {"picks": PICKS, "predictions": PREDICTIONS, "labels": LABELS, _CLOSED: ROUNDS}


class CycleState:
    """The folder of a cycle.

    Parameters
    ----------
    directory : path-like
        Made if absent.
    settings : dict
        What defines the cycle, as JSON.

    Raises
    ------
    CycleError
        If the folder holds a cycle with other settings, or what no cycle has written.
    InvalidInput
        If it cannot be written.
    """

    def __init__(self, directory: str | os.PathLike[str], settings: dict[str, Any]) -> None:
        self.directory = places.folder("directory", directory)
        file = self.directory / "settings.json"
        with self._written():
            if not file.exists():
                _write(file, json.dumps(settings, indent=2, sort_keys=True))
                return
        found = _settings(file)
        different = sorted(k for k in found.keys() | settings.keys() if found.get(k) != settings.get(k))
        if different:
            name = different[0]
            raise CycleError(
                f"{self.directory} holds a cycle with {name} = {found.get(name)!r}, not {settings.get(name)!r}",
                fix="go on with the settings it was started with, or choose another directory",
            )

    def rounds(self) -> pd.DataFrame:
        """Return the rounds table of the closed rounds."""
        closed = sorted(self.directory.glob(f"round-*/{_CLOSED}.jsonl"))
        return ROUNDS.check(pd.concat([_read(file, ROUNDS) for file in closed])) if closed else ROUNDS.empty()

    def current(self) -> int:
        """Return the number of the round that is open or comes next."""
        return len(self.rounds())

    def is_open(self) -> bool:
        """Return whether the current round's picks were made."""
        return self._file(self.current(), "picks").exists()

    def of_all(self, name: str) -> pd.DataFrame:
        """Return a table of all closed rounds: ``picks``, ``predictions`` or ``labels``."""
        tables = [self.load(number, name) for number in range(self.current())]
        return _TABLES[name].check(pd.concat(tables)) if tables else _TABLES[name].empty()

    def load(self, number: int, name: str) -> pd.DataFrame:
        """Return a table of a round: ``picks``, ``predictions``, ``labels`` or ``round``."""
        return _read(self._file(number, name), _TABLES[name])

    def save(self, number: int, name: str, table: pd.DataFrame) -> None:
        """Write a table of a round; a crash leaves the old one or the new one."""
        # JSON gives numbers back to the last digit and tells a missing text from an empty one, which CSV does not.
        rows = table.astype(object).where(table.notna(), None).to_dict("records")
        text = "".join(json.dumps(row, default=str, ensure_ascii=False) + "\n" for row in rows)
        with self._written():
            _write(self._file(number, name), text)

    def _written(self) -> AbstractContextManager[None]:
        return places.written("directory", self.directory, expected=places.FOLDER)

    def _file(self, number: int, name: str) -> Path:
        return self.directory / f"round-{number:03d}" / f"{name}.jsonl"


def _settings(file: Path) -> dict[str, Any]:
    with _readable(file):
        found = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("it holds no settings")  # noqa: TRY004  # what is wrong is the file
        return found


def _read(file: Path, table: Table) -> pd.DataFrame:
    with _readable(file):
        # Not splitlines(): a text may hold U+2028 and the like, which JSON does not escape.
        return table.from_rows([json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line])


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise CycleError(
            f"{file} cannot be read: {error}", fix="restore the file, or start in another directory"
        ) from error


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".new")
    with fresh.open("w", encoding="utf-8", newline="") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
