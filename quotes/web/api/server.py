"""The HTTP API: `/extract`, `/batch`, `/health`, the routes of `lookup`, and a start page, over worker processes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from attrs import frozen
from litestar import Litestar, Response, get, post
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)
from litestar.params import FromPath, QueryParameter
from litestar.types import ASGIApp

from quotes import __version__
from quotes.records import ArticleRecord, ErrorRecord, QuoteType, Stance
from quotes.web import answers
from quotes.web.answers import problem, problems
from quotes.web.api import bodies, lookup
from quotes.web.api.batches import JSON_LINES, AnyRequest, Batches, described
from quotes.web.api.lookup import Certain, Types
from quotes.web.api.pool import Pool
from quotes.web.api.tasks import Limits, asked
from quotes.web.guard import App, Guard

OPEN = frozenset({"/", "/static/", "/health", "/openapi.json"})

Clean = Annotated[bool, QueryParameter(description="Repair dirty text first; offsets count into the repaired text.")]
Stances = Annotated[list[Stance] | None, QueryParameter(description="Only statements of these stances; else said.")]
WithText = Annotated[bool, QueryParameter(description="Add the text that all offsets refer to.")]


@frozen
class Document:
    """Who said what, in each posted article."""

    schema: Literal["quotes/1"]
    articles: tuple[ArticleRecord, ...]
    errors: tuple[ErrorRecord, ...]


@frozen
class Health:
    """The server's state: `ok` while it has workers, busy workers, waiting requests, and whether it has a store."""

    status: Literal["ok", "starting"]
    version: str
    workers: int
    busy: int
    waiting: int
    store: bool


def make_app(pool: Pool, *, limits: Limits, local: bool = True, token: str | None = None) -> App:
    """Return the application.

    Args:
        pool: the workers, which start and end with the application.
        limits: the limits of requests.
        local: whether it serves this machine only; see `Guard`.
        token: the token that requests must carry; none if None.
    """
    batches = Batches(pool, limits)

    async def ask(head: Mapping[str, Any]) -> Response[Any]:
        return await asked(pool, limits, head)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await pool.close()

    app = Litestar(
        [
            _home, _openapi, _static, _health(pool), _extract(pool, limits), _batch(batches),
            *lookup.routes(ask, batches, store=pool.setting.store is not None),
        ],
        openapi_config=_description(),
        before_request=_only_known,
        exception_handlers=answers.HANDLERS,
        lifespan=[lifespan],
        request_max_body_size=None,  # `bodies` limits the size, with an error in our format
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
        responses=problems(400, 401, 403, 408, 413, 415, 422, 500, 503, 504),
    )
    async def extract(
        request: AnyRequest, min_confidence: Certain = 0.0, types: Types = None, with_text: WithText = False,
        clean: Clean = False, stance: Stances = None,
    ) -> Response[Document]:
        """Find who said what; the answer is the document that `quotes extract` writes."""
        media = request.headers.get("content-type", "")
        bodies.kind_of(media)  # a refused body is not read to its end
        body = await bodies.whole(bodies.stream_of(request), limit=limits.body, seconds=limits.seconds)
        head, given = bodies.task(body, media)
        options = _options(min_confidence, types, with_text, clean, stance)
        return await asked(pool, limits, {"task": "extract", "options": options, "most": limits.body, **head}, given)

    return extract


def _batch(batches: Batches) -> Any:
    @post(
        "/batch",
        status_code=200,
        summary="Read many articles, JSON Lines in and out",
        media_type=JSON_LINES,
        responses={200: described("an article"), **problems(400, 401, 403, 415, 500, 503)},
    )
    async def batch(
        request: AnyRequest, min_confidence: Certain = 0.0, types: Types = None, with_text: WithText = False,
        clean: Clean = False, stance: Stances = None,
    ) -> ASGIApp:
        """Read articles as they arrive, and answer in their order.

        A line is an object as `/extract` takes it. An article's line is `{"article", "quotes"}`; that of a line that
        cannot be read is `{"source", "error", "detail"}`, and the others go on.
        """
        options = _options(min_confidence, types, with_text, clean, stance)

        def read(line: bytes) -> tuple[dict[str, Any], bytes]:
            head, body = bodies.source_task(line)
            return {"task": "extract", "options": options, **head}, body

        return batches.answer(request, read)

    return batch


