"""Proposer 2: the trained reader. It tags source, cue and content, and links them into candidates.

`quotes.reader` runs the network and links the words that belong together. This module turns them into candidates like
the patterns': exact offsets, whole quotations, types by the article's marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from quotes.extraction.article_text import ArticleText
from quotes.extraction.proposers import endings
from quotes.extraction.proposers.narration import without_narration
from quotes.extraction.proposers.silent_acts import without_acts
from quotes.extraction.read_ahead import one_ahead
from quotes.lexicon import Lexicon
from quotes.reader import RoleReader
from quotes.records import Candidate, Cue, MarkedSpan, QuoteType, Span
from quotes.text.own_clause import has_own_clause
from quotes.text.spans import outside, touching, type_of

if TYPE_CHECKING:
    from quotes.reader.inference import Answer, Answers, Asked, RoleSpan
    from quotes.reader.links import Attribution
    from quotes.reader.word_pieces import Pieces

# The most word pieces of a section (about 25,000 characters, more than nearly every article): longer texts are read in
# sections, so that time and memory stay linear. A section ends with a paragraph if one ends in its last quarter.
_SECTION = 6_000
_TRAILING = frozenset(",.;:")
_LEADING = frozenset(",;:")
_INTRODUCES = (":", ",")
# A source is cut to its core where an apposition or a bracket begins; " - " and the like are dashes, "-" is not.
_DASHES = (" — ", " – ", " - ", " -- ", "—", "(")
_SPEECH = 0.5
# The fewest words in quotation marks that are a statement without a cue.
_FEWEST_ALONE = 4
# The rest of a name, up to a comma, a stop or the end of its line; and the beginning before it.
_REST_OF_NAME = re.compile(r"(?: [^\W\d_a-z][\w’-]+){1,2}(?=[,.]|$)", re.MULTILINE)
_ENDS_IN_NAME = re.compile(r"(?:^|(?<=[\s(]))[^\W\d_a-z][\w’-]+\Z")
# Between two sentences.
_PARTED = re.compile(r"[\w\s\"”’'.]{0,2}[.!?][\"”’']?\s")
# The most characters between the cue of a nested statement and its words or its speaker.
_FARTHEST = 80
# The least probability of speech; the words decide once they are parsed (`complete.said`).
_DOUBTED = 0.25


def begin(article: ArticleText, *, reader: RoleReader) -> Iterator[Asked]:
    """Start the reader on an article, in its own threads if it has any.

    Args:
        article: its text and parts; furniture is not read.
        reader: the loaded network.

    Returns:
        The article's sections, in order; the first is already begun, each next one before the last is yielded.
    """
    from quotes.reader.inference import ask
    from quotes.reader.word_pieces import cut

    pieces = cut(
        article.text, encode=reader.encode, body=article.body, paragraphs=article.paragraphs,
        marked=article.quotations, skips=article.skips,
    )  # fmt: skip
    return one_ahead(ask(section, network=reader.network, helpers=reader.helpers) for section in _sections(pieces))


def propose(
    article: ArticleText, begun: Iterable[Asked], *, lexicon: Lexicon, attitudes: bool = False
) -> tuple[list[Candidate], Answers]:
    """Turn the reader's findings in an article into candidates, and return its further answers.

    Args:
        article: the article's text and parts.
        begun: the result of `begin`.
        lexicon: the patterns, with the relative pronouns, which end a mention, and the things that are no source.
        attitudes: whether to propose thoughts, wishes and decrees without quotation marks, too; otherwise only possible
            speech.

    Returns:
        Candidates in order of their content; and the reader's channels, descriptions and names.
    """
    from quotes.reader.inference import Answers, answers, read, spans
    from quotes.reader.links import link

    text, marked = article.text, article.quotations
    pronouns = lexicon.names.pronoun_who
    topics, things = lexicon.own_set("topics"), lexicon.own_set("not-sources")
    found: list[Candidate] = []
    told = Answers()
    for asked in begun:
        section, scores = asked.pieces, read(asked)
        told = told.joined(answers(text, section, scores))
        for linked in _worth(link(spans(section, scores), section, scores), section):
            attribution = _whole_cue(text, linked)
            fragments, kind = _fragments(text, _without_topic(text, attribution, marked, topics), marked)
            if not fragments or (attribution.cue is None and not _stands_alone(text, fragments, kind, marked)):
                continue
            if kind == "indirect" and attribution.p_speech < _SPEECH:
                if not attitudes and attribution.p_speech < _DOUBTED:
                    continue
                kind = "attitude"
            candidate = _candidate(text, attribution, fragments, kind, pronouns)
            if candidate.mention and text[candidate.mention.start : candidate.mention.end] in things:
                continue  # went according to plan
            candidate = without_narration(article, candidate, lexicon=lexicon)
            found += without_acts(article, candidate, lexicon=lexicon)
    found += _nested(text, told.inner, marked, pronouns)
    found = endings.complete(article, found, lexicon=lexicon)
    return sorted(found, key=lambda c: (c.spans[0].start, c.spans[-1].end, c.anchor or 0)), told


def _whole_cue(text: str, attribution: Attribution) -> Attribution:
    """Return an attribution without a cue that is part of a word: the "reaves" of Hargreaves."""
    cue = attribution.cue
    if cue is None or not any(text[max(0, i - 1) : i + 1].isalnum() for i in (cue.start, cue.end) if 0 < i < len(text)):
        return attribution
    return evolve(attribution, cue=None)


def _nested(
    text: str, parts: Sequence[Answer], marked: Sequence[MarkedSpan], pronouns: frozenset[str]
) -> Iterator[Candidate]:
    """Yield nested statements: Lee claimed that Roe had told them the pier was safe."""
    cues = [part for part in parts if part.kind == "cue"]
    sources = [part for part in parts if part.kind == "source"]
    for content in (part for part in parts if part.kind == "content"):
        cue = _beside(text, cues, content)
        if cue is None or not _has_word(text, content.start, content.end):
            continue
        named = _beside(text, sources, cue)
        source = _trimmed(text, named.start, named.end) if named else None
        span = _without_foreign_mark(_trimmed(text, content.start, content.end), marked)
        words = text[cue.start : cue.end]
        yield Candidate(
            spans=(span,),
            type=type_of(text, [span], marked) or "indirect",
            pattern="roles",
            cue=Cue(words, (words.split() or [words])[-1].lower(), cue.start, cue.end),
            mention=_core(text, source, pronouns) if source else None,
            source=source,
            anchor=cue.start,
            features=(
                ("roles", 1.0),
                ("roles_inner", 1.0),
                ("roles_content", content.p),
                ("roles_link", cue.p),
                ("roles_source", named.p) if named else ("roles_no_source", 1.0),
                ("roles_speech", 1.0),
            ),
        )


def _beside(text: str, parts: Sequence[Answer], other: Answer) -> Answer | None:
    """Return the part nearest to another one in its line, if near enough to belong to it."""
    near = (p for p in parts if _gap(p, other) <= _FARTHEST)
    beside = (p for p in near if "\n" not in text[min(p.end, other.end) : max(p.start, other.start)])
    return min(beside, key=lambda p: _gap(p, other), default=None)


def _gap(one: Answer, other: Answer) -> int:
    return max(0, one.start - other.end, other.start - one.end)


def _worth(attributions: Sequence[Attribution], pieces: Pieces) -> Iterator[Attribution]:
    """Yield the attributions that may be statements: without a cue only before the first quotation that has one.

    Behind it in its paragraph a quotation is more of the same statement.
    """
    from quotes.reader.word_pieces import PARAGRAPH_PIECE

    paragraph, quoted = (pieces.ids == PARAGRAPH_PIECE).cumsum(), pieces.states > 0
    credited: dict[int, int] = {}  # where the first quotation with a cue begins, by paragraph
    for part in (part for a in attributions if a.cue for part in a.contents):
        if quoted[part.first : part.last].any():
            for n in (part.first, part.last - 1):
                credited[int(paragraph[n])] = min(part.first, credited.get(int(paragraph[n]), part.first))
    for attribution in attributions:
        first = attribution.contents[0].first
        if attribution.cue or first < credited.get(int(paragraph[first]), len(pieces)):
            yield attribution


def _stands_alone(text: str, fragments: Sequence[Span], kind: QuoteType, marked: Sequence[MarkedSpan]) -> bool:
    """Return whether words without a cue may be a statement: all in closed marks, and longer than a title."""
    low, high = fragments[0].start, fragments[-1].end
    closed = all(marked[n].closed for n in touching(marked, low, high))
    return kind == "direct" and closed and len(text[low:high].split()) >= _FEWEST_ALONE


def _sections(pieces: Pieces) -> Iterator[Pieces]:
    from quotes.reader.word_pieces import PARAGRAPH_PIECE

    low = 0
    while len(pieces) - low > _SECTION:
        high = low + _SECTION
        soonest = low + _SECTION * 3 // 4
        ends = (pieces.ids[soonest:high] == PARAGRAPH_PIECE).nonzero()[0]
        if len(ends):
            high = soonest + int(ends[-1]) + 1
        yield pieces.part(low, high)
        low = high
    if low < len(pieces):
        yield pieces.part(low, len(pieces))


def _without_topic(
    text: str, attribution: Attribution, marked: Sequence[MarkedSpan], topics: frozenset[str]
) -> Attribution:
    """Leave out the topic: “Never,” he said of the new bridge. He said of the bridge: “Never.”

    Only beside a quotation, and if a colon or a comma separates the two: not in he warned of “serious” harm.
    """
    cue = attribution.cue
    if cue is None:
        return attribution
    quoted_before = any(c.end <= cue.start and touching(marked, c.start, c.end) for c in attribution.contents)
    kept: list[RoleSpan] = []
    for content in attribution.contents:
        if content.start >= cue.end and _spoken_of(text, content, cue, topics):
            inside = touching(marked, content.start, content.end)
            if not inside and quoted_before:
                continue
            start = marked[inside[0]].start if inside else content.start
            if start > content.start and text[content.start : start].rstrip()[-1:] in _INTRODUCES:
                content = evolve(content, start=start)
        kept.append(content)
    return evolve(attribution, contents=tuple(kept))


def _spoken_of(text: str, content: RoleSpan, cue: RoleSpan, topics: frozenset[str]) -> bool:
    """Return whether a preposition of the topic, tagged with either part, separates a cue from the following words."""
    between = text[cue.end : content.start].split()
    last, first = text[cue.start : cue.end].split()[-1:], text[content.start : content.end].split(None, 1)[:1]
    near = between or [*(w for w in last if w.lower() in topics), *first][:1]
    return len(near) == 1 and near[0].lower() in topics


def _fragments(text: str, attribution: Attribution, marked: Sequence[MarkedSpan]) -> tuple[tuple[Span, ...], QuoteType]:
    """Return the fragments of a statement, widened to whole quotations, and its type.

    The type is direct if no letter or digit is outside quotation marks, indirect if none is inside.
    """
    parts = [p for p in (attribution.cue, attribution.source) if p is not None]
    spans: list[Span] = []
    for content in sorted(attribution.contents, key=lambda c: c.start):
        span = _snapped(text, content, marked, parts)
        if span is None:
            continue
        held = [marked[n] for n in touching(marked, span.start, span.end)]
        bare = any(map(str.isalnum, outside(text, span, held)))
        cut = [span] if bare else [Span(max(m.start, span.start), min(m.end, span.end)) for m in held]
        if not bare:
            cut = [part for part, m in zip(cut, held, strict=True) if not has_own_clause(text, m, parts)]
        elif held and held[0].start == span.start and text.endswith(",", 0, held[0].inner.end):
            cut = [] if has_own_clause(text, held[0], parts) else cut
        for part in cut:
            if spans and (part.start < spans[-1].end or _goes_on(text, spans[-1].end, part.start)):
                spans[-1] = Span(spans[-1].start, max(spans[-1].end, part.end))
            else:
                spans.append(part)
    if attribution.cue is not None:
        spans = _said_with(text, spans, attribution.cue, marked)
    return tuple(spans), type_of(text, spans, marked) or "indirect"


def _goes_on(text: str, end: int, start: int) -> bool:
    """Return whether two fragments are parted by a blank only, outside marks: told him that | it would rain."""
    return text[end:start] in (" ", "\u00a0") and text[end - 1].isalnum() and text[start].isalnum()


def _said_with(text: str, spans: list[Span], cue: RoleSpan, marked: Sequence[MarkedSpan]) -> list[Span]:
    """Leave out narration before a quotation in a separate sentence: It burst. “We heard it,” said Ned Orr."""
    quoted = [s for s in spans if touching(marked, s.start, s.end)]
    if not quoted or len(quoted) == len(spans):
        return spans
    between = ((s, text[s.end : min(quoted[0].start, cue.start)]) for s in spans)
    told = [s for s, gap in between if s not in quoted and s.end < cue.start and _PARTED.match(gap)]
    return [s for s in spans if s not in told]


def _snapped(text: str, content: RoleSpan, marked: Sequence[MarkedSpan], parts: Sequence[RoleSpan]) -> Span | None:
    """Trim a fragment, and widen it to whole quotations if that includes neither cue nor source."""
    low, high = content.start, content.end
    for number in touching(marked, low, high):
        mark = marked[number]
        if any(p.start < mark.end and mark.start < p.end for p in parts):
            continue
        within = mark.inner.start <= low and high <= mark.inner.end
        if not within or not (_has_word(text, mark.inner.start, low) or _has_word(text, high, mark.inner.end)):
            low, high = min(low, mark.start), max(high, mark.end)
    inside = [marked[n] for n in touching(marked, low, high)]
    first = inside[0].start if inside else high
    last = inside[-1].end if inside else low
    while low < min(high, first) and (text[low].isspace() or text[low] in _LEADING):
        low += 1
    while high > max(low, last) and (text[high - 1].isspace() or text[high - 1] in _TRAILING):
        high -= 1
    return _without_foreign_mark(Span(low, high), marked) if _has_word(text, low, high) else None


def _without_foreign_mark(span: Span, marked: Sequence[MarkedSpan]) -> Span:
    """Leave out the closing mark of a quotation of which a statement is the later part: “Ann says it's | too late.”"""
    for number in touching(marked, span.start, span.end):
        mark = marked[number]
        if mark.inner.start < span.start < mark.inner.end < span.end <= mark.end:
            return Span(span.start, mark.inner.end)
    return span


