"""The routes `/search` and `/check`, on the server's store; `quotes.web.stored` answers them in the workers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from attrs import frozen
from litestar import Response, get
from litestar.params import QueryParameter

from quotes.checking import Finding
from quotes.records import QuoteType
from quotes.store import Hit
from quotes.web.answers import problem, problems

_MISSING = "this server has no store; start it with quotes serve --store FILE, which quotes store writes"
_STATUSES = (400, 401, 409, 500, 503, 504)

Name = Annotated[str | None, QueryParameter(max_length=200, description="Words of the speaker's name.")]
Outlet = Annotated[str | None, QueryParameter(
    max_length=200, description="Part of the outlet's name, or its id or domain.")]  # fmt: skip
Channel = Annotated[str | None, QueryParameter(
    max_length=200, description="Part of a channel's name, or its id; via:NAME for one relation.")]  # fmt: skip
Since = Annotated[date | None, QueryParameter(name="from", description="Published on this day or later.")]
Until = Annotated[date | None, QueryParameter(name="to", description="Published on this day or before.")]
Types = Annotated[list[QuoteType] | None, QueryParameter(description="Only quotes of these types; else all.")]
Certain = Annotated[float, QueryParameter(ge=0, le=1, description="Leave out quotes whose confidence is lower.")]
Most = Annotated[int, QueryParameter(ge=1, le=200, description="How many at most.")]
Sought = Annotated[str, QueryParameter(
    max_length=500, description='All must occur in the quote or its speaker: words, "a phrase", prefix*.')]  # fmt: skip
Claim = Annotated[str, QueryParameter(min_length=1, max_length=4000, description="The words that are to be checked.")]
Ask = Callable[[Mapping[str, Any]], Awaitable[Response[Any]]]


@frozen
class Found:
    """Quotes of the store, the best fitting first."""

    schema: Literal["quotes-search/1"]
    hits: tuple[Hit, ...]


@frozen
class Checked:
    """The answer to one claim, as `quotes check --format json` writes it."""

    schema: Literal["quotes-check/1"]
    findings: tuple[Finding, ...]


def routes(ask: Ask, *, store: bool) -> list[Any]:
    """Return the two routes.

    Args:
        ask: has a worker do a task, and makes its answer or its failure that of the request.
        store: whether the server has one; without, both say how to start it with one.
    """

    @get("/search", summary="Find quotes in the store", responses=problems(*_STATUSES))
    async def search(
        words: Sought = "", speaker: Name = None, outlet: Outlet = None, since: Since = None, until: Until = None,
        channel: Channel = None, types: Types = None, min_confidence: Certain = 0.0, limit: Most = 20,
    ) -> Response[Found]:  # fmt: skip
        """Find quotes by what was said and who said it; without words the newest come first."""
        days = {"since": since and since.isoformat(), "until": until and until.isoformat()}
        asked = {
            "words": words, "speaker": speaker, "outlet": outlet, "channel": channel, "types": types,
            "min_confidence": min_confidence, "limit": limit, **days,
        }  # fmt: skip
        return await ask({"task": "search", "asked": asked}) if store else problem(409, "store", _MISSING)

    @get("/check", summary="Tell whether words were said", responses=problems(*_STATUSES))
    async def check(words: Claim, speaker: Name = None, limit: Most = 10) -> Response[Checked]:
        """Tell whether the store has the words: verbatim, altered, reported, by someone else, or not at all."""
        asked = {"words": words, "speaker": speaker, "limit": limit}
        return await ask({"task": "check", "asked": asked}) if store else problem(409, "store", _MISSING)

    return [search, check]
