"""Read posted bodies as they arrive, never beyond their limit."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Mapping
from encodings import normalize_encoding
from encodings.aliases import aliases
from typing import Any

from attrs import define, field, fields, frozen
from litestar import Request

from quotes.files.compressed import packing_of
from quotes.records.json_text import loads

# Supported Content-Types, and the kind of input of each; "source" is an article in JSON.
MEDIA: Mapping[str, str] = {
    "text/plain": "text",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/json": "source",
    "text/markdown": "markdown",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/pdf": "pdf",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "message/rfc822": "eml",
    "application/mbox": "mbox",
    "application/zip": "zip",
}
BINARY = frozenset({"docx", "xlsx", "odt", "pdf", "zip"})
_PIECE = 2**16
# Bytes per second at which a body must arrive, after the first seconds.
_SLOWEST = 50_000
_CODECS = {
    *aliases.values(), "cp720", "cp737", "cp856", "cp874", "cp875", "cp1006", "koi8_t", "koi8_u", "mac_arabic",
    "mac_croatian", "mac_farsi", "mac_romanian", "utf_8_sig",
}  # fmt: skip
LONGEST_CLAIM, LONGEST_NAME = 4000, 200
UNNAMED = "text"  # the name that `quotes.extract` gives a text without one


class BodyError(Exception):
    """A body that is refused: an HTTP status, a kind in one word, a message, and when to try again."""

    def __init__(self, status: int, error: str, detail: str, *, retry: int | None = None) -> None:
        super().__init__(detail)
        self.status, self.error, self.retry = status, error, retry


@frozen
class Submission:
    """An article posted as JSON: its text and metadata."""

    text: str
    source: str = UNNAMED
    title: str | None = None
    byline: str | None = None
    published: str | None = None
    url: str | None = None
    outlet: str | None = None
    language: str | None = None


FIELDS = tuple(field.name for field in fields(Submission))


def too_large(limit: int) -> BodyError:
    """Return the error for a body, or a line of a batch, that is too large."""
    return BodyError(413, "size", f"more than {limit:,} bytes at once; send less, or start the server with --max-body")


def stream_of(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """Return a request's body, without its Content-Encoding.

    Raises:
        BodyError: if the encoding is not supported.
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise BodyError(415, "encoding", "send the body as it is, or with Content-Encoding: gzip")
    return _unpacked(request.stream()) if encoding == "gzip" else request.stream()