def _has_word(text: str, low: int, high: int) -> bool:
    return any(text[i].isalnum() for i in range(low, high))


def _candidate(
    text: str, attribution: Attribution, fragments: tuple[Span, ...], kind: QuoteType, pronouns: frozenset[str]
) -> Candidate:
    cue = attribution.cue
    words = text[cue.start : cue.end] if cue else ""
    source = mention = None
    named = attribution.source
    if named is not None and _has_word(text, named.start, named.end):
        source = _trimmed(text, named.start, named.end)
        mention = _whole_name(text, _core(text, source, pronouns))
        source = Span(source.start, max(source.end, mention.end))
    return Candidate(
        spans=fragments,
        type=kind,
        pattern="roles",
        cue=Cue(words, (words.split() or [words])[-1].lower(), cue.start, cue.end) if cue else None,
        mention=mention,
        source=source,
        anchor=cue.start if cue else fragments[0].start,
        features=tuple(_features(attribution, len(fragments), kind)),
    )


def _whole_name(text: str, mention: Span) -> Span:
    """Include the rest of a name of which the reader saw only the beginning: apprentice Amy | Broad, with a sniff."""
    rest = _REST_OF_NAME.match(text, mention.end) if _ENDS_IN_NAME.search(text, mention.start, mention.end) else None
    return Span(mention.start, rest.end()) if rest else mention


