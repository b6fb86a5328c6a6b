"""The answer of a segmentation element comes in; which label every pixel has goes out, decoded when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidOutput
from a2i_al.labels.structured.deciding import Unreadable
from a2i_al.labels.structured.rasters import decoded


@dataclass(frozen=True)
class Mask:
    """A picture's segmentation: a colour per label, and a PNG in these colours that stays encoded until it is needed.

    Attributes
    ----------
    labels : tuple of str
        One per colour, in the answer's order; of instances a label comes once for each of them.
    colors : tuple of str
        ``#rrggbb``, one per label.
    png : str
        The PNG in Base64, megabytes perhaps.
    """

    labels: tuple[str, ...]
    colors: tuple[str, ...]
    png: str = field(repr=False)

    def pixels(self) -> npt.NDArray[np.int32]:
        """Decode the PNG.

        Returns
        -------
        array of int, shape (height, width)
            0 where nothing is marked, else 1 + the position in `labels`.

        Raises
        ------
        InvalidOutput
            If it is no PNG, or one of more than 100 million pixels.

        Examples
        --------
        >>> png = ("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR4nGP8z8Dwn4GBgQEADQUCAOAHawIAAAAASUVORK5C"
        ...        "YII=")
        >>> Mask(("bird",), ("#ff0000",), png).pixels().tolist()
        [[1, 1]]
        """
        try:
            colours = decoded(self.png)
        except Unreadable as error:
            raise InvalidOutput(str(error), expected="a PNG in Base64, of at most 100 million pixels") from error
        out = np.zeros(colours.shape, dtype=np.int32)
        for number, colour in enumerate(self.colors, start=1):
            out[colours == int(colour.removeprefix("#"), 16)] = number
        return out


def mask(answer: Mapping[str, Any]) -> Mask:
    """Return the answer of crowd-semantic-segmentation (``labelMappings``) or -instance-segmentation (``instances``).

    Examples
    --------
    >>> mask({"labelMappings": {"bird": {"color": "#2ca02c"}}, "labeledImage": {"pngImageData": "iVBORw0="}})
    Mask(labels=('bird',), colors=('#2ca02c',))
    """
    if "instances" in answer:
        pairs = [(instance["label"], instance["color"]) for instance in answer["instances"]]
    else:
        pairs = [(label, look["color"]) for label, look in answer["labelMappings"].items()]
    png = answer["labeledImage"]["pngImageData"]
    if not isinstance(png, str) or not all(isinstance(label, str) and _is_color(color) for label, color in pairs):
        raise TypeError("mask")
    return Mask(tuple(label for label, _ in pairs), tuple(color for _, color in pairs), png)


def _is_color(color: Any) -> bool:
    digits = color.removeprefix("#") if isinstance(color, str) else ""
    return len(digits) == len("rrggbb") and all(digit in "0123456789abcdefABCDEF" for digit in digits)
