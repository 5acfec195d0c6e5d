"""What stands before the first byte of a request: how many connections there may be, and how long a client may take.

uvicorn limits the time of a connection between two requests alone, and counts connections only once a request has
come in whole. Here each connection is looked at every second: one whose headers do not come in, that takes no answer
or does not go is closed, and where all places are taken the idlest of whoever has the most makes room.
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
# After so many seconds without a byte of a body its connection may make room for another.
_SILENT = 2.0
# An answer that is taken more slowly than so many bytes within the time for it is not taken.
_TAKEN = 2**14


def _answer(status: str, error: str, detail: str, *headers: str) -> bytes:
    body = f'{{"error": "{error}", "detail": "{detail}"}}'
    lines = (f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}",
             "Connection: close", "X-Content-Type-Options: nosniff", *headers)  # fmt: skip
    return ("\r\n".join(lines) + f"\r\n\r\n{body}").encode("ascii")


_FULL = _answer("503 Service Unavailable", "connections", "too many connections; come again", "Retry-After: 5")
_SLOW = _answer("408 Request Timeout", "time", "the headers did not come in within the time for them")


@frozen
class Times:
    """Seconds that a client may take.

    Args:
        headers: for all headers of a request.
        idle: between two requests.
        linger: to go after its answer, if it has sent more than was wanted.
        taking: to take the next part of an answer.
    """

    headers: float = 10.0
    idle: float = 15.0
    linger: float = 10.0
    taking: float = 30.0


class Phase(Enum):
    """What is awaited of a connection."""

    IDLE = auto()
    HEADERS = auto()
    BODY = auto()
    ANSWER = auto()
    LINGER = auto()
    CLOSING = auto()


@define(eq=False)
class Door:
    """Lets connections in, and makes uvicorn's protocol for each; it stands in place of that class.

    Args:
        most: connections in all.
        each: connections of one address; if None, 64 of another machine, and of this one, where a proxy may stand,
            as many as there are.
        times: for a client.
        burst: connections that are let in at a stroke, before any of them is looked at.
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
        """Return whether a connection may come in, for which an idle one may have to go."""
        own = self._inside.get(coming.address, {})
        limit = self._limit(coming.address)
        if limit is not None and len(own) >= limit and not self._make_room(own, len(own)):
            _LOG.warning("more connections of one address than --max-per-address allows: the next are refused")
            return False
        every = [each for group in self._inside.values() for each in group] if self._number >= self.most else []
        if every and not self._make_room(every, len(own)):
            _LOG.warning("more connections than --max-connections allows: the next are refused")
            return False
        self._inside.setdefault(coming.address, {})[coming] = None
        self._number += 1
        if not self._looking:
            self._looking = True
            self._look_later()
        return True

    def leave(self, going: Connection) -> None:
        """Count a connection no more."""
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
        """End the connection that is missed least, for one of an address that has so many; return whether there is one.

        A request that has not come in whole is not ended for an address that has more connections already.
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
        """End all that are past their time, and look again while there are any."""
        self._looking = self._number > 0
        if self._looking:
            self._look_later()
        now = asyncio.get_running_loop().time()
        for each in [each for group in self._inside.values() for each in group]:
            each.look(now)


@define(eq=False)
class Connection:
    """One connection: an asyncio.Protocol that hands all on to uvicorn's, and knows how long it has been waited for.

    Args:
        door: that it came by.
        make: makes uvicorn's protocol, which costs something, once it is let in.
    """

    door: Door
    make: Callable[[], H11Protocol]
    address: str = ""
    phase: Phase = Phase.HEADERS
    heard: float = 0.0  # when the last byte came
    _since: float = 0.0  # when the phase began
    _begun: bool = True  # whether headers are awaited, and not just a next request
    _silent: bool = True  # whether no byte has ever come
    _unsent: int = 0  # bytes that the client is still to take, and since when it has not taken enough of them
    _untaken: float = 0.0
    _inner: H11Protocol | None = None
    _transport: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Let the client in, or send it away at once."""
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
        """Hand on what came."""
        if self._inner is None or self._transport.is_closing():
            return
        now = asyncio.get_running_loop().time()
        self.heard, self._silent = now, False
        try:
            self._inner.data_received(data)
        except h11.LocalProtocolError:
            self.drop()  # nonsense in the middle of an answer, to which uvicorn would begin a second one
            return
        if self._inner.conn.their_state is h11.ERROR and self._inner.cycle is not None:
            # uvicorn has answered that it is no HTTP; the application is not to begin a second answer.
            self._inner.cycle.disconnected = True
            self._inner.cycle.message_event.set()
        self._begun = self._inner.conn.their_state is h11.IDLE
        self.note(now)

    def eof_received(self) -> None:
        """Hand on that the client has ended its side."""
        if self._inner is not None:
            self._inner.eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        """Hand on that it is over."""
        self.door.leave(self)
        if self._inner is not None:
            self._inner.connection_lost(error)

    def pause_writing(self) -> None:
        """Hand on that the client takes no more for now."""
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Hand on that it takes more."""
        if self._inner is not None:
            self._inner.resume_writing()

    @property
    def idle(self) -> bool:
        """Whether nothing is lost with it."""
        return self.phase in (Phase.IDLE, Phase.LINGER, Phase.CLOSING)

    def unfinished(self, now: float) -> bool:
        """Return whether its request has not come in whole, and a body has stopped."""
        return self.phase is Phase.HEADERS or (self.phase is Phase.BODY and now - self.heard > _SILENT)

    def look(self, now: float) -> None:
        """End it where it is past its time."""
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
        """End it at once."""
        self.door.leave(self)
        self._transport.abort()

    def note(self, now: float) -> None:
        """Note what is awaited of the client, and since when."""
        phase = self._now()
        if phase is not self.phase:
            self.phase, self._since = phase, now

    def _now(self) -> Phase:
        """Return what is awaited of the client, by the states of both sides in HTTP."""
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
    """Return what counts as one address: in IPv6 the network that a customer has, all of whose addresses are theirs."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return host if address.is_loopback else str(ipaddress.ip_network((address, 64), strict=False))
