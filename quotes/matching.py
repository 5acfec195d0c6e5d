"""Proposer 1: patterns over the parse.

spaCy's DependencyMatcher and Matcher say which tokens are cue, speaker and content (`patterns/<lang>/statements.toml`);
this module turns each match into candidates: how far the content reaches, which quotations belong to it, which words
are the mention. What is decided here is grammar, not vocabulary.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from attrs import define, frozen

from quotes.lexicon import Cue as CueEntry
from quotes.lexicon import Lexicon, StatementPattern
from quotes.reading import Reading
from quotes.records import Candidate, Cue, MarkedSpan, QuoteType, Span

if TYPE_CHECKING:
    from spacy.matcher import DependencyMatcher, Matcher
    from spacy.tokens import Token
    from spacy.vocab import Vocab

# A quotation further than this many words from the cue's clause is no longer beside it.
_NEAR_WORDS = 12
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_CLAUSES = frozenset({"ccomp", "parataxis"})
_OPEN_CLAUSES = frozenset({"xcomp"})
_OBJECTS = frozenset({"dobj", "oprd", "attr", "dative", "obj", "nsubjpass"})
_NOUN_LEFT = frozenset({"det", "amod", "compound", "poss", "nummod", "nmod", "quantmod", "predet", "advmod", "npadvmod", "neg", "case"})
_NOUN_OUTSIDE = frozenset({"appos", "relcl", "acl", "punct", "cc", "conj", "advcl", "parataxis", "ccomp", "dep", "advmod", "npadvmod"})


@frozen
class Link:
    """One match: the pattern, and the tokens it names."""

    pattern: StatementPattern
    reading: Reading
    cue: int
    speaker: int | None
    content: int | None


@define(eq=False)
class StatementMatchers:
    """The statement patterns of a lexicon, compiled once for a vocabulary."""

    lexicon: Lexicon
    vocab: Vocab

    @cached_property
    def _by_key(self) -> dict[int, StatementPattern]:
        return {self.vocab.strings.add(p.id): p for p in self.lexicon.statements}

    @cached_property
    def _dependency(self) -> DependencyMatcher:
        from spacy.matcher import DependencyMatcher

        matcher = DependencyMatcher(self.vocab)
        for pattern in self.lexicon.statements:
            if pattern.dependency:
                matcher.add(pattern.id, [[dict(node) for node in pattern.dependency]])
        return matcher

    @cached_property
    def _tokens(self) -> Matcher:
        from spacy.matcher import Matcher

        matcher = Matcher(self.vocab)
        for pattern in self.lexicon.statements:
            if pattern.pattern:
                matcher.add(pattern.id, [[dict(token) for token in pattern.pattern]])
        return matcher

    def links(self, reading: Reading) -> Iterator[Link]:
        """Yield every match of every pattern in a reading."""
        order = {p.id: n for n, p in enumerate(self.lexicon.statements)}
        found: dict[tuple[str, int, int | None], Link] = {}
        for key, tokens in self._dependency(reading.doc):
            pattern = self._by_key[key]
            names = [node["RIGHT_ID"] for node in pattern.dependency]
            at = dict(zip(names, tokens, strict=True))
            link = Link(pattern, reading, at["cue"], at.get("speaker"), at.get("content"))
            found.setdefault((pattern.id, link.cue, link.speaker), link)
        if len(self._tokens):
            for key, start, end, alignment in self._tokens(reading.doc, with_alignments=True):
                pattern = self._by_key[key]
                first: dict[str, int] = {}
                for offset, which in zip(range(start, end), alignment, strict=True):
                    if pattern.roles[which]:
                        first.setdefault(pattern.roles[which], offset)
                if "cue" in first:
                    link = Link(pattern, reading, first["cue"], first.get("speaker"), first.get("content"))
                    found.setdefault((pattern.id, link.cue, link.speaker), link)
        yield from sorted(found.values(), key=lambda k: (k.cue, order[k.pattern.id], k.speaker or 0))


def doc_sentence(token: Token) -> list[Token]:
    """Return the tokens of a token's sentence."""
    return list(token.sent)


