"""JSON Lines that survive a kill: finished records are kept beside the output, with a journal of their sources.

`out.jsonl.part` takes the lines as they are written, and replaces `out.jsonl` at the end. After each source, be it
with articles, without, or with an error, a line is added to `out.jsonl.journal`:

    ["a.txt", "3f0c…", 5120, 1, {"direct": 4}, 380, null, "9b1e…"]

its name, a digest of its content, the length of the part file after it, articles, quotes by type, words, error, and a
checksum of the line and of its articles in the part file. A kill tears at most the last line of either file. The next
run cuts both to the last whole line of the journal whose articles are complete and unchanged, compares its sources
with the journal's, and goes on after them. A run that starts over sets both aside, as `out.jsonl.part.old` and
`out.jsonl.journal.old`, and says so. Files of these names that no run wrote are left alone.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from itertools import chain, count
from pathlib import Path
from typing import IO, Any, TextIO

from attrs import astuple, define, evolve, field, frozen

from quotes.batch.outcome import Outcome, Source
from quotes.errors import StoreError
from quotes.files.atomic import no_link, put, refuse_link, replace, write_errors
from quotes.records import ErrorRecord

# Version of the journal's layout; no other is read.
_LAYOUT = 2
# First bytes of every journal and every part file; bytes of a part file read at a time.
_HEAD, _ARTICLE, _PIECE = b'{"layout":', b'{"article":', 1 << 20


@frozen
class Plan:
    """Whether a run resumes a former one, and the choices that both must share, by option."""

    options: Mapping[str, Any]
    resume: bool = False


@frozen
class Entry:
    """A line of the journal: a finished source."""

    source: str
    digest: str
    end: int
    articles: int
    types: dict[str, int]
    words: int
    error: tuple[str, str] | None = None
    check: str = ""
    """A checksum of the line without it, and of the source's articles in the part file."""

    @property
    def outcome(self) -> Outcome:
        """The outcome of the source, without its records."""
        error = None if self.error is None else ErrorRecord(self.source, *self.error)
        return Outcome(self.source, error=error, words=self.words)


@define(eq=False)
class Journal:
    """The part file and the journal of one output, open."""

    output: Path
    stream: TextIO
    _part: IO[bytes]
    _log: IO[bytes]
    _again: IO[bytes]
    """The part file, opened for reading."""
    _begin: int
    """Length of the journal's first line."""
    _known: bool
    """Whether the content of the files is known: not while a former run's is compared with the input."""
    entries: int = field(default=0, init=False)
    articles: int = field(default=0, init=False)
    _end: int = field(default=0, init=False)
    """Length of the part file after the last finished source."""

    def pass_over(
        self, sources: Iterator[Source], *, tell: Callable[[Entry], None], warn: Callable[[str], None]
    ) -> Iterator[Source]:
        """Return the sources still to be read, and cut both files after the last finished one.

        Args:
            sources: all of them, in the order of the former run.
            tell: called with each finished source.
            warn: called if a source has changed since, and the rest is read again.

        Raises:
            StoreError: if not even the first source is the same.
        """
        if self._known:
            return sources
        at, end = self._begin, 0
        rest: Iterator[Source] = sources
        for entry, length in self._past(warn):
            source = next(sources, None)
            if source is None or digest(source) != entry.digest:
                self._refuse_other(entry, source)
                words = "has changed" if source is not None and _name(source) == entry.source else "is not the next one"
                warn(f"{entry.source} {words} since: the sources after {self.entries:,} unchanged ones are read again")
                rest = sources if source is None else chain((source,), sources)
                break
            tell(entry)
            at, end = at + length, entry.end
            self.entries += 1
            self.articles += entry.articles
        self._log.truncate(at)
        self._log.seek(at)
        self._part.truncate(end)
        self._part.seek(end)
        self._end = end
        self._known = True
        return rest

    def done(self, outcome: Outcome, *, digest: str) -> None:
        """Note that a source is finished; its records have been written to the stream.

        Args:
            outcome: its outcome.
            digest: of the source.
        """
        self.stream.flush()
        error = None if outcome.error is None else (outcome.error.error, outcome.error.detail)
        end, articles = os.fstat(self._part.fileno()).st_size, len(outcome.records)
        entry = Entry(outcome.source, digest, end, articles, dict(outcome.types), outcome.words, error)
        put(self._log, _line(astuple(evolve(entry, check=self._sum(entry, self._end)))))
        self._end = end
        self.entries += 1
        self.articles += articles

    def _past(self, warn: Callable[[str], None]) -> Iterator[tuple[Entry, int]]:
        """Yield the finished sources and the length of each line, up to the first line that is torn or changed."""
        size, start = os.fstat(self._part.fileno()).st_size, 0
        with _lines(self._log, self._begin) as lines:
            for line in lines:
                entry = _entry(line)
                if not line.endswith(b"\n") or (entry and entry.end > size):
                    return
                if entry is None or entry.check != self._sum(evolve(entry, check=""), start):
                    part = part_of(self.output)
                    warn(f"{part} or its journal is damaged: all after {self.entries:,} sound sources is read again")
                    return
                yield entry, len(line)
                start = entry.end

    def _sum(self, entry: Entry, start: int) -> str:
        """Return the checksum of a line and of its articles, which begin at `start` in the part file."""
        found = blake2b(_line(astuple(entry)), digest_size=8)
        self._again.seek(start)
        left = entry.end - start
        while left > 0 and (piece := self._again.read(min(left, _PIECE))):
            found.update(piece)
            left -= len(piece)
        return found.hexdigest()

    def close(self) -> None:
        """Close the part file; the journal, and with it the lock, stays open."""
        self._again.close()
        self.stream.close()

    def _refuse_other(self, entry: Entry, source: Source | None) -> None:
        if not self.entries:
            now = "nothing" if source is None else _name(source)
            raise StoreError(
                f"{part_of(self.output)} was begun from other input (first {entry.source}, now {now} or another text "
                "of that name); give the same input, or leave out --resume to start over"
            )


