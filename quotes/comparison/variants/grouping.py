"""Group the quotes that are the same statement, and find how each differs from the fullest.

Leader clustering: the rows of words are taken from the longest down, and each joins the lead that it matches best or
becomes one. A group is a star around its lead, so no chain of small steps leads from one statement to another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import frozen

from quotes.comparison.same_speaker import agree, known, surname
from quotes.comparison.variants.alignment import Alignment, align
from quotes.comparison.variants.candidates import SHORT, Numbers, Rows, pairs
from quotes.comparison.variants.collection import UNDATED, Collection, Forms, day_of
from quotes.comparison.variants.comparison import Compared, compared, differences, kind_of, reworded, shared
from quotes.comparison.variants.result import Group, Variant
from quotes.comparison.variants.spreading import Here, Spread
from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import Article, ArticleRecord, Quote, Speaker

# So few words are said again and again ("No comment"): a known speaker must say them, within this many days.
FEW, FEW_DAYS = 4, 3
# Quotes with fewer words must also be of one time.
LONG, SHORT_DAYS = 8, 14
# How many words of a short verbatim part must not be everyday words if no known speaker is credited.
TELLING, TELLING_DAYS = 2, 31
# If two known speakers are credited, or no speaker's own words, chance must be ruled out: few edits.
DOUBTFUL_EDITS = 0.12
_TYPES = ("direct", "post", "mixed", "indirect", "attitude")


@frozen
class _Unit:
    """Quotes with the same words; if the words are few, by one speaker at one time."""

    form: int
    quotes: tuple[int, ...]
    speaker: int


def groups(
    records: Iterable[ArticleRecord], *, lexicon: Lexicon | None = None, types: frozenset[str] | None = None,
    spread: Spread | None = None,
) -> Iterator[Group]:  # fmt: skip
    """Yield the groups of two or more quotes that are the same statement, in the order of their leads.

    Args:
        records: articles with their quotes; read once and not held.
        lexicon: the quotation marks of the language; English by default.
        types: the types of quotes to compare; all by default. Reported speech is compared like the others, but
            leads a group only if nothing is quoted, and never counts as reworded.
        spread: where to compute signatures and compare rows; by default in this process. The groups are the same.
    """
    with Collection(lexicon or load_lexicon("en")) as held:
        for record in records:
            held.add(record, types=types)
        held.finish()
        units = _units(held)
        members: dict[int, list[int]] = defaultdict(list)
        for number, lead in enumerate(_leads(held, units, spread or Here())):
            members[lead].append(number)
        for numbers in members.values():
            quotes = [quote for number in numbers for quote in units[number].quotes]
            if len(quotes) > 1 and (group := _group(held, quotes)) is not None:
                yield group


def _units(held: Collection) -> list[_Unit]:
    """Return the units in the order they are tried as leads: quoted before reported, long before short."""
    of_form: dict[int, list[int]] = defaultdict(list)
    for number, form in enumerate(held.form):
        of_form[form].append(number)
    sizes = held.sizes()
    found = []
    for form, numbers in of_form.items():
        if sizes[form] >= SHORT:
            named = next((n for n in numbers if known(held.who(n))), numbers[0])
            found.append(_Unit(form, tuple(numbers), held.speaker[named]))
        else:
            found += _split(held, form, numbers, FEW_DAYS if sizes[form] < FEW else SHORT_DAYS)
    own = held.own_sizes()
    return sorted(found, key=lambda unit: (not held.quoted[unit.form], -own[unit.form], unit.quotes[0]))


def _split(held: Collection, form: int, numbers: list[int], days: int) -> Iterator[_Unit]:
    """Split quotes of the same few words by speaker, and at gaps in time."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        speaker = held.who(number)
        name = surname(speaker.name) if speaker is not None and known(speaker) else None
        if name is None:
            yield _Unit(form, (number,), held.speaker[number])
        else:
            by_name[name].append(number)
    for same in by_name.values():
        same.sort(key=lambda n: (held.day[n], n))
        run: list[int] = []
        for number in same:
            if run and (not _near(held, run[-1], number, days) or not agree(held.who(run[0]), held.who(number))):
                yield _Unit(form, tuple(run), held.speaker[run[0]])
                run = []
            run.append(number)
        yield _Unit(form, tuple(run), held.speaker[run[0]])


def _near(held: Collection, one: int, other: int, days: int, *, sure: bool = False) -> bool:
    """Return whether two quotes may be of one time; with `sure`, undated ones are not."""
    if UNDATED in (held.day[one], held.day[other]):
        return not sure
    return abs(held.day[one] - held.day[other]) <= days


