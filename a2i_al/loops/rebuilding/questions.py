"""Names of human loops and the items that may be behind them come in; the question that each name asks goes out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import product

from a2i_al.loops.requests.names import human_loop_name

# The end of a name: a digest of what is asked, and the attempt if it is not the first.
_TAIL = re.compile(r"([0-9a-f]{26})(?:-([1-9][0-9]{0,8}))?$")


@dataclass(frozen=True)
class Question:
    """What a human loop asks: about which item, for which model version, in which round, and how often before."""

    item_id: str
    model_version: str = ""
    round: int = 0
    attempt: int = 0

    def name(self, flow_definition_arn: str) -> str:
        """Return the name of the human loop that asks it.

        Examples
        --------
        >>> Question("img-7", attempt=2).name("arn:f")[-2:]
        '-2'
        """
        return human_loop_name(flow_definition_arn, self.item_id, self.model_version, self.round, self.attempt)


def questions_of(
    human_loop_names: Iterable[str],
    flow_definition_arn: str,
    item_ids: Collection[str],
    *,
    model_versions: Collection[str] = ("",),
    rounds: Collection[int] = (0,),
) -> dict[str, Question]:
    """Return the questions behind names, as far as they are about these items, versions and rounds.

    It works out the name of every combination until all names are explained: 300,000 a second.

    Examples
    --------
    >>> name = Question("b", "m1", 3, attempt=1).name("arn:f")
    >>> questions_of([name, "another"], "arn:f", ["a", "b"], model_versions=["m1"], rounds=range(5))
    {'...': Question(item_id='b', model_version='m1', round=3, attempt=1)}
    """
    wanted: dict[str, list[tuple[str, int]]] = {}
    for name in human_loop_names:
        tail = _TAIL.search(name)
        if tail:
            wanted.setdefault(tail[1], []).append((name, int(tail[2] or 0)))
    found: dict[str, Question] = {}
    for number, version, item_id in product(rounds, model_versions, item_ids):
        if not wanted:
            break
        tail = _TAIL.search(human_loop_name(flow_definition_arn, item_id, version, number))
        for name, attempt in wanted.pop(tail[1], ()) if tail else ():
            question = Question(item_id, version, number, attempt)
            if question.name(flow_definition_arn) == name:
                found[name] = question
    return found