def propose(
    text: str, readings: Iterable[Reading], marked: Sequence[MarkedSpan], *, matchers: StatementMatchers
) -> list[Candidate]:
    """Turn the matches in an article's readings into candidates.

    Args:
        text: the source's text.
        readings: its parsed pieces, in order.
        marked: its quotations, in order.
        matchers: the compiled statement patterns.

    Returns:
        Candidates in order of their cue; several may claim the same quotation.
    """
    found: list[Candidate] = []
    for reading in readings:
        links = list(matchers.links(reading))
        owners = {k.cue: k.speaker for k in links if k.speaker is not None and reading.doc[k.speaker].head.i == k.cue}
        carried = _carried_on(reading, links, owners)
        for link in links:
            found += _Builder(text, reading, marked, matchers.lexicon, link, owners, carried).candidates()
    return found


def _carried_on(reading: Reading, links: Sequence[Link], owners: Mapping[int, int]) -> dict[int, int]:
    """Find participles of saying that carry a statement on, with the speaker of the statement.

    Roe said the plan was “dead,” adding that nobody would mourn it: adding is Roe's, though it may hang below "was".
    """
    doc, found = reading.doc, {}
    for link in links:
        cue = doc[link.cue]
        if cue.i in found or cue.tag_ != "VBG" or cue.dep_ not in ("advcl", "conj", "acl") or cue.i == 0:
            continue
        before = doc[cue.i - 1]
        before = doc[before.i - 1] if before.dep_ in ("advmod", "cc") and before.i else before
        if not before.is_punct or reading.inside[cue.i] >= 0:
            continue
        above = cue.head
        for _ in range(8):
            if above.i in owners and above.i < cue.i:
                outer = owners[above.i]
            else:
                outer = None
            if above.head.i == above.i:
                break
            if outer is not None:
                found[cue.i] = outer
            above = above.head
        else:
            continue
        if above.i in owners and above.i < cue.i:
            found[cue.i] = owners[above.i]
    return found


