"""Fair turns between clients and kinds of requests, and the time that each has."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, closing, suppress
from typing import Any

import pytest

from quotes.records.json_text import dumps
from tests.serving import WHY

pytest.importorskip("litestar", reason=WHY)

from quotes.web.api import bodies
from quotes.web.api.bodies import BodyError
from quotes.web.api.pool import Busy
from quotes.web.api.server import make_app
from quotes.web.api.tasks import Limits
from quotes.web.api.turns import Full, Turns
from quotes.web.guard import CLIENT
from tests.in_process import (
    LINES,
    TEXT,
    FakeWorker,
    asked,
    dripping,
    plain,
    pool_of,
    post,
    running,
    sent,
    status,
)


def test_lanes_take_turns() -> None:
    """A client with many requests in the queue waits as long for each as one with a single request, who gets room."""

    async def main() -> None:
        turns: Turns[int] = Turns(3)
        order: list[str] = []

        async def one(name: str, lane: str, *, patient: bool = False) -> None:
            try:
                await turns.take((lane, "extract"), patient=patient)
                order.append(name)
            except Full:
                order.append(f"{name} is full")

        tasks = [asyncio.create_task(one(f"a{n}", "a")) for n in range(3)]
        tasks += [asyncio.create_task(one(f"b{n}", "b", patient=True)) for n in range(3)]
        await asyncio.sleep(0)
        assert not turns.open_to(("a", "extract"))
        assert turns.open_to(("c", "extract"))
        tasks.append(asyncio.create_task(one("c0", "c")))
        tasks.append(asyncio.create_task(one("a3", "a")))
        await asyncio.sleep(0)
        for number in range(6):
            turns.put(number)
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        assert ["a2 is full", "a3 is full"] == sorted(each for each in order if "full" in each)
        assert ["a0", "b0", "c0", "a1", "b1", "b2"] == [each for each in order if "full" not in each]
        gone = asyncio.create_task(one("gone", "a"))
        await asyncio.sleep(0)
        turns.put(7)
        gone.cancel()  # it has its turn, and does not know it yet
        await asyncio.wait([gone])
        assert (1, 0) == (turns.free, len(list(turns.waiting)))

    asyncio.run(main())


def test_batches_do_not_starve_a_single_text() -> None:
    """Four clients with endless batches, of the same address, and one that sends a text at a time: each is answered."""
    line = dumps({"text": "abc"}).encode() + b"\n"
    chunk = f"{len(line) * 50:x}\r\n".encode() + line * 50 + b"\r\n"
    app = make_app(pool_of(FakeWorker(0.005), queue=1), limits=Limits())
    with running(app) as port, ExitStack() as stack:
        batches = []
        for _ in range(4):
            begin = post(LINES + b"Transfer-Encoding: chunked\r\n", b"", b"/batch")
            found = stack.enter_context(closing(sent(port, begin)))
            stack.enter_context(dripping(found, chunk))
            assert found.recv(12) == b"HTTP/1.1 200"
            batches.append(found)
        answers = [status(asked(port, post(TEXT + b"Content-Length: 1\r\n"))) for _ in range(25)]
        assert [200] * 25 == answers
        assert all(found.recv(9) for found in batches)


def test_single_texts_do_not_starve_another_client() -> None:
    """A client whose requests fill the queue makes room for one that has none in it, whose batch may begin."""

    async def main() -> None:
        pool = pool_of(FakeWorker(0.02), queue=3)

        async def one(client: str) -> str:
            CLIENT.set(client)
            try:
                await pool.run({"task": "extract"})
            except Busy:
                return f"{client} busy"
            return client

        greedy = [asyncio.create_task(one("a")) for _ in range(6)]
        await asyncio.sleep(0)
        CLIENT.set("b")
        assert pool.takes("batch")
        assert "b" == await one("b")
        assert {"a", "a busy"} == set(await asyncio.gather(*greedy))

    asyncio.run(main())


def test_a_refused_client_gets_a_fitting_retry_after() -> None:
    """It grows with the queue and with the recent time of its kind, finished or not."""

    async def main() -> None:
        pool = pool_of(FakeWorker(), queue=1)
        pool._paces = {"extract": 10.0, "check": 0.1}
        waiting = [asyncio.create_task(pool.run({"task": "check"}, patient=True)) for _ in range(3)]
        await asyncio.sleep(0)
        assert pool.retry_after() < 20  # of a batch of checks nothing is known yet: it counts as the mean of all kinds
        await asyncio.gather(*waiting)
        pool._promised = 0.0
        waiting = [asyncio.create_task(pool.run({"task": "extract"}, patient=n > 0)) for n in range(5)]
        await asyncio.sleep(0)
        first, second = pool.retry_after(), pool.retry_after()
        assert first < second
        assert second > 5
        await asyncio.gather(*waiting)
        late = pool_of(FakeWorker(9.0), limit=0.05)
        late._paces = {"extract": 0.001}
        with suppress(Exception):
            await late.run({"task": "extract"})
        assert late._paces["extract"] > 0.002

    asyncio.run(main())


def test_a_text_within_the_limit_is_within_its_time() -> None:
    """By default the time grows with the text; a time that was asked for is kept, and the error says what it was."""
    limits = Limits()
    assert (30, 30, 60, 300) == tuple(limits.time_for(size) for size in (0, 100_000, 100_001, 1_000_000))
    assert limits.body / limits.time_for(limits.body) < 5000  # bytes a second that even a slow machine reads
    assert 4 == Limits(seconds=4, full=None).time_for(1_000_000)
    pool = pool_of(FakeWorker(9.0))
    app = make_app(pool, limits=Limits(seconds=0.05, full=10))
    with running(app) as port:
        answer = asked(port, post(TEXT + b"Content-Length: 15\r\n", b"x" * 15))
    assert 504 == status(answer)
    assert b"within 0.1 s, the time for 15 bytes" in answer
    assert b"--timeout" in answer


def test_a_body_gains_time_by_coming_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A steady body is waited for; one that drips is not, nor is a line of a batch."""
    monkeypatch.setattr("quotes.web.api.bodies._SLOWEST", 1000)

    async def stream(size: int) -> Any:
        for _ in range(20):
            await asyncio.sleep(0.01)
            yield b"x" * size

    async def main() -> None:
        assert 4000 == len(await bodies.whole(stream(200), limit=9000, seconds=0.05))
        with pytest.raises(BodyError) as told:
            await bodies.whole(stream(1), limit=9000, seconds=0.05)
        assert (408, "time") == (told.value.status, told.value.error)
        assert [4000] == [len(line) async for line in bodies.lines(stream(200), limit=9000, seconds=0.05)]
        [broken] = [line async for line in bodies.lines(stream(1), limit=9000, seconds=0.05)]
        assert isinstance(broken, BodyError)

    asyncio.run(main())


def test_a_line_has_its_time_while_others_are_served() -> None:
    """Waiting between two lines, for the workers or for the client's next text, does not count."""

    async def stream() -> Any:
        for part in (b"one\nt", b"wo\n"):
            yield part
            await asyncio.sleep(0.08)

    async def main() -> None:
        found = []
        async for line in bodies.lines(stream(), limit=99, seconds=0.1):
            found.append(line)
            await asyncio.sleep(0.08)
        assert [b"one", b"two"] == found

    asyncio.run(main())


def test_too_many_batches_are_sent_away() -> None:
    app = plain(batches=1)
    with running(app) as port, closing(sent(port, post(LINES + b"Content-Length: 9\r\n", b"", b"/batch"))) as open_one:
        assert open_one.recv(12) == b"HTTP/1.1 200"
        answer = asked(port, post(LINES + b"Content-Length: 0\r\n", b"", b"/batch"))
        assert (503, True) == (status(answer), b"retry-after" in answer.lower())
