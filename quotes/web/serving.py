"""Serve an application: take the address, say where it is, and stop in good order at Ctrl-C and SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from quotes.errors import InputError, StoreError
from quotes.web.guard import App, loopback

TOKEN = "QUOTES_TOKEN"
_SHORTEST = 16


def token_of(file: Path | None, *, host: str) -> str | None:
    """Return the token that requests must show: from a file, from the environment, or none on this machine alone.

    Args:
        file: holds the token and nothing else.
        host: where the server will listen.

    Raises:
        InputError: where other machines could ask and there is no token, or a short one.
    """
    try:
        token = file.read_text(encoding="utf-8").strip() if file else os.environ.get(TOKEN, "").strip()
    except (OSError, UnicodeError) as error:
        raise InputError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or 'no text'})") from error
    if not token and file:
        raise InputError(f"{file}: holds no token; write one into it, for example with openssl rand -hex 32")
    if not token and not loopback(host):
        raise InputError(f"{host} is open to other machines: set a token, with --token-file FILE or in {TOKEN}")
    if token and (len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token):
        raise InputError(f"the token must have at least {_SHORTEST} letters and digits: openssl rand -hex 32 makes one")
    return token or None


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises:
        StoreError: where the address cannot be had.
    """
    try:
        [(family, *_), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return socket.create_server((host, port), family=family, backlog=256)
    except OverflowError as error:
        raise StoreError(f"port {port}: no such port; give one from 1 to 65535 with --port") from error
    except OSError as error:
        raise StoreError(f"{host}, port {port}: {error.strerror or error}; choose another with --port") from error


def address(taken: socket.socket, host: str) -> str:
    """Return the URL of what listens there."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{taken.getsockname()[1]}/"


def serve(
    app: App, taken: socket.socket, *, ready: Callable[[], None], start: Callable[[], Awaitable[None]] | None = None,
    patience: float = 5.0,
) -> None:  # fmt: skip
    """Serve until Ctrl-C or SIGTERM; requests that are being answered are finished first.

    Args:
        app: the application.
        taken: where to listen.
        ready: called once it does.
        start: awaited before that, and given up at a signal.
        patience: seconds for the requests that are being answered.
    """
    import uvicorn

    async def main() -> None:
        if start is not None:
            with _stoppable(asyncio.ensure_future(start())) as starting:
                with contextlib.suppress(asyncio.CancelledError):
                    await starting
                if starting.cancelled():
                    return
        config = uvicorn.Config(
            app, access_log=False, log_level="warning", server_header=False, lifespan="on",
            timeout_graceful_shutdown=max(1, int(patience)), timeout_keep_alive=15, ws="none",
        )  # fmt: skip
        logging.getLogger("uvicorn.error").addFilter(_worth_telling)
        ready()
        await uvicorn.Server(config).serve(sockets=[taken])

    # uvicorn raises the signal that ended it once more when it is done: by then it has been heeded.
    before = {sign: signal.signal(sign, lambda *_: None) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        asyncio.run(main())
    finally:
        taken.close()
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _worth_telling(record: logging.LogRecord) -> bool:
    """Leave out the traceback of a request that was cut off at the end: it says where it waited, and no fault."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


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
