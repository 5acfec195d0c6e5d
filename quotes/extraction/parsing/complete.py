"""Complete candidates from the parse: whether a cue is a word of saying, its lemma, the noun of a bare article."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from quotes.extraction.parsing.masking import Reading
from quotes.extraction.statement import Statement
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span

if TYPE_CHECKING:
    from spacy.tokens import Token

# Parts of speech of nouns, and of words between an article and its noun.
_NOUNS = frozenset({"NOUN", "PROPN"})
_NOUN_PHRASE = _NOUNS | {"ADJ", "NUM", "PART", "PUNCT", "SYM"}
# Words that govern what follows them.
_GOVERNS = frozenset({"prep", "agent", "mark"})
_COMMA = frozenset({","})
_CUE_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun"}


def said(
    candidates: Sequence[Candidate], readings: Sequence[Reading], *, lexicon: Lexicon, attitudes: bool
) -> list[Candidate]:
    """Change the reader's attitudes to speech if a word of the cue is a word of saying, and correct what was said.

    Whoever hears it is no part of it, nor is a last word that joins what follows.

    Args:
        candidates: the reader's candidates, in any order.
        readings: the article's parsed segments, in order.
        lexicon: the patterns, with the words of saying.
        attitudes: whether to keep the remaining attitudes.
    """
    kept = [reading for reading in readings if reading.starts]
    begins = [reading.starts[0] for reading in kept]
    found = []
    for candidate in candidates:
        cue = candidate.cue
        if cue is not None and (candidate.type == "attitude" or len(candidate.spans) > 1):
            words = _outside(kept, begins, cue.start, cue.end)
            if candidate.type == "attitude" and any(_reports(word, lexicon) for word in words):
                candidate = evolve(candidate, type="indirect")
            hearers = [t for word in words for t in _hearers(word, lexicon)]
            said = tuple(s for s in candidate.spans if not _is_one_of(hearers, s, kept, begins))
            candidate = evolve(candidate, spans=said or candidate.spans)
        if candidate.type not in ("direct", "post"):
            candidate = evolve(candidate, spans=(*candidate.spans[:-1], _closed(candidate.spans[-1], kept, begins)))
        if attitudes or candidate.type != "attitude":
            found.append(candidate)
    return found


def _reports(word: Token, lexicon: Lexicon) -> bool:
    """Return whether a word is one of saying that takes more than a quotation: denied, urged, but not thought."""
    pos = _CUE_POS.get(word.pos_)
    entries = lexicon.cue_entries(word.lemma_.lower(), pos=pos) if pos else ()
    return any(set(entry.takes) - {"direct"} for entry in entries)


def closed(reading: Reading, low: int, high: int, *, marks: frozenset[str]) -> int:
    """Return the end of words without last ones that join what follows: that it is safe | but said; a gift to | us.

    Args:
        reading: the parsed segment.
        low: the first token, which stays.
        high: the token after the last.
        marks: what is left out beside such words.
    """
    while high > low + 1 and reading.inside[high - 1] < 0:
        last = reading.doc[high - 1]
        if not (_joins_on(last) or last.text in marks):
            break
        high -= 1
    return high


def _joins_on(word: Token) -> bool:
    return word.dep_ == "cc" or (word.dep_ in _GOVERNS and word.right_edge.i > word.i)


def _closed(span: Span, readings: Sequence[Reading], begins: Sequence[int]) -> Span:
    """Return a span without last words that join what follows."""
    words = _outside(readings, begins, span.start, span.end)
    if len(words) < 2:
        return span
    reading, end = readings[bisect_right(begins, span.start) - 1], words[-1].i
    if reading.ends[end] != span.end or not _joins_on(words[-1]):
        return span
    return Span(span.start, reading.ends[closed(reading, words[0].i, end + 1, marks=_COMMA) - 1])


def _hearers(word: Token, lexicon: Lexicon) -> list[Token]:
    """Return the subject of a passive verb of telling: the inquest was told by a nurse that."""
    entries = lexicon.cue_entries(word.lemma_.lower()) if word.pos_ == "VERB" else ()
    told = any("addressee" in entry.takes for entry in entries)
    return [t for t in word.children if told and t.dep_ == "nsubjpass"]


def _is_one_of(nouns: Sequence[Token], span: Span, readings: Sequence[Reading], begins: Sequence[int]) -> bool:
    """Return whether a span is the noun phrase of one of some tokens, or part of it."""
    if not nouns:
        return False
    held = [t.i for t in _outside(readings, begins, span.start, span.end)]
    return bool(held) and any(n.left_edge.i <= held[0] and held[-1] <= n.right_edge.i for n in nouns)


def completed(statements: Sequence[Statement], readings: Sequence[Reading]) -> list[Statement]:
    """Complete cues and mentions from the parse; where nothing was parsed, they stay unchanged.

    A cue without a pattern gets the lemma of its verb. A mention that is only an article gets its noun.

    Args:
        statements: the statements of an article, in any order.
        readings: its parsed segments, in order.
    """
    kept = [reading for reading in readings if reading.starts]
    begins = [reading.starts[0] for reading in kept]
    found = []
    for statement in statements:
        candidate = statement.candidate
        cue, mention = candidate.cue, candidate.mention
        if cue and candidate.pattern == "roles":
            words = _outside(kept, begins, cue.start, cue.end)
            verbs = [t for t in words if t.pos_ == "VERB"] or words
            if verbs:
                candidate = evolve(candidate, cue=evolve(cue, lemma=verbs[-1].lemma_.lower()))
        end = _noun_end(kept, begins, mention) if mention else None
        if mention and end is not None:
            source = candidate.source or mention
            whole = Span(mention.start, end)
            candidate = evolve(candidate, mention=whole, source=Span(source.start, max(source.end, end)))
        found.append(evolve(statement, candidate=candidate))
    return found


def _outside(readings: Sequence[Reading], begins: Sequence[int], start: int, end: int) -> list[Token]:
    """Return the tokens of a slice of the source outside quotations."""
    number = bisect_right(begins, start) - 1
    if number < 0:
        return []
    reading = readings[number]
    low = bisect_left(reading.starts, start)
    high = bisect_left(reading.starts, end)
    return [t for t in reading.doc[low:high] if reading.inside[t.i] < 0]


def _noun_end(readings: Sequence[Reading], begins: Sequence[int], mention: Span) -> int | None:
    """Return the end of the noun phrase of a mention that is only its article; None for any other mention."""
    words = _outside(readings, begins, mention.start, mention.end)
    if len(words) != 1 or words[0].morph.get("PronType", []) != ["Art"]:
        return None
    reading, end = readings[bisect_right(begins, mention.start) - 1], None
    for token in reading.doc[words[0].i + 1 :]:
        if reading.inside[token.i] >= 0 or token.pos_ not in _NOUN_PHRASE or token.text == ",":
            break
        if token.pos_ in _NOUNS:
            end = reading.ends[token.i]
    return end
