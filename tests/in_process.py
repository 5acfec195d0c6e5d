"""Serve an application within the tests' process, with workers that are none, and talk to it over raw sockets."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any

from attrs import define

from quotes.web import serving
from quotes.web.api.pool import Pool
from quotes.web.api.server import make_app
from quotes.web.api.tasks import Limits
from quotes.web.api.worker import Setting
from quotes.web.connections import Door, Times

QUICK = Times(headers=0.2, idle=0.2, linger=0.2, taking=0.3)
HEAD = b"Host: localhost\r\n"
TEXT = HEAD + b"Content-Type: text/plain\r\n"
LINES = HEAD + b"Content-Type: application/x-ndjson\r\n"
TOKEN = "0123456789abcdef"


@define(eq=False)
class FakeWorker:
    """A worker that takes its time and says what it was given."""

    seconds: float = 0.01
    dead: bool = False
    tasks: int = 0
    kind: str = ""
    began: float = 0.0

    def begin(self, kind: str, limit: float) -> None:
        self.kind, self.began = kind, asyncio.get_running_loop().time()

    def left(self, now: float, usual: float) -> float:
        return max(0.0, usual - (now - self.began))

    async def ask(self, head: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        await asyncio.sleep(self.seconds)
        return {"ok": True}, b"{}\n"

    def kill(self) -> None:
        self.dead = True


def pool_of(*workers: FakeWorker, **how: Any) -> Pool:
    """Return a pool whose workers are not processes."""
    pool = Pool(Setting(), jobs=max(1, len(workers)), **how)
    for worker in workers:
        pool._turns.put(worker)  # type: ignore[arg-type]
    pool.alive = len(workers)
    pool._closed = True  # one that is ended is not replaced
    return pool


@contextmanager
def running(app: Any, door: Door | None = None) -> Iterator[int]:
    """Serve an application in a thread, and give its port."""
    taken = serving.listen("127.0.0.1", 0)
    server = serving.server_of(app, taken, door or Door(), patience=1)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[taken])), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield taken.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


def sent(port: int, data: bytes) -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port), timeout=10)
    found.sendall(data)
    return found


def rest(found: socket.socket) -> bytes:
    """Return all that comes until the server ends the connection."""
    parts = []
    with suppress(ConnectionError):
        while part := found.recv(2**16):
            parts.append(part)
    return b"".join(parts)


def asked(port: int, data: bytes) -> bytes:
    with closing(sent(port, data)) as found:
        return rest(found)


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def get(path: bytes) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\nConnection: close\r\n" + HEAD + b"\r\n"


def post(headers: bytes, body: bytes = b"x", path: bytes = b"/extract") -> bytes:
    return b"POST " + path + b" HTTP/1.1\r\nConnection: close\r\n" + headers + b"\r\n" + body


def plain(**more: Any) -> Any:
    """Return the application with a worker that is none."""
    return make_app(pool_of(FakeWorker()), limits=Limits(seconds=0.2, idle=0.2, **more))


@contextmanager
def dripping(found: socket.socket, letter: bytes) -> Iterator[None]:
    """Send a letter again and again, as long as it is taken."""
    ended = threading.Event()

    def drip() -> None:
        with suppress(OSError):
            while not ended.wait(0.02):
                found.sendall(letter)

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to that")
