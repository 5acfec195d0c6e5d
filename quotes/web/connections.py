"""Limit connections: how many there may be, and how long a client may take.

uvicorn limits only the time between two requests of a connection, and counts connections only once a request is
complete. Here each connection is checked every second: one whose headers do not arrive, that takes no answer or does
not close is closed, and if all places are taken, the idlest connection of the busiest address makes room.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Callable, Iterable
from enum import Enum, auto
from typing import Any

import h11
from attrs import define, field, frozen
from uvicorn.protocols.http.h11_impl import H11Protocol

from quotes.web.guard import loopback

_LOG = logging.getLogger("quotes.web")
_OTHERS = 64
# Seconds without a byte of a body after which its connection may make room for another.
_SILENT = 2.0
# The fewest bytes of an answer that a client must take within the time for it.
_TAKEN = 2**14


def _answer(status: str, error: str, detail: str, *headers: str) -> bytes:
    body = f'{{"error": "{error}", "detail": "{detail}"}}'
    lines = (f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}",
             "Connection: close", "X-Content-Type-Options: nosniff", *headers)  # fmt: skip
    return ("\r\n".join(lines) + f"\r\n\r\n{body}").encode("ascii")


_FULL = _answer("503 Service Unavailable", "connections", "too many connections; try again later", "Retry-After: 5")
_SLOW = _answer("408 Request Timeout", "time", "the headers did not arrive in time")


@frozen
class Times:
    """Seconds that a client may take.

    Args:
        headers: to send all headers of a request.
        idle: between two requests.
        linger: to close after its answer, if it has sent more than was read.
        taking: to take the next part of an answer.
    """

    headers: float = 10.0
    idle: float = 15.0
    linger: float = 10.0
    taking: float = 30.0


class Phase(Enum):
    """What a connection is waiting for."""

    IDLE = auto()
    HEADERS = auto()
    BODY = auto()
    ANSWER = auto()
    LINGER = auto()
    CLOSING = auto()


@define(eq=False)
class Door:
    """Admits connections, and makes uvicorn's protocol for each; it replaces uvicorn's protocol class.

    Args:
        most: the most connections.
        each: the most connections per address; if None, 64, and no limit for this machine, where a proxy may run.
        times: the time limits of a client.
        burst: connections admitted at once, before any of them is checked.
    """

    most: int = 512
    each: int | None = None
    times: Times = field(factory=Times)
    burst: int = 64
    _inside: dict[str, dict[Connection, None]] = field(factory=dict, init=False)
    _number: int = field(default=0, init=False)
    _looking: bool = field(default=False, init=False)

    def __call__(self, **given: Any) -> Connection:
        """Make the protocol of a new connection, as uvicorn does of a protocol class."""
        return Connection(self, lambda: H11Protocol(**given))

    def admit(self, coming: Connection) -> bool:
        """Return whether a connection is admitted, which may close an idle one."""
        own = self._inside.get(coming.address, {})
        limit = self._limit(coming.address)
        if limit is not None and len(own) >= limit and not self._make_room(own, len(own)):
            _LOG.warning("more connections from one address than --max-per-address allows: further ones are refused")
            return False
        every = [each for group in self._inside.values() for each in group] if self._number >= self.most else []
        if every and not self._make_room(every, len(own)):
            _LOG.warning("more connections than --max-connections allows: further ones are refused")
            return False
        self._inside.setdefault(coming.address, {})[coming] = None
        self._number += 1
        if not self._looking:
            self._looking = True
            self._look_later()
        return True

    def leave(self, going: Connection) -> None:
        """Stop counting a connection."""
        group = self._inside.get(going.address, {})
        if going in group:
            del group[going]
            self._number -= 1
            if not group:
                del self._inside[going.address]

    def _limit(self, address: str) -> int | None:
        if self.each is not None:
            return self.each
        return None if loopback(address) else _OTHERS

    def _make_room(self, among: Iterable[Connection], own: int) -> bool:
        """Close the idlest connection for a new one, whose address has `own` connections; return whether there is one.

        An incomplete request is not ended for an address that already has more connections.
        """
        now = asyncio.get_running_loop().time()
        spare = []
        for each in among:
            number = len(self._inside[each.address])
            each.note(now)
            if each.idle or (each.unfinished(now) and number >= own):
                spare.append((number, each.phase is not Phase.BODY, now - each.heard, each))
        if not spare:
            return False
        max(spare, key=lambda s: s[:3])[-1].drop()
        return True

    def _look_later(self) -> None:
        step = max(0.01, min(1.0, self.times.headers / 4, self.times.linger / 4, self.times.taking / 4))
        asyncio.get_running_loop().call_later(step, self._look)

    def _look(self) -> None:
        """Close all that are past their time, and check again while there are any."""
        self._looking = self._number > 0
        if self._looking:
            self._look_later()
        now = asyncio.get_running_loop().time()
        for each in [each for group in self._inside.values() for each in group]:
            each.look(now)


@define(eq=False)
class Connection:
    """One connection: an asyncio.Protocol that passes everything on to uvicorn's, and knows how long it has waited.

    Args:
        door: the door that admits it.
        make: makes uvicorn's protocol, which is costly, once it is admitted.
    """

    door: Door
    make: Callable[[], H11Protocol]
    address: str = ""
    phase: Phase = Phase.HEADERS
    heard: float = 0.0  # when the last byte arrived
    _since: float = 0.0  # when the phase began
    _begun: bool = True  # whether headers are awaited, not only a next request
    _silent: bool = True  # whether no byte has ever arrived
    _unsent: int = 0  # bytes that the client has not taken yet, and since when it takes too few
    _untaken: float = 0.0
    _inner: H11Protocol | None = None
    _transport: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Admit the client, or refuse it at once."""
        self._transport = transport
        self.address = _network((transport.get_extra_info("peername") or ("",))[0])
        self.heard = self._since = self._untaken = asyncio.get_running_loop().time()
        if not self.door.admit(self):
            transport.write(_FULL)
            transport.close()
            return
        self._inner = self.make()
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Pass the data on."""
        if self._inner is None or self._transport.is_closing():
            return
        now = asyncio.get_running_loop().time()
        self.heard, self._silent = now, False
        try:
            self._inner.data_received(data)
        except h11.LocalProtocolError:
            self.drop()  # invalid data during an answer, to which uvicorn would begin a second one
            return
        if self._inner.conn.their_state is h11.ERROR and self._inner.cycle is not None:
            # uvicorn has answered that it is not HTTP; the application must not begin a second answer.
            self._inner.cycle.disconnected = True
            self._inner.cycle.message_event.set()
        self._begun = self._inner.conn.their_state is h11.IDLE
        self.note(now)

    def eof_received(self) -> None:
        """Pass on that the client has closed its side."""
        if self._inner is not None:
            self._inner.eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        """Pass on that the connection is closed."""
        self.door.leave(self)
        if self._inner is not None:
            self._inner.connection_lost(error)

    def pause_writing(self) -> None:
        """Pass on that the client takes no more data for now."""
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that it takes data again."""
        if self._inner is not None:
            self._inner.resume_writing()

    @property
    def idle(self) -> bool:
        """Whether closing it loses nothing."""
        return self.phase in (Phase.IDLE, Phase.LINGER, Phase.CLOSING)

    def unfinished(self, now: float) -> bool:
        """Return whether its request is incomplete and its body has stalled."""
        return self.phase is Phase.HEADERS or (self.phase is Phase.BODY and now - self.heard > _SILENT)

    def look(self, now: float) -> None:
        """Close it if it is past its time."""
        self.note(now)
        times = self.door.times
        allowed = {
            Phase.HEADERS: times.headers, Phase.IDLE: times.idle, Phase.LINGER: times.linger,
            Phase.CLOSING: times.linger,
        }.get(self.phase)  # fmt: skip
        if self._stuck(now) or (allowed is not None and now - self._since > allowed):
            if self.phase is Phase.HEADERS and not self._silent:
                self._transport.write(_SLOW)
                self._transport.close()
            else:
                self.drop()

    def drop(self) -> None:
        """Close it at once."""
        self.door.leave(self)
        self._transport.abort()

    def note(self, now: float) -> None:
        """Note the connection's phase, and since when."""
        phase = self._now()
        if phase is not self.phase:
            self.phase, self._since = phase, now

    def _now(self) -> Phase:
        """Return the connection's phase, by the states of both sides in HTTP."""
        if self._inner is None or self._transport.is_closing():
            return Phase.CLOSING
        client, server = self._inner.conn.their_state, self._inner.conn.our_state
        if client is h11.IDLE:
            return Phase.HEADERS if self._begun else Phase.IDLE
        if client is not h11.SEND_BODY or server is h11.SEND_BODY:
            return Phase.ANSWER
        return Phase.BODY if server is h11.SEND_RESPONSE else Phase.LINGER

    def _stuck(self, now: float) -> bool:
        """Return whether the client has not taken enough of its answer for too long."""
        size = self._transport.get_write_buffer_size()
        if not size or size <= self._unsent - _TAKEN:
            self._unsent, self._untaken = size, now
        self._unsent = max(self._unsent, size)
        return bool(size) and now - self._untaken > self.door.times.taking


def _network(host: str) -> str:
    """Return the network that counts as one address: in IPv6 a customer's whole network."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return host if address.is_loopback else str(ipaddress.ip_network((address, 64), strict=False))
