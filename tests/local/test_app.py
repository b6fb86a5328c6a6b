"""The application around a backend: who waits where, and for whom."""

import asyncio
import threading
import time
from types import SimpleNamespace

import httpx
from starlette.responses import Response

from a2i_al.local.app import application

PATIENCE = 20  # seconds, of whoever would wait for ever


def backend_of(answer):
    """Return what the application needs of a backend, with an answer to every call."""

    class Stub(SimpleNamespace):
        def __call__(self, call):
            return answer(call)

    return Stub(limit=lambda _: 1_000)


async def ask(app, *paths):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=PATIENCE) as client:
        return [reply.status_code for reply in await asyncio.gather(*map(client.get, paths))]


def test_four_requests_for_loops_are_at_work_at_once_and_nobody_else_waits_for_them():
    """Threads that contend for one store cost each other time; an object of the S3 has nothing to do with it."""
    lock, four_inside, object_read = threading.Lock(), threading.Event(), threading.Event()
    inside, most = 0, 0

    def answer(call):
        nonlocal inside, most
        if call.path.startswith("/s3"):
            came = four_inside.wait(PATIENCE)
            time.sleep(0.2)  # in which a fifth would come, if it were let in
            object_read.set()
            return Response(status_code=200 if came else 504)
        with lock:
            inside += 1
            most = max(most, inside)
            if inside == 4:
                four_inside.set()
        waited = object_read.wait(2 * PATIENCE)
        with lock:
            inside -= 1
        return Response(status_code=200 if waited else 504)

    loops = [f"/human-loops/{number}" for number in range(8)]
    assert asyncio.run(ask(application(backend_of(answer)), *loops, "/s3/bucket/key")) == [200] * 9
    assert most == 4


def test_a_body_that_is_too_large_is_refused_before_the_backend_sees_it():
    """Whatever its length says, or does not say."""

    async def post():
        app = application(backend_of(lambda _: Response(status_code=500)))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            return await client.post("/human-loops", content=b"x" * 1_001)

    reply = asyncio.run(post())
    assert (reply.status_code, reply.headers["connection"]) == (413, "close")