@contextmanager
def journalled(
    output: Path, *, plan: Plan, kept: Callable[[str], None], warn: Callable[[str], None]
) -> Iterator[tuple[Journal, Callable[[], None]]]:
    """Give the journal of an output, which is put in place if the block ends without an error.

    Args:
        output: the file; a link is followed.
        plan: whether to resume, and with which choices.
        kept: called, if the block fails, with what is kept and how to resume.
        warn: called if the records of a former run are set aside.

    Yields:
        The journal; and a function that keeps the output as it was and the finished records aside.

    Raises:
        StoreError: if a file cannot be written, another run writes it, or the choices are not the former ones.
    """
    target = Path(os.path.realpath(output))
    whole = True

    def discard() -> None:
        nonlocal whole
        whole = False

    with write_errors(output):
        journal = _opened(output, target, plan, warn)
        try:
            yield journal, discard
            journal.stream.flush()
            os.fsync(journal._part.fileno())
        except BaseException:
            _leave(journal, target, kept)
            raise
        if not whole:
            _leave(journal, target, kept)
            return
        journal.close()
        replace(part_of(target), target)
        log_of(target).unlink()
        journal._log.close()


def part_of(output: Path) -> Path:
    """Return the path of an output's part file."""
    return output.with_name(f"{output.name}.part")


def log_of(output: Path) -> Path:
    """Return the path of an output's journal."""
    return output.with_name(f"{output.name}.journal")


def digest(source: Source) -> str:
    """Return a short digest of a source, text and metadata, whatever the types of its fields."""
    found = blake2b(digest_size=12)
    for value in astuple(source, recurse=False):
        words = value if isinstance(value, str) else repr(value) if value else ""
        data = value if isinstance(value, bytes) else words.encode("utf-8", "surrogatepass")
        found.update(b"%d " % len(data) + data)
    return found.hexdigest()


def _opened(output: Path, target: Path, plan: Plan, warn: Callable[[str], None]) -> Journal:
    part, log_path = part_of(target), log_of(target)
    for path in (part, log_path):
        refuse_link(path)
    known = log_path.exists()
    log = _locked(output, log_path)
    begun, fresh = False, False
    try:
        head = {"layout": _LAYOUT, "options": dict(plan.options)}
        former = _former(log, log_path)
        if former is None and not _ours(part, journal=known):
            raise StoreError(f"{part}: exists and no run of quotes wrote it; move it, or name another output")
        if plan.resume:
            begun = _begun(former, output, head)
        elif former is not None and part.exists():
            _set_aside(output, target, log, warn)
        if begun and not part.exists():
            begun = _taken_back(target, part, log)
        fresh = not begun
        held = open(part, "r+b" if begun else "w+b", opener=no_link)  # noqa: SIM115
        if fresh:
            log.truncate(0)
            log.seek(0)
            put(log, _line(head))
    except BaseException:
        if fresh or not os.fstat(log.fileno()).st_size:  # a run that could not begin leaves nothing
            for path in (log_path, *((part,) if fresh else ())):
                with suppress(OSError):
                    path.unlink()
        log.close()
        raise
    stream = io.TextIOWrapper(held, encoding="utf-8", newline="\n")
    again = part.open("rb", buffering=0)
    return Journal(output, stream, held, log, again, begin=len(_line(head)), known=not begun)


