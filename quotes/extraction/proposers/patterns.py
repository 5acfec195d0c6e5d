"""Proposer 1: patterns over the parse.

spaCy's DependencyMatcher and Matcher find the tokens of cue and speaker (`patterns/<lang>/statements.toml`); `clauses`
finds the extent of the content; this module combines both into candidates with features.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define, frozen

from quotes.extraction.article_text import ArticleText
from quotes.extraction.parsing.masking import Reading
from quotes.extraction.proposers.clauses import SUBJECTS, Clause, Content
from quotes.extraction.proposers.narration import without_narration
from quotes.lexicon import Lexicon
from quotes.lexicon.matchers import Patterns
from quotes.lexicon.tables import StatementPattern
from quotes.records import Candidate, Cue, QuoteType, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.vocab import Vocab

# Labels of parts of a noun phrase: before the head these belong to the mention, after it they do not.
_NOUN_LEFT = frozenset(
    {"det", "amod", "compound", "poss", "nummod", "nmod", "quantmod", "predet", "advmod", "npadvmod", "neg", "case"}
)
_NOUN_OUTSIDE = frozenset(
    {"appos", "relcl", "acl", "punct", "cc", "conj", "advcl", "parataxis", "ccomp", "dep", "advmod", "npadvmod"}
)
# The most tokens of a mention or a source; longer ones are parsing errors.
_LONGEST_MENTION, _LONGEST_SOURCE = 25, 60
_CLOSING = ".)”’\"'"


@frozen
class Link:
    """One match: the pattern, and the tokens of its roles.

    `words` are all tokens of the cue; `mention` those of a speaker that a token pattern spells out.
    """

    pattern: StatementPattern
    cue: int
    speaker: int | None
    words: tuple[int, ...]
    mention: tuple[int, ...] = ()


@define(eq=False)
class StatementMatchers:
    """The statement patterns of a lexicon, compiled once for a vocabulary."""

    lexicon: Lexicon
    vocab: Vocab

    @cached_property
    def _by_id(self) -> dict[str, tuple[int, StatementPattern]]:
        return {p.id: (n, p) for n, p in enumerate(self.lexicon.statements)}

    @cached_property
    def _compiled(self) -> Patterns:
        return Patterns.of(self.vocab, self.lexicon.statements)

    def links(self, doc: Doc) -> list[Link]:
        """Return every match of every pattern in a parsed Doc, in order of cue and pattern."""
        found: dict[tuple[int, int, int], Link] = {}
        for name, tokens, nodes in self._compiled.matches(doc):
            number, pattern = self._by_id[name]
            roles = pattern.roles if pattern.pattern else [node["RIGHT_ID"] for node in pattern.dependency]
            _add(found, number, pattern, [(roles[node], token) for node, token in zip(nodes, tokens, strict=True)])
        return [found[key] for key in sorted(found)]


def _add(
    found: dict[tuple[int, int, int], Link], number: int, pattern: StatementPattern, named: list[tuple[str, int]]
) -> None:
    first: dict[str, int] = {}
    for name, token in named:
        first.setdefault(name, token)
    if "cue" not in first:
        return
    words = tuple(sorted(token for name, token in named if name.partition("-")[0] == "cue"))
    mention = tuple(token for name, token in named if name == "speaker") if pattern.pattern else ()
    speaker = mention[-1] if mention else first.get("speaker")
    key = (first["cue"], number, -1 if speaker is None else speaker)
    found.setdefault(key, Link(pattern, first["cue"], speaker, words, mention))


def propose(article: ArticleText, readings: Iterable[Reading], *, matchers: StatementMatchers) -> list[Candidate]:
    """Turn the matches in an article's parsed segments into candidates.

    Args:
        article: the article's text and parts.
        readings: its parsed segments, in order.
        matchers: the compiled statement patterns.

    Returns:
        Candidates in order of their cue; several may claim the same quotation.
    """
    text, marked = article.text, article.quotations
    found: list[Candidate] = []
    for reading in readings:
        doc, links = reading.doc, matchers.links(reading.doc)
        owners = {
            k.cue: k.speaker
            for k in links
            if k.speaker is not None and (doc[k.speaker].head.i == k.cue or len(k.words) > 1)
        }
        carried = _carried_on(reading, links, owners)
        credits = frozenset(k.cue for k in links if k.pattern.content == "rest")
        told: set[tuple[int, int | None, str]] = set()
        for link in links:
            if (link.cue, link.speaker, link.pattern.content) in told:
                continue  # an earlier pattern in the file has the same match
            speaker = link.speaker
            if link.pattern.content == "next":
                speaker = _colon_speaker(reading, link, matchers.lexicon)
            if reading.inside[link.cue] >= 0 or (speaker is not None and reading.inside[speaker] >= 0):
                continue
            if link.mention and (_goes_on(doc, link.mention[-1] + 1) or _hangs(doc, link.mention[0])):
                continue
            if speaker is not None and not any(map(str.isalnum, doc[speaker].text)):
                continue  # a mark that the parser took for a noun
            clause = Clause(
                text, reading, marked, matchers.lexicon, doc[link.cue], None if speaker is None else doc[speaker],
                carried, credits,
            )  # fmt: skip
            for content in _contents(clause, link, owners):
                candidate = _candidate(clause, link, content)
                if candidate is not None:
                    found.append(without_narration(article, candidate, lexicon=matchers.lexicon))
                    told.add((link.cue, link.speaker, link.pattern.content))
    return found


def _goes_on(doc: Doc, at: int) -> bool:
    """Return whether a mention continues: said dealer Ines | Falk, said Milan | coach Luca Berni, said Lund|'s aide."""
    if at < len(doc) and doc[at].tag_ == "POS":
        return True
    if at + 1 < len(doc) and doc[at].pos_ == "NOUN":
        at += 1
    return at < len(doc) and doc[at].text[:1].isupper() and not doc[at].is_sent_start


