"""Proposer 3: statements marked by layout, not by grammar. Strings only, no parse.

“The well ran dry.” — Odile Marchetti; LEE: When did you know?; Lind: ‘Bridge is not safe’; embedded posts. The shapes
are regular expressions (`patterns/layouts.toml`, `patterns/<lang>/layouts.toml`); this module, `lines`, `transcripts`
and `posts` decide whether the article supports them: a line with a dash may be a list item, a word in capitals a
heading.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from quotes.extraction.article_text import ArticleText
from quotes.extraction.proposers import dialogues, interviews, posts, speeches, transcripts
from quotes.extraction.proposers.lines import LABEL, LINE, Hit, Page
from quotes.lexicon import Lexicon
from quotes.records import Candidate, MarkedSpan, Span

# The most words of a description after a signature: "a welder from Bursa Street".
_ABOUT_WORDS = 14
# Quotations with fewer words are signed only if they end with a stop: “Green”-Party is not a signature.
_FEWEST_WORDS = 4
# How often to look up a name in the article below a headline.
_MOST_PLACES = 100
# The most characters between a word of saying and its quotation, or a name.
_CREDIT = 60


def propose(article: ArticleText, *, lexicon: Lexicon) -> list[Candidate]:
    """Return the statements that an article's layout credits.

    Args:
        article: the article's text and parts.
        lexicon: the patterns, with the shapes and the words that are not speakers.

    Returns:
        Candidates in order of their first offset, without overlaps.
    """
    page = Page(article.text, article.body, article.quotations, article.paragraphs, lexicon)
    embedded = posts.propose(article, lexicon=lexicon)
    taken: list[list[Span]] = []
    kept: list[Candidate] = []
    labelled = list(transcripts.turns(page))
    if not labelled:
        labelled = list(interviews.turns(page, title=article.title, emphasis=article.slice.emphasis))
    whole = speeches.turns(page, title=article.title)
    by_name = (_signatures(page), _handed_over(page), _blocks(page), _labelled(page))
    for group in (embedded, labelled, dialogues.turns(page), whole, speeches.headlines(page), *by_name):
        own: list[Span] = []
        for candidate in group:
            if own and candidate.spans[0].start < own[-1].end:
                continue
            if not any(_overlaps(spans, span) for spans in taken for span in candidate.spans):
                own += candidate.spans
                kept.append(candidate)
        taken.append(own)
    return sorted(kept, key=lambda c: c.spans[0].start)


def _overlaps(taken: Sequence[Span], span: Span) -> bool:
    at = bisect_left(taken, span.end, key=lambda s: s.start)
    return at > 0 and taken[at - 1].end > span.start


def _signatures(page: Page) -> Iterator[Candidate]:
    """Yield quotations signed with a dash and a name, on their line or the next."""
    unnamed = f"{page.lexicon.language}-signature-unnamed"
    signed: dict[int, tuple[Hit, int]] = {}
    for number, span in enumerate(page.marked):
        if not span.closed:
            continue
        at = page.paragraph(span.start)
        line = page.paragraphs[at]
        after = page.marked[number + 1].start if number + 1 < len(page.marked) else line.end
        low, high = span.end, min(line.end, after)
        hit = page.match("signature", low, high) or page.match(unnamed, low, high)
        if hit is None and span.end == line.end and at + 1 < len(page.paragraphs):
            below = page.paragraphs[at + 1]
            if below.end - below.start < LINE:
                low, high = below.start, below.end
                hit = page.match("signature-line", low, high) or page.match(unnamed, low, high)
        if hit is not None:
            signed[number] = hit, at
    for number, (hit, at) in signed.items():
        spans = _signed(page, number, at, alone=number - 1 not in signed)
        if not spans and hit.span().end >= page.paragraphs[at].end:
            spans = _whole_line(page, number, page.paragraphs[at])
        if spans and _is_signature(page, hit, page.marked[number], at, len(signed)):
            yield page.candidate(spans, hit, "name", "dash", "signature")


def _is_signature(page: Page, hit: Hit, quotation: MarkedSpan, at: int, count: int) -> bool:
    """Return whether a match is a signature: a name, not the rest of a sentence, and not the reporter's own."""
    name, about = hit["name"], hit["about"]
    sentence = (f"{page.lexicon.language}-saying", "sentence-end")
    if len(about.split()) > _ABOUT_WORDS or any(page.lexicon.regex(name).search(about) for name in sentence):
        return False
    quoted = page.text[quotation.inner.start : quotation.inner.end].strip()
    if quoted.count(" ") + 1 < _FEWEST_WORDS and quoted[-1:] not in ".!?…,":
        return False
    if not page.is_label(name) or name.rstrip(".") in page.outlets:
        return False
    line = page.paragraphs[at]
    if hit.span().start < line.end or count > 1 or about or at + 2 < len(page.paragraphs):
        return True
    # A dash and a name below the last paragraph may be the reporter's, unless other lines are further apart.
    return _gap(page, at) == 1 and any(_gap(page, n) > 1 for n in range(max(0, at - 50), at))


