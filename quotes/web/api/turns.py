"""Fair queuing: requests wait in lanes, and the lanes take turns.

A lane is one client's requests of one kind, so that neither a busy client nor a batch can keep the others waiting: each
turn goes to the lane whose last turn is longest ago (Nagle, RFC 970). If the queue is full, the newest request of the
longest lane makes room for a shorter one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from attrs import define, field

T = TypeVar("T")
Lane = tuple[str, str]  # client, kind of request


class Full(Exception):
    """The queue is full."""


@define(eq=False)
class _Place(Generic[T]):
    """A waiting request; a patient one belongs to an accepted batch and does not count."""

    given: asyncio.Future[T]
    patient: bool


@define(eq=False)
class Turns(Generic[T]):
    """Free things, and the requests that wait for one.

    Args:
        most: how many may wait, patient ones not counted.
    """

    most: int
    _free: deque[T] = field(factory=deque, init=False)
    _lanes: dict[Lane, deque[_Place[T]]] = field(factory=dict, init=False)

    @property
    def free(self) -> int:
        """The number of free things."""
        return len(self._free)

    @property
    def waiting(self) -> Iterator[Lane]:
        """The lane of each waiting request."""
        return (lane for lane, places in self._lanes.items() for _ in places)

    def open_to(self, lane: Lane) -> bool:
        """Return whether one more request of a lane may wait, or need not."""
        if self._free or sum(map(_counted, self._lanes.values())) < self.most:
            return True
        return self._counted_in(lane) + 1 < max(map(_counted, self._lanes.values()), default=0)

    async def take(self, lane: Lane, *, patient: bool = False) -> T:
        """Wait for a thing and return it; the caller puts it back.

        Args:
            lane: the lane to wait in.
            patient: whether to wait even if the queue is full.

        Raises:
            Full: if too many wait, at once or when a shorter lane needs the place.
        """
        if self._free:
            return self._free.popleft()
        if not patient:
            self._make_room(lane)
        place: _Place[T] = _Place(asyncio.get_running_loop().create_future(), patient)
        self._lanes.setdefault(lane, deque()).append(place)
        try:
            return await place.given
        except asyncio.CancelledError:
            if place.given.done() and not place.given.cancelled() and place.given.exception() is None:
                self.put(place.given.result())  # it arrived just as the wait was cancelled
            raise
        finally:
            self._leave(lane, place)

    def put(self, thing: T) -> None:
        """Give a thing to the next lane, or keep it."""
        for lane in list(self._lanes):
            places = self._lanes.pop(lane)
            while places:
                place = places.popleft()
                if not place.given.done():
                    place.given.set_result(thing)
                    if places:
                        self._lanes[lane] = places  # after all others
                    return
        self._free.append(thing)

    def _make_room(self, lane: Lane) -> None:
        if not self.open_to(lane):
            raise Full
        if sum(map(_counted, self._lanes.values())) < self.most:
            return
        longest = max(self._lanes, key=self._counted_in)
        last = next(place for place in reversed(self._lanes[longest]) if not place.patient)
        last.given.set_exception(Full())
        self._leave(longest, last)

    def _counted_in(self, lane: Lane) -> int:
        return _counted(self._lanes.get(lane, ()))

    def _leave(self, lane: Lane, place: _Place[T]) -> None:
        places = self._lanes.get(lane, deque())
        if place in places:
            places.remove(place)
            if not places:
                del self._lanes[lane]


def _counted(places: Iterable[_Place[T]]) -> int:
    return sum(1 for place in places if not place.patient)
