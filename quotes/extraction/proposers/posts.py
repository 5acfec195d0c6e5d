"""Embedded posts: the text, a dash, a name, a handle and a date, as a page prints a post from X or Bluesky.

The handle's form shows the platform, or the signature names it: "— Ana Sorel (@sorel) on Threads, March 3, 2026".

Part of the layout proposer. The signature is clear, but the beginning of the post is not: it may be the beginning of
the line, the lines above a signature on a separate line, or, within a paragraph, the end of the reporter's last
sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from quotes.extraction.article_text import ArticleText
from quotes.lexicon import Lexicon
from quotes.lexicon.dates import iso_day
from quotes.lexicon.platforms import platform_named
from quotes.records import Candidate, Cue, Span

SIGNATURES = ("post-x", "post-bluesky", "post-mastodon")
# An embedded post on X is cut at 280 characters; with links it may be a little longer.
_LONGEST_RUNNING = 300
# The most characters of a post on a separate line; longer lines are paragraphs of the article.
_LONGEST_LINE = 1_500
# The most lines of a post above a signature.
_MOST_LINES = 12
_MOST_LINKS = 6
# A hyphen or a short dash may begin the item of a list.
_LONG_DASHES = "—―"
# The words between a word of saying and the colon before a post: "wrote on X early on Monday: ".
_LEAD = 40
_TWO_WORDS = re.compile(r"[^\W\d_]{3,20}[ \u00a0][^\W\d_]{2,20}")


def propose(article: ArticleText, *, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield the embedded posts of an article.

    Args:
        article: the article's text and parts.
        lexicon: the patterns, with the shapes of a post's signature, the months and the words of saying.

    Yields:
        A candidate of type "post" for each signature with a text, in order.
    """
    text, body, paragraphs = article.text, article.body, article.paragraphs
    starts = [p.start for p in paragraphs]
    found = sorted(
        (
            (match, name)
            for name in (*SIGNATURES, f"{lexicon.language}-post-platform")
            for match in lexicon.regex(name).finditer(text, body.start, body.end)
            if _is_signature(match, lexicon)
        ),
        key=lambda pair: pair[0].start(),
    )
    floor = body.start
    for match, name in found:
        number = bisect_right(starts, match.start()) - 1
        if number < 0 or match.start() < floor:
            continue
        spans = _content(text, match, number, paragraphs, floor, lexicon)
        floor = match.end()
        if spans:
            yield _candidate(match, name, tuple(spans), lexicon)


def _is_signature(match: re.Match[str], lexicon: Lexicon) -> bool:
    """Return whether a match that names a platform names a known one, and has a date, or a handle after a long dash."""
    named = match.groupdict().get("platform")
    if named is None:
        return True
    dated = match["date"] or (match["dash"] in _LONG_DASHES and _handle(match))
    return bool(dated) and platform_named(named, lexicon=lexicon) is not None


def _handle(match: re.Match[str]) -> str | None:
    return match["handle"] or (match["name"] if match["name"][0] == "@" else None)


def _candidate(match: re.Match[str], name: str, spans: tuple[Span, ...], lexicon: Lexicon) -> Candidate:
    dash = Cue(match["dash"], match["dash"], *match.span("dash"))
    return Candidate(
        spans=spans,
        type="post",
        pattern=name,
        cue=dash,
        mention=Span(*match.span("name")),
        source=Span(match.start("name"), match.end("handle") + 1 if match["handle"] else match.end("name")),
        anchor=dash.start,
        resolution="signature",
        handle=_handle(match),
        said_on=iso_day(match["date"], lexicon=lexicon) if match["date"] else None,
        features=(("layout", 1.0), (f"pattern_{name}", 1.0)),
    )