def _gap(page: Page, at: int) -> int:
    return page.text.count("\n", page.paragraphs[at].end, page.paragraphs[at + 1].start)


def _signed(page: Page, number: int, at: int, *, alone: bool) -> list[Span]:
    """Return the quotation that a signature signs.

    It is all quotations directly before it on its line and, if the first continues the paragraph before, those of that
    paragraph, too. After other words on the line it must be a separate sentence.
    """
    spans: list[Span] = []
    first = number
    while True:
        m, line = page.marked[first], page.paragraphs[at]
        spans.append(Span(m.start, m.end))
        before = page.marked[first - 1] if first else None
        low = max(line.start, before.end) if before else line.start
        if before is not None and before.start >= line.start and not page.words(low, m.start):
            first -= 1
        elif m.continues and before is not None and at and page.paragraphs[at - 1].start <= before.start:
            first, at = first - 1, at - 1
        else:
            break
    lead = page.text[max(low, m.start - LINE) : m.start].rstrip()
    if any(c.isalnum() for c in lead) and (alone or first < number):
        words = page.text.count(" ", m.start, m.end) + 1
        if lead[-1] not in ".:!?" or words < _FEWEST_WORDS:
            return []
    return spans[::-1]


def _whole_line(page: Page, number: int, line: Span) -> list[Span]:
    """Return a line from its first mark to its last if marks within the quotation mispair: “He said ‘no.” Ha.”"""
    first = bisect_left(page.marked, line.start, key=lambda m: m.start)
    held = page.marked[first : number + 1]
    gaps = [page.text[one.end : other.start] for one, other in pairwise(held)]
    saying = page.lexicon.regex(f"{page.lexicon.language}-saying")
    end = page.marked[number].end
    if held[0].start != line.start or sum(map(len, gaps)) * 2 > end - line.start or any(map(saying.search, gaps)):
        return []
    return [Span(line.start, end)]


def _handed_over(page: Page) -> Iterator[Candidate]:
    """Yield the paragraphs after a line like "And from Chairwoman Osei:"."""
    shape = f"{page.lexicon.language}-from"
    for at, p in enumerate(page.paragraphs):
        hit = page.match(shape, p.start, p.end)
        if hit is None or hit["name"] in page.outlets or not page.is_person(hit["name"]):
            continue
        span = page.content(hit.span().end, p.end)
        if span.start == span.end and at + 1 < len(page.paragraphs):
            span = page.paragraphs[at + 1]
        if span.start < span.end:
            yield page.candidate([span], hit, "name", "colon", None)