def _hangs(doc: Doc, at: int) -> bool:
    """Return whether a mention hangs on a noun before it: the mayor of | Caldera, a retired nurse, said."""
    before = doc[at - 1] if at else None
    return before is not None and before.dep_ == "prep" and before.head.pos_ in ("NOUN", "PROPN")


def _contents(clause: Clause, link: Link, owners: Mapping[int, int]) -> Iterator[Content]:
    """Yield the possible contents of the statement, by the pattern's `content`."""
    wanted, speaker = link.pattern.content, clause.speaker
    if wanted == "next":
        content = clause.following() if speaker is not None else None
        if content:
            yield content
        return
    if wanted == "rest":
        content = clause.rest()
        if content:
            yield content
        return
    if not clause.takes:
        return
    from_above = speaker is not None and speaker.dep_ in SUBJECTS and speaker.head.i != clause.cue.i
    if from_above and link.pattern.dependency:
        assert speaker is not None
        owner = owners.get(clause.cue.i, speaker.i)
        if owner != speaker.i or not (len(link.words) > 1 or clause.shares_subject()):
            return
    governed = clause.governed()
    if wanted == "surrounding":
        content = clause.surrounding() if governed is None and "clause" in clause.takes else None
        if content:
            yield content
        return
    if governed:
        yield governed
    if governed is None or clause.fragments(governed)[1] == "indirect":
        content = clause.beside()
        if content:
            yield content


def _colon_speaker(reading: Reading, link: Link, lexicon: Lexicon) -> int | None:
    """Return the subject of the sentence before a colon, or its owner if it is a noun of saying: her words: “…”."""
    doc = reading.doc
    sentence = [t for t in doc[link.cue].sent if t.i < link.cue and reading.inside[t.i] < 0]
    subjects = [t for t in sentence if t.dep_ in SUBJECTS]
    nouns = [t for t in sentence if t.pos_ in ("PROPN", "NOUN")]
    roots = [t for t in nouns if t.head.i == t.i or not sentence[0].i <= t.head.i < link.cue]
    picked = [t for t in subjects if t.head.dep_ == "ROOT"] or subjects or roots
    if picked and lexicon.cue_entries(picked[0].lemma_.lower(), pos="noun"):
        picked = [c for c in picked[0].children if c.dep_ == "poss"] or picked
    return picked[0].i if picked else None


def _carried_on(reading: Reading, links: Sequence[Link], owners: Mapping[int, int]) -> dict[int, int]:
    """Return participles of saying that continue a statement, with the statement's speaker.

    Roe said the plan was “dead,” adding that nobody would mourn it: adding is Roe's, even if attached to "was".
    """
    doc = reading.doc
    found: dict[int, int] = {}
    for cue in {link.cue for link in links}:
        token = doc[cue]
        if token.tag_ != "VBG" or token.dep_ not in ("advcl", "conj", "acl") or not cue or reading.inside[cue] >= 0:
            continue
        before = doc[cue - 1]
        if before.dep_ in ("advmod", "cc") and before.i:
            before = doc[before.i - 1]
        if not before.is_punct:
            continue
        above = token.head
        for _ in range(8):
            if above.i in owners and above.i < cue:
                found[cue] = owners[above.i]  # the outermost statement wins
            if above.head.i == above.i:
                break
            above = above.head
    return found


def _candidate(clause: Clause, link: Link, content: Content) -> Candidate | None:
    spans, kind = clause.fragments(content)
    if not spans:
        return None
    reading = clause.reading
    low, high = link.words[0], link.words[-1]
    if high - low >= len(link.words):  # quoted Roe as saying: other words are between
        low = high = link.cue
    start, end = reading.starts[low], reading.ends[high]
    mention, source = (None, None) if clause.speaker is None else _mention(reading, clause.speaker, link.mention)
    if mention is not None and source is not None:
        ends = [s.start for s in spans if mention.end <= s.start < source.end]
        source = Span(source.start, _stripped(clause.text, mention.end, min([source.end, *ends])))
    return Candidate(
        spans=spans,
        type=kind,
        pattern=link.pattern.id,
        cue=Cue(clause.text[start:end], clause.cue.lemma_.lower(), start, end),
        mention=mention,
        source=source,
        anchor=reading.starts[link.cue],
        features=tuple(_features(clause, link, content, spans, kind)),
    )


