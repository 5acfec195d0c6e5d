"""Answers that the routes of both servers share: errors as JSON, files of the package, an OpenAPI description."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from attrs import frozen
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi import ResponseSpec

from quotes.records.json_text import dumps
from quotes.web.api.bodies import BodyError

_LOG = logging.getLogger("quotes.web")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_WORDS = {
    400: "the request is not valid",
    401: "the token is missing or wrong",
    403: "another site's page may not post here",
    404: "not found",
    405: "the path does not allow this method",
    408: "the body did not arrive in time",
    409: "the server has no store; start it with --store FILE",
    413: "larger than the server accepts",
    415: "the Content-Type is not supported",
    422: "no readable text in it",
    500: "a fault in quotes",
    503: "the server is at its limit, or cannot read its store; Retry-After says when to try again",
    504: "not done within the time limit",
}


@frozen
class Problem:
    """An error: its kind in one word, and what to do about it."""

    error: str
    detail: str


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the OpenAPI description of a route's errors."""
    return {s: ResponseSpec(Problem, description=_WORDS[s], generate_examples=False) for s in statuses}


def as_json(content: bytes | Mapping[str, Any], *, status: int = 200) -> Response[Any]:
    """Return an answer in JSON."""
    data = content if isinstance(content, bytes) else dumps(dict(content)).encode()
    return Response(data, status_code=status, media_type="application/json")


def problem(status: int, error: str, detail: str, *, retry: int | None = None) -> Response[Any]:
    """Return an error.

    Args:
        status: the HTTP status.
        error: its kind, in one word.
        detail: the fault, and the next step.
        retry: seconds after which to try again.
    """
    answer = as_json({"error": error, "detail": detail}, status=status)
    if retry is not None:
        answer.headers["Retry-After"] = str(retry)
    return answer


def on_http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer an error of the framework: an unknown path, a parameter of the wrong type."""
    status = error.status_code
    extra = error.extra if isinstance(error.extra, list) else []
    faults = "; ".join(f"{e.get('key')}: {e.get('message')}" for e in extra if isinstance(e, Mapping))
    detail = faults or (_WORDS.get(status, "") if status != 400 else error.detail.partition(":")[0])
    answer = problem(status, "request", detail or "the request cannot be answered")
    for name, value in (error.headers or {}).items():
        if name.lower() == "allow":
            answer.headers["Allow"] = value
    return answer


def on_body_error(_: Request[Any, Any, Any], error: BodyError) -> Response[Any]:
    """Answer an error in a posted body."""
    return problem(error.status, error.error, str(error), retry=error.retry)


def on_error(_: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Report a fault without details; the server's log has its kind and place."""
    _LOG.error("a request could not be answered", exc_info=error)
    return problem(500, "internal", "a fault in quotes; the server's log says more")


HANDLERS: Any = {BodyError: on_body_error, HTTPException: on_http_error, Exception: on_error}


def static(name: str) -> Response[Any] | None:
    """Return a file of the pages, or None if there is none of that name."""
    if name not in _names():  # never build a path from a request
        return None
    found = files("quotes.web") / "static" / name
    kind = _TYPES[name[name.rfind(".") :]]
    return Response(found.read_bytes(), media_type=kind, headers={"Cache-Control": "no-cache"}, status_code=200)


@cache
def _names() -> frozenset[str]:
    """Return the names of the pages' files."""
    return frozenset(f.name for f in (files("quotes.web") / "static").iterdir() if f.name.endswith(tuple(_TYPES)))


def page(name: str, **values: str) -> Response[Any]:
    """Return a page of the package, with `{name}` replaced by values of letters, digits, - and _ only."""
    text = (files("quotes.web") / "static" / name).read_text(encoding="utf-8")
    for key, value in values.items():
        if not value.replace("-", "").replace("_", "").isalnum():
            raise ValueError(f"{key} is no plain word")
        text = text.replace(f"{{{key}}}", value)
    return Response(text, media_type=MediaType.HTML)
