"""The ``aws-chunked`` coding of uploads: framed bytes come in, the content goes out.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator

from a2i_al.local.wire.call import Refusal

_END = b"\r\n"


def plain_chunks(body: bytes) -> bytes:
    r"""Return the content of chunks without signatures; what trails them is left aside.

    Examples
    --------
    >>> plain_chunks(b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n")
    b'hello'
    """
    return b"".join(chunk for _, chunk in _chunks(body))


def decode_chunks(body: bytes, seed: str, sign: Callable[[str, bytes], str]) -> bytes | None:
    """Return the content of signed chunks, each of which signs the one before; None if a signature is wrong.

    Parameters
    ----------
    body : bytes
        As received.
    seed : str
        The request's own signature.
    sign : callable
        The previous signature and a chunk to the chunk's signature.
    """
    content, previous = [], seed
    for extension, chunk in _chunks(body, last=True):
        previous = sign(previous, chunk)
        if not hmac.compare_digest(extension.partition("chunk-signature=")[2].encode(), previous.encode()):
            return None
        content.append(chunk)
    return b"".join(content)


def _chunks(body: bytes, *, last: bool = False) -> Iterator[tuple[str, bytes]]:
    """Yield extension and content of each chunk; the last one, of size 0, only if asked for."""
    position = 0
    while True:
        end = body.find(_END, position)
        size, _, extension = body[position:end].decode("latin-1").partition(";")
        try:
            length = int(size, 16)
        except ValueError:
            length = -1
        start = end + len(_END)
        if end < 0 or length < 0 or start + length > len(body):
            raise Refusal("IncompleteBody", "The aws-chunked body is cut off or not framed in chunks.")
        if length or last:
            yield extension, body[start : start + length]
        if not length:
            return
        position = start + length + len(_END)
