"""The results of a review: corrected records, and gold data in the formats of scorers and training.

Gold data of an article states that it has these statements and no others. Only sources whose quotes all have a verdict
become gold; quotes that the program missed are in it if the reviewer added them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath

from attrs import evolve, frozen

from quotes.batch.run import save
from quotes.errors import InputError, StoreError
from quotes.export import FORMATS, format_of
from quotes.files.atomic import written_aside
from quotes.records import ArticleRecord, Quote, Span
from quotes.records.json_text import dumps
from quotes.web.review.verdicts import Key, Verdict
from quotes.web.review.weighing import Held

_UNSAFE = re.compile(r"[^\w.-]+")
_HALVES = re.compile("[\ud800-\udfff]")  # a lone surrogate, which UTF-8 cannot encode


@frozen
class Exported:
    """Counts of an export: gold sources, sources without all verdicts, and quotes."""

    sources: int
    unfinished: int
    quotes: int


def under_review(records: Iterable[ArticleRecord], *, name: str) -> dict[str, ArticleRecord]:
    """Return the records by article id; duplicates count once.

    Args:
        records: saved records.
        name: the file's name, for messages.

    Raises:
        InputError: if there are none, or they were saved without their texts.
    """
    found: dict[str, ArticleRecord] = {}
    for record in records:
        if record.article.text is None:
            raise InputError(
                f"{name}: the records were saved without their texts; save them with --with-text: "
                "quotes extract … --with-text -o FILE"
            )
        found.setdefault(record.article.id, record)
    if not found:
        raise InputError(f"{name}: has no articles to review")
    return found


def apply(records: Iterable[ArticleRecord], standing: Mapping[Key, Verdict]) -> Iterator[ArticleRecord]:
    """Yield the records with the verdicts applied.

    Accepted and corrected quotes get confidence 1, rejected ones are dropped, added ones are included; quotes without a
    verdict on this very record stay as they are.

    Args:
        records: the reviewed records.
        standing: the verdict that counts for each quote.
    """
    given = _by_article(standing)
    for record in records:
        held = Held(record)
        kept = [quote for _, quote in held.outcome(held.counting(given.get(record.article.id, {})))]
        yield evolve(record, quotes=tuple(sorted(kept, key=_place)))


def _by_article(standing: Mapping[Key, Verdict]) -> dict[str, dict[str, Verdict]]:
    found: dict[str, dict[str, Verdict]] = {}
    for (article, quote), verdict in standing.items():
        found.setdefault(article, {})[quote] = verdict
    return found


def _place(quote: Quote) -> tuple[int, int, str]:
    return (quote.spans[0].start, quote.spans[-1].end, quote.id) if quote.spans else (0, 0, quote.id)


def _finished(record: ArticleRecord, standing: Mapping[str, Verdict]) -> bool:
    """Return whether each quote, added ones included, has a verdict given on this very record."""
    held = Held(record)
    counting = held.counting(standing)
    known = {key for key, verdict in standing.items() if held.knows(verdict)}
    return known <= set(counting) and set(held.quotes) <= set(counting)


def write_records(records: Iterable[ArticleRecord], path: Path) -> int:
    """Write records in the format of the file's suffix, and return how many quotes they have."""
    name = format_of(path)
    if name is None:
        known = " ".join(suffix for entry in FORMATS.values() for suffix in entry.suffixes)
        raise StoreError(f"{path}: no format has this suffix; name a folder, or a file with one of {known}")
    every, chosen = list(records), FORMATS[name]
    save(every, write=chosen.write, output=path, target=chosen.target)
    if chosen.beside:
        chosen.beside(path)
    return sum(len(record.quotes) for record in every)


