"""Handwritten digits as pictures that people can judge and numbers that a model can learn from."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class ImageSet:
    """Images with known classes.

    Attributes
    ----------
    item_ids : tuple of str
    features : ndarray of float64, shape (n, d)
        What a model learns from.
    target : ndarray of str, shape (n,)
        The true class.
    images : dict of str to bytes
        Item id to a PNG that a person can judge.
    """

    item_ids: tuple[str, ...]
    features: np.ndarray
    target: np.ndarray
    images: dict[str, bytes]

    @property
    def labels(self) -> list[str]:
        """The classes, sorted."""
        return sorted(set(self.target.tolist()))

    @property
    def truth(self) -> pd.Series:
        """The true class by item id."""
        return pd.Series(self.target, index=pd.Index(self.item_ids, name="item_id"), dtype=object)

    def __repr__(self) -> str:
        return f"ImageSet({len(self.item_ids)} images, {len(self.labels)} classes)"


def digits() -> ImageSet:
    """Return 1,797 handwritten digits of 8 × 8 grey levels.

    Bundled with scikit-learn (UCI, test part of Alpaydin and Kaynak's Optical Recognition of Handwritten Digits, 1998).
    The PNGs are enlarged and smoothed for people; the features are the 64 grey levels, 0 to 1.

    Examples
    --------
    >>> digits().features.shape
    (1797, 64)
    """
    from sklearn.datasets import load_digits  # noqa: PLC0415  # a light `import a2i_al`

    bunch = load_digits()
    ids = tuple(f"digit-{number:04d}" for number in range(len(bunch.target)))
    return ImageSet(
        item_ids=ids,
        features=bunch.data / 16,
        target=bunch.target.astype(str),
        images={item_id: _png(grey) for item_id, grey in zip(ids, bunch.images, strict=True)},
    )


def _png(grey: Any, *, side: int = 160) -> bytes:
    """Return 8 × 8 grey levels, 0 to 16, as dark ink on white, smoothed: blocks would hide a digit's shape."""
    from PIL import Image  # noqa: PLC0415

    framed = np.pad(grey, 1)  # strokes that run off the edge are hard to read
    small = Image.fromarray((255 - framed * (255 / 16)).astype(np.uint8))
    out = io.BytesIO()
    small.resize((side, side), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()
