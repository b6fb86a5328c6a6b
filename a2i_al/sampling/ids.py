"""Ids in, random keys out: chance that depends on the seed and the item, and never on the order of the rows.

A draw takes the smallest keys; equal scores go by the smaller key. The keys of a part of the pool are those of the
whole, so a stream or a cluster that sees the pool in pieces chooses the same items.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import row_blocks

Hashes = npt.NDArray[np.uint64]

_BLOCK = 65_536
# Longer ids are hashed one by one: one of them would make the block's table of bytes as wide as itself.
_WIDEST = 64
FNV_START, FNV_PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


def draw_seed(rng: np.random.Generator) -> int:
    """Return a random 64-bit seed for `keys`.

    Examples
    --------
    >>> 0 <= draw_seed(np.random.default_rng(0)) < 2**64
    True
    """
    return int(rng.integers(0, 2**64, dtype=np.uint64))


def hash_ids(ids: Sequence[str] | npt.NDArray[np.object_] | npt.NDArray[np.integer]) -> Hashes:
    """Return a 64-bit hash of each id's text: the same on every machine, for whole numbers and for their text.

    Parameters
    ----------
    ids : sequence of str, or ndarray of str or of whole numbers, shape (m,)
        The ids; a whole number stands for its decimal digits.

    Returns
    -------
    ndarray of shape (m,), uint64

    References
    ----------
    G. Fowler, L. Noll, K.-P. Vo and D. Eastlake, "The FNV non-cryptographic hash algorithm" (FNV-1a), over UTF-8.

    Examples
    --------
    >>> hash_ids(np.array([12, 345])).tolist() == hash_ids(["12", "345"]).tolist()
    True
    """
    hashes = np.empty(len(ids), dtype=np.uint64)
    for start, stop in row_blocks(len(ids), _BLOCK):
        block = ids[start:stop]
        if isinstance(block, np.ndarray) and block.dtype.kind in "iu":
            hashes[start:stop] = _hash_numbers(block)
        else:
            hashes[start:stop] = _hash_bytes(np.array([_short(str(item)) for item in block], dtype="S"))
    return hashes


def keys(hashes: Hashes, seed: int) -> Hashes:
    """Mix the hashes with a seed into keys whose order is random: over the seeds, any order is equally likely.

    Parameters
    ----------
    hashes : ndarray of shape (m,), uint64
        From `hash_ids`.
    seed : int
        From `draw_seed`.

    Returns
    -------
    ndarray of shape (m,), uint64

    References
    ----------
    G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (the mixing step of
    SplitMix64).

    Examples
    --------
    >>> one, other = (keys(hash_ids(["a", "b", "c"]), seed).argsort().tolist() for seed in (1, 5))
    >>> one == other
    False
    """
    values = hashes ^ np.uint64(seed)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def by_hash(hashes: Hashes, text: Callable[[npt.NDArray[np.intp]], Sequence[str]]) -> npt.NDArray[np.intp]:
    """Return the order that candidates are put in before anything random happens: by hash, then by text.

    Parameters
    ----------
    hashes : ndarray of shape (m,), uint64
        From `hash_ids`.
    text : callable
        From positions to these candidates' ids; asked for those whose hashes are equal.

    Returns
    -------
    ndarray of shape (m,), intp

    Examples
    --------
    >>> ids = np.array(["b", "a"], dtype=object)
    >>> there, back = ids[by_hash(hash_ids(ids), ids.take)], ids[::-1][by_hash(hash_ids(ids[::-1]), ids[::-1].take)]
    >>> there.tolist() == back.tolist()
    True
    """
    order = np.argsort(hashes, kind="stable")
    ranked = hashes[order]
    for value in np.unique(ranked[1:][ranked[1:] == ranked[:-1]]):
        same = np.flatnonzero(ranked == value)
        order[same] = [at for _, at in sorted(zip(text(order[same]), order[same].tolist(), strict=True))]
    return np.asarray(order, dtype=np.intp)


def _hash_numbers(numbers: npt.NDArray[Any]) -> Hashes:
    # Digit by digit, from the first: nothing is written out as text.
    wide = numbers.astype(np.int64 if numbers.dtype.kind == "i" else np.uint64)
    left = np.abs(wide).astype(np.uint64)
    hashes = np.full(len(numbers), FNV_START, dtype=np.uint64)
    hashes = np.where(numbers < 0, (hashes ^ np.uint64(ord("-"))) * FNV_PRIME, hashes)
    for power in range(len(str(left.max(initial=0))) - 1, -1, -1):
        scale = np.uint64(10**power)
        digit = left // scale % np.uint64(10) + np.uint64(ord("0"))
        hashes = np.where((left >= scale) | (power == 0), (hashes ^ digit) * FNV_PRIME, hashes)
    return hashes


def _hash_bytes(texts: npt.NDArray[np.bytes_]) -> Hashes:
    width = texts.dtype.itemsize
    columns = np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), width).T.astype(np.uint64)
    lengths = np.char.str_len(texts)
    hashes = np.full(len(texts), FNV_START, dtype=np.uint64)
    for at, column in enumerate(columns):
        hashes = np.where(at < lengths, (hashes ^ column) * FNV_PRIME, hashes)
    return hashes


def _short(text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass")
    return encoded if len(encoded) <= _WIDEST else hashlib.blake2b(encoded, digest_size=16).hexdigest().encode()
