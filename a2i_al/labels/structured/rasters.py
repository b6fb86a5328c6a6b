"""A segmentation in any of its forms in, a label's number for every pixel out; and back into the page's own form."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from a2i_al.labels.structured.deciding import Unreadable
from a2i_al.labels.structured.marks import Size, read_polygons
from a2i_al.labels.structured.overlap import enclosed

Labels = npt.NDArray[np.int32]

_MOST_PIXELS: Final = 100_000_000  # a PNG of some kilobytes can claim to be any number of pixels
# Of crowd-semantic-segmentation, whose first ten labels have matplotlib's colours.
_COLORS: Final = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22",
                  "#17becf")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Raster:
    """A picture's segmentation, decoded.

    Attributes
    ----------
    labels : tuple of str
        Each once.
    pixels : array of int32, shape (height, width)
        0 where nothing is marked, else 1 + the position in `labels`.
    """

    labels: tuple[str, ...]
    pixels: Labels

    @property
    def size(self) -> Size:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]


def read_raster(value: Any) -> Raster:
    """Return a segmentation's pixels; several instances of a label become one.

    Parameters
    ----------
    value : object
        The answer of crowd-semantic-segmentation or crowd-instance-segmentation; harvest's `Mask`, or anything with
        `labels` and `pixels()`; run lengths, ``{"size": [height, width], "masks": [{"label", "counts"}]}`` with
        uncompressed COCO counts (down the columns, unmarked first); the answer of crowd-polygon, where it tells the
        picture's size; or an array, shape (height, width), of 0 where nothing is marked and else a label's number.

    Raises
    ------
    Unreadable
        If it is none of these, or damaged.

    Examples
    --------
    >>> read_raster({"size": [2, 2], "masks": [{"label": "sky", "counts": [1, 2, 1]}]}).pixels
    array([[0, 1],
           [1, 0]], dtype=int32)
    """
    match value:
        case {"labeledImage": {"pngImageData": str() as png}}:
            return _from_png(png, _colors(value))
        case {"size": [int() as height, int() as width], "masks": [*masks]}:
            return _from_runs(masks, height, width)
        case {"polygons": [*_], "inputImageProperties": {"width": int(), "height": int()}}:
            return _from_polygons(value)
        case _ if hasattr(value, "pixels") and hasattr(value, "labels"):
            return _from_mask(value)
        case np.ndarray() | [[*_], *_]:
            return _from_array(value)
        case _:
            raise Unreadable(f"{value!r:.80} is no segmentation, or does not tell the size of its picture")


def written(raster: Raster) -> dict[str, Any]:
    """Return a segmentation as crowd-semantic-segmentation answers.

    Examples
    --------
    >>> again = read_raster(written(Raster(("sky",), np.array([[0, 1]], dtype=np.int32))))
    >>> again.labels, again.pixels.tolist()
    (('sky',), [[0, 1]])
    """
    from PIL import Image  # noqa: PLC0415

    palette = [_color(i) for i in range(len(raster.labels))]
    colours = np.array([(0, 0, 0, 0), *((*bytes.fromhex(color[1:]), 255) for color in palette)], dtype=np.uint8)
    data = BytesIO()
    Image.fromarray(colours[raster.pixels]).save(data, "PNG")
    return {
        "labelMappings": {label: {"color": color} for label, color in zip(raster.labels, palette, strict=True)},
        "labeledImage": {"pngImageData": b64encode(data.getvalue()).decode()},
        "inputImageProperties": {"width": raster.size[0], "height": raster.size[1]},
    }


def _color(number: int) -> str:
    """Return a colour per label; beyond the ten named ones, counted up from what none of them is."""
    return _COLORS[number] if number < len(_COLORS) else f"#{number:06x}"


def _colors(answer: Mapping[str, Any]) -> list[tuple[str, Any]]:
    match answer:
        case {"instances": [*instances]} if all(isinstance(one, dict) for one in instances):
            return [(one.get("label"), one.get("color")) for one in instances]
        case {"labelMappings": dict() as looks} if all(isinstance(look, dict) for look in looks.values()):
            return [(label, look.get("color")) for label, look in looks.items()]
        case _:
            raise Unreadable("a segmentation has neither 'labelMappings' nor 'instances'")


def decoded(png: str) -> Labels:
    """Return the colours of a mask's picture.

    Parameters
    ----------
    png : str
        A PNG in Base64.

    Returns
    -------
    array of int32, shape (height, width)
        ``0xRRGGBB``; -1 where it is transparent.

    Raises
    ------
    Unreadable
        If it is no PNG, or one of more than 100 million pixels.

    Examples
    --------
    >>> png = ("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR4nGP8z8Dwn4GBgQEADQUCAOAHawIAAAAASUVORK5C"
    ...        "YII=")
    >>> [f"{colour:06x}" for colour in decoded(png)[0]]
    ['ff0000', 'ff0000']
    """
    from PIL import Image  # noqa: PLC0415

    try:
        with Image.open(BytesIO(b64decode(png, validate=True)), formats=["PNG"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise Unreadable(f"a mask has {picture.width} × {picture.height} pixels, too many")
            seen = np.asarray(picture.convert("RGBA")).astype(np.int32)
    except (binascii.Error, ValueError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(f"a mask cannot be decoded: {error}") from None
    return np.where(seen[..., 3] > 0, seen[..., 0] << 16 | seen[..., 1] << 8 | seen[..., 2], -1)


def _from_png(png: str, colors: Sequence[tuple[Any, Any]]) -> Raster:
    colours = decoded(png)
    try:
        numbers = [int(str(color).removeprefix("#"), 16) for _, color in colors]
    except ValueError as error:
        raise Unreadable(f"a mask cannot be decoded: {error}") from None
    labels = [str(label) for label, _ in colors]
    names = tuple(sorted(set(labels)))
    pixels = np.zeros(colours.shape, dtype=np.int32)
    for label, number in zip(labels, numbers, strict=True):
        pixels[colours == number] = 1 + names.index(label)
    return Raster(names, pixels)


def _from_runs(masks: Sequence[Any], height: int, width: int) -> Raster:
    if not 0 < height * width <= _MOST_PIXELS:
        raise Unreadable(f"a mask has {width} × {height} pixels")
    runs = []
    for mask in masks:
        match mask:
            case {"label": str() as label, "counts": [*counts]} if all(isinstance(n, int) and n >= 0 for n in counts):
                runs.append((label, counts))
            case _:
                raise Unreadable(f"a mask has no label and run lengths: {mask!r:.80}")
    names = tuple(sorted({label for label, _ in runs}))
    pixels = np.zeros(height * width, dtype=np.int32)
    for label, counts in runs:
        if sum(counts) != height * width:
            raise Unreadable(f"the run lengths of {label!r} add up to {sum(counts)}, not {height} × {width}")
        marked = np.repeat(np.arange(len(counts)) % 2 == 1, counts)
        pixels[marked] = 1 + names.index(label)
    return Raster(names, pixels.reshape(width, height).T)


def _from_polygons(value: Mapping[str, Any]) -> Raster:
    marks = read_polygons(value)
    width, height = marks.size or (0, 0)
    if not 0 < height * width <= _MOST_PIXELS:
        raise Unreadable(f"a picture has {width} × {height} pixels")
    names = tuple(sorted(set(marks.labels)))
    pixels = np.zeros((height, width), dtype=np.int32)
    for label, outline in zip(marks.labels, marks.places, strict=True):
        pixels[enclosed(outline, (height, width))] = 1 + names.index(label)
    return Raster(names, pixels)


def _from_mask(value: Any) -> Raster:
    try:
        pixels = np.asarray(value.pixels())
        labels = [str(label) for label in value.labels]
    except Exception as error:  # noqa: BLE001 - of whatever kind of mask it is
        raise Unreadable(f"a mask cannot be decoded: {error}") from None
    names = tuple(sorted(set(labels)))
    place = np.array([0, *(1 + names.index(label) for label in labels)], dtype=np.int32)
    return Raster(names, place[pixels])


def _from_array(value: Any) -> Raster:
    try:
        pixels = np.asarray(value)
    except ValueError:
        pixels = np.zeros(0)
    if pixels.ndim != 2 or pixels.dtype.kind not in "biu" or not pixels.size or pixels.min() < 0:  # noqa: PLR2004
        raise Unreadable("an array is no segmentation: two dimensions of whole numbers from 0 are")
    numbers, place = np.unique(pixels, return_inverse=True)
    marked = numbers > 0
    codes = np.where(marked, np.cumsum(marked), 0).astype(np.int32)
    return Raster(tuple(str(int(number)) for number in numbers[marked]), codes[place.reshape(pixels.shape)])