def _rows(held: Collection, units: list[_Unit]) -> Rows:
    """Return the words of the units in order, for candidate search."""
    starts = np.frombuffer(held.starts, dtype=np.int64)
    words = np.frombuffer(held.words, dtype=np.int32)
    forms = np.fromiter((unit.form for unit in units), np.int64, len(units))
    ends = np.concatenate([[0], np.cumsum(starts[forms + 1] - starts[forms])])
    gathered = np.empty(ends[-1], np.int32)
    for number, form in enumerate(forms):
        gathered[ends[number] : ends[number + 1]] = words[starts[form] : starts[form + 1]]
    names: dict[str, int] = {}
    numbers = np.full(len(units), -1, np.int64)
    for number, unit in enumerate(units):
        speaker = held.who(unit.quotes[0]) if unit.speaker < 0 else held.speakers[unit.speaker]
        if speaker is not None and known(speaker) and (name := surname(speaker.name)):
            numbers[number] = names.setdefault(name, len(names))
    return Rows(gathered, ends, numbers)


def _leads(held: Collection, units: list[_Unit], spread: Spread) -> Numbers:
    """Return the number of the lead that each unit joins, its own if it leads."""
    lead = np.arange(len(units))
    if not units:
        return lead
    low, high = pairs(_rows(held, units), spread=spread)
    bounds = [*np.flatnonzero(np.diff(high, prepend=-1)).tolist(), len(high)]
    parts = list(_parts(bounds, spread.compared_at_once))
    forms, form = held.rows(), np.fromiter((unit.form for unit in units), np.int64, len(units))
    # A part is requested before earlier ones are back: a row whose lead is still unknown then counts alone.
    asked = (_asked(form[lead[low[part[0] : part[-1]]]], form[high[part[0] : part[-1]]]) for part in parts)
    for part, aligned in zip(parts, spread(alignments, forms, asked), strict=True):
        for begin, end in pairwise(part):
            unit = int(high[begin])
            best: tuple[float, int] | None = None
            for candidate in dict.fromkeys(lead[low[begin:end]].tolist()):
                pair = int(form[candidate]), int(form[unit])
                if pair not in aligned:
                    aligned |= alignments(forms, [pair])
                score = _score(held, units[candidate], units[unit], aligned[pair])
                if score is not None and (best is None or (score, -candidate) > best):
                    best = score, -candidate
            if best is not None:
                lead[unit] = -best[1]
    return lead


def _parts(bounds: list[int], size: int) -> Iterator[list[int]]:
    """Cut the units' bounds into parts of about `size` pairs."""
    first = 0
    for n in range(1, len(bounds)):
        if bounds[n] - bounds[first] >= size or n == len(bounds) - 1:
            yield bounds[first : n + 1]
            first = n


def _asked(leads: Numbers, others: Numbers) -> list[tuple[int, int]]:
    return list(dict.fromkeys(zip(leads.tolist(), others.tolist(), strict=True)))


def alignments(forms: Forms, asked: list[tuple[int, int]]) -> dict[tuple[int, int], Alignment | None]:
    """Compare pairs of forms, each a lead and another; None for pairs that are not the same statement."""
    rows = {form: forms.row(form) for form in {form for pair in asked for form in pair}}
    found = {pair: align(rows[pair[0]], rows[pair[1]]) for pair in asked}
    return {pair: aligned if aligned and aligned.alike else None for pair, aligned in found.items()}


def _score(held: Collection, lead: _Unit, unit: _Unit, found: Alignment | None) -> float | None:
    """Return how well a unit fits a lead, or None if the two are not the same statement."""
    if found is None:
        return None
    one, other = (None if u.speaker < 0 else held.speakers[u.speaker] for u in (lead, unit))
    agreed = agree(one, other)
    quoted = bool(held.quoted[lead.form] and held.quoted[unit.form])
    # Words contained in the other without a gap weigh as much as more words if they are not everyday words.
    telling = held.telling(unit.form) if found.verbatim else 0
    if not _enough(found, agreed, quoted=quoted, telling=telling):
        return None
    if not found.same and not (agreed and _close(held, lead, unit, FEW_DAYS)):
        return None
    if found.matched < LONG and not (found.matched >= SHORT and telling >= TELLING):
        days = FEW_DAYS if found.matched < FEW else TELLING_DAYS if telling >= TELLING else SHORT_DAYS
        if not _close(held, lead, unit, days, sure=agreed is None):
            return None
    return found.score + (0.2 if agreed else 0.1 if agreed is None else 0.0)