def write_gold(
    records: Iterable[ArticleRecord], standing: Mapping[Key, Verdict], folder: Path
) -> Exported:
    """Write a folder: `text/`, `attributions/` (brat standoff as in PolNeAR), `gold.jsonl` and `records.jsonl`.

    Args:
        records: the reviewed records, with their texts.
        standing: the verdict that counts for each quote.
        folder: the folder, created if need be; files of the same name are replaced.

    Raises:
        StoreError: if a file cannot be written.
    """
    before = list(records)
    after = list(apply(before, standing))
    finished = unfinished = number = 0
    lines: list[str] = []
    names, given = _names(before), _by_article(standing)
    try:
        for part in ("text", "attributions"):
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be created ({error.strerror or error})") from error
    for source, name in names.items():
        own = [n for n, record in enumerate(before) if (record.article.source, record.article.text) == source]
        if not all(_finished(before[n], given.get(before[n].article.id, {})) for n in own):
            unfinished += 1
            continue
        finished += 1
        text = _HALVES.sub("\ufffd", source[1])
        quotes = [quote for n in own for quote in after[n].quotes]
        number += len(quotes)
        _write(folder / "text" / f"{name}.txt", text)
        _write(folder / "attributions" / f"{name}_reviewer.ann", standoff(text, quotes))
        lines.append(dumps({"article": name, "quotes": [_flat(quote) for quote in quotes]}) + "\n")
    _write(folder / "gold.jsonl", "".join(lines))
    write_records(after, folder / "records.jsonl")
    return Exported(finished, unfinished, number)


def files_of(records: Iterable[ArticleRecord], folder: Path) -> list[Path]:
    """Return the files that `write_gold` may write."""
    names = _names(records).values()
    texts = [folder / "text" / f"{name}.txt" for name in names]
    marks = [folder / "attributions" / f"{name}_reviewer.ann" for name in names]
    return [*texts, *marks, folder / "gold.jsonl", folder / "records.jsonl"]


def standoff(text: str, quotes: Iterable[Quote]) -> str:
    """Return quotes as brat standoff: text-bound Content, Cue and Source, and an Attribution that links them."""
    lines: list[str] = []
    boxes = 0
    for number, quote in enumerate(quotes, start=1):
        mention = quote.speaker.mention if quote.speaker else None
        cue = quote.cue
        anchor = cue or mention or quote.spans[0]
        parts: list[tuple[str, tuple[Span, ...]]] = [("Attribution", (Span(anchor.start, anchor.end),))]
        parts.append(("Content", quote.spans))
        parts += [("Cue", (Span(cue.start, cue.end),))] if cue else []
        parts += [("Source", (Span(mention.start, mention.end),))] if mention else []
        tied = []
        for role, spans in parts:
            boxes += 1
            places = ";".join(f"{s.start} {s.end}" for s in spans)
            words = " ".join(" ".join(text[s.start : s.end].split()) for s in spans)
            lines.append(f"T{boxes}\t{role} {places}\t{words}")
            tied.append(f"{role}:T{boxes}")
        lines.append(f"E{number}\t{' '.join(tied)}")
    return "".join(f"{line}\n" for line in lines)


def _flat(quote: Quote) -> dict[str, object]:
    """Return a quote in the scorers' short form."""
    mention = quote.speaker.mention if quote.speaker else None
    return {
        "spans": [[s.start, s.end] for s in quote.spans],
        "speaker": [mention.start, mention.end] if mention else None,
        "type": quote.type,
    }


def _names(records: Iterable[ArticleRecord]) -> dict[tuple[str, str], str]:
    """Return unique file names after the sources, as the scorers expect."""
    names: dict[tuple[str, str], str] = {}
    for record in records:
        source = (record.article.source, record.article.text or "")
        if source not in names:
            names[source] = _free(_stem(record.article.source), set(names.values()))
    return names


def _stem(source: str) -> str:
    # "articles.jsonl#12" is the twelfth row of a table: its number is not a suffix.
    path, _, row = source.partition("#")
    stem = PurePath(path).stem
    return _UNSAFE.sub("-", f"{stem}-{row}" if row else stem).strip("-._")[:150] or "text"


def _free(stem: str, taken: set[str]) -> str:
    """Return the name, or a similar one, that is not a prefix of another: readers look for `NAME_*.ann`."""
    plain = {name.casefold() for name in taken}
    for number in range(1, len(taken) + 3):
        for name in (stem, stem.replace("_", "-")):
            own = (name if number == 1 else f"{name}-{number}").casefold()
            if not any(own == n or own.startswith(f"{n}_") or n.startswith(f"{own}_") for n in plain):
                return name if number == 1 else f"{name}-{number}"
    raise AssertionError("one of these names must be free")


def _write(path: Path, text: str) -> None:
    with written_aside(path) as (stream, _):
        stream.write(text)