async def _unpacked(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield decompressed gzip data in small blocks, so that the limits count its real size.

    Raises:
        BodyError: if it is not gzip, or is cut off.
    """
    unpack = zlib.decompressobj(wbits=31)
    async for part in stream:
        while part and not unpack.eof:
            try:
                piece = unpack.decompress(part, _PIECE)
            except zlib.error:
                raise BodyError(400, "encoding", "the body is not what its Content-Encoding says: gzip") from None
            yield piece
            part = unpack.unconsumed_tail
            await asyncio.sleep(0)  # let other requests run between the blocks of a decompression bomb
    if not unpack.eof:
        raise BodyError(400, "encoding", "the body ends in the middle of its gzip stream")


def too_slow(seconds: float) -> BodyError:
    """Return the error for a body, or a line of a batch, that arrives too slowly."""
    detail = f"the body did not arrive within {seconds:g} s, nor then at {_SLOWEST:,} bytes per second"
    return BodyError(408, "time", detail)


async def whole(stream: AsyncIterator[bytes], *, limit: int, seconds: float) -> bytes:
    """Return all of a body.

    Args:
        stream: the body as it arrives.
        limit: the most bytes.
        seconds: the time for it to arrive, plus time for its size.

    Raises:
        BodyError: if it is larger than the limit, or too slow.
    """
    parts, size = [], 0
    began = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(seconds) as patience:
            async for part in stream:
                size += len(part)
                if size > limit:
                    raise too_large(limit)
                parts.append(part)
                patience.reschedule(began + seconds + size / _SLOWEST)
    except TimeoutError:
        raise too_slow(seconds) from None
    return b"".join(parts)


async def lines(stream: AsyncIterator[bytes], *, limit: int, seconds: float) -> AsyncIterator[bytes | BodyError]:
    """Yield the lines of a body, b"" for a blank one; an error for one that is too large or cut off.

    Args:
        stream: the body as it arrives.
        limit: the most bytes of a line.
        seconds: the time for the rest of a line to arrive, plus time for its size.
    """
    held, skipping, patience = bytearray(), False, _Patience(seconds)
    parts = aiter(stream)
    try:
        while (part := await patience.next(parts)) is not None:
            *ended, rest = part.split(b"\n")
            for piece in ended:
                held += piece
                if skipping or len(held) > limit:
                    yield too_large(limit)
                else:
                    yield bytes(held.strip())
                held, skipping = bytearray(), False
            patience.came(len(rest), anew=bool(ended))
            held += rest
            if len(held) > limit:
                held, skipping = bytearray(), True
    except BodyError as error:
        yield error
        return
    if skipping:
        yield too_large(limit)
    elif held.strip():
        yield bytes(held)


@define
class _Patience:
    """The time left for the rest of a line; time between two waits, when others are served, does not count.

    Args:
        seconds: the time for a line, plus time for its size.
    """

    seconds: float
    _size: int = field(default=0, init=False)
    _waited: float = field(default=0.0, init=False)

    def came(self, size: int, *, anew: bool) -> None:
        """Count bytes that arrived of a line, or of the next one."""
        if anew:
            self._size, self._waited = 0, 0.0
        self._size += size

    async def next(self, parts: AsyncIterator[bytes]) -> bytes | None:
        """Wait for the next part; without limit if no line has begun.

        Raises:
            BodyError: if the line is too slow.
        """
        clock = asyncio.get_running_loop().time
        left = self.seconds + self._size / _SLOWEST - self._waited if self._size else None
        began = clock()
        try:
            async with asyncio.timeout(left):
                return await anext(parts, None)
        except TimeoutError:
            raise too_slow(self.seconds) from None
        finally:
            self._waited += clock() - began if self._size else 0.0


def kind_of(content_type: str) -> tuple[str, str | None]:
    """Return the kind of body for a Content-Type, and the charset that it names.

    Raises:
        BodyError: if it is not supported.
    """
    media, *parameters = (part.strip() for part in content_type.split(";"))
    pairs = [(name.strip().lower(), value) for name, _, value in (p.partition("=") for p in parameters)]
    charsets = [value.strip().strip('"') for name, value in pairs if name == "charset"]
    if media.lower() not in MEDIA:
        raise BodyError(415, "media-type", f"send Content-Type: {', '.join(MEDIA)}")
    if len(charsets) > 1:
        raise BodyError(400, "encoding", "Content-Type names more than one charset; name only the body's")
    return MEDIA[media.lower()], charsets[0] if charsets else None


def _codec(charset: str) -> str:
    """Return Python's name of a charset.

    Only those of the table are looked up: Python caches each name it was ever asked for, and has codecs that take
    quadratic time.

    Raises:
        LookupError: if the charset is unknown.
    """
    name = normalize_encoding(charset[:40].lower())
    known = aliases.get(name, name)
    if known not in _CODECS:
        raise LookupError(charset)
    return known


def task(body: bytes, content_type: str) -> tuple[dict[str, Any], bytes]:
    """Return the head and body of the worker's task for a posted body.

    Raises:
        BodyError: if the body is not what its Content-Type says.
    """
    kind, charset = kind_of(content_type)
    if packing_of(body) is not None:  # ingest would decompress it, beyond the limit
        raise BodyError(415, "packed", "send it uncompressed, or as gzip with the header Content-Encoding: gzip")
    if kind == "source":
        return source_task(body)
    if kind == "text" and charset:
        try:
            body = body.decode(_codec(charset)).encode()
        except (LookupError, UnicodeError):
            raise BodyError(400, "encoding", "the body is not in the charset of its Content-Type") from None
    return {"kind": kind, "source": UNNAMED}, body


def parsed(body: bytes) -> Any:
    """Return the data of a JSON body.

    Raises:
        BodyError: if it is not JSON.
    """
    try:
        return loads(body)
    except ValueError:
        raise BodyError(400, "json", "not JSON: send one object") from None


def source_task(body: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the head and body of the worker's task for a Submission in JSON.

    Raises:
        BodyError: if it is not one.
    """
    data = parsed(body)
    fault = _fault(data)
    if fault:
        raise BodyError(400, "fields", fault)
    given = {name: data[name] for name in FIELDS if data.get(name) is not None}
    name = given.pop("source", UNNAMED)
    return {"kind": "source", "source": name}, json.dumps({"name": name, **given}).encode()


def claim(body: bytes) -> dict[str, str | None]:
    """Return the words and the speaker of a claim in JSON.

    Raises:
        BodyError: if it is not one.
    """
    data = parsed(body)
    words, speaker = (data.get("words"), data.get("speaker")) if isinstance(data, Mapping) else (None, None)
    if not isinstance(words, str) or not 1 <= len(words) <= LONGEST_CLAIM:
        detail = f'send an object with the field "words", 1 to {LONGEST_CLAIM:,} characters: {{"words": "…"}}'
        raise BodyError(400, "fields", detail)
    if speaker is not None and not (isinstance(speaker, str) and len(speaker) <= LONGEST_NAME):
        raise BodyError(400, "fields", f"must be a string of at most {LONGEST_NAME} characters: speaker")
    return {"words": words, "speaker": speaker}


def _fault(data: Any) -> str | None:
    """Return the fault of an invalid Submission."""
    if not isinstance(data, Mapping) or not isinstance(data.get("text"), str):
        return 'send an object with the field "text", a string: {"text": "…"}'
    wrong = [n for n in FIELDS if n in data and not isinstance(data[n], str if n == "source" else str | None)]
    return f"must be a string: {', '.join(wrong)}" if wrong else None
