"""ZIP archives: members are read like the files of a folder; none is written to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast

from quotes.errors import short
from quotes.files.compressed import LIMIT, inner_name
from quotes.ingest.own import EXPORT
from quotes.ingest.reading import Found, Input
from quotes.ingest.walk import described, is_article
from quotes.records import ErrorRecord

# A zip in a zip in a mail is an archive, ten levels are a joke.
DEEPEST = 3
# The most members of an archive, and the most bytes of all of them decompressed.
_MEMBERS = 100_000
_WHOLE = 16 * LIMIT
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def names(stream: BinaryIO) -> list[str]:
    """Return the names of an archive's members, none if it is broken, and rewind the stream."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return archive.namelist()[:_MEMBERS]
    except _FAULTS:
        return []
    finally:
        stream.seek(0)


def read_zip(given: Input) -> Iterator[Found]:
    """Yield the texts of each member that a folder would give, and count the others.

    A broken, encrypted or too long member is an error, named by its path in the archive.

    Args:
        given: the archive as a stream.
    """
    if given.depth >= DEEPEST:
        yield given.error("too-deep", f"an archive nested {given.depth} deep; unpack it first")
        return
    try:
        with zipfile.ZipFile(_seekable(given)) as archive:
            yield from _members(archive, given)
    except _FAULTS as error:
        yield given.error("broken", f"the archive is broken ({short(error)}); download or create it again")


def _members(archive: zipfile.ZipFile, given: Input) -> Iterator[Found]:
    passed: Counter[str] = Counter()
    some, left = False, _WHOLE
    for number, member in enumerate(sorted(archive.infolist(), key=lambda m: m.filename)):
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if member.is_dir() or _hidden(path):
            continue
        name = f"{given.name}/{path}"
        left -= member.file_size
        if left < 0 or number >= _MEMBERS:
            fault = f"the archive is larger than {_WHOLE // 1024**2:,} MB unpacked, or has over {_MEMBERS:,} members"
            yield ErrorRecord(name, "too-long", f"{fault}; unpack it yourself, and read the folder")
            return
        kept, passed_as = is_article(path.name)
        if not kept:
            passed[passed_as] += 1
            continue
        some = True
        for found in _member(archive, member, name, given):
            if getattr(found, "error", None) != EXPORT:
                yield found
    if not some:
        yield given.error("empty", f"the archive has no text{described(passed, before=': ')}; leave it out")
    elif passed:
        given.how.tell(f"{given.name}: {described(passed)}")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, given: Input) -> Iterator[Found]:
    from quotes.ingest.streams import HEAD, read_stream

    if member.flag_bits & 0x1:
        yield ErrorRecord(name, "locked", "needs a password; unpack the archive, and read the folder")
        return
    try:
        with archive.open(member) as stream:
            held = cast(BinaryIO, io.BufferedReader(_Seekless(stream), HEAD))
            suffix = PurePosixPath(inner_name(member.filename)).suffix
            yield from read_stream(held, name, suffix=suffix, how=given.how, depth=given.depth + 1)
    except _FAULTS as error:
        yield ErrorRecord(name, "broken", f"the member is broken ({short(error)}); create the archive again")


class _Seekless(io.RawIOBase):
    """A member's bytes as a forward-only stream: seeking back would decompress it again from its beginning."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _hidden(path: PurePosixPath) -> bool:
    """Return whether a member is hidden: made by macOS, or with a dot before its name."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts if part != "..")


def _seekable(given: Input) -> BinaryIO:
    return given.stream if given.stream.seekable() else io.BytesIO(given.whole("the archive"))