def _options(
    min_confidence: float, types: list[QuoteType] | None, with_text: bool, clean: bool, stance: list[Stance] | None
) -> dict[str, Any]:
    plain = {"min_confidence": min_confidence, "types": types, "with_text": with_text, "clean": clean}
    return plain | {"stance": stance}


def _health(pool: Pool) -> Any:
    @get("/health", summary="The server's state", responses=problems(400, 503))
    async def health() -> Response[Health]:
        """Return the numbers of workers, busy workers and waiting requests; 503 while no worker is ready."""
        alive = pool.alive > 0
        state = {
            "status": "ok" if alive else "starting",
            "version": __version__,
            "workers": pool.alive,
            "busy": max(0, pool.busy),
            "waiting": pool.waiting,
            "store": pool.setting.store is not None,
        }
        if not alive:
            return problem(503, "starting", "no worker is ready yet", retry=2)
        return answers.as_json(state)

    return health


@get("/", include_in_schema=False)
async def _home() -> Response[Any]:
    return answers.page("start.html")


@get("/openapi.json", include_in_schema=False)
async def _openapi(request: AnyRequest) -> Response[Any]:
    return answers.as_json(request.app.openapi_schema.to_schema())


@get("/static/{name:str}", include_in_schema=False)
async def _static(name: FromPath[str]) -> Response[Any]:
    return answers.static(name) or problem(404, "request", "no such file")


def _only_known(request: AnyRequest) -> Response[Any] | None:
    """Refuse a parameter that the route does not have: ignored, `q` for `words` would be answered with everything."""
    path = (request.app.openapi_schema.paths or {}).get(request.scope["path_template"])
    operation = path and getattr(path, request.method.lower(), None)
    if not isinstance(operation, Operation):
        return None
    given = (parameter for parameter in operation.parameters or () if isinstance(parameter, Parameter))
    known = sorted(parameter.name for parameter in given if parameter.param_in == "query")
    unknown = next((name for name in request.query_params if name not in known), None)
    if unknown is None:
        return None
    there = f"the parameters are {', '.join(known)}" if known else "this path takes none"
    return problem(400, "request", f"{unknown[:60]!r} is not a parameter; {there}")


def _description() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="quotes",
        version=__version__,
        description="Who said what in the news, and how the words reached the article.",
        render_plugins=[JsonRenderPlugin()],
        use_handler_docstrings=True,
    )


def _describe_bodies(app: Litestar) -> None:
    """Add the bodies of the routes, which read them themselves, to the framework's description."""
    text, maybe = Schema(type=OpenAPIType.STRING), Schema(type=[OpenAPIType.STRING, OpenAPIType.NULL])
    properties: dict[str, Any] = {name: text if name in ("text", "source") else maybe for name in bodies.FIELDS}
    submission = Schema(type=OpenAPIType.OBJECT, properties=properties, required=["text"])
    packed = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
    shapes = {"source": submission} | dict.fromkeys(bodies.BINARY, packed)
    kinds = {media: shapes.get(kind, text) for media, kind in bodies.MEDIA.items()}
    lines: dict[str, Schema] = {JSON_LINES: text}
    for path, content in (("/extract", kinds), ("/batch", lines), ("/check/batch", lines)):
        operation = (app.openapi_schema.paths or {})[path].post
        assert isinstance(operation, Operation)
        operation.request_body = RequestBody({m: OpenAPIMediaType(schema=s) for m, s in content.items()}, required=True)
