"""A small S3 in memory that answers each request some milliseconds late: ListObjectsV2 and GetObject, unsigned.

    python late_s3.py PORT COUNT MILLISECONDS

A proxy before rclone would take as much of two cores as rclone itself; this takes a tenth, so that the clients are what
is measured.
"""

from __future__ import annotations

import asyncio
import sys
from urllib.parse import parse_qs, urlsplit

import outputs

_PAGE = 1000


class Bucket:
    """The answers to the requests for the outputs, made beforehand: two cores serve and are served here."""

    def __init__(self, count: int) -> None:
        contents = {outputs.key(number): outputs.content(number) for number in range(count)}
        self.sizes = {key: len(contents[key]) for key in sorted(contents)}
        self.objects = {
            f"/{outputs.BUCKET}/{key}".encode(): _response("200 OK", content, "application/json")
            for key, content in contents.items()
        }
        pages = (self._page(start) for start in range(0, max(count, 1), _PAGE))
        self.pages = [_response("200 OK", page, "application/xml") for page in pages]

    def answer(self, target: bytes) -> bytes:
        """Return the response to a GET."""
        if found := self.objects.get(target):
            return found
        query = parse_qs(urlsplit(target.decode()).query)
        if "list-type" in query:
            return self.pages[int(query.get("continuation-token", ["0"])[0])]
        return _response("404 Not Found", b"<Error><Code>NoSuchKey</Code></Error>", "application/xml")

    def _page(self, start: int) -> bytes:
        keys, after = list(self.sizes), start + _PAGE
        page = keys[start:after]
        entries = "".join(
            f"<Contents><Key>{key}</Key><LastModified>2026-11-02T00:00:00.000Z</LastModified>"
            f"<ETag>&quot;{'0' * 32}&quot;</ETag><Size>{self.sizes[key]}</Size>"
            "<StorageClass>STANDARD</StorageClass></Contents>"
            for key in page
        )
        more = after < len(keys)
        token = f"<NextContinuationToken>{after // _PAGE}</NextContinuationToken>" if more else ""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>{outputs.BUCKET}</Name>'
            f"<KeyCount>{len(page)}</KeyCount><IsTruncated>{str(more).lower()}</IsTruncated>{token}{entries}"
            "</ListBucketResult>"
        ).encode()


class Connection(asyncio.Protocol):
    """One connection that is kept open; a GET has no body, so an empty line ends it."""

    def __init__(self, bucket: Bucket, seconds: float) -> None:
        self.bucket, self.seconds, self.read = bucket, seconds, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers go to."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete, after a while."""
        self.read += data
        while b"\r\n\r\n" in self.read:
            head, self.read = self.read.split(b"\r\n\r\n", 1)
            target = head.split(b" ", 2)[1]
            asyncio.get_running_loop().call_later(self.seconds, self._send, self.bucket.answer(target))

    def _send(self, response: bytes) -> None:
        if isinstance(self.transport, asyncio.Transport) and not self.transport.is_closing():
            self.transport.write(response)


def _response(status: str, body: bytes, kind: str) -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f'ETag: "{"0" * 32}"\r\nLast-Modified: Mon, 02 Nov 2026 00:00:00 GMT\r\n\r\n'
    )
    return head.encode() + body


async def main() -> None:
    """Serve until the process is ended."""
    port, count, milliseconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    bucket = Bucket(count)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(bucket, milliseconds / 1e3), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