def _features(attribution: Attribution, fragments: int, kind: QuoteType) -> Iterator[tuple[str, float]]:
    """Return a candidate's features; the ranker has the weights."""
    contents = attribution.contents
    yield "roles", 1.0
    yield f"roles_{kind}", 1.0
    yield "roles_content", sum(c.p for c in contents) / len(contents)
    if attribution.cue is None:
        yield "roles_no_cue", 1.0
    yield "roles_link", attribution.p_cue
    yield "roles_speech", attribution.p_speech
    if attribution.source is None:
        yield "roles_no_source", 1.0
    else:
        yield "roles_source", attribution.p_source
    if fragments > 1:
        yield "roles_fragments", fragments - 1.0


def _trimmed(text: str, low: int, high: int) -> Span:
    """Return a source without white space and commas around it; a source of only these stays unchanged."""
    start, end = low, high
    while start < end and (text[start].isspace() or text[start] in _LEADING):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:"):
        end -= 1
    return Span(start, end) if start < end else Span(low, high)


def _core(text: str, source: Span, pronouns: frozenset[str]) -> Span:
    """Return the core of a noun phrase: Ana Lee, of "Ana Lee, a nurse who lives in Oslo"."""
    words = text[source.start : source.end]
    ends = [len(words), words.find(","), *(words.find(dash) for dash in _DASHES)]
    at = 0
    for word in words.split(" "):
        if at and word.lower() in pronouns:
            ends.append(at)
            break
        at += len(word) + 1
    end = min(e for e in ends if e > 0)
    return _trimmed(text, source.start, source.start + end)
