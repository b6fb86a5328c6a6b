"""The sampling rule: a share of all items, by a hash of the item's id, so that the same item gets the same answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from a2i_al import arguments
from a2i_al.routing.rule import Rule, Salts
from a2i_al.routing.values import Prediction, native
from a2i_al.routing.verdict import Verdict

if TYPE_CHECKING:
    from a2i_al.routing.table import PredictionTable, Verdicts

_WORD = 2**64
_FNV_START, _FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3
# As in `a2i_al.sampling.ids`, whose hash of a whole column this is for one id, without loading numpy.
_WIDEST = 64


@dataclass(frozen=True)
class Percentage(Rule):
    """Samples a percentage of all items at random; what makes estimates over all traffic possible.

    Whether an item is in the sample depends on its id, the salt and the router's `random_state` alone: asked again, on
    any machine, it gets the same answer, and a larger percentage keeps all items of a smaller one. Rules with
    different salts, and several with the same in one router, draw independently of each other.

    Parameters
    ----------
    percent : float
        Above 0, at most 100.
    salt : str, optional
        Change it to draw another sample.

    Raises
    ------
    InvalidInput
        If the percentage is out of range.

    References
    ----------
    B. Rosén, "Asymptotic theory for order sampling", Journal of Statistical Planning and Inference 62, 1997 (permanent
    random numbers); the hash is FNV-1a, mixed with the salt by SplitMix64.

    Examples
    --------
    >>> rule = Percentage(5)
    >>> rule.judge({}, "order-17") == rule.judge({}, "order-17")
    True
    >>> sum(rule.judge({}, str(i)).fired for i in range(10_000))
    503
    """

    percent: float
    salt: str = ""

    def __post_init__(self) -> None:
        expected = "a number above 0, at most 100"
        arguments.number("percent", self.percent, lambda part: 0 < part <= 100, expected)  # noqa: PLR2004 - per cent
        arguments.text("salt", self.salt)
        object.__setattr__(self, "percent", native(self.percent))

    @property
    def reason(self) -> str:
        """The share in words."""
        return f"{self.percent:g} % sample"

    @property
    def certain(self) -> bool:
        """Only at 100 %."""
        return self.percent == 100  # noqa: PLR2004 - per cent

    def salted(self, salts: Salts) -> Rule:
        """Return the rule with a salt of its own."""
        return replace(self, salt=salts.next(self.salt))

    def judge(self, prediction: Prediction, item_id: str) -> Verdict:  # noqa: ARG002 - other rules go by it
        """Judge one item."""
        return Verdict(item_key(item_id, self.seed) < self.cut, self.percent / 100)

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        return table.drawn(self.seed, self.cut, self.percent / 100)

    @property
    def seed(self) -> int:
        """The salt as a 64-bit number."""
        return seed_of(self.salt)

    @property
    def cut(self) -> int:
        """The keys below this are in the sample."""
        return int(self.percent / 100 * _WORD)


def seed_of(salt: str) -> int:
    """Return a salt as a 64-bit number.

    Examples
    --------
    >>> 0 <= seed_of("audit") < 2**64
    True
    """
    return int.from_bytes(hashlib.blake2b(salt.encode(), digest_size=8).digest(), "big")


def lot_of(item_id: str, seed: int) -> float:
    """Return an item's random number from 0 to 1.

    Examples
    --------
    >>> 0 <= lot_of("order-17", 5) <= 1
    True
    """
    return item_key(item_id, seed) / _WORD


def item_key(item_id: str, seed: int) -> int:
    """Return an item's 64-bit random number: uniform over items, and the same for the same id and seed.

    Examples
    --------
    >>> from a2i_al.sampling.ids import hash_ids, keys
    >>> item_key("order-17", 5) == int(keys(hash_ids(["order-17"]), 5)[0])
    True
    """
    value = _hash(item_id) ^ seed
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) % _WORD
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) % _WORD
    return value ^ (value >> 31)


def _hash(item_id: str) -> int:
    text = item_id.encode("utf-8", "surrogatepass")
    if len(text) > _WIDEST:
        text = hashlib.blake2b(text, digest_size=16).hexdigest().encode()
    value = _FNV_START
    for byte in text.rstrip(b"\0"):
        value = ((value ^ byte) * _FNV_PRIME) % _WORD
    return value
