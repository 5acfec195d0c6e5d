"""The HTTP API: `/extract`, `/batch`, `/health`, the routes of `lookup`, and a start page, over worker processes."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any, Literal

from attrs import frozen
from litestar import Litestar, Request, Response, get, post
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath, QueryParameter
from litestar.types import ASGIApp, Receive, Scope, Send

from quotes import __version__
from quotes.export.json_text import dumps
from quotes.records import ArticleRecord, ErrorRecord, QuoteType
from quotes.web import answers, bodies, lookup
from quotes.web.answers import problem, problems
from quotes.web.bodies import BodyError
from quotes.web.guard import App, Guard
from quotes.web.lookup import Certain, Types
from quotes.web.pool import Busy, Late, Lost, Pool, Refused

OPEN = frozenset({"/", "/static/", "/health", "/openapi.json"})
JSON_LINES = "application/x-ndjson"

WithText = Annotated[bool, QueryParameter(description="Add the text that all offsets point into.")]
AnyRequest = Request[Any, Any, Any]
_AT_WORK: set[asyncio.Task[bytes]] = set()


@frozen
class Limits:
    """How much is taken: bytes of a body or of one line of a batch, and seconds until a body has come in."""

    body: int = 2_000_000
    seconds: float = 30.0


@frozen
class Document:
    """Who said what, in each article of what was posted."""

    schema: Literal["quotes/1"]
    articles: tuple[ArticleRecord, ...]
    errors: tuple[ErrorRecord, ...]


@frozen
class Health:
    """How the server is: `ok` while it has workers, who is at work, and how many requests wait."""

    status: Literal["ok", "starting"]
    version: str
    workers: int
    busy: int
    waiting: int


def make_app(pool: Pool, *, limits: Limits, local: bool = True, token: str | None = None) -> App:
    """Return the application.

    Args:
        pool: the workers; started and ended with the application.
        limits: how much is taken.
        local: whether it is served on this machine alone; see `Guard`.
        token: what a request must show; nothing where None.
    """

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await pool.close()

    app = Litestar(
        [_home, _openapi, _static, _health(pool), _extract(pool, limits), _batch(pool, limits), *_lookup(pool, limits)],
        openapi_config=_description(),
        exception_handlers=answers.HANDLERS,
        lifespan=[lifespan],
        request_max_body_size=None,  # `bodies` counts, and says so in the form of all errors
        logging_config=None,
        debug=False,
    )
    _describe_bodies(app)
    return Guard(app, local=local, token=token, open_paths=OPEN)


def _extract(pool: Pool, limits: Limits) -> Any:
    @post(
        "/extract",
        status_code=200,
        summary="Read one article, or a page of several",
        responses=problems(400, 401, 403, 413, 415, 422, 500, 503, 504),
    )
    async def extract(
        request: AnyRequest, min_confidence: Certain = 0.0, types: Types = None, with_text: WithText = False
    ) -> Response[Document]:
        """Find who said what; the answer is the document that `quotes extract` writes."""
        try:
            async with asyncio.timeout(limits.seconds):
                body = await bodies.whole(request.stream(), limit=limits.body)
            head, given = bodies.task(body, request.headers.get("content-type", ""))
        except TimeoutError:
            raise BodyError(504, "time", f"the body did not come in within {limits.seconds:g} s") from None
        options = _options(min_confidence, types, with_text)
        return await _asked(pool, limits, {"task": "extract", "options": options, **head}, given)

    return extract


def _lookup(pool: Pool, limits: Limits) -> list[Any]:
    async def ask(head: Mapping[str, Any]) -> Response[Any]:
        return await _asked(pool, limits, head)

    return lookup.routes(ask, store=pool.setting.store is not None)


async def _asked(pool: Pool, limits: Limits, head: Mapping[str, Any], given: bytes = b"") -> Response[Any]:
    """Have a worker do a task, and return its answer or what went wrong."""
    try:
        return answers.as_json(await pool.run(head, given))
    except (Busy, Late, Lost, Refused) as error:
        status, told = _told(error, limits)
        return problem(status, told.error, told.detail, retry=_retry(pool) if status == 503 else None)


def _batch(pool: Pool, limits: Limits) -> Any:
    spec = ResponseSpec(str, description="One line an article, or an error", media_type=JSON_LINES)

    @post(
        "/batch",
        status_code=200,
        summary="Read many articles, JSON Lines in and out",
        media_type=JSON_LINES,
        responses={200: spec, **problems(400, 401, 403, 415, 500, 503)},
    )
    async def batch(
        request: AnyRequest, min_confidence: Certain = 0.0, types: Types = None, with_text: WithText = False
    ) -> ASGIApp:
        """Read articles as they come and answer in their order, as each is finished.

        A line is an object as `/extract` takes it. An article's line is `{"article", "quotes"}`; that of a line that
        cannot be read `{"source", "error", "detail"}`, and the others go on.
        """
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in (JSON_LINES, "application/jsonl", "application/json-lines"):
            raise BodyError(415, "media-type", f"send Content-Type: {JSON_LINES}")
        if pool.full:
            raise BodyError(503, "busy", "all workers are at work; come again", retry=_retry(pool))
        head = {"task": "extract", "options": _options(min_confidence, types, with_text), "lines": True}
        return _streamed(_lines(request, pool, limits, head))

    return batch


def _streamed(lines: AsyncIterator[bytes]) -> ASGIApp:
    """Return an answer that is sent while the request still comes in, which the framework's own stream does not do."""

    async def answer(_: Scope, __: Receive, send: Send) -> None:
        kind = (b"content-type", JSON_LINES.encode())
        await send({"type": "http.response.start", "status": 200, "headers": [kind]})
        with suppress(HTTPException):  # the client has gone
            async for line in lines:
                await send({"type": "http.response.body", "body": line, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return answer


async def _lines(request: AnyRequest, pool: Pool, limits: Limits, head: Mapping[str, Any]) -> AsyncIterator[bytes]:
    """Keep as many lines at work as there are workers, and yield what comes of them in order."""
    window: deque[asyncio.Task[bytes]] = deque()
    lines, number = bodies.lines(request.stream(), limit=limits.body), 0
    coming: asyncio.Future[bytes | BodyError | None] | None = asyncio.ensure_future(anext(lines, None))
    while coming or window:
        room = coming if len(window) <= pool.jobs else None
        await asyncio.wait([f for f in (room, *list(window)[:1]) if f], return_when=asyncio.FIRST_COMPLETED)
        if room and room.done():
            line, coming, number = room.result(), None, number + 1
            if line is not None:
                coming = asyncio.ensure_future(anext(lines, None))
            if line:
                # Where the client goes away, what is at work is finished: ending a worker costs more than its task.
                task = asyncio.create_task(_one(pool, limits, head, line, f"line {number}"))
                _AT_WORK.add(task)
                task.add_done_callback(_AT_WORK.discard)
                window.append(task)
        while window and window[0].done():
            yield window.popleft().result()


async def _one(pool: Pool, limits: Limits, head: Mapping[str, Any], line: bytes | BodyError, name: str) -> bytes:
    """Return what comes of one line: the lines of its articles, or that of an error."""
    try:
        if isinstance(line, BodyError):
            raise line
        told, body = bodies.source_task(line)
        name = told["source"] if told["source"] != bodies.UNNAMED else name
        return await pool.run({**head, **told}, body, patient=True)
    except BodyError as error:
        found = ErrorRecord(name, error.error, str(error))
    except (Busy, Late, Lost, Refused) as error:
        _, fault = _told(error, limits)
        found = ErrorRecord(name, fault.error, fault.detail)
    return (dumps({"source": found.source, "error": found.error, "detail": found.detail}) + "\n").encode()


def _options(min_confidence: float, types: list[QuoteType] | None, with_text: bool) -> dict[str, Any]:
    return {"min_confidence": min_confidence, "types": types, "with_text": with_text}


def _told(error: Exception, limits: Limits) -> tuple[int, answers.Problem]:
    """Return the status and the words for what went wrong in the pool."""
    if isinstance(error, Busy):
        return 503, answers.Problem("busy", "all workers are at work and the queue is full; come again")
    if isinstance(error, Late):
        return 504, answers.Problem("time", f"not done within {limits.seconds:g} s; send less at once")
    if isinstance(error, Lost):
        return 500, answers.Problem("worker", "the worker process ended at this task; another has taken its place")
    assert isinstance(error, Refused)
    return {"internal": 500, "store": 503}.get(error.error, 422), answers.Problem(error.error, str(error))


def _retry(pool: Pool) -> int:
    """Return after how many seconds to come again: a second for each task that a worker has before it."""
    return max(1, math.ceil(pool.waiting / max(1, pool.jobs)))


def _health(pool: Pool) -> Any:
    @get("/health", summary="How the server is", responses=problems(503))
    async def health() -> Response[Health]:
        """Tell whether there are workers, and what they are at; 503 while there is none."""
        alive = pool.alive > 0
        told = {
            "status": "ok" if alive else "starting",
            "version": __version__,
            "workers": pool.alive,
            "busy": max(0, pool.busy),
            "waiting": pool.waiting,
        }
        if not alive:
            return problem(503, "starting", "no worker is ready yet", retry=2)
        return answers.as_json(told)

    return health


@get("/", include_in_schema=False)
async def _home() -> Response[Any]:
    return answers.page("start.html")


@get("/openapi.json", include_in_schema=False)
async def _openapi(request: AnyRequest) -> Response[Any]:
    return answers.as_json(request.app.openapi_schema.to_schema())


@get("/static/{name:str}", include_in_schema=False)
async def _static(name: FromPath[str]) -> Response[Any]:
    return answers.static(name) or problem(404, "request", "there is no such file")


def _description() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="quotes",
        version=__version__,
        description="Who said what in the news, and how the words reached us.",
        render_plugins=[JsonRenderPlugin()],
        use_handler_docstrings=True,
    )


def _describe_bodies(app: Litestar) -> None:
    """Add what the two routes take, which they read themselves, to what the framework tells of them."""
    text, maybe = Schema(type=OpenAPIType.STRING), Schema(type=[OpenAPIType.STRING, OpenAPIType.NULL])
    told: dict[str, Any] = {name: text if name in ("text", "source") else maybe for name in bodies.FIELDS}
    submission = Schema(type=OpenAPIType.OBJECT, properties=told, required=["text"])
    kinds = {media: submission if kind == "source" else text for media, kind in bodies.MEDIA.items()}
    for path, content in (("/extract", kinds), ("/batch", {JSON_LINES: text})):
        operation = (app.openapi_schema.paths or {})[path].post
        assert isinstance(operation, Operation)
        operation.request_body = RequestBody({m: OpenAPIMediaType(schema=s) for m, s in content.items()}, required=True)
