"""Which loops are on offer to a worker: the oldest of them, and how many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

# Wanted, not too late, and not one that the worker has answered or holds.
_OFFERED = (
    " FROM loop WHERE status = 'InProgress' AND places > 0 AND expires > :now"
    " AND NOT EXISTS (SELECT 1 FROM answer WHERE loop = loop.id AND worker = :worker)"
    " AND NOT EXISTS (SELECT 1 FROM assignment WHERE loop = loop.id AND worker = :worker)"
)
# Not seen before; or seen, and given back.
_FRESH = " AND id > :seen AND id NOT IN (SELECT loop FROM returned WHERE worker = :worker)"
_AGAIN = " AND id IN (SELECT loop FROM returned WHERE worker = :worker)"

# The row ids of flow definitions; None stands for any.
Flows = Sequence[int | None]


class Offers:
    """Queries over the loops on offer, with a memory of how far a worker has come.

    A worker takes loops in order, so everything before the one taken last is answered, held or full: it need not be
    walked over again, unless a place has become free since.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int | None], tuple[int, int]] = {}

    def oldest(self, tx: sqlite3.Connection, worker: str, flows: Flows, now: int, returns: int) -> int | None:
        """Return the id of the loop to open next; what the worker once gave back comes last.

        Parameters
        ----------
        tx : sqlite3.Connection
            In a transaction.
        worker : str
            Worker id.
        flows : sequence of int or None
            Where to look.
        now : int
            Milliseconds.
        returns : int
            How often a place has become free so far.
        """
        for flow in flows:
            row = tx.execute(_oldest(_FRESH, flow), self._values(worker, flow, now, returns)).fetchone()
            if row is not None:
                self._seen[worker, flow] = (returns, row["id"])
                return int(row["id"])
        for flow in flows:
            row = tx.execute(_oldest(_AGAIN, flow), self._values(worker, flow, now, returns)).fetchone()
            if row is not None:
                return int(row["id"])
        return None

    def any(self, tx: sqlite3.Connection, worker: str, flows: Flows, now: int, returns: int) -> bool:
        """Return whether there is a loop on offer; parameters as for `oldest`."""
        return any(
            tx.execute(_oldest(part, flow), self._values(worker, flow, now, returns)).fetchone()
            for flow in flows
            for part in (_FRESH, _AGAIN)
        )

    def count(self, tx: sqlite3.Connection, worker: str, now: int, returns: int) -> int:
        """Return how many loops are on offer, of all flow definitions; parameters as for `oldest`."""
        values = self._values(worker, None, now, returns)
        return sum(tx.execute(f"SELECT count(*){_OFFERED}{part}", values).fetchone()[0] for part in (_FRESH, _AGAIN))

    def count_by_flow(self, tx: sqlite3.Connection, worker: str, now: int) -> dict[int, int]:
        """Return how many loops are on offer per flow definition that has any."""
        rows = tx.execute(f"SELECT flow, count(*){_OFFERED} GROUP BY flow", {"worker": worker, "now": now})
        return dict(rows.fetchall())

    def _values(self, worker: str, flow: int | None, now: int, returns: int) -> dict[str, object]:
        at, seen = self._seen.get((worker, flow), (returns, 0))
        return {"worker": worker, "flow": flow, "now": now, "seen": seen if at == returns else 0}


def _oldest(part: str, flow: int | None) -> str:
    return f"SELECT id{_OFFERED}{part}{'' if flow is None else ' AND flow = :flow'} ORDER BY id LIMIT 1"