@define(eq=False)
class _Builder:
    """Builds the candidates of one link."""

    text: str
    reading: Reading
    marked: Sequence[MarkedSpan]
    lexicon: Lexicon
    link: Link
    owners: Mapping[int, int]
    carried: Mapping[int, int]

    def candidates(self) -> list[Candidate]:
        link, doc = self.link, self.reading.doc
        cue = doc[link.cue]
        if self.reading.inside[link.cue] >= 0:
            return []
        speaker = doc[link.speaker] if link.speaker is not None else None
        if link.pattern.content == "next":
            return self._after_colon(cue, speaker)
        if not self.takes and link.pattern.content != "rest":
            return []
        if speaker is not None and self.reading.inside[speaker.i] >= 0:
            return []
        if speaker is not None and speaker.dep_ in _SUBJECTS and speaker.head.i != cue.i and link.pattern.dependency:
            if link.cue in self.owners or not self._shares_subject(cue, speaker):
                return []
        if link.pattern.content == "surrounding":
            if self._governed(cue, speaker):
                return []
            found = [self._candidate(self._surrounding(cue, speaker), cue, speaker, how="surrounding")]
            return [c for c in found if c is not None]
        if link.pattern.content == "rest":
            region = self._rest(cue, speaker)
            found = [self._candidate(region, cue, speaker, how="rest")] if region else []
            return [c for c in found if c is not None]
        found = [self._candidate(regions, cue, speaker, how=how) for regions, how in self._governed(cue, speaker)]
        if not any(c is not None and c.type != "indirect" for c in found):
            beside = self._beside(cue, speaker)
            if beside:
                number, distance, side = beside
                span = Span(self.marked[number].start, self.marked[number].end)
                found.append(self._candidate([span], cue, speaker, how=side, distance=distance))
        return [c for c in found if c is not None]

    def _after_colon(self, cue: Token, speaker: Token | None) -> list[Candidate]:
        """Give the quotation after a colon to the subject of the sentence before it."""
        end = self.reading.ends[cue.i]
        number = bisect_right(self.marked, end - 1, key=lambda m: m.start)
        if number >= len(self.marked) or self.text[end : self.marked[number].start].strip():
            return []
        if speaker is None:
            sentence = [t for t in doc_sentence(cue) if t.i < cue.i and self.reading.inside[t.i] < 0]
            subjects = [t for t in sentence if t.dep_ in ("nsubj", "nsubjpass")]
            roots = [t for t in sentence if t.pos_ in ("PROPN", "NOUN") and t.head.i not in {x.i for x in sentence if x.i != t.i}]
            own = [t for t in subjects if t.head.dep_ == "ROOT"] or subjects
            pick = own[:1] or roots[:1]
            speaker = pick[0] if pick else None
        if speaker is None:
            return []
        span = Span(self.marked[number].start, self.marked[number].end)
        found = self._candidate([span], cue, speaker, how="colon")
        return [found] if found else []

    # -- content ------------------------------------------------------------------------------------------------------

    def _shares_subject(self, cue: Token, speaker: Token) -> bool:
        """Tell whether no other subject stands nearer, on the way up from the cue to the verb with the subject.

        A participle after a comma (“…,” she said, adding that) has the subject of the statement that it carries on,
        whatever clause the parser hangs it below.
        """
        if (carried := self.carried.get(cue.i)) is not None:
            return carried == speaker.i
        token = cue
        for _ in range(6):
            if token.i == speaker.head.i:
                return True
            if token.i != cue.i and any(c.dep_ in _SUBJECTS for c in token.children):
                return False
            if token.head.i == token.i or token.dep_ == "relcl":
                return False
            token = token.head
        return False

    @cached_property
    def takes(self) -> frozenset[str]:
        """What the cue may be followed by, from every entry that holds it, with its particle where it has one."""
        return frozenset(t for entry in self.entries for t in entry.takes)

    @cached_property
    def entries(self) -> tuple[CueEntry, ...]:
        """The cue's entries: of "point out" where a particle follows, else of the bare lemma."""
        cue = self.reading.doc[self.link.cue]
        if cue.pos_ == "PUNCT":
            return ()
        pos: Literal["noun", "verb"] = "noun" if cue.pos_ == "NOUN" else "verb"
        lemma = cue.lemma_.lower()
        for child in cue.rights:
            if child.dep_ in ("prt", "advmod", "prep", "dobj") and (found := self.lexicon.cue_entries(f"{lemma} {child.lower_}", pos=pos)):
                return found
        return self.lexicon.cue_entries(lemma, pos=pos)

    def _governed(self, cue: Token, speaker: Token | None) -> list[tuple[list[Span], str]]:
        """Find what the cue governs: clause, infinitive, object or as-phrase, by what such a cue takes."""
        before: list[Span] = []
        after: list[tuple[Span, str]] = []
        for child in cue.children:
            if speaker is not None and child.i == speaker.i:
                continue
            clause = child.dep_ in _CLAUSES or (child.dep_ == "acl" and cue.pos_ == "NOUN")
            if not clause and child.dep_ not in _OPEN_CLAUSES:
                continue
            span = self._subtree(child, cue)
            if span is None:
                continue
            wanted = {"clause", "question"} if clause else {"infinitive"}
            if not self.takes & wanted and not self._quoted(span):
                continue
            if child.i < cue.i:
                before.append(span)
            else:
                after.append((span, "clause" if clause else "infinitive"))
        if before and after and self._all_quoted(before[0]):
            return [([before[0], after[0][0]], "both")]
        if after:
            return [([span], how) for span, how in after[:1]]
        if before:
            return [([before[-1]], "fronted")]
        return self._objects(cue, speaker)

    def _objects(self, cue: Token, speaker: Token | None) -> list[tuple[list[Span], str]]:
        """Take a quoted object with all that completes it: called him “a friend” and “a neighbour”."""
        right = [c for c in cue.children if c.i > cue.i and (speaker is None or c.i != speaker.i)]
        parts = [c for c in right if c.dep_ in _OBJECTS or (c.dep_ == "prep" and self.takes & {"as", "quoted-object"})]
        held = [c for c in parts if self._quoted(self._span(c.left_edge.i, c.right_edge.i + 1))]
        if not held:
            return []
        objects = [c for c in parts if c.dep_ in _OBJECTS]
        first = min([*objects, *held], key=lambda c: c.i)
        low = first.left_edge.i
        if first.dep_ == "prep":
            low += 1
        return [([self._span(low, max(c.right_edge.i for c in held) + 1)], "object" if held[0].dep_ != "prep" else "preposition")]

    def _subtree(self, head: Token, cue: Token) -> Span | None:
        """Bound the subtree of a content's head, up to a participle that carries the statement on."""
        low, high = head.left_edge.i, head.right_edge.i + 1
        if low <= cue.i < high:
            return None
        if low > cue.i:
            low = self._leftmost(cue, low)
            high = min([high] + [c for c in self.carried if low < c < high])
        return self._span(low, high)

    def _leftmost(self, cue: Token, low: int) -> int:
        """Take in a subject that the parser hung on the cue: they state their goal is to grow."""
        if "addressee" in self.takes:
            return low
        for child in cue.rights:
            if child.dep_ in ("dobj", "nsubj") and child.i < low and child.right_edge.i + 1 == low and (self.link.speaker != child.i):
                return child.left_edge.i
        return low

    def _surrounding(self, cue: Token, speaker: Token | None) -> list[Span]:
        """Take the clause that the cue's own clause interrupts: Perhaps, he said, this “small town” has grown."""
        head = cue.head
        if head.i == cue.i:
            return []
        left, right = cue.left_edge.i, cue.right_edge.i + 1
        if speaker is not None:
            left, right = min(left, speaker.left_edge.i), max(right, speaker.right_edge.i + 1)
        low, high = head.left_edge.i, head.right_edge.i + 1
        spans = [self._span(low, left), self._span(right, high)]
        return [s for s in spans if s.end - s.start > 3]

    def _span(self, low: int, high: int) -> Span:
        """Bound tokens low to high in the source, trimmed of punctuation and white space outside quotation marks."""
        doc, inside = self.reading.doc, self.reading.inside
        while low < high and inside[low] < 0 and (doc[low].is_punct or doc[low].is_space) and doc[low].text not in "($£€#":
            low += 1
        while high > low and inside[high - 1] < 0 and (doc[high - 1].is_space or doc[high - 1].text in (",", ".", ";", ":", "-", "--", "—", "–", "?", "!", "...", "…")):
            high -= 1
        if low >= high:
            return Span(0, 0)
        start, end = self.reading.starts[low], self.reading.ends[high - 1]
        first, last = inside[low], inside[high - 1]
        if first >= 0:
            start = min(start, self.marked[first].start)
        if last >= 0:
            end = max(end, self.marked[last].end)
        return Span(start, end)

    def _all_quoted(self, span: Span) -> bool:
        return any(self.marked[n].start <= span.start and span.end <= self.marked[n].end for n in self.reading.spans)

    def _quoted(self, span: Span) -> bool:
        return any(self.marked[n].start < span.end and span.start < self.marked[n].end for n in self.reading.spans)

    def _rest(self, cue: Token, speaker: Token | None) -> list[Span]:
        """Take the sentence without the crediting phrase: one span, or two where the phrase stands in the middle."""
        head = cue
        while head.head.i != head.i and head.dep_ in ("prep", "pcomp", "advmod", "punct", "dep") :
            head = head.head
        sentence = cue.sent
        low, high = sentence.start, sentence.end
        left = min(cue.left_edge.i, cue.i)
        right = cue.right_edge.i + 1
        if speaker is not None:
            right = max(right, speaker.right_edge.i + 1)
        spans = [self._span(low, left), self._span(right, high)]
        return [s for s in spans if s.end - s.start > 3]

    def _beside(self, cue: Token, speaker: Token | None) -> tuple[int, float, str] | None:
        """Find the quotation that adjoins the cue's clause: before it, or after it."""
        if not self.reading.spans:
            return None
        if "direct" not in self.takes:
            return None
        low = min([cue.i] + ([speaker.left_edge.i] if speaker is not None else []))
        high = max([cue.i] + ([speaker.right_edge.i] if speaker is not None else [])) + 1
        start, end = self.reading.starts[low], self.reading.ends[high - 1]
        before = [n for n in self.reading.spans if self.marked[n].end <= start]
        after = [n for n in self.reading.spans if self.marked[n].start >= end]
        options: list[tuple[float, int, str]] = []
        if before:
            gap = self.text[self.marked[before[-1]].end : start]
            words = len(gap.split())
            if words <= _NEAR_WORDS and not any(c in gap for c in ".!?;:\n"):
                inner = self.text[self.marked[before[-1]].inner.end - 1]
                options.append((words + (0.0 if inner in ",?!.—-…" or gap.lstrip()[:1] in ",—-" else 4.0), before[-1], "before"))
        if after:
            gap = self.text[end : self.marked[after[0]].start]
            words = len(gap.split())
            if words <= _NEAR_WORDS + 8 and not any(c in gap.rstrip() for c in ".!?;\n"):
                ends = gap.rstrip()[-1:]
                options.append((words * 0.5 + (0.0 if ends in ",:" and ends else 5.0), after[0], "after"))
        if not options:
            return None
        distance, number, side = min(options)
        return number, distance, side

    # -- the record ---------------------------------------------------------------------------------------------------

    def _candidate(
        self, regions: Sequence[Span], cue: Token, speaker: Token | None, *, how: str, distance: float = 0.0
    ) -> Candidate | None:
        spans, kind = self._pieces(regions)
        if not spans:
            return None
        mention, source = (None, None) if speaker is None else self._mention(speaker)
        return Candidate(
            spans=tuple(spans),
            type=kind,
            pattern=self.link.pattern.id,
            cue=self._cue(cue),
            mention=mention,
            source=source,
            anchor=self.reading.starts[cue.i],
            features=tuple(self._features(spans, kind, cue, speaker, how, distance)),
        )

    def _features(
        self, spans: Sequence[Span], kind: str, cue: Token, speaker: Token | None, how: str, distance: float
    ) -> Iterator[tuple[str, float]]:
        """Name what speaks for a candidate and against it."""
        yield f"pattern_{self.link.pattern.id}", 1.0
        yield f"{kind}_{how}", 1.0
        for entry in self.entries:
            yield f"{kind}_{entry.id}", 1.0
        if cue.lemma_.lower() in self.lexicon.word_set("en-plainest"):
            yield f"{kind}_plainest", 1.0
        if distance:
            yield "distance", min(distance, 12.0)
        quoted = sum(self.text[s.start : s.end].count(" ") + 1 for s in spans)
        yield f"{kind}_words", math.log1p(min(quoted, 60))
        first, last = self.text[spans[0].start : spans[0].start + 2], self.text[spans[-1].end - 2 : spans[-1].end]
        if kind == "direct":
            yield "stop_inside", float(any(c in ",.!?" for c in last))
            yield "capital_inside", float(first[-1:].isupper())
            before = self.text[max(0, spans[0].start - 40) : spans[0].start].split()
            if before and before[-1].strip(",").lower() in self.lexicon.word_set("en-title-nouns"):
                yield "after_title_noun", 1.0
            yield "whole_sentence", float(first[-1:].isupper() and any(c in ",.!?" for c in last))
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
            yield "that", float(self.text[spans[0].start : spans[0].start + 5].lower() == "that ")

    def _pieces(self, regions: Sequence[Span]) -> tuple[list[Span], QuoteType]:
        """Cut regions into fragments and tell their type: direct where no word lies outside quotation marks."""
        quoted = [self.marked[n] for n in self.reading.spans]
        spans: list[Span] = []
        outside = inside = 0
        for region in regions:
            if region.end <= region.start:
                continue
            held = [m for m in quoted if m.start < region.end and region.start < m.end]
            inside += len(held)
            start = min([region.start] + [m.start for m in held])
            end = max([region.end] + [m.end for m in held])
            at, free = start, 0
            for m in held:
                free += sum(c.isalnum() for c in self.text[at : m.start])
                at = max(at, m.end)
            free += sum(c.isalnum() for c in self.text[at:end])
            if held and free == 0:
                spans += [Span(m.start, m.end) for m in held]
            else:
                outside += free
                spans.append(Span(start, end))
        if not spans:
            return [], "indirect"
        if not inside:
            return spans, "indirect"
        return spans, "mixed" if outside else "direct"

    def _cue(self, cue: Token) -> Cue:
        start, end = self.reading.starts[cue.i], self.reading.ends[cue.i]
        if self.link.pattern.id.endswith("according"):
            end = self.reading.ends[min(cue.i + 1, len(self.reading.ends) - 1)]
        return Cue(self.text[start:end], cue.lemma_.lower(), start, end)

    def _mention(self, speaker: Token) -> tuple[Span, Span]:
        """Bound the core of the speaker's noun phrase, and all of it."""
        doc = self.reading.doc
        low, high = speaker.i, speaker.i + 1
        for child in speaker.lefts:
            if child.dep_ in _NOUN_LEFT and self.reading.inside[child.i] < 0:
                low = min(low, child.left_edge.i)
        for child in speaker.rights:
            if child.dep_ in _NOUN_OUTSIDE or child.i != high:
                break
            high = child.right_edge.i + 1
        high = min(high, low + 25)
        full_high = min(speaker.right_edge.i + 1, speaker.i + 60)
        full_low = min(low, speaker.left_edge.i)
        while full_high > high and (doc[full_high - 1].is_punct or doc[full_high - 1].is_space):
            full_high -= 1
        trimmed = low
        while trimmed < speaker.i and (doc[trimmed].is_punct or doc[trimmed].is_space):
            trimmed += 1
        return (
            Span(self.reading.starts[trimmed], self.reading.ends[high - 1]),
            Span(self.reading.starts[full_low], self.reading.ends[full_high - 1]),
        )
