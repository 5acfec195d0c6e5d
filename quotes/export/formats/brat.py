"""The format `brat`: a folder of standoff annotations in PolNeAR's layout, to annotate in brat or to score.

`text/NAME.txt` is a source's text, unchanged; `attributions/NAME_quotes.ann` has one event per quote, with the words as
Content, the cue as Cue and the mention as Source; a note gives speaker and channels. `annotation.conf` declares these
to brat. Offsets count code points. A span that crosses lines is split at the line ends, as brat requires.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count, groupby
from pathlib import Path
from urllib.parse import urlsplit

from quotes.errors import StoreError
from quotes.export.credit import channel_line, speaker_line
from quotes.export.places import fragments, text_of
from quotes.files.atomic import nowhere
from quotes.ingest.own import folder_of_ours
from quotes.records import Article, ArticleRecord, Cue, ErrorRecord, Mention, Quote, Span
from quotes.records.utf8 import encodable

# Every character that some reader takes for a line end: an annotation is one line.
_LINES = re.compile("[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_PARTS = frozenset({"text", "attributions", "annotation.conf"})
_CONF = """[entities]
Content
Cue
Source
[relations]
[events]
Attribution\tContent:Content, Cue?:Cue, Source:Source
Attribution-no-source\tContent:Content, Cue?:Cue
[attributes]
"""


def write(records: Iterable[ArticleRecord | ErrorRecord], path: Path) -> None:
    """Write the folder, which replaces a former one only when it is complete.

    Args:
        records: articles with their texts, grouped by source, and errors.
        path: the folder.

    Raises:
        InputError: if an article has no text, or another than its quotes were found in.
        StoreError: if the folder cannot be written, or holds other files.
    """
    with _complete(path) as folder:
        (folder / "text").mkdir()
        (folder / "attributions").mkdir()
        _put(folder / "annotation.conf", _CONF)
        articles = (encodable(record) for record in records if isinstance(record, ArticleRecord))
        taken: set[str] = set()
        for _, group in groupby(articles, key=lambda record: (record.article.source, record.article.text)):
            first = next(group)
            name = _name(first.article.source, taken)
            _put(folder / "text" / f"{name}.txt", text_of(first.article, "brat"))
            numbers = (count(1), count(1))
            lines: list[str] = []
            for record in (first, *group):
                for quote in record.quotes:
                    lines += _event(quote, record.article, *numbers)
            _put(folder / "attributions" / f"{name}_quotes.ann", "".join(f"{line}\n" for line in lines))


@contextmanager
def _complete(path: Path) -> Iterator[Path]:
    """Give a folder beside the path, which replaces it if the block succeeds."""
    target = Path(os.path.realpath(path))
    if target.exists() and not _ours(target):
        raise StoreError(f"{path}: exists and is not a brat folder; name another one")
    try:
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent))
        try:
            yield aside
            os.chmod(aside, 0o777 & ~_mask())
            if target.exists():
                # Moved first and removed last, so that one of the two folders always exists.
                os.replace(target, former := aside.with_suffix(".former"))
                try:
                    os.replace(aside, target)
                except OSError:
                    os.replace(former, target)
                    raise
                shutil.rmtree(former, ignore_errors=True)
            else:
                os.replace(aside, target)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except FileNotFoundError as error:
        raise StoreError(nowhere(path)) from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error})") from error


def _ours(target: Path) -> bool:
    """Return whether a folder is empty or a former output; another corpus may have texts and attributions, too."""
    if not target.is_dir():
        return False
    names = {part.name for part in target.iterdir()}
    return not names or (names <= _PARTS and folder_of_ours(str(target)) is not None)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def _name(source: str, taken: set[str]) -> str:
    """Return a file name for a source that is not a prefix of another's.

    Annotations are found by name and "_": "a" must not exist beside "a_b".
    """
    plain = re.sub(r"[^\w.-]+", "-", Path(urlsplit(source).path).stem).strip("-.")[:80] or "source"
    others = (f"{plain.replace('_', '-')}.{number}" for number in count(2))
    name = plain
    while {name, *_beginnings(name)} & taken or f"{name}_" in taken:
        name = next(others)
    taken.update((name, *(f"{begun}_" for begun in _beginnings(name))))
    return name


def _beginnings(name: str) -> list[str]:
    return [name[: found.start()] for found in re.finditer("_", name)]


def _event(quote: Quote, article: Article, boxes: Iterator[int], events: Iterator[int]) -> Iterator[str]:
    """Yield the lines of one quote: its text-bound annotations, the event, and a note."""
    text = text_of(article, "brat")
    spans = [span for span, _ in fragments(quote, article, "brat")]
    mention = quote.speaker.mention if quote.speaker else None
    kind = "Attribution" if mention else "Attribution-no-source"
    roles: list[tuple[str, list[Span]]] = [("Content", spans)]
    roles += [(role, [Span(m.start, m.end)]) for role, m in (("Cue", quote.cue), ("Source", mention)) if m]
    arguments = []
    for role, parts in ((kind, [_trigger(quote.cue, mention, spans)]), *roles):
        number = next(boxes)
        lines = [line for part in parts for line in _lines_of(part, text)]
        places = ";".join(f"{line.start} {line.end}" for line in lines)
        words = " ".join(text[line.start : line.end] for line in lines)
        yield f"T{number}\t{role} {places}\t{words}"
        arguments.append(f"{role}:T{number}")
    number = next(events)
    yield f"E{number}\t{' '.join(arguments)}"
    note = "; ".join(filter(None, (speaker_line(quote), channel_line(quote), quote.type)))
    yield f"#{number}\tAnnotatorNotes E{number}\t{' '.join(note.split())}"


def _trigger(cue: Cue | None, mention: Mention | None, spans: list[Span]) -> Span:
    """Return the span that marks the event: the cue, else the mention, else the quoted words."""
    chosen = cue or mention or spans[0]
    return Span(chosen.start, chosen.end)


def _lines_of(span: Span, text: str) -> list[Span]:
    """Return a span split at line ends; a span of line ends alone stays whole."""
    found = [Span(m.start() + span.start, m.end() + span.start) for m in _LINES.finditer(text[span.start : span.end])]
    return found or [span]
