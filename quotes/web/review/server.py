"""The server of the review page: the quotes to review, the verdicts, and the one route that accepts a verdict."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen
from litestar import Litestar, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from quotes.errors import InputError, QuotesError, StoreError
from quotes.export import from_dict, to_dict
from quotes.records import ArticleRecord, Quote
from quotes.web import answers
from quotes.web.answers import problem
from quotes.web.api import bodies
from quotes.web.api.bodies import BodyError
from quotes.web.guard import App, Guard
from quotes.web.review import verdicts
from quotes.web.review.corrections import corrected
from quotes.web.review.seen import in_place, seen
from quotes.web.review.verdicts import Kind, Verdict, VerdictLog, brief, standing
from quotes.web.review.weighing import Held, clashes

_HEADER = "x-quotes-token"
_LARGEST = 200_000
_ARRIVAL = 10.0
_EXCERPT = 160
_NAME = 80
_LOG = logging.getLogger("quotes.web")


@frozen
class Posted:
    """A verdict as the page sends it."""

    article: str
    quote: str
    verdict: Kind
    reviewer: str
    corrected: Mapping[str, Any] | None = None
    undoes: str | None = None


@define(eq=False)
class Review:
    """The records under review and their verdicts.

    Args:
        records: the articles, with their texts.
        log: the file of verdicts.
        reviewer: the page's initial reviewer.
        remark: a remark on the verdicts that the page shows first, if any.
        files: the paths of the records and, if not beside them, of the verdicts, as on the command line.
    """

    records: Mapping[str, ArticleRecord]
    log: VerdictLog
    reviewer: str
    remark: str | None = None
    files: Mapping[str, str] = field(factory=dict)
    token: str = field(factory=lambda: secrets.token_urlsafe(32))
    _held: dict[str, Held] = field(factory=dict, init=False)
    _fitting: dict[str, bool] = field(factory=dict, init=False)

    def overview(self) -> dict[str, Any]:
        """Return all quotes in brief, the least certain first, and all verdicts."""
        listed = []
        for record in self.records.values():
            for quote in record.quotes:
                listed.append(
                    {
                        "article": record.article.id, "quote": quote.id, "type": quote.type,
                        "confidence": quote.confidence, "text": quote.text[:_EXCERPT],
                        "speaker": quote.speaker.name if quote.speaker else None,
                    }
                )  # fmt: skip
        listed.sort(key=lambda q: (q["confidence"], q["article"], q["quote"]))
        articles = {
            key: {
                "source": record.article.source, "title": record.article.title,
                "outlet": record.article.outlet.name if record.article.outlet else None,
            }
            for key, record in self.records.items()
        }  # fmt: skip
        verdicts = self.since(0)
        notice = verdicts["notice"] or self.remark
        shown = {"articles": articles, "quotes": listed, "files": dict(self.files)}
        return {"reviewer": self.reviewer, **shown, **verdicts, "notice": notice}

    def since(self, number: int) -> dict[str, Any]:
        """Return the verdicts from a number on, by all reviewers, their count, and remarks on their file.

        Verdicts on another version of a record are marked: they do not count.
        """
        every = self.log.refresh()
        first = number if number > self.log.reordered else 0
        shown = [{**brief(v), **({} if self._fits(v) else {"stale": True})} for v in every[first:]]
        return {"verdicts": shown, "first": first, "number": len(every), "notice": self.log.notice}

    def _fits(self, verdict: Verdict) -> bool:
        """Return whether a verdict applies to the records under review as they are now."""
        if verdict.id not in self._fitting:
            record = self.records.get(verdict.article)
            if record is not None and verdict.article not in self._held:
                self._held[verdict.article] = Held(record)
            held = self._held.get(verdict.article)
            fits = held is not None and held.knows(verdict) and held.fits(verdict)
            self._fitting[verdict.id] = verdict.verdict == "undo" or fits
        return self._fitting[verdict.id]

    def decide(self, data: Any) -> Verdict:
        """Check a verdict and save it.

        Raises:
            InputError: if it does not fit the records.
            StoreError: if it could not be saved.
        """
        given = from_dict(data, kind=Posted)
        reviewer = " ".join(given.reviewer.split())[:_NAME]
        record = self.records.get(given.article)
        if record is None:
            raise InputError("this article is not under review; reload the page")
        if not reviewer:
            raise InputError("enter the reviewer's name")
        shown = next((quote for quote in record.quotes if quote.id == given.quote), None)
        verdict = self._verdict(given, record, shown, reviewer)
        self.log.append(verdict, check=lambda: self._check(verdict, record))
        return verdict

    def _verdict(self, given: Posted, record: ArticleRecord, shown: Quote | None, reviewer: str) -> Verdict:
        made: Quote | None = None
        quote = given.quote
        if given.verdict in ("correct", "add"):
            if given.corrected is None:
                raise InputError("a correction needs the field corrected")
            made = corrected(record, given.corrected, quote=shown)
        if given.verdict == "add":
            assert made is not None
            shown, quote = None, made.id
            if any(q.id == quote for q in record.quotes):
                raise InputError("these words are already a quote; correct that one")
        elif shown is None and given.verdict != "undo":
            raise InputError("the article has no such quote; reload the page")
        elif given.verdict == "accept" and shown is not None and not in_place(shown, record.article):
            raise InputError("this quote has no place in the article; correct or reject it")
        return verdicts.new(
            reviewer=reviewer, verdict=given.verdict, article=given.article, quote=quote, source=record.article.source,
            record=shown, corrected=made, undoes=given.undoes, seen=seen(record, shown),
        )  # fmt: skip

    def _check(self, verdict: Verdict, record: ArticleRecord) -> None:
        """Check that a verdict is compatible with all earlier ones, by any reviewer.

        Raises:
            InputError: if it does not.
        """
        every = self.log.verdicts
        if verdict.verdict == "undo" and not any(v.id == verdict.undoes and v.key == verdict.key for v in every):
            raise InputError("there is no such verdict to undo; reload the page")
        if verdict.verdict == "add" and verdict.key in standing(v for v in every if self._fits(v)):
            raise InputError("these words are already a quote; correct that one")
        if clashes(record, [*every, verdict]) - clashes(record, every):
            raise InputError("another quote already has exactly these words; correct or reject that one first")


def make_app(review: Review, *, local: bool = True) -> App:
    """Return the application of the review page."""

    @get("/", include_in_schema=False)
    async def home() -> Response[Any]:
        return answers.page("review.html", token=review.token)

    @get("/static/{name:str}", include_in_schema=False)
    async def static(name: FromPath[str]) -> Response[Any]:
        return answers.static(name) or problem(404, "request", "no such file")

    @get("/api/quotes", include_in_schema=False)
    async def quotes(request: Request[Any, Any, Any]) -> Response[Any]:
        _checked(request, review.token)
        return answers.as_json(review.overview())

    @get("/api/articles/{key:str}", include_in_schema=False)
    async def article(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[Any]:
        _checked(request, review.token)
        record = review.records.get(key)
        return answers.as_json(to_dict(record)) if record else problem(404, "request", "no such article")

    @get("/api/verdicts", include_in_schema=False)
    async def since(request: Request[Any, Any, Any], after: FromQuery[int] = 0) -> Response[Any]:
        _checked(request, review.token)
        return answers.as_json(review.since(after))

    @post("/api/verdicts", include_in_schema=False, status_code=200)
    async def decide(request: Request[Any, Any, Any], after: FromQuery[int] = 0) -> Response[Any]:
        _checked(request, review.token)
        data = bodies.parsed(await bodies.whole(request.stream(), limit=_LARGEST, seconds=_ARRIVAL))
        verdict = review.decide(data)
        return answers.as_json({"id": verdict.id, **review.since(after)})

    app = Litestar(
        [home, static, quotes, article, since, decide],
        openapi_config=None,
        exception_handlers={**answers.HANDLERS, QuotesError: _on_quotes_error},
        request_max_body_size=None,
        logging_config=None,
        debug=False,
    )
    return Guard(app, local=local)


def _checked(request: Request[Any, Any, Any], token: str) -> None:
    """Refuse requests without the page's token, which other sites cannot read."""
    if not hmac.compare_digest(request.headers.get(_HEADER, "").encode(), token.encode()):
        raise BodyError(403, "token", "reload the page; the server was restarted")


def _on_quotes_error(_: Request[Any, Any, Any], error: QuotesError) -> Response[Any]:
    if isinstance(error, StoreError):
        _LOG.error("%s", error)
        detail = "the verdict could not be saved: the disk is full, or the file cannot be written; see the terminal"
        return problem(507, "store", detail)
    return problem(400, "correction", str(error))
