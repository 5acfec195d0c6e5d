"""Split a text that may contain several articles into slices, one per article.

An aggregator prints blocks: outlet, "11 minutes ago", "- The Hindu", title, body. Only such a block starts a new
article; the times of a live report, rows of underscores and subheadings do not. Furniture ("Comments", "Remove Ads") at
an article's ends is cut off; between its lines it is marked to be skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from attrs import evolve, frozen

from quotes.ingest import lengths
from quotes.ingest.credits import Found, dateline, same_outlet, same_title, tail, title_and_outlet, top_line
from quotes.ingest.lines import Line, lines
from quotes.lexicon import Lexicon
from quotes.lexicon.outlets import find_name, key
from quotes.records import Slice, SourceText, Span

# Lengths in characters. A headline of 160 fills two lines of a page; a block's may be longer; longer lines are body.
_HEADLINE = 160
_TITLE = 220
# The longest line with an outlet or a time.
_MARK = 64
# Lines to examine above the body, and lines of the body to examine for a byline below the standfirst.
_TOP = 14
_BELOW = 4
# The time code of a line in a transcript.
_LEAD = re.compile(r"\A[\[(>]{0,3}\d{1,2}:\d{2}(?::\d{2})?[\])]? {0,3}")


@frozen
class _Head:
    """The head of a block: its start, the start of its content, and the outlet that it credits."""

    start: int
    end: int
    outlet: str
    title: Line | None = None


def split(source: SourceText, *, lexicon: Lexicon) -> list[Slice]:
    """Return the articles of a text, in order; none if it is only furniture.

    A slice's body starts after its headline, if it has one. `title`, `byline` and `published` of a page's only article
    fall back on the source's. `outlet` is taken from the article's own credits; an agency's dateline gives it only if
    nothing else does. An article longer than the limit is returned in parts, as if each were one.

    Args:
        source: the text and its metadata.
        lexicon: the language's patterns; `pages.toml` and the outlets are used.
    """
    heads = list(_heads(source.text, lexicon))
    ends = [head.start for head in heads] + [len(source.text)]
    blocks = [_article(source, 0, ends[0], None, lexicon)]
    blocks += [_article(source, head.end, end, head, lexicon) for head, end in zip(heads, ends[1:], strict=True)]
    articles = [article for article in blocks if article is not None]
    articles = [_with_source(articles[0], source, lexicon)] if len(articles) == 1 else articles
    found = [part for article in articles for part in lengths.parts(source.text, article)]
    return [evolve(part, emphasis=source.emphasis) for part in found]


def _with_source(article: Slice, source: SourceText, lexicon: Lexicon) -> Slice:
    """Add the page's metadata to its only article."""
    title, outlet = title_and_outlet(source.title, lexicon=lexicon) if source.title else (article.title, None)
    if source.outlet and article.outlet is None:
        outlet = None  # metadata come before the title's suffix
    return evolve(
        article,
        title=title,
        outlet=article.outlet or outlet,
        byline=source.byline or article.byline,
        published=source.published or article.published,
    )


def _heads(text: str, lexicon: Lexicon) -> Iterator[_Head]:
    """Yield the heads of blocks: "The Hindu / 11 minutes ago / - The Hindu / title"."""
    before: list[Line] = []
    done = 0
    for line in lines(text):
        if line.text and line.end - line.start <= _MARK and line.start >= done:
            head = _head(text, line, before, lexicon)
            if head:
                done = head.end
                yield head
                before = []
                continue
        elif not line.text:
            yield from _glued(text, line, lexicon)
        before = [*before[-1:], line]


def _glued(text: str, line: Line, lexicon: Lexicon) -> Iterator[_Head]:
    """Yield the heads inside a line with several blocks; the ends of their titles are unknown."""
    for match in lexicon.regex("page-glued-head").finditer(text, line.start, line.end):
        yield _Head(match.start(), match.end(), match["outlet"])


