"""Cut narration around a quotation: “I’m sorry,” | as she was led away; because | “…”; and a dateline before words."""

from __future__ import annotations

from attrs import evolve

from quotes.extraction.article_text import ArticleText
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span
from quotes.text.spans import touching, type_of

# "… and left": the most words after a quotation at the beginning that are the speaker's next act.
_FEWEST = 2


def without_narration(article: ArticleText, candidate: Candidate, *, lexicon: Lexicon) -> Candidate:
    """Cut a dateline off, and narration beside the only quotation of a mixed statement, which becomes direct.

    Args:
        article: its article.
        candidate: a candidate of the patterns or the reader.
        lexicon: the patterns, with datelines, the words that narration begins with, and pronouns.
    """
    text, marked = article.text, article.quotations
    candidate = _without_dateline(text, candidate, lexicon)
    if candidate.type != "mixed":
        return candidate
    spans = [_cut(article, span, lexicon) for span in candidate.spans]
    reasons = lexicon.own_set("reasons")
    cut = spans != list(candidate.spans) or any(_word_before(text, s.start) in reasons for s in spans)
    whole = [s for s in spans if type_of(text, [s], marked) == "direct"]
    if whole and len(whole) < len(spans):
        # They were criticised because “the books do not agree”: "they" is not part of it.
        spans = [s for s in spans if s in whole or not cut]
    if tuple(spans) == candidate.spans:
        return candidate
    return evolve(candidate, spans=tuple(spans), type=type_of(text, spans, marked) or candidate.type)


def _without_dateline(text: str, candidate: Candidate, lexicon: Lexicon) -> Candidate:
    """Begin a statement after the dateline of its line: OSLO (AP) — | The port will close, the mayor said."""
    first = candidate.spans[0]
    dateline = lexicon.regex("names-dateline").match(text, text.rfind("\n", 0, first.start) + 1)
    if dateline is None or not first.start < dateline.end() < first.end:
        return candidate
    return evolve(candidate, spans=(Span(dateline.end(), first.end), *candidate.spans[1:]))


def _word_before(text: str, at: int) -> str:
    return (text[max(0, at - 12) : at].lower().split() or [""])[-1]


def _cut(article: ArticleText, span: Span, lexicon: Lexicon) -> Span:
    text, marked = article.text, article.quotations
    inside = [marked[n] for n in touching(marked, span.start, span.end)]
    if not inside:
        return span
    before = lexicon.own_set("before-quotations")
    if text[span.start : inside[0].start].strip().lower() in before:
        return Span(inside[0].start, span.end)
    last = inside[-1]
    tail = text[last.end : span.end].lower().split()
    opens = last.start == span.start and bool(tail)
    stops = text[last.inner.start : last.inner.end].rstrip()[-1:] in (",", ".", "!", "?")
    told = tail[:1] and tail[0].strip(",") in lexicon.own_set("narration")
    joins = lexicon.own_set("carries-on")
    if opens and ((told and stops) or (tail[0] in joins and len(tail) <= _FEWEST)):
        return Span(span.start, last.end)
    return span
