"""The routes `/search`, `/check` and `/check/batch`; in the workers, `stored` answers them from a store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from attrs import frozen
from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter
from litestar.types import ASGIApp

from quotes.comparison.checking import Finding
from quotes.export.store import Match
from quotes.records import QuoteType
from quotes.web.answers import problem, problems
from quotes.web.api import bodies
from quotes.web.api.batches import JSON_LINES, AnyRequest, Batches, described
from quotes.web.api.bodies import LONGEST_CLAIM, LONGEST_NAME, BodyError

_MISSING = "this server has no store; start it with quotes serve --store FILE, which quotes store writes"
_STATUSES = (400, 401, 409, 500, 503, 504)

Name = Annotated[str | None, QueryParameter(max_length=LONGEST_NAME, description="Words of the speaker's name.")]
Outlet = Annotated[str | None, QueryParameter(
    max_length=200, description="Part of the outlet's name, or its id or domain.")]  # fmt: skip
Channel = Annotated[str | None, QueryParameter(
    max_length=200, description="Part of a channel's name, or its id; via:NAME for one relation.")]  # fmt: skip
Since = Annotated[date | None, QueryParameter(name="from", description="Published on this day or later.")]
Until = Annotated[date | None, QueryParameter(name="to", description="Published on this day or before.")]
Types = Annotated[list[QuoteType] | None, QueryParameter(description="Only quotes of these types; else all.")]
Certain = Annotated[float, QueryParameter(ge=0, le=1, description="Leave out quotes whose confidence is lower.")]
Most = Annotated[int, QueryParameter(ge=1, le=200, description="The most results.")]
Sought = Annotated[str, QueryParameter(
    max_length=500, description='All must occur in the quote or its speaker: words, "a phrase", prefix*.')]  # fmt: skip
Claim = Annotated[str, QueryParameter(
    min_length=1, max_length=LONGEST_CLAIM, description="The words to check.")]  # fmt: skip
Asked = NamedDependency[dict[str, Any]]
Ask = Callable[[Mapping[str, Any]], Awaitable[Response[Any]]]


@frozen
class Found:
    """Matching quotes of the store, the best first."""

    schema: Literal["quotes-search/1"]
    hits: tuple[Match, ...]


@frozen
class Checked:
    """The answer to one claim, as `quotes check --format json` writes it."""

    schema: Literal["quotes-check/1"]
    findings: tuple[Finding, ...]


def _credit(speaker: Name = None, outlet: Outlet = None, channel: Channel = None) -> dict[str, Any]:
    """Return the conditions on speaker, outlet and channel."""
    return {"speaker": speaker, "outlet": outlet, "channel": channel}


def _kept(
    since: Since = None, until: Until = None, types: Types = None, min_confidence: Certain = 0.0
) -> dict[str, Any]:
    """Return the conditions on day, type and confidence."""
    days = {"since": since and since.isoformat(), "until": until and until.isoformat()}
    return {**days, "types": types, "min_confidence": min_confidence}


_ASKED = {
    "credit": Provide(_credit, sync_to_thread=False),
    "kept": Provide(_kept, sync_to_thread=False),
}


def routes(ask: Ask, batches: Batches, *, store: bool) -> list[Any]:
    """Return the three routes.

    Args:
        ask: has a worker do a task, and returns its answer or failure.
        batches: the same for each line of a request.
        store: whether the server has one; if not, all routes say how to start it with one.
    """

    @get("/search", summary="Find quotes in the store", responses=problems(*_STATUSES), dependencies=_ASKED)
    async def search(credit: Asked, kept: Asked, words: Sought = "", limit: Most = 20) -> Response[Found]:
        """Find quotes by words and speaker; without words, the newest come first."""
        asked = {"words": words, "limit": limit, **credit, **kept}
        return await ask({"task": "search", "asked": asked}) if store else problem(409, "store", _MISSING)

    @get("/check", summary="Check whether words were said", responses=problems(*_STATUSES))
    async def check(words: Claim, speaker: Name = None, limit: Most = 10) -> Response[Checked]:
        """Check whether the store has the words: verbatim, altered, reported, by someone else, or not at all."""
        asked = {"words": words, "speaker": speaker, "limit": limit}
        return await ask({"task": "check", "asked": asked}) if store else problem(409, "store", _MISSING)

    @post(
        "/check/batch",
        status_code=200,
        summary="Check many claims, JSON Lines in and out",
        media_type=JSON_LINES,
        responses={200: described("a claim"), **problems(400, 401, 403, 409, 415, 500, 503)},
    )
    async def check_batch(request: AnyRequest, limit: Most = 10) -> ASGIApp:
        """Check claims as they arrive, and answer in their order.

        A line is `{"words"}` or `{"words", "speaker"}`. A claim's line is a finding, as `quotes check --format jsonl`
        writes it; the answer to a line that cannot be checked is `{"source", "error", "detail"}`, and the others go on.
        """
        if not store:
            raise BodyError(409, "store", _MISSING)

        def read(line: bytes) -> tuple[dict[str, Any], bytes]:
            return {"task": "check", "asked": {**bodies.claim(line), "limit": limit}}, b""

        return batches.answer(request, read)

    return [search, check, check_batch]