def _head(text: str, line: Line, before: list[Line], lexicon: Lexicon) -> _Head | None:
    """Return the head of the block to which this line of time or credit belongs, or None."""
    above = before[-1] if before and before[-1].text and before[-1].end - before[-1].start <= _MARK else None
    if lexicon.regex("page-relative-time").match(line.text):
        below = list(islice(lines(text, start=line.end), 3))
        credit = lexicon.regex("page-credit").match(below[0].text) if below else None
        if credit:
            name = credit["outlet"]
            own = above is not None and (same_outlet(above.text, name) or find_name(above.text, lexicon=lexicon))
            if len(below) > 1 and (own or find_name(name, lexicon=lexicon) or _titled(below[1:])):
                return _Head(above.start if own and above else line.start, below[0].end, name)
        elif above and find_name(above.text, lexicon=lexicon):
            return _credited(text, above.start, line.end, above.text, before[:-1], below)
        return None
    match = lexicon.regex("page-outlet-time").match(line.text)
    if match and find_name(match["outlet"], lexicon=lexicon):
        below = list(islice(lines(text, start=line.end), 3))
        return _credited(text, line.start, line.end, match["outlet"], before, below)
    credit = lexicon.regex("page-credit").match(line.text)
    if credit and above and same_outlet(above.text, credit["outlet"]):
        below = list(islice(lines(text, start=line.end), 3))
        if _titled(below):
            return _Head(above.start, line.end, credit["outlet"])
    return None


def _credited(text: str, start: int, end: int, name: str, before: list[Line], below: list[Line]) -> _Head | None:
    """Return a head without a dash line: the title is below it, or above it after a blank line."""
    alone = not before or _blank_between(text, before[-1].end, start)
    if _titled(below) and (alone or before[-1].sentence):
        return _Head(start, end, name)
    if below and below[0].sentence and before and _title_like(before[-1]) and not alone:
        title = before[-1]
        if len(before) == 1 or before[-2].sentence or _blank_between(text, before[-2].end, title.start):
            return _Head(title.start, end, name, title)
    return None


def _title_like(line: Line) -> bool:
    return bool(line.text) and not line.sentence and line.end - line.start <= _TITLE


def _titled(below: list[Line]) -> bool:
    """Return whether a title follows, and running text after it."""
    return len(below) > 1 and _title_like(below[0]) and below[1].sentence


def _blank_between(text: str, start: int, end: int) -> bool:
    gap = text[start:end]
    return gap.count("\n") > 1 or gap.count("\r") > gap.count("\n") + 1 or "\u2029" in gap


def _article(source: SourceText, start: int, end: int, head: _Head | None, lexicon: Lexicon) -> Slice | None:
    """Return the article between two heads, or None if there is only furniture."""
    text = source.text
    found = Found(outlet=head.outlet if head else None)
    body, headline, found = _top(source, start, end, head, found, lexicon)
    first, last, skips = _body(text, body, end, lexicon)
    if first == last and headline is None:
        return None
    if first == last and headline:
        first = last = headline.end
    article = Slice(first, last, skips=skips)
    article, found = tail(text, article, found, lexicon=lexicon)
    article, found = _below(text, article, found, lexicon)
    named, agency = dateline(text, article.start, article.end, lexicon=lexicon)
    found = found.add(wire=named if agency else None)
    title, outlet = None, None
    span = None
    if headline:
        title, outlet = title_and_outlet(headline.text, lexicon=lexicon)
        span = Span(headline.start, headline.start + len(title))
    printed = found.outlet or outlet
    if head is None and source.outlet:
        printed = None  # the page's metadata come before its credits, but not before a block's head
    # A dateline names the author of the text, taken for the publisher only if no other is named.
    elif printed is None and not source.url:
        printed = named
    return evolve(
        article,
        title=title,
        headline=span,
        outlet=printed,
        wire=found.wire,
        byline=found.byline,
        published=found.published,
    )


def _top(
    source: SourceText, start: int, end: int, head: _Head | None, found: Found, lexicon: Lexicon
) -> tuple[int, Line | None, Found]:
    """Return where the body starts, the headline, and the credits above the body."""
    headline = head.title if head else None
    window = list(islice(lines(source.text, start=start, end=end), _TOP + 1))
    for number, line in enumerate(window[:_TOP]):
        if _furniture(line, lexicon) or _opener(line, lexicon):
            continue
        rest = window[number + 1 :]
        more = top_line(line, found, lexicon=lexicon) if rest else None
        if more is not None and not (source.title and same_title(line.text, source.title)):
            found = more
        elif headline is None and _headline(line, _first_of_body(rest, lexicon), source, head) and not (
            head is None and _spoken(line, _first_of_body(rest, lexicon), lexicon)
        ):
            headline = line
        else:
            return line.start, headline, found
    if len(window) > _TOP:
        return window[_TOP].start, headline, found
    return end, headline, found


