"""Look up the reader's further layers: kinds of names, and descriptions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

from attrs import define, evolve

from quotes.extraction.speakers.model import Role
from quotes.extraction.speakers.name_finder import EntityKind, NameForm, bare
from quotes.extraction.speakers.name_runs import unpossessive
from quotes.extraction.speakers.phrases import is_role_noun
from quotes.extraction.speakers.titles import WORD, given_gender, title_words
from quotes.lexicon import Lexicon
from quotes.records import Span

if TYPE_CHECKING:
    from quotes.reader.inference import Answer, Answers

# The most characters of a reader's span to look for.
LONGEST = 400
# The most characters between a description and its name.
NEAR = 24
# The layer's kinds of names, and the kinds of entities.
KINDS: Mapping[str, str] = {
    "person": "person", "organization": "organization", "press": "organization", "place": "place",
}  # fmt: skip
# The least probability of a description that stands beside no name.
SURELY = 0.5
# The least probability of a person's name by which another one is cut.
SURE_NAME = 0.8
# The least probability of a description by which a word that ends as trades do is cut off a name, and its letters.
MAYBE, _LONG = 0.3, 6
# Marks that are in no name.
_MARKS = re.compile(r"[^\w &'’.-]|\. ")
_AFTER_NAME = re.compile(r"[^\W\d_a-z][\w’'-]{0,20}, \Z")
_BEFORE = re.compile(r"(?:,? ?(?:[^\W\d_a-z][\w’'-]{0,12}\.? ){0,2}| ?[—–-]{1,2} ?)")


@define(eq=False)
class Tagged:
    """The reader's answers for one article, searchable by place.

    Args:
        text: the source's text.
        answers: the reader's answers; None without the reader.
        after: the separators between a name and a description after it.
    """

    text: str
    answers: Answers | None
    after: re.Pattern[str]

    @cached_property
    def _names(self) -> _Spans:
        return _Spans(self.answers.names if self.answers else ())

    @cached_property
    def _descriptions(self) -> _Spans:
        return _Spans(self.answers.descriptions if self.answers else ())

    def kinds(self, places: Sequence[Span]) -> dict[str, float]:
        """Return the reader's probability of each kind of a name, over all its places."""
        found: dict[str, float] = {}
        for place in places:
            for answer in self._names.touching(place.start, place.end):
                kind = KINDS[answer.kind]
                found[kind] = found.get(kind, 0.0) + answer.p / len(places)
        return {kind: min(1.0, p) for kind, p in found.items()}

    def trimmed(self, form: NameForm, lexicon: Lexicon) -> NameForm:
        """Return a person's name without words before it, unless those are titles: Primary Health Care | Rula Qudah."""
        answers = self._names.touching(form.start, form.end)
        people = [a for a in answers if a.kind == "person" and a.start < form.end]
        if form.title or not people or people[-1].p < SURE_NAME or people[-1].end != form.end:
            return form
        start = people[-1].start
        for before in reversed(people[:-1]):
            if before.end + 1 == start and not self._is_trade(Span(form.start, start), lexicon):
                start = before.start
        rest = len(self.text[start : form.end].split())
        lead = Span(form.start, start)
        role = is_role_noun(self.text[lead.start : lead.end].strip().lower(), lexicon)
        trade = form.opens and (role or (rest > 1 and self._is_trade(lead, lexicon)))
        if start > form.start and rest < len(form.words) and (trade or (rest > 1 and len(people) == 1)):
            return evolve(form, words=form.words[-rest:], start=start, kind="person", opens=False)
        return form

    def _is_trade(self, lead: Span, lexicon: Lexicon) -> bool:
        """Return whether words before a name describe its bearer: Objector | Ruth Keane, Centre-back | Hoek."""
        word = self.text[lead.start : lead.end].strip().lower()
        if is_role_noun(word, lexicon):
            return True
        formed = len(word) >= _LONG and word.endswith(lexicon.words["names-trade-ending"])
        least = MAYBE if formed else SURE_NAME
        near = self._descriptions.touching(lead.start, lead.end)
        return any(a.p >= least and a.start <= lead.start and lead.end - 1 <= a.end <= lead.end for a in near)

    def joined(self, forms: Sequence[NameForm], lexicon: Lexicon) -> list[NameForm]:
        """Return an article's names, those in full of which only a part was found: Nursing | Homes Ireland."""
        kept: list[NameForm] = []
        people = [form.start for form in forms if form.kind == "person" and form.title == ()]
        for form in forms:
            if kept and form.start < kept[-1].end:
                continue
            whole = self._whole(form, people, lexicon)
            while whole and kept and kept[-1].start >= whole.start:
                kept.pop()
            kept.append(whole or form)
        return kept

    def _whole(self, form: NameForm, people: Sequence[int], lexicon: Lexicon) -> NameForm | None:
        """Return the longer name that the reader is sure of, if the words that it adds can be part of a name."""
        if len(form.words) > 1 and bare(form.words[0]) in given_gender(lexicon):
            return None
        for answer in self._names.touching(form.start, form.end):
            start, end = answer.start, answer.end
            while end > form.end and not self.text[end - 1].isalnum():
                end -= 1
            named = answer.p >= SURE_NAME and answer.kind in ("person", "organization")
            if named and start <= form.start and form.end <= end and (start, end) != (form.start, form.end):
                others = bisect_left(people, end) - bisect_left(people, start) - (form.start in people)
                if others or not self._adds_name(form, Span(start, end), lexicon):
                    return None
                words = tuple(self.text[start:end].split())
                return evolve(form, words=words, start=start, end=end, title=(), kind=cast("EntityKind", answer.kind))
        return None

    def _adds_name(self, form: NameForm, whole: Span, lexicon: Lexicon) -> bool:
        """Return whether the words around a part of a name are capitalised or small, but no titles: "Dr | Ana Lee"."""
        names, text = lexicon.names, self.text
        every = list(WORD.finditer(text, whole.start, whole.end))
        left = [w.group() for w in every if w.start() < form.start]
        right = [w.group() for w in every if w.start() >= form.end]
        if not (left or right) or not text[whole.start].isupper() or _MARKS.search(text, whole.start, whole.end):
            return False
        first = left[0] if left and left[0] not in names.capital_acronym else ""  # the US Geological Survey
        if unpossessive(first) != first or first.lower() in names.not_name:
            return False  # Chile's National Seismological Centre
        small = {w for w in (*left, *right[:-1]) if w in names.particle} | names.org_connector.intersection(left)
        if "of" in left and names.org_head.isdisjoint(w.lower() for w in left[: left.index("of")]):
            return False  # Ana Lee of the Heritage Trust
        titles = (title_words(lexicon), names.role_modifier, names.role_noun)
        added = (*left, *right)
        return all((w[0].isupper() or w in small) and not any(w.lower() in held for held in titles) for w in added)

    def read(self, role: Role) -> float | None:
        """Return the reader's probability that exactly these words are a description; None without the reader."""
        if self.answers is None or not self.answers.descriptions:
            return None
        low, high = role.start, role.start + len(role.text)
        best = 0.0
        for answer in self._descriptions.touching(low, high):
            shared = min(high, answer.end) - max(low, answer.start)
            best = max(best, answer.p * shared / (max(high, answer.end) - min(low, answer.start)))
        return best

    def surely(self) -> Iterator[Answer]:
        """Yield the descriptions that the reader is sure of, in order."""
        return (answer for answer in self._descriptions.spans if answer.p >= SURELY)

    def around(self, name: Span, body: Span) -> Iterator[Role]:
        """Yield the reader's descriptions beside one mention of a name."""
        low, high = max(body.start, name.start - NEAR - LONGEST), min(body.end, name.end + NEAR + LONGEST)
        for answer in self._descriptions.touching(low, high):
            if not body.start <= answer.start < answer.end <= body.end:
                continue
            words = self.text[answer.start : answer.end].strip()
            if self._leads(answer, name):
                yield Role(words, answer.start, "read-before")
            elif 0 <= answer.start - name.end <= NEAR and self.after.fullmatch(self.text, name.end, answer.start):
                yield Role(words, answer.start, "read-after")

    def _leads(self, answer: Answer, name: Span) -> bool:
        """Return whether a description leads to a name: not that of Lee in "Ana Lee, the envoy to Oslo, Bo Roe, …"."""
        if not 0 <= name.start - answer.end <= NEAR or not _BEFORE.fullmatch(self.text, answer.end, name.start):
            return False
        ended = "," in self.text[max(answer.start, name.start - NEAR) : name.start]
        return not ended or not _AFTER_NAME.search(self.text, answer.start - 20, answer.start)


class _Spans:
    """Spans in the order of the text, searchable by place."""

    def __init__(self, spans: Sequence[Answer]) -> None:
        self.spans = sorted(spans, key=lambda s: s.start)
        self.starts = [s.start for s in self.spans]

    def touching(self, low: int, high: int) -> Iterator[Answer]:
        for number in range(bisect_left(self.starts, low - LONGEST), bisect_left(self.starts, high)):
            if self.spans[number].end > low:
                yield self.spans[number]