def _blocks(page: Page) -> Iterator[Candidate]:
    """Yield a paragraph without marks below a line that introduces it: Judge Roos put it well in her ruling:"""
    shape, saying = f"{page.lexicon.language}-block-lead", page.lexicon.regex(f"{page.lexicon.language}-saying")
    for at, p in enumerate(page.paragraphs[:-1]):
        if page.text[p.end - 1] != ":" or p.end - p.start > LINE:
            continue
        hit, below = page.match(shape, p.start, p.end), page.paragraphs[at + 1]
        words = page.text[below.start : below.end]
        if hit is None or not words[0].isupper() or words[-1] not in ".!?" or words.count(" ") < _FEWEST_WORDS:
            continue
        quoted = any(below.start <= m.start < below.end for m in page.marked)
        tail = words[-_CREDIT:]
        ends = ((tail[: m.start()].rstrip()[-1:], m.end()) for m in saying.finditer(tail))
        credited = any(before == "," or end == len(tail) - 1 for before, end in ends)
        if not quoted and not credited and page.is_person(hit["name"], about=hit["about"]):
            yield page.candidate([below], hit, "name", "cue", None)


def _labelled(page: Page) -> Iterator[Candidate]:
    """Yield quotations directly after a name and a colon, and a headline that is one statement."""
    if page.paragraphs and (headline := _headline(page, page.paragraphs[0])) is not None:
        yield headline
    saying = page.lexicon.regex(f"{page.lexicon.language}-saying")
    for number, span in enumerate(page.marked):
        if ":" not in page.text[max(0, span.start - 3) : span.start]:
            continue
        line = page.paragraphs[page.paragraph(span.start)]
        before = page.marked[number - 1].end if number else line.start
        low = page.content(max(line.start, before), span.start).start
        if span.start - low > LABEL:
            continue
        match = page.lexicon.regex("label-quotation").match(page.text[low : span.inner.start])
        # LAHORE: “We will win,” said Khan. The words after the quotation credit it, so the label is a place.
        credited = saying.search(page.text, span.end, min(line.end, span.end + _CREDIT))
        if match is not None and not credited and page.is_person(match["name"], about=match["about"]):
            hit = Hit(match, "label-quotation", low)
            yield page.candidate([Span(span.start, span.end)], hit, "name", "colon", None)


def _headline(page: Page, line: Span) -> Candidate | None:
    """Return the statement of "Lind: bridge is ‘not safe’ for lorries", if the article shows her speaking."""
    match = None
    if line.end - line.start <= LINE:
        match = page.lexicon.regex("headline-label").match(page.text[line.start : line.end])
    if match is None or not page.is_person(match["name"]):
        return None
    quoted = any(line.start < m.start < line.end for m in page.marked[:9])
    named = quoted and page.is_full_name(match["name"])
    if not named and not _speaks_below(page, match["name"], line):
        return None
    if not quoted and "?" in match["words"]:
        return None
    hit = Hit(match, "headline-label", line.start)
    return page.candidate([hit.span("words")], hit, "name", "colon", None)


def _speaks_below(page: Page, name: str, line: Span) -> bool:
    """Return whether the article below a headline shows the person speaking: Lind said, said Maya Lind."""
    saying = page.lexicon.regex(f"{page.lexicon.language}-saying")
    last = re.compile(rf"\b{re.escape(name.split()[-1])}\b")
    prepositions = page.lexicon.names.preposition
    for m in islice(last.finditer(page.text, line.end, page.body.end), _MOST_PLACES):
        before = page.text[max(line.end, m.start() - _CREDIT) : m.start()].split()
        if before and before[-1].lower() in prepositions:
            continue  # in Lahore, a lawyer said
        after = saying.search(page.text, m.end(), m.end() + _CREDIT)
        between = page.text[m.end() : after.start()] if after else "."
        # Lind said; Lind, the mayor, said; Lind (Harbour Party) said
        if between.isspace() or (between[:2] in (", ", " (") and not any(c in between for c in ".!?;\n")):
            return True
        for said in saying.finditer(page.text, max(line.end, m.start() - _CREDIT), m.start()):
            # "said in Lahore" does not make the city a speaker: only words of a name may be between.
            if all(word[:1].isupper() for word in page.text[said.end() : m.start()].split()):
                return True
    return False