def _first_of_body(rest: list[Line], lexicon: Lexicon) -> Line | None:
    """Return the first line that is neither furniture nor a byline, date or outlet."""
    nothing = Found()
    return next(
        (x for x in rest if not _furniture(x, lexicon) and top_line(x, nothing, lexicon=lexicon) is None), None
    )


def _headline(line: Line, following: Line | None, source: SourceText, head: _Head | None) -> bool:
    """Return whether an article's first line is its headline; in doubt it stays in the body."""
    if not line.text or line.end - line.start > _TITLE:
        return False
    if source.title and head is None:
        return same_title(line.text, source.title)
    if line.sentence:
        return False
    if head is not None:
        return True
    text = line.text
    if following is None or not following.sentence or len(text) > _HEADLINE or len(text.split()) < 3:
        return False
    quoted = text[0] in '"“”«„' and text[-1] in '"“”»?!'
    # A line with a sentence end inside is running text: "He won. Now what?"
    return not (quoted or text[0].islower() or re.search(r"[a-z]{2}[.] [A-Z]", text))


def _spoken(line: Line, following: Line | None, lexicon: Lexicon) -> bool:
    """Return whether a line begins a transcript: LEE: What happened? or Q. Why? or Lee: Why? above a label."""
    label = _LEAD.sub("", line.text)
    if any(lexicon.regex(f"{lexicon.language}-label-{name}").match(label) for name in ("question", "stop")):
        return True
    if ":" in label and label.partition(":")[0].isupper():
        return True
    if following is None or label[-1:] not in tuple("?!—–-"):
        return False
    shapes = [lexicon.regex(name) for name in ("label-capitals", "label-name")]
    return all(any(r.match(words) for r in shapes) for words in (label, _LEAD.sub("", following.text)))


def _furniture(line: Line, lexicon: Lexicon) -> bool:
    if not line.text:
        return False
    return key(line.text) in _keys("page-furniture", lexicon) or bool(
        lexicon.regex("page-furniture-line").match(line.text)
    )


def _opener(line: Line, lexicon: Lexicon) -> bool:
    return bool(line.text) and key(line.text) in _keys("page-openers", lexicon)


def _keys(name: str, lexicon: Lexicon) -> frozenset[str]:
    return _word_keys(lexicon.word_set(name))


@lru_cache(maxsize=16)
def _word_keys(words: frozenset[str]) -> frozenset[str]:
    return frozenset(key(word) for word in words)


def _body(text: str, start: int, end: int, lexicon: Lexicon) -> tuple[int, int, tuple[Span, ...]]:
    """Return the body's bounds without furniture, and the furniture inside it."""
    first, last = start, start
    skips: list[Span] = []
    run: Span | None = None  # furniture since the last line of news is inside the body only if more news follows
    for line, kept in _sorted_out(text, start, end, lexicon):
        if not kept:
            run = Span(run.start if run else line.start, line.end)
            continue
        if last == start == first:
            first = line.start
        elif run:
            skips.append(run)
        run, last = None, line.end
    if last == start:
        return start, start, ()
    inline = lexicon.regex("page-furniture-inline")
    skips += [Span(*match.span()) for match in inline.finditer(text, first, last)]
    return first, last, tuple(_disjoint(skips))


def _sorted_out(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[tuple[Line, bool]]:
    """Yield each line and whether it is news; headings of other articles are not.

    Below "Related Articles", short lines without a full stop are such headings, except the last one before running
    text, which is a subheading.
    """
    listing = False
    held: Line | None = None
    for line in lines(text, start=start, end=end):
        if _furniture(line, lexicon):
            kept = False
        elif _opener(line, lexicon):
            kept, listing = False, True
        elif listing and _title_like(line):
            if held:
                yield held, False
            held = line
            continue
        else:
            kept, listing = True, False
        if held:
            yield held, kept
            held = None
        yield line, kept
    if held:
        yield held, False


def _disjoint(spans: list[Span]) -> Iterator[Span]:
    last = -1
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if span.start >= last:
            yield span
            last = span.end


def _below(text: str, article: Slice, found: Found, lexicon: Lexicon) -> tuple[Slice, Found]:
    """Skip a byline or a date below the standfirst."""
    skips: list[Span] = []
    for line in islice(lines(text, start=article.start, end=article.end), 1, _BELOW):
        if line.end < article.end and not find_name(line.text, lexicon=lexicon):
            more = top_line(line, found, lexicon=lexicon)
            if more is not None:
                found = more
                skips.append(Span(line.start, line.end))
    return evolve(article, skips=tuple(_disjoint([*article.skips, *skips]))), found
