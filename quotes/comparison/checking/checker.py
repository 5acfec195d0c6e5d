"""Check quotes against published articles: find the words, then decide whether they were said, and by whom.

A claim is found where its words stand in a row, and is then compared letter by letter. Near matches are reported as
altered, never as found, and every hit is a slice of its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from attrs import evolve

from quotes.comparison.checking.index import GRAM, LEAST_NEAR, ONE_IN, Index
from quotes.comparison.checking.passages import Passage, Place, at, passages
from quotes.comparison.checking.result import Change, Finding, Hit, Match, Standing, Verdict
from quotes.comparison.same_speaker import names_agree
from quotes.comparison.words import Wording, bare, opcodes, wording
from quotes.extraction.stance import StanceMatchers
from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import ArticleRecord, Speaker, Stance

# The most parts of a splice, and the fewest words of a part; fewer if the claim itself marks the gap.
MOST_PARTS, LEAST_PART, LEAST_MARKED = 4, 4, 2
# Further places are counted but not examined: nobody reads them.
MOST_LOOKED_AT = 200
# The most words between a claim and a word before it that reverses its sense, and the fewest words of such a claim.
_TURNS_WITHIN, LEAST_TURNED = 3, 3
_RANKS: tuple[Verdict, ...] = (
    "verbatim", "punctuation", "denied", "hypothetical", "other-speaker", "reported", "own-words", "altered", "splice",
    "not-found",
)  # fmt: skip


class Checker:
    """Records, indexed for many questions.

    Args:
        records: articles with their quotes. If a record has its text, all of it is searched, and words outside any
            quotation are reported as such; otherwise only its quotes.
        lexicon: the quotation marks and titles of the language; English by default.
    """

    def __init__(self, records: Iterable[ArticleRecord], *, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or load_lexicon("en")
        self._articles = self._lexicon.word_set("comparison-article")
        self._titles = frozenset(word.casefold() for title in self._lexicon.titles for word in title.words)
        turns, between, denying = (f"comparison-{name}" for name in ("turns", "between", "denying"))
        self._turns, self._between = self._lexicon.word_set(turns), self._lexicon.word_set(between)
        self._denying = self._lexicon.word_set(denying)
        self._stances = StanceMatchers(self._lexicon)
        self._index = Index()
        self._passages: list[Passage] = []
        self._starts: list[int] = []
        self._words = lru_cache(maxsize=512)(lambda number: self._passages[number].words())
        for record in records:
            for passage in passages(record, lexicon=self._lexicon):
                self._starts.append(self._index.add(passage.words().norms))
                self._passages.append(passage)

    def check(self, claim: str, *, speaker: str | None = None, limit: int = 10) -> Finding:
        """Check whether words were said, and by whom.

        Args:
            claim: the words, with or without quotation marks.
            speaker: who is claimed to have said them.
            limit: the most hits to return.

        Returns:
            The verdict, and the places that support it.
        """
        words = wording(claim)
        asked = self._plain(speaker)
        hits = list(self._whole(claim, words, asked)) if len(words) else []
        if not any(hit.standing == "quoted" and hit.agrees is not False for hit in hits):
            hits += self._nearly(words, asked)
        verdict = _RANKS[min((_RANKS.index(_verdict(hit)) for hit in hits), default=-1)]
        if verdict in ("not-found", "altered") and (parts := self._splice(words, asked, marked=verdict == "altered")):
            return Finding(claim, speaker, "splice", tuple(parts), len(parts))
        hits.sort(key=lambda hit: _RANKS.index(_verdict(hit)))
        return Finding(claim, speaker, verdict, tuple(hits[:limit]), len(hits))

    def _whole(self, claim: str, words: Wording, asked: str | None) -> Iterator[Hit]:
        """Yield the places with the claim's words in a row."""
        core = bare(claim)
        lead = claim.index(core) if core else 0
        offset = words.spans[0][0] - lead
        for number, low in self._found(words.norms):
            passage, printed = self._passages[number], self._words(number)
            first, last = printed.whole(low, low + len(words))
            if last - first > len(words):
                # "we can" of "we can't" is not a slice of whole words.
                if len(words) >= LEAST_NEAR and last - first - len(words) <= len(words) // ONE_IN:
                    yield from self._altered(number, first, last, words, asked)
                continue
            if len(words) >= LEAST_TURNED and (turned := self._turned(printed, low)) < low:
                # "allowed to close the gate" of "is not allowed to close the gate" is another statement.
                yield from self._altered(number, turned, low + len(words), words, asked)
                continue
            start, end = printed.spans[low][0], printed.spans[low + len(words) - 1][1]
            same = start >= offset and passage.text.startswith(core, start - offset)
            if same:
                start, end = start - offset, start - offset + len(core)
            yield from self._hits(passage, start, end, "verbatim" if same else "punctuation", asked)

    def _turned(self, printed: Wording, low: int) -> int:
        """Return the index of a word before a claim that reverses its sense, or the claim's own index.

        Args:
            printed: the words of a passage.
            low: the index of the claim's first word.
        """
        for number in range(low - 1, max(-1, low - 1 - _TURNS_WITHIN), -1):
            if printed.text[printed.spans[number][1] : printed.spans[number + 1][0]].strip():
                return low
            if printed.norms[number] in self._turns:
                return printed.whole(number, number + 1)[0]
            if printed.norms[number] not in self._between:
                return low
        return low

    def _found(self, norms: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield passage and first word of each place with the words in a row."""
        for position in self._index.find(norms)[:MOST_LOOKED_AT].tolist():
            number = at(self._starts, position)
            yield number, position - self._starts[number]

    def _nearly(self, words: Wording, asked: str | None) -> Iterator[Hit]:
        """Yield the places that nearly match the claim."""
        for near in self._index.near(words.norms):
            number = at(self._starts, near.low)
            low, high = near.low - self._starts[number], near.high - self._starts[number]
            yield from self._altered(number, *self._words(number).whole(low, high), words, asked)

    def _altered(self, number: int, low: int, high: int, words: Wording, asked: str | None) -> Iterator[Hit]:
        """Yield the hit of words of a passage that differ from the claim's."""
        printed = self._words(number)
        changes = _changes(printed, low, high, words)
        start, end = printed.spans[low][0], printed.spans[high - 1][1]
        for hit in self._hits(self._passages[number], start, end, "altered", asked):
            yield evolve(hit, changes=changes)

    def _hits(self, passage: Passage, low: int, high: int, match: Match, asked: str | None) -> Iterator[Hit]:
        """Yield a hit for the quote that contains a slice; if several do, for the one that fits the claim best."""
        spans = passage.spans(low, high)
        if passage.quote is not None and passage.record.article.text is not None and len(spans) == 1:
            return  # also found in the article's own text
        places = list(passage.places(low, high))
        unsaid = [p for p in places if p.quote and p.quote.stance != "said"]
        best = min(unsaid or places, key=lambda place: _preference(place, self._agrees(asked, place)))
        article, quote = passage.record.article, best.quote
        before, after = passage.context(low, high)
        yield Hit(
            match=match, standing=best.standing, text=_slices(passage, low, high), spans=spans, source=article.source,
            article=article.id, outlet=article.outlet.name if article.outlet else None, published=article.published,
            title=article.title, url=article.url, quote=quote.id if quote else None, type=quote.type if quote else None,
            speaker=quote.speaker.name if quote and quote.speaker else None,
            stance=self._stance(passage, best, low, high), agrees=self._agrees(asked, best), before=before, after=after,
        )  # fmt: skip

    def _stance(self, passage: Passage, place: Place, low: int, high: int) -> Stance:
        """Return the stance of a slice, by its quote or by the words before it: I never said “sell it”."""
        if place.quote is not None and place.quote.stance != "said":
            return place.quote.stance
        cue = place.quote.cue if place.quote is not None and place.quote.type in ("indirect", "mixed") else None
        if cue is not None and cue.lemma in self._denying:
            return "denied"  # denied that the pier was shut
        within = passage.marks(low, high)
        if within is not None and place.quote is None:
            outer = self._stances.before(passage.text, within.start, passage.marked)
            if outer is not None and outer.stance != "none":
                return outer.stance
        inner = self._stances.before(passage.text, low, passage.marked)
        return "denied" if inner is not None and inner.stance == "denied" else "said"

    def _splice(self, words: Wording, asked: str | None, *, marked: bool) -> list[Hit]:
        """Return the parts of a claim found, word for word, in separate quotations of one article or speaker.

        Args:
            words: the claim's.
            asked: the speaker.
            marked: whether to split the claim only at its ellipses.
        """
        gaps = sorted(gap for gap in words.gaps if 0 < gap < len(words))
        if gaps:
            bounds = [0, *gaps, len(words)]
        elif marked:
            return []
        else:
            bounds = self._parted(words.norms)
        parts = [words.norms[a:b] for a, b in pairwise(bounds)]
        least = LEAST_MARKED if gaps else LEAST_PART
        if not 2 <= len(parts) <= MOST_PARTS or min(map(len, parts)) < least or max(map(len, parts)) < GRAM:
            return []
        found = [[h for h in self._part(p, asked) if (h.standing, h.stance) == ("quoted", "said")] for p in parts]
        for first in found[0]:
            chosen = [first, *(next((h for h in hits if _together(first, h)), None) for hits in found[1:])]
            complete = [hit for hit in chosen if hit is not None]
            if len(complete) == len(parts):
                return complete
        return []

    def _parted(self, norms: Sequence[str]) -> list[int]:
        """Return the bounds of the longest parts found in any passage, from the first word on; [] if there are none."""
        bounds = [0]
        while bounds[-1] < len(norms) and len(bounds) <= MOST_PARTS:
            size = self._index.longest(norms[bounds[-1] :])
            if size < LEAST_PART:
                # The part before took too many words: the rest gets the minimum.
                tail = len(norms) - LEAST_PART
                if len(bounds) < 2 or tail < bounds[-2] + LEAST_PART or not len(self._index.find(norms[tail:])):
                    return []
                bounds[-1] = tail
                size = LEAST_PART
            bounds.append(bounds[-1] + size)
        return bounds if bounds[-1] == len(norms) else []

    def _part(self, norms: Sequence[str], asked: str | None) -> Iterator[Hit]:
        for number, low in self._found(norms):
            printed = self._words(number)
            if printed.whole(low, low + len(norms)) != (low, low + len(norms)):
                continue
            start, end = printed.spans[low][0], printed.spans[low + len(norms) - 1][1]
            yield from self._hits(self._passages[number], start, end, "part", asked)

    def _plain(self, speaker: str | None) -> str | None:
        """Return the name asked for without its titles, as in records."""
        words = (speaker or "").split()
        while len(words) > 1 and words[0].strip(".").casefold() in self._titles | {w.strip(".") for w in self._titles}:
            words = words[1:]
        return " ".join(words) or None

    def _agrees(self, asked: str | None, place: Place) -> bool | None:
        """Return whether the quote's speaker is the one asked for; None if unknown."""
        said = place.quote.speaker if place.quote else None
        if asked is None or said is None:
            return None
        if asked.startswith("@") and said.handle:
            return asked.casefold() == said.handle.casefold()
        agreed = names_agree(asked, said.name)
        if agreed is False:
            if _is_role(asked, said, self._articles):
                return True
            if said.kind in ("anonymous", "unknown", "author", "group"):
                return None
        return agreed


def _is_role(asked: str, said: Speaker, articles: frozenset[str]) -> bool:
    """Return whether a role was asked for, "the harbour master", and the speaker has it."""
    role = set(wording(said.role or "").norms)
    return bool(role) and set(wording(asked).norms) - articles <= role


def _preference(place: Place, agrees: bool | None) -> tuple[int, int]:
    order: tuple[Standing, ...] = ("quoted", "reported", "own-words")
    return order.index(place.standing), {True: 0, None: 1, False: 2}[agrees]


def _verdict(hit: Hit) -> Verdict:
    """Return the verdict that a hit alone would give."""
    if hit.stance != "said":
        return "denied" if hit.stance == "denied" else "hypothetical"
    if hit.match == "altered":
        return "altered"
    if hit.standing != "quoted":
        return hit.standing
    if hit.agrees is False:
        return "other-speaker"
    return "verbatim" if hit.match == "verbatim" else "punctuation"


def _together(one: Hit, other: Hit) -> bool:
    """Return whether two parts are from one article, or by one speaker."""
    if one.article == other.article:
        return True
    return bool(one.speaker and other.speaker and names_agree(one.speaker, other.speaker))


def _slices(passage: Passage, low: int, high: int) -> str:
    return passage.text[low:high]


def _changes(printed: Wording, low: int, high: int, claim: Wording) -> tuple[Change, ...]:
    ops = {"replace": "replaced", "insert": "inserted", "delete": "deleted"}
    found = []
    for tag, a, b, c, d in opcodes(printed.norms[low:high], claim.norms):
        if tag != "equal":
            found.append(Change(ops[tag], printed.printed(low + a, low + b), claim.printed(c, d)))  # type: ignore[arg-type]
    return tuple(found)