def _stripped(text: str, low: int, end: int) -> int:
    """Return the end of a phrase without marks and blanks before it."""
    while end > low and not text[end - 1].isalnum() and text[end - 1] not in _CLOSING:
        end -= 1
    return end


def _features(
    clause: Clause, link: Link, content: Content, spans: Sequence[Span], kind: QuoteType
) -> Iterator[tuple[str, float]]:
    """Return a candidate's features; `patterns/<lang>/ranker.toml` has the weights."""
    cue, speaker, lexicon = clause.cue, clause.speaker, clause.lexicon
    yield f"pattern_{link.pattern.id}", 1.0
    if link.pattern.certain:
        yield "certain", 1.0
    yield f"{kind}_{content.how}", 1.0
    for entry in clause.entries:
        yield f"{kind}_{entry.id}", 1.0
    if cue.lemma_.lower() in lexicon.own_set("plainest"):
        yield f"{kind}_plainest", 1.0
    if content.distance:
        yield "distance", min(content.distance, 12.0)
    words = sum(clause.text.count(" ", s.start, s.end) + 1 for s in spans)
    yield f"{kind}_words", math.log1p(min(words, 60))
    if kind == "direct":
        yield from _direct_features(clause, spans)
    if speaker is not None:
        yield f"speaker_{speaker.pos_.lower()}", 1.0
        yield "speaker_far", min(abs(speaker.i - cue.i), 12) / 4.0
    if any(c.dep_ == "neg" for c in cue.children):
        yield f"{kind}_negated", 1.0
    if any(c.dep_ == "aux" and c.tag_ == "MD" for c in cue.children):
        yield f"{kind}_modal", 1.0
    if cue.tag_ in ("VB", "VBN", "VBG"):
        yield f"{kind}_{cue.tag_.lower()}", 1.0
    if kind == "indirect":
        first = clause.text[spans[0].start : spans[0].start + 8].partition(" ")
        yield "that", float(bool(first[1]) and first[0].lower() in clause.lexicon.own_set("that"))


def _direct_features(clause: Clause, spans: Sequence[Span]) -> Iterator[tuple[str, float]]:
    """Return features that distinguish a sentence in quotation marks from a title, a name and a scare quote."""
    text, lexicon = clause.text, clause.lexicon
    capital = text[spans[0].start : spans[0].start + 2][-1:].isupper()
    stop = any(c in ",.!?" for c in text[spans[-1].end - 2 : spans[-1].end])
    yield "stop_inside", float(stop)
    yield "capital_inside", float(capital)
    yield "whole_sentence", float(capital and stop)
    before = text[max(0, spans[0].start - 40) : spans[0].start].split()
    if before and before[-1].strip(",").lower() in lexicon.own_set("title-nouns"):
        yield "after_title_noun", 1.0


def _mention(reading: Reading, speaker: Token, spelt: Sequence[int]) -> tuple[Span, Span]:
    """Return the core of the speaker's noun phrase, and all of it: "Ana Lee" and "Ana Lee, a nurse in Oslo"."""
    doc = reading.doc
    low, high = min([speaker.i, *spelt]), max([speaker.i, *spelt]) + 1
    for child in speaker.lefts:
        if child.dep_ in _NOUN_LEFT and reading.inside[child.i] < 0:
            low = min(low, child.left_edge.i)
    for child in speaker.rights:
        if child.dep_ == "appos" and child.pos_ == "PROPN" and child.left_edge.i == high and doc[high].is_alpha:
            high = child.i + 1  # the mason Pia Holm
            continue
        if child.dep_ in _NOUN_OUTSIDE or child.i != high:
            break
        high = child.right_edge.i + 1
    while low < speaker.i and (doc[low].is_punct or doc[low].is_space):
        low += 1
    high = min(high, low + _LONGEST_MENTION)
    full_low = min(low, speaker.left_edge.i)
    full_high = min(speaker.right_edge.i + 1, speaker.i + _LONGEST_SOURCE)
    while full_high > high and (doc[full_high - 1].is_punct or doc[full_high - 1].is_space):
        full_high -= 1
    if any(t.text == "(" for t in doc[low:high]) and doc[high : high + 1].text == ")":
        high += 1
    full_high = max(full_high, high)
    return (
        Span(reading.starts[low], reading.ends[high - 1]),
        Span(reading.starts[full_low], reading.ends[full_high - 1]),
    )
