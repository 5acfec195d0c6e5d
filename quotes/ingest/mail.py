"""Mails (.eml) and mailboxes (.mbox), by the standard library: the decoded text, and attached documents.

A press office that sends a statement does not publish it: the sender is neither outlet nor byline.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from pathlib import PurePosixPath
from typing import BinaryIO

from quotes.errors import InputError, short
from quotes.files.compressed import LIMIT, inner_name, too_long
from quotes.ingest.archive import DEEPEST
from quotes.ingest.days import iso
from quotes.ingest.markup import plain
from quotes.ingest.reading import Found, Input
from quotes.ingest.sniff import SUFFIXES
from quotes.ingest.text import decode, is_blank
from quotes.records import ErrorRecord, SourceText

# A text part with a smaller share of the HTML's words only says "your program does not show HTML".
_MOST = 0.5
_FAULTS = (LookupError, ValueError, AttributeError, TypeError, RecursionError)


def read_eml(given: Input) -> Iterator[Found]:
    """Yield the texts of a mail and of its attached documents, or their errors.

    Args:
        given: the mail as a stream.
    """
    try:
        data = given.whole("the mail")
    except InputError as error:
        yield given.error("too-long", str(error))
        return
    yield from _mail(data, given.name, given)


def read_mbox(given: Input) -> Iterator[Found]:
    """Yield the texts of each mail of a mailbox, or their errors.

    Args:
        given: the mailbox as a stream, read mail by mail.
    """
    number = 0
    for number, data in enumerate(_split(given.stream), start=1):
        name = f"{given.name}#{number}"
        if isinstance(data, InputError):
            yield ErrorRecord(name, "too-long", str(data))
        else:
            yield from _mail(data, name, given)
    if not number:
        yield given.error("empty", "no mail in the mailbox; leave it out, or check --input-format")


def _split(stream: BinaryIO) -> Iterator[bytes | InputError]:
    """Yield the mails of a mailbox: each begins with a line `From …` after a blank line."""
    lines: list[bytes] = []
    size, blank, begun = 0, True, False
    while line := stream.readline(LIMIT):
        if blank and line.startswith(b"From "):
            if begun:
                yield too_long("the mail") if size > LIMIT else b"".join(lines)
            lines, size, begun = [], 0, True
            blank = False
            continue
        blank = not line.strip()
        size += len(line)
        if size <= LIMIT:
            lines.append(line[1:] if line.startswith(b">From ") else line)
    if begun:
        yield too_long("the mail") if size > LIMIT else b"".join(lines)


def _mail(data: bytes, name: str, given: Input) -> Iterator[Found]:
    try:
        message = BytesParser(policy=policy.default).parsebytes(data)
        title, day = _header(message, "Subject"), _header(message, "Date")
        text = _text(message)
        attached = list(_attached(message))
    except _FAULTS as error:  # headers and parts that no mail program should write
        yield ErrorRecord(name, "broken", f"the mail is broken ({short(error)}); save it again")
        return
    some = not is_blank(text)
    if some:
        yield SourceText(name, text, title=title, published=iso(day), file=given.name)
    for member, content in attached:
        some = True
        yield from _document(content, f"{name}/{member}", given)
    if not some:
        yield ErrorRecord(name, "empty", "no text in the mail; leave it out")


def _document(content: bytes, name: str, given: Input) -> Iterator[Found]:
    from quotes.ingest.streams import read_stream

    if given.depth >= DEEPEST:
        yield ErrorRecord(name, "too-deep", f"attached to a mail nested {given.depth} deep; save it separately")
        return
    suffix = PurePosixPath(inner_name(name)).suffix
    yield from read_stream(io.BytesIO(content), name, suffix=suffix, how=given.how, depth=given.depth + 1)


def _header(message: EmailMessage, name: str) -> str | None:
    return " ".join(str(message.get(name) or "").split()) or None


def _text(message: EmailMessage) -> str:
    """Return the words of a mail: its text part, or the HTML if that has many more."""
    part, markup = message.get_body(("plain",)), message.get_body(("html",))
    text = _decoded(part) if part is not None else ""
    shown = plain(f"<div>{_decoded(markup)}</div>") if markup is not None else ""
    return shown if len(text) < _MOST * len(shown) else text


def _decoded(part: MIMEPart) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    charset = part.get_content_charset()
    try:
        text = data.decode("cp1252" if charset in ("iso-8859-1", "us-ascii", None) else charset)
        # A part with a missing or wrong charset is decoded by its bytes.
        return decode(data) if charset in ("us-ascii", None) else text
    except (LookupError, UnicodeDecodeError, InputError):
        return data.decode("utf-8", "replace")


def _attached(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of attached documents and mails."""
    for number, part in enumerate(message.walk() if message.is_multipart() else ()):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage):
                yield f"{number}.eml", inner[0].as_bytes()
            continue
        name = part.get_filename() or ""
        suffix = PurePosixPath(inner_name(name)).suffix.lower()
        if suffix in SUFFIXES and not part.is_multipart():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content:
                yield PurePosixPath(name.replace("\\", "/")).name, content