def _ours(part: Path, *, journal: bool) -> bool:
    """Return whether a part file with an empty journal may be overwritten: a kill can tear off the journal's lines."""
    if not part.exists():
        return True
    with part.open("rb") as stream:
        start = stream.read(len(_ARTICLE))
    return not start or (journal and start == _ARTICLE)


def _locked(output: Path, path: Path) -> IO[bytes]:
    """Open the journal for this run alone."""
    try:
        import fcntl
    except ImportError:  # Windows lets no other process write an open file
        return open(path, "a+b", buffering=0, opener=no_link)
    while True:
        log: IO[bytes] = open(path, "a+b", buffering=0, opener=no_link)  # noqa: SIM115
        try:
            fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists() and os.path.samestat(os.fstat(log.fileno()), path.stat()):
                return log
        except BlockingIOError:
            log.close()
            raise StoreError(f"{output}: another run is writing it; wait until it ends, or name another file") from None
        log.close()  # the run that held it has just ended and removed it


def _begun(former: tuple[int, dict[str, Any]] | None, output: Path, head: Mapping[str, Any]) -> bool:
    """Return whether this run can resume the journal."""
    if former is None:
        return False
    layout, options = former
    now = json.loads(_line(head))["options"]
    other = sorted(name for name in {*options, *now} if options.get(name) != now.get(name))
    if layout != _LAYOUT or other:
        what = ", ".join(other) or "another version of quotes"
        fault = f"{output} was begun with other options ({what})"
        raise StoreError(f"{fault}; use the same, or leave out --resume to start over")
    return True


@contextmanager
def _lines(log: IO[bytes], start: int = 0) -> Iterator[IO[bytes]]:
    """Give a journal for reading from `start` on, while it stays open and locked for writing."""
    log.seek(start)
    with os.fdopen(os.dup(log.fileno()), "rb") as lines:
        yield lines


def _former(log: IO[bytes], path: Path) -> tuple[int, dict[str, Any]] | None:
    """Return the layout and the choices of the run that wrote a journal; None if it wrote nothing."""
    with _lines(log) as lines:
        first = lines.readline()
    if not first.endswith(b"\n") and _HEAD.startswith(first[: len(_HEAD)]):
        return None
    try:
        former = json.loads(first)
        return former["layout"], former["options"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise StoreError(f"{path} is not a journal; move it, or name another output") from None


def _set_aside(output: Path, target: Path, log: IO[bytes], warn: Callable[[str], None]) -> None:
    """Keep the records of an interrupted run under unused names."""
    with _lines(log) as lines:
        number = sum(entry.articles for entry in map(_entry, lines) if entry is not None)
    if not number:
        return
    paths = (part_of(target), log_of(target))
    ends = (f".old{number}" if number > 1 else ".old" for number in count(1))
    end = next(end for end in ends if not any(os.path.lexists(f"{path}{end}") for path in paths))
    part, journal = (path.with_name(f"{path.name}{end}") for path in paths)
    with _lines(log) as lines, journal.open("xb") as copy:
        shutil.copyfileobj(lines, copy)
    replace(part_of(target), part)
    what = f"{number:,} article{'' if number == 1 else 's'} of an interrupted run"
    warn(f"{output}: everything is read again; {what} set aside in {part.name} (--resume would have kept them)")


def _taken_back(target: Path, part: Path, log: IO[bytes]) -> bool:
    """Resume from the output itself if a kill came after it was put in place and before the journal was removed."""
    with _lines(log) as lines:
        end = max((entry.end for entry in map(_entry, lines) if entry is not None), default=0)
    if not target.is_file() or target.stat().st_size != end:
        return False
    shutil.copyfile(target, part)
    return True


def _leave(journal: Journal, target: Path, kept: Callable[[str], None]) -> None:
    """Close the files; report what they hold, or remove them if they are empty."""
    with suppress(OSError, ValueError):
        journal.close()
    if journal.articles or not journal._known:
        number = f"{journal.articles:,} article{'' if journal.articles == 1 else 's'}"
        what = number if journal._known else "the records of a former run are"
        kept(f"{what} kept in {part_of(journal.output)}: the same command with --resume continues from there")
    else:
        for path in (part_of(target), log_of(target)):
            with suppress(OSError):
                path.unlink()
    with suppress(OSError):
        journal._log.close()


def _entry(line: bytes) -> Entry | None:
    if not line.endswith(b"\n"):
        return None
    try:
        values = json.loads(line)
        return Entry(*values) if isinstance(values, list) else None
    except (ValueError, TypeError, RecursionError):
        return None


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def _name(source: Source) -> str:
    return source.source if isinstance(source, ErrorRecord) else source.name