def _close(held: Collection, lead: _Unit, unit: _Unit, days: int, *, sure: bool = True) -> bool:
    """Return whether a quote of one unit is within `days` of one of the other; only a few are checked."""
    return any(_near(held, a, b, days, sure=sure) for a in lead.quotes[:9] for b in unit.quotes[:9])


def _enough(found: Alignment, agreed: bool | None, *, quoted: bool, telling: int) -> bool:
    """Return whether the shared words are enough for the same statement, given whether the speakers agree."""
    differ = found.edits + found.beyond
    if found.matched < SHORT:
        if agreed is None and quoted and found.matched >= FEW and telling >= TELLING:
            return True
        return agreed is True and (found.matched >= FEW or differ == 0)
    if agreed is True:
        return True
    if found.matched < LONG:
        return agreed is None and differ == 0
    return differ <= DOUBTFUL_EDITS * found.shorter or (agreed is None and quoted)


@frozen
class _Printing:
    number: int
    article: Article
    quote: Quote
    words: Compared


def _group(held: Collection, numbers: list[int]) -> Group | None:
    printings = []
    for number in numbers:
        article, quote = held.quote(number)
        printings.append(_Printing(number, article, quote, compared(quote.text, quote.type, lexicon=held.lexicon)))
    lead = min(printings, key=lambda p: (
        not p.words.quoted, len(p.words.wording.edited) - len(p.words.wording), _TYPES.index(p.quote.type),
        held.day[p.number], p.number,
    ))  # fmt: skip
    others = [_variant(p, lead) for p in printings if p is not lead]
    variants = [v for v in others if v is not None]
    if not variants:
        return None
    first = _plain(lead)
    ordered = sorted(variants, key=lambda v: (not v.published, v.published or "", v.outlet or "", v.source, v.start))
    everyone = (first, *ordered)
    speakers = [p.quote.speaker for p in printings]
    ids = "\0".join(sorted(v.quote for v in everyone))
    return Group(
        id=blake2b(ids.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest(),
        lead=first,
        variants=tuple(ordered),
        outlets=tuple(sorted({v.outlet for v in everyone if v.outlet})),
        speakers=tuple(sorted({v.speaker for v in everyone if v.speaker})),
        first=_first(everyone),
        misattributed=_disagree([s for s in speakers if s is not None]),
        misquoted=any(v.reworded for v in variants),
    )


def _disagree(speakers: list[Speaker]) -> bool:
    """Return whether two of the speakers cannot be the same."""
    distinct = list({(s.name, s.kind, s.handle, s.id): s for s in speakers}.values())
    return any(agree(one, other) is False for n, one in enumerate(distinct) for other in distinct[:n])


def _variant(printing: _Printing, lead: _Printing) -> Variant | None:
    """Return a printing with its differences from the lead."""
    one, other = lead.words.wording, printing.words.wording
    blocks = shared(one, other)
    if blocks is None:
        return None
    steps = differences(one, other, blocks)
    quoted = lead.words.quoted and printing.words.quoted
    return _plain(
        printing, kind=kind_of(one, other, steps), differences=steps, reworded=quoted and reworded(steps)
    )


def _plain(printing: _Printing, **more: Any) -> Variant:
    article, quote = printing.article, printing.quote
    return Variant(
        quote=quote.id, article=article.id, source=article.source, start=quote.spans[0].start, end=quote.spans[-1].end,
        type=quote.type, text=quote.text, outlet=article.outlet.name if article.outlet else None,
        published=article.published, url=article.url, title=article.title,
        speaker=quote.speaker.name if quote.speaker else None, **more,
    )  # fmt: skip


def _first(printings: Iterable[Variant]) -> Variant | None:
    """Return the earliest printing; None if none is dated, or if outlets share the earliest date."""
    dated = [v for v in printings if v.published and day_of(v.published) != UNDATED]
    if not dated:
        return None
    # A date without a time may be any time of that day, so the day decides.
    precise = all(len(v.published or "") > len("2025-06-10") for v in dated)
    earliest = min(_moment(v, precise=precise) for v in dated)
    tied = [v for v in dated if _moment(v, precise=precise) == earliest]
    return tied[0] if len({v.outlet or v.source for v in tied}) == 1 else None


def _moment(variant: Variant, *, precise: bool) -> float:
    published = variant.published or ""
    if not precise:
        return day_of(published)
    moment = datetime.fromisoformat(published)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