def _content(
    text: str, match: re.Match[str], number: int, paragraphs: Sequence[Span], floor: int, lexicon: Lexicon
) -> list[Span]:
    """Return the spans of the post: one per line, without markup before it and links after it."""
    line = paragraphs[number]
    low = max(line.start, floor)
    own = _trimmed(text, low, match.start(), lexicon)
    if own is not None:
        begin = _beginning(text, own, line, match.end(), lexicon)
        return [Span(begin, own.end)] if begin < own.end else []
    if low > line.start:
        return []
    return _lines_above(text, number, paragraphs, floor, lexicon)


def _trimmed(text: str, low: int, high: int, lexicon: Lexicon) -> Span | None:
    """Strip a tag before the text, and links and white space after it; None if no word is left."""
    if tag := lexicon.regex("post-tag").match(text[low : min(high, low + 220)]):
        low += tag.end()
    while low < high and (text[low].isspace() or (text[low] in ".,;|" and text[low + 1 : low + 2].isspace())):
        low += 1  # the date of the previous post may be followed by a stop
    tail = lexicon.regex("post-tail")
    for _ in range(_MOST_LINKS):
        while high > low and text[high - 1].isspace():
            high -= 1
        base = max(low, high - 200)
        link = tail.search(text[base:high])
        if link is None:
            break
        high = base + link.start()
    return Span(low, high) if any(text[i].isalnum() for i in range(low, high)) else None


def _beginning(text: str, own: Span, line: Span, signed: int, lexicon: Lexicon) -> int:
    """Return where a post begins that shares its line with other words.

    A line that ends with the signature is the whole post. Within a paragraph, the post begins after the last sentence
    with a word of saying, or with the first sentence within the length of a post.
    """
    rest = text[signed : min(line.end, signed + 60)]
    ends = len(rest) < 40 and _TWO_WORDS.search(rest) is None
    if ends and own.end - own.start <= _LONGEST_LINE and not _reported(text, own, lexicon):
        return own.start
    floor = max(own.start, own.end - _LONGEST_RUNNING)
    stops = [m for m in lexicon.regex("sentence-end").finditer(text, floor, own.end) if m.end() < own.end]
    sayings = list(lexicon.regex(f"{lexicon.language}-saying").finditer(text, floor, own.end))
    if not sayings:
        return own.start if floor == own.start else (stops[0].end() if stops else own.end)
    after = next((m for m in stops if m.start() >= sayings[-1].end()), None)
    # On X she wrote: We are full. The colon, not the stop, is where the post begins.
    limit = min(sayings[-1].end() + _LEAD, after.start() if after else own.end)
    colon = text.find(": ", sayings[-1].end(), limit)
    if colon >= 0:
        return colon + 2
    return after.end() if after else own.end


def _reported(text: str, own: Span, lexicon: Lexicon) -> bool:
    """Return whether a line that ends with a signature begins with a reporter's sentence.

    Posts have words of saying, too, so in a short line only "She wrote on X: …" counts.
    """
    word = lexicon.regex(f"{lexicon.language}-saying").search(text, own.start, own.end)
    if word is None or own.end - own.start > _LONGEST_RUNNING:
        return word is not None
    return ": " in text[word.end() : min(word.end() + _LEAD, own.end)]


def _lines_above(text: str, number: int, paragraphs: Sequence[Span], floor: int, lexicon: Lexicon) -> list[Span]:
    """Return the post above a signature on a separate line: one line, or all lines after the last empty one."""
    found: list[Span] = []
    blank = False
    for n in range(number - 1, max(-1, number - 1 - _MOST_LINES), -1):
        line = paragraphs[n]
        if line.start < floor or line.end - line.start > _LONGEST_LINE:
            break
        gap = text[line.end : paragraphs[n + 1].start]
        if found and gap.count("\n") > 1:
            blank = True
            break
        if text[line.end - 1] == ":" and found:
            break
        if (own := _trimmed(text, line.start, line.end, lexicon)) is not None:
            found.insert(0, own)
    # Without an empty line above, only the nearest line certainly belongs to the post.
    kept = found if blank else found[-1:]
    return [] if not kept or text[kept[-1].end - 1] == ":" else kept
