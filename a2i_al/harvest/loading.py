"""The bytes of an output come in; the JSON object in them goes out, or the reason why there is none to be trusted."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import Any

from a2i_al.errors import InvalidOutput

WANTED = "an output.json of Amazon A2I"
LARGEST_REPORT = 256 << 20  # bytes: of JSON lines, a thousand prompts with their answers
LARGEST = 32 << 20  # bytes: room for the segmentation masks, a few megabytes each, of as many reviewers as a loop has
_OTHER_ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\x00\x00\xfe\xff", "UTF-32"))


def load_output(data: bytes) -> dict[str, Any]:
    """Return the JSON object that a file holds.

    Parameters
    ----------
    data : bytes
        UTF-8, with or without a byte order mark.

    Raises
    ------
    InvalidOutput
        If the file is too large, not UTF-8, not JSON, truncated, nested too deeply, not an object, or if one of its
        objects has a key twice: which of the two answers was meant cannot be known.

    Examples
    --------
    >>> load_output(b'{"humanLoopName": "n"}')
    {'humanLoopName': 'n'}
    """
    check_size(len(data))
    try:
        text = data.decode("utf-8-sig" if data.startswith(BOM_UTF8) else "utf-8")  # the latter at half the price
        output = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        other = next((f"; it begins as {name} does" for mark, name in _OTHER_ENCODINGS if data.startswith(mark)), "")
        raise InvalidOutput(f"byte {error.start} is not UTF-8{other}", expected=WANTED) from error
    except json.JSONDecodeError as error:
        raise InvalidOutput(
            f"not JSON, or cut off, at character {error.pos} of {len(error.doc)}: {error.msg}", expected=WANTED
        ) from error
    except RecursionError as error:
        raise InvalidOutput("the JSON is nested too deeply to be read", expected=WANTED) from error
    except InvalidOutput:
        raise
    except ValueError as error:  # a whole number of thousands of digits
        raise InvalidOutput(f"not JSON that can be read: {error}", expected=WANTED) from error
    if not isinstance(output, dict):
        raise InvalidOutput(f"the file holds a {type(output).__name__}", expected=WANTED)
    return output


def check_size(size: int, most: int = LARGEST) -> None:
    """Refuse a file of more bytes than any output has, before it is fetched.

    Raises
    ------
    InvalidOutput
        Naming both sizes.

    Examples
    --------
    >>> check_size(1500)
    """
    if size > most:
        raise InvalidOutput(f"the file has {size / 1e6:.0f} MB", expected=f"an output of at most {most:,} bytes")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in found if keys.count(key) > 1)
        raise InvalidOutput(f"an object has the key {twice!r} twice", expected=WANTED)
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)  # made once: `json.loads` would make one for every file
