"""Serve an application: take the address, say where it is, and stop in good order at Ctrl-C and SIGTERM."""

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
# Open files beside the connections: the model, the event loop and what a request opens; the pipes of each worker, which
# has twice as many while it is replaced.
_OWN, _OF_A_WORKER = 32, 6
# The event loop may hold so many bursts of connections before it knows that they are too many.
_BURSTS = 4


def token_of(file: Path | None, *, host: str) -> str | None:
    """Return the token that requests must show: from a file, from the environment, or none on this machine alone.

    Args:
        file: holds the token and nothing else.
        host: where the server will listen.

    Raises:
        InputError: if other machines could ask and there is no token, or a short one.
    """
    try:
        token = (_read(file) if file else os.environ.get(TOKEN, "")).strip("\ufeff\0 \t\r\n\f\v")
    except (OSError, UnicodeError) as error:
        raise InputError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or 'no text'})") from error
    if not token and file:
        raise InputError(f"{file}: holds no token; write one into it, for example with openssl rand -hex 32")
    if not token and not loopback(host):
        raise InputError(f"{host} is open to other machines: set a token, with --token-file FILE or in {TOKEN}")
    if token and (len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token):
        raise InputError(
            f"the token must be one line of at least {_SHORTEST} letters and digits: openssl rand -hex 32 makes one"
        )
    return token or None


def _read(file: Path) -> str:
    """Return the text of a token's file, in the encoding that its first bytes tell: Windows marks UTF-8 and UTF-16.

    Raises:
        InputError: if it is far too long for a token.
    """
    with file.open("rb") as stream:
        data = stream.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise InputError(f"{file}: is more than a token; write one into it and nothing else")
    return data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")


def door(most: int, *, each: int | None = None, jobs: int = 0) -> Door:
    """Return what lets connections in: as many as asked for, or as the limit of open files allows.

    Args:
        most: connections.
        each: connections of one address; see `Door`.
        jobs: worker processes, which have files of their own.

    Raises:
        InputError: if not a single one is allowed.
    """
    beside = _open_files() + _OWN + _OF_A_WORKER * jobs
    burst = Door().burst
    room = _allowed(beside + most + _BURSTS * burst) - beside
    burst = min(burst, max(1, room // (2 * _BURSTS), (room - most) // _BURSTS))
    found = min(most, room - _BURSTS * burst)
    if found < 1:
        raise InputError("too few files may be open: raise the limit, for example with ulimit -n 1024, or lower --jobs")
    return Door(found, each=each, burst=burst)


def _open_files() -> int:
    try:
        return len(os.listdir("/dev/fd"))
    except OSError:
        return _OWN


def _allowed(wanted: int) -> int:
    """Return how many files may be open, after the limit was raised where it is too low and may be raised."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft != unlimited and soft < wanted:
        raised = wanted if hard == unlimited else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
            soft = raised
    return wanted if soft == unlimited else min(soft, wanted)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises:
        StoreError: if the address cannot be had.
    """
    try:
        [(family, *_), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OverflowError as error:
        raise StoreError(f"port {port}: no such port; give one from 1 to 65535 with --port") from error
    except OSError as error:
        raise StoreError(f"{host}, port {port}: {error.strerror or error}; choose another with --port") from error


def address(taken: socket.socket, host: str) -> str:
    """Return the URL of what listens there."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{taken.getsockname()[1]}/"


def server_of(app: App, taken: socket.socket, door: Door, *, patience: float = 5.0) -> uvicorn.Server:
    """Return the server of an application.

    Args:
        app: the application.
        taken: if it will listen.
        door: lets connections in.
        patience: seconds for the requests that are being answered at its end.
    """

    async def listen_on() -> None:
        # uvicorn has one number for the connections that the kernel holds and those that are let in at a stroke; only
        # the latter cost open files, and who finds no place among the former waits for seconds.
        taken.listen(_BACKLOG)

    protocol: Any = door  # uvicorn calls it as it would a class
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
    """Serve until Ctrl-C or SIGTERM; requests that are being answered are finished first.

    Args:
        app: the application.
        taken: where to listen.
        door: lets connections in.
        ready: called once it does.
        start: awaited before that, and given up at a signal.
        patience: seconds for the requests that are being answered.
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

    # uvicorn raises the signal that ended it once more when it is done: by then it has been heeded.
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
    """Give a task that the two signals cancel while the block lasts."""
    loop = asyncio.get_running_loop()
    kept = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    for sign in kept:
        signal.signal(sign, lambda *_: loop.call_soon_threadsafe(task.cancel) and None)
    try:
        yield task
    finally:
        for sign, handler in kept.items():
            signal.signal(sign, handler)
