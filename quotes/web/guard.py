"""Check every request, and add security headers to every answer.

Plain ASGI around the application, so that no route can skip it.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from typing import Any

from attrs import define

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

# Scripts and styles only from this server, none inline; no frames, no forms.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^:\[\]]+))(?::[0-9]{0,5})?")
# If a request has two of these headers, a proxy before this server may have used the other one.
_ONCE = frozenset(
    {b"authorization", b"content-encoding", b"content-length", b"content-type", b"host", b"origin", b"sec-fetch-site",
     b"transfer-encoding"}
)  # fmt: skip
# The client of the present request: its address, or the one that a proxy on this machine gives.
CLIENT: ContextVar[str] = ContextVar("CLIENT", default="")


def loopback(host: str) -> bool:
    """Return whether a name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@define
class Guard:
    """An application behind the checks that every request must pass.

    Args:
        app: the application.
        local: whether the server listens on this machine only; then a Host that is not this machine's is refused,
            which stops DNS rebinding.
        token: the token required in `Authorization: Bearer …`; none if None.
        open_paths: paths open without the token; a path that ends in "/" opens all below it.
    """

    app: App
    local: bool = True
    token: str | None = None
    open_paths: frozenset[str] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, or refuse."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        CLIENT.set((scope.get("client") or ("",))[0])
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if refused := self._refusal(scope, headers):
            await _refuse(*refused, send)
            return
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # the server, which knows the method, drops the body
        await self.app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> tuple[int, str, str] | None:
        if doubtful := _doubtful(scope["headers"]):
            return 400, "header", f"two headers contradict each other: {doubtful}"
        host = headers.get(b"host", "")
        if self.local and not loopback(_name(host)):
            return 400, "host", "this server answers only to localhost and 127.0.0.1; use one of them as the address"
        origin = headers.get(b"origin")
        foreign = origin is not None and origin.partition("://")[2] != host
        if scope["method"] not in _SAFE and (foreign or headers.get(b"sec-fetch-site") == "cross-site"):
            return 403, "origin", "another site's page may not post here"
        if self.token is not None and not self._open(scope["path"]):
            kind, _, given = headers.get(b"authorization", "").partition(" ")
            if kind.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self.token.encode()):
                return 401, "token", "send the header Authorization: Bearer TOKEN"
        return None

    def _open(self, path: str) -> bool:
        return any(path == p or (p.endswith("/") and p != "/" and path.startswith(p)) for p in self.open_paths)


def _doubtful(headers: list[tuple[bytes, bytes]]) -> str | None:
    """Return a contradictory header, if any."""
    times = Counter(name.lower() for name, _ in headers)
    if b"content-length" in times and b"transfer-encoding" in times:
        return "Content-Length, Transfer-Encoding"
    twice = sorted(name for name in _ONCE if times[name] > 1)
    return twice[0].decode().title() if twice else None


def _name(host: str) -> str:
    """Return the host without its port: "[::1]:8000" is "::1"; "" if it is not a host."""
    found = _HOST.fullmatch(host.lower())
    return (found[1] or found[2]) if found else ""


def _with_headers(send: Send) -> Send:
    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            own = {name.lower() for name, _ in message.get("headers", ())}
            added = [*HEADERS, *([] if b"cache-control" in own else [(b"cache-control", b"no-store")])]
            message = {**message, "headers": [*message.get("headers", ()), *added]}
        await send(message)

    return sending


async def _refuse(status: int, error: str, detail: str, send: Send) -> None:
    body = json.dumps({"error": error, "detail": detail}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    sending = _with_headers(send)
    await sending({"type": "http.response.start", "status": status, "headers": headers})
    await sending({"type": "http.response.body", "body": body})
