"""Serve an application: bind the address, announce it, and stop cleanly at Ctrl-C and SIGTERM."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import uvicorn

from quotes.errors import InputError, StoreError
from quotes.web import logs
from quotes.web.connections import Door
from quotes.web.guard import App, loopback

TOKEN = "QUOTES_TOKEN"
_SHORTEST, _LONGEST = 16, 4096
_BACKLOG = 256
# Open files besides the connections: the model, the event loop and files of requests; the pipes of each worker, twice
# as many while it is replaced.
_OWN, _OF_A_WORKER = 32, 6
# Bursts of connections that the event loop may hold before it finds them to be too many.
_BURSTS = 4


def token_of(file: Path | None, *, host: str) -> str | None:
    """Return the token that requests must carry: from a file, from the environment, or none for this machine only.

    Args:
        file: a file with only the token.
        host: where the server will listen.

    Raises:
        InputError: if other machines can connect and the token is missing or short.
    """
    try:
        token = (_read(file) if file else os.environ.get(TOKEN, "")).strip("\ufeff\0 \t\r\n\f\v")
    except (OSError, UnicodeError) as error:
        raise InputError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or 'no text'})") from error
    if not token and file:
        raise InputError(f"{file}: has no token; write one into it, for example with openssl rand -hex 32")
    if not token and not loopback(host):
        raise InputError(f"{host} is open to other machines: set a token, with --token-file FILE or in {TOKEN}")
    if token and (len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token):
        raise InputError(
            f"the token must be one line of at least {_SHORTEST} letters and digits: openssl rand -hex 32 makes one"
        )
    return token or None


def _read(file: Path) -> str:
    """Return the text of a token's file, by its byte order mark: Windows marks UTF-8 and UTF-16.

    Raises:
        InputError: if it is far too long for a token.
    """
    with file.open("rb") as stream:
        data = stream.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise InputError(f"{file}: has more than a token; write only a token into it")
    return data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")


def door(most: int, *, each: int | None = None, jobs: int = 0) -> Door:
    """Return the door for connections: as many as asked for, within the limit of open files.

    Args:
        most: the most connections.
        each: the most connections per address; see `Door`.
        jobs: the number of worker processes, which have open files, too.

    Raises:
        InputError: if not a single one is allowed.
    """
    beside = _open_files() + _OWN + _OF_A_WORKER * jobs
    burst = Door().burst
    room = _allowed(beside + most + _BURSTS * burst) - beside
    burst = min(burst, max(1, room // (2 * _BURSTS), (room - most) // _BURSTS))
    found = min(most, room - _BURSTS * burst)
    if found < 1:
        raise InputError("the limit of open files is too low: raise it (ulimit -n 1024), or lower --jobs")
    return Door(found, each=each, burst=burst)


def _open_files() -> int:
    try:
        return len(os.listdir("/dev/fd"))
    except OSError:
        return _OWN


def _allowed(wanted: int) -> int:
    """Return the limit of open files, after raising it if it is too low and may be raised."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft != unlimited and soft < wanted:
        raised = wanted if hard == unlimited else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
            soft = raised
    return wanted if soft == unlimited else min(soft, wanted)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        StoreError: if the address is not available.
    """
    try:
        [(family, *_), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OverflowError as error:
        raise StoreError(f"port {port}: no such port; give one from 1 to 65535 with --port") from error
    except OSError as error:
        raise StoreError(f"{host}, port {port}: {error.strerror or error}; choose another with --port") from error


def address(taken: socket.socket, host: str) -> str:
    """Return the URL of a listening socket."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{taken.getsockname()[1]}/"


def server_of(app: App, taken: socket.socket, door: Door, *, patience: float = 5.0) -> uvicorn.Server:
    """Return the server of an application.

    Args:
        app: the application.
        taken: its listening socket.
        door: admits connections.
        patience: seconds to finish pending requests at the end.
    """

    async def listen_on() -> None:
        # uvicorn has one number for the connections that the kernel queues and those accepted at once; only the latter
        # cost open files, and a client without a place in the queue waits for seconds.
        taken.listen(_BACKLOG)

    protocol: Any = door  # uvicorn calls it like a class
    config = uvicorn.Config(
        app, http=protocol, access_log=False, log_config=None, log_level="warning", server_header=False, lifespan="on",
        timeout_graceful_shutdown=max(1, int(patience)), timeout_keep_alive=max(1, int(door.times.idle)), ws="none",
        backlog=door.burst, callback_notify=listen_on,
    )  # fmt: skip
    return uvicorn.Server(config)


def serve(
    app: App, taken: socket.socket, door: Door, *, ready: Callable[[], None],
    start: Callable[[], Awaitable[None]] | None = None, patience: float = 5.0,
) -> None:  # fmt: skip
    """Serve until Ctrl-C or SIGTERM; pending requests are finished first.

    Args:
        app: the application.
        taken: the listening socket.
        door: admits connections.
        ready: called once the server listens.
        start: awaited before that; cancelled by a signal.
        patience: seconds to finish pending requests.
    """

    async def main() -> None:
        if start is not None:
            with _stoppable(asyncio.ensure_future(start())) as starting:
                with contextlib.suppress(asyncio.CancelledError):
                    await starting
                if starting.cancelled():
                    return
        ready()
        await server_of(app, taken, door, patience=patience).serve(sockets=[taken])

    # uvicorn raises the signal again after it has stopped, when it has been handled.
    before = {sign: signal.signal(sign, lambda *_: None) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        with logs.kept_short("quotes"):
            asyncio.run(main())
    finally:
        taken.close()
        for sign, handler in before.items():
            signal.signal(sign, handler)


@contextlib.contextmanager
def _stoppable(task: asyncio.Future[None]) -> Iterator[asyncio.Future[None]]:
    """Give a task that both signals cancel within the block."""
    loop = asyncio.get_running_loop()
    kept = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    for sign in kept:
        signal.signal(sign, lambda *_: loop.call_soon_threadsafe(task.cancel) and None)
    try:
        yield task
    finally:
        for sign, handler in kept.items():
            signal.signal(sign, handler)
