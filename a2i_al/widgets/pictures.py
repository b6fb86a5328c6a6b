"""A picture and a number of bytes come in; a smaller copy goes out that still has the picture's own width and height.

A page in a notebook cannot be as heavy as a photograph, and its reader's browser may not reach where that is kept. The
copy stands in an SVG of the original's size: boxes and points that are drawn on it are in the original's pixels.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from PIL.Image import Image

# Jupyter's server drops what a kernel sends beyond 3 MB in 3 s. So much, in base64, leaves room for a quick reviewer.
INLINE_BYTES = 768 * 1024

_BYTES_A_PIXEL = 0.15  # of a photograph in WebP at this quality; the first guess
_QUALITY = 80
_LONGEST = 16_383  # pixels of a side, WebP's own limit
_TRIES = 6
_ORIENTATION = 0x0112  # the EXIF tag; from 5 on, width and height are exchanged
_TURNED = 5


@dataclass(frozen=True)
class Copy:
    """A smaller copy.

    Attributes
    ----------
    url : str
        A ``data:`` URL; as a picture it has the original's size.
    size, full : tuple of int
        Width and height in pixels, of the copy and of the original.
    """

    url: str
    size: tuple[int, int]
    full: tuple[int, int]


def reduced(content: bytes, most: int) -> Copy | None:
    """Return a copy of a picture in at most so many bytes; None of what is no still picture in eight bits a colour.

    Examples
    --------
    >>> from PIL import Image
    >>> file = BytesIO()
    >>> Image.effect_noise((400, 300), 90).save(file, "PNG")
    >>> copy = reduced(file.getvalue(), 9_000)
    >>> copy.full, copy.size < copy.full
    ((400, 300), True)
    """
    from PIL import Image, ImageOps  # noqa: PLC0415  # loads with the first large picture

    try:
        with Image.open(BytesIO(content)) as opened:
            if getattr(opened, "is_animated", False) or opened.mode[0] in "IF":
                return None
            turned = opened.getexif().get(_ORIENTATION, 1) >= _TURNED
            width, height = opened.size[::-1] if turned else opened.size
            scale = min(1.0, math.sqrt(most / _BYTES_A_PIXEL / (width * height)), _LONGEST / max(width, height))
            # JPEG can be read at a half, a quarter or an eighth for less.
            opened.draft(None, (math.ceil(opened.width * scale), math.ceil(opened.height * scale)))
            picture = ImageOps.exif_transpose(opened)
            clear = "A" in picture.mode or "transparency" in picture.info
            picture = picture.convert("RGBA" if clear else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return _fitted(picture, (width, height), scale, most)


def share(sizes: Sequence[int], total: int) -> int:
    """Return how many bytes each of some pictures may have at most so that together they have no more than in total.

    Examples
    --------
    >>> share([10, 500, 900], 610), share([10, 20], 610)
    (300, 610)
    """
    left = total
    for before, size in enumerate(sorted(sizes)):
        most = left // (len(sizes) - before)
        if size > most:
            return most
        left -= size
    return total


def _fitted(picture: Image, full: tuple[int, int], scale: float, most: int) -> Copy | None:
    for _ in range(_TRIES):
        size = max(1, round(full[0] * scale)), max(1, round(full[1] * scale))
        small = _webp(picture, size)
        if len(small) <= most:
            return Copy(_svg(small, full), size, full)
        scale *= 0.9 * math.sqrt(most / len(small))
    return None


def _webp(picture: Image, size: tuple[int, int]) -> bytes:
    file = BytesIO()
    picture.resize(size, reducing_gap=2.0).save(file, "WEBP", quality=_QUALITY, method=2)
    return file.getvalue()


def _svg(webp: bytes, size: tuple[int, int]) -> str:
    width, height = size
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" preserveAspectRatio="none"'
        f' href="data:image/webp;base64,{b64encode(webp).decode()}"/></svg>'
    )
    return "data:image/svg+xml," + quote(svg, safe="/:;,=+")
