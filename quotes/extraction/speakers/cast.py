"""The cast of a transcript or an interview: who HALE, Q and the interviewee are.

All labels of one speaker make one member: "COOPER HALE, CNN ANCHOR" and "HALE". The article around them may have a
fuller name, and its title and introduction say who asks and who answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from attrs import Factory, define, evolve

from quotes.extraction.article_text import ArticleText
from quotes.extraction.speakers.model import ArticleModel, Entity, Mention
from quotes.extraction.speakers.roles import fullest
from quotes.lexicon.outlets import find_name
from quotes.records import Candidate, Speaker, SpeakerKind
from quotes.records import Mention as MentionRecord
from quotes.text.speaker_labels import Label, folded, mixed_forms, spelled, take_apart

# The most characters between words that announce an interview and the interviewee's name: "spoke to the novelist ".
_BEFORE = 60
# A name after them weighs as much as this many mentions.
_NAMED = 4
# How many letters a label of initials has.
_INITIALS = range(2, 4)


@define(eq=False)
class _Member:
    labels: list[Label] = Factory(list)
    name: str = ""
    roles: list[str] = Factory(list)
    entity: Entity | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return max((label.words for label in self.labels), key=len, default=())


@define(eq=False)
class Cast:
    """The speakers of an article's turns.

    Args:
        model: the article's entities.
        statements: its statements, of which turns count.
        article: the article, with title, byline and outlet of the asker.
    """

    model: ArticleModel
    statements: Sequence[Candidate]
    article: ArticleText

    def speakers(self) -> dict[int, Speaker | None]:
        """Return the speaker of each statement that is a turn, by the statement's number."""
        turns = {n: s for n, s in enumerate(self.statements) if s.turn}
        if not turns:
            return {}
        printed = {n: self._printed(s, named=True) for n, s in turns.items() if s.mention}
        labels = {n: take_apart(words, self.model.lexicon) for n, words in printed.items()}
        members = self._members(labels.values())
        asked = Speakers(self, self._first)
        who = {label: self._labelled(label, members, asked) for label in set(labels.values())}
        found: dict[int, Speaker | None] = {}
        for number, statement in turns.items():
            label = labels.get(number)
            speaker = who[label] if label else asked.of(statement.turn, statement.anchor)
            found[number] = self._with_mention(speaker, statement) if speaker else None
        return found

    @cached_property
    def _first(self) -> int:
        """Where the first turn begins."""
        return min((s.spans[0].start for s in self.statements if s.turn), default=0)

    def _printed(self, statement: Candidate, *, named: bool = False) -> str:
        """Return the words that label a turn; with `named`, those that name the speaker: Q below BY MR. LEE."""
        mention, source = statement.mention, statement.source
        if named and mention and source and not source.start <= mention.start < source.end:
            mention = source
        return self.model.layout.text[mention.start : mention.end] if mention else ""

    def _with_mention(self, speaker: Speaker, statement: Candidate) -> Speaker:
        mention = statement.mention
        if mention is None:
            return evolve(speaker, mention=None, resolution="continuation")
        printed = MentionRecord(self._printed(statement), mention.start, mention.end)
        label = take_apart(printed.text, self.model.lexicon)
        same = folded(speaker.name).split()[-1:] == folded(label.name).split()[-1:] or _is_short(label, speaker.name)
        return evolve(speaker, mention=printed, resolution="name" if same else "role")

    def _members(self, labels: Iterable[Label]) -> dict[Label, _Member]:
        """Group the labels of one speaker: by surname, or by a unique given name."""
        found: dict[Label, _Member] = {}
        known: dict[str, list[_Member]] = {}  # by surname, given name, or the whole label
        for label in sorted(set(labels), key=lambda one: -len(one.words)):
            keys = {label.key, *label.words[:1]}
            member = next((m for key in sorted(keys) for m in known.get(key, ()) if _fits(label, m)), None)
            if member is None:
                member = _Member()
                for key in keys:
                    known.setdefault(key, []).append(member)
            member.labels.append(label)
            found[label] = member
        for member in {id(m): m for m in found.values()}.values():
            self._describe(member)
        return found

    def _describe(self, member: _Member) -> None:
        """Give a member the fullest name and the descriptions in its labels and the article."""
        longest = max(member.labels, key=lambda one: len(one.words))
        member.name = self.spelled(longest.name)
        member.entity = self._entity(longest)
        if member.entity is not None and len(member.entity.words) > len(longest.words):
            member.name = self.spelled(member.entity.name)
        member.roles = [role for label in sorted(member.labels, key=lambda one: -len(one.text)) for role in label.roles]

    def _entity(self, label: Label) -> Entity | None:
        """Return the article's person whom a label's name means."""
        if not label.words:
            return self.holder(label.office)
        near = [e for e in self.named.get(label.surname, ()) if _bears(e, label)]
        if not near and label.name.isupper():
            bearers = [e for e in self.model.entities if e.kind != "organization" and _is_short(label, e.name)]
            told = [e for e in bearers if any(m.start < self._first for m in e.mentions)]  # in the introduction
            near = next((few for few in (bearers, told) if len(few) == 1), [])
        return max(near, key=lambda e: len(e.mentions), default=None)

    def spelled(self, name: str) -> str:
        """Return a name in capitals as the article prints it elsewhere, or with initial capitals."""
        return spelled(name, self._forms, self.model.lexicon)

    @cached_property
    def _forms(self) -> dict[str, str]:
        layout = self.model.layout
        return mixed_forms(layout.text[layout.body.start : layout.body.end])

    @cached_property
    def named(self) -> dict[str, list[Entity]]:
        """The article's people with full names, by first and last word."""
        found: dict[str, list[Entity]] = {}
        for entity in self.model.entities:
            if entity.kind != "organization" and len(entity.words) > 1:
                for word in {folded(entity.words[0]), folded(entity.words[-1])}:
                    found.setdefault(word, []).append(entity)
        return found

    def holder(self, office: str) -> Entity | None:
        """Return the only person with an office's title in the article: THE PRESIDENT is President Maya Lind."""
        wanted = folded(office)
        holders = [e for e in self.model.entities if e.kind == "person" and wanted in {folded(t) for t in e.titles}]
        return holders[0] if len(holders) == 1 else None

    def _labelled(self, label: Label, members: Mapping[Label, _Member], asked: Speakers) -> Speaker:
        lexicon, member = self.model.lexicon, members[label]
        low = folded(label.text)
        for turn, words in (("question", "question-word"), ("answer", "answer-word")):
            if low in lexicon.own_set(f"label-{words}"):
                speaker = asked.of(turn)
                return speaker or Speaker(label.text, "anonymous")
        outlet = find_name(label.name, lexicon=lexicon, weak=label.name.isupper())
        if outlet is not None and not self._shortened(label, outlet.name):
            return Speaker(outlet.name, "organization")
        name = member.name or (member.entity.name if member.entity else "")
        if not name:
            return Speaker(member.labels[0].office or label.text, self._kind(label, ""))
        own = member.entity and fullest(list(member.entity.roles), lexicon=lexicon, weights=lexicon.weights)
        offices = [one.office for one in member.labels if one.office]
        printed = [r for r in member.roles if len(r) > 1 and folded(r) not in _short(self.model)]
        role = next(iter([*printed, *offices, *([own] if own else []), *member.roles]), None)
        return Speaker(name, self._kind(label, name), role if role and len(role) > 1 else None)

    def _shortened(self, label: Label, outlet: str) -> bool:
        """Return whether a label is an outlet's name without its article, in a text that does not name the outlet."""
        own = self.article.outlet.name if self.article.outlet else ""
        return folded(outlet) == f"the {folded(label.name)}" and outlet != own and outlet not in self.model.layout.text

    def _kind(self, label: Label, name: str) -> SpeakerKind:
        lexicon = self.model.lexicon
        words = label.text.lower().replace("-", " ").split()
        if words and words[-1].strip(".") in lexicon.own_set("label-group-noun"):
            return "group"
        unnamed = lexicon.own_set("label-unnamed")
        titled = label.name and label.name != label.text
        if not name or (not titled and any(w.strip(".,()") in unnamed for w in words) and len(words) < 4):
            return "anonymous"
        if set(label.name.lower().split()) & lexicon.names.org_word:
            return "organization"
        return "person"


def _is_short(label: Label, name: str) -> bool:
    """Return whether a label has the initials of a name of two or three words: MO is Marta Olsen."""
    letters = [folded(word)[:1] for word in name.split()]
    return len(letters) in _INITIALS and folded(label.name).replace(".", "") == "".join(letters)


def _short(model: ArticleModel) -> frozenset[str]:
    """Return titles alone: as a role, "SEN." comes after the article's descriptions."""
    return frozenset(folded(w) for t in model.lexicon.titles for w in t.words)


def _fits(label: Label, member: _Member) -> bool:
    """Return whether a shorter label means a member."""
    longest, words = member.words, label.words
    if not words or not longest:
        return label.key == member.labels[0].key
    if any(label.surname == other.surname for other in member.labels):
        return len(words) == 1 or longest[0] == words[0] or longest[0][0] == words[0][0] or len(longest) == 1
    return len(words) == 1 and len(longest) > 1 and words[0] == longest[0]


def _bears(entity: Entity, label: Label) -> bool:
    """Return whether a label can mean an entity."""
    theirs = tuple(map(folded, entity.words))
    if len(label.words) == 1:
        return label.surname in (theirs[-1], theirs[0])
    return label.surname == theirs[-1] and label.words[0] == theirs[0]


class Speakers:
    """Who asks and who answers, according to title and introduction.

    Args:
        cast: the cast they belong to.
        start: where the first turn begins.
    """

    def __init__(self, cast: Cast, start: int) -> None:
        self.cast, self.model, self.start = cast, cast.model, start
        self._found: dict[tuple[str | None, int | None], Speaker | None] = {}

    def of(self, turn: str | None, line: int | None = None) -> Speaker | None:
        """Return the speaker of a question, an answer or a speech; None if unknown."""
        key = (turn, line if turn == "speech" else None)
        if key not in self._found:
            self._found[key] = self._of(turn, line)
        return self._found[key]

    def _of(self, turn: str | None, line: int | None) -> Speaker | None:
        if turn in ("unnamed", "headline"):
            return None
        if turn == "speech" and line is not None and (named := self._owner(line)):
            return named
        if turn == "question":
            return self._interviewer()
        return self._interviewee()

    def _owner(self, start: int) -> Speaker | None:
        """Return the speaker of an announced speech: the king's speech in full, remarks by Minister Lind."""
        lexicon, text = self.model.lexicon, self.model.layout.text
        line, title = text[start:].partition("\n")[0], self.cast.article.title or ""
        people = [e for m, e in self.model.within(start, start + len(line)) if self._personal(e)]
        owner = lexicon.regex(f"{lexicon.language}-speech-owner")
        for words in (line, title):
            match = owner.search(words)
            holder = self.cast.holder(match["owner"]) if match else None
            people += [holder] if holder else []
            wanted = folded(match["owner"]).split()[-1] if match else ""
            people += [e for e in self.cast.named.get(wanted, ()) if wanted == folded(e.words[-1])]
        people += [e for e in self.model.entities if title and e.kind == "person" and e.name in title]
        return self._speaker(people[0]) if people else None

    def _speaker(self, entity: Entity) -> Speaker:
        lexicon = self.model.lexicon
        role = fullest(list(entity.roles), lexicon=lexicon, weights=lexicon.weights)
        return Speaker(self.cast.spelled(entity.name), "person", role)

    def _interviewer(self) -> Speaker | None:
        """Return the publishing outlet, or the asker in the introduction, or the writer."""
        article, model = self.cast.article, self.model
        regex, text = model.lexicon.regex(f"{model.lexicon.language}-interviewer"), model.layout.text
        above = self._above()
        asks = next((e for m, e in above if self._is_asker(m) and self._personal(e)), None)
        asks = asks or next((e for m, e in above if regex.match(text[m.end : m.end + _BEFORE])), None)
        told = article.outlet.name if article.outlet else None
        name = told or (asks.name if asks else None) or article.byline
        return Speaker(name, "author") if name else None

    def _interviewee(self) -> Speaker | None:
        lexicon, text = self.model.lexicon, self.model.layout.text
        regex = lexicon.regex(f"{lexicon.language}-interview-of")
        scores: Counter[int] = Counter()
        people = {id(e): e for e in self.model.entities if e.kind != "organization" and self._personal(e)}
        for mention, entity in self.model.mentions:
            if id(entity) not in people or mention.start >= self.start:
                continue
            scores[id(entity)] += 1
            before = text[max(self.model.layout.body.start, mention.start - _BEFORE) : mention.start]
            after = text[mention.end : mention.end + _BEFORE]
            if regex.search(before + "\0"):
                scores[id(entity)] += _NAMED
            if lexicon.regex(f"{lexicon.language}-interviewer").match(after):
                scores[id(entity)] -= _NAMED
            elif lexicon.regex(f"{lexicon.language}-interview-by").match(after):
                scores[id(entity)] += _NAMED
        title = folded(self.cast.article.title or "")
        for key, entity in people.items():
            if title and folded(entity.words[-1]) in title.split():
                scores[key] += 1 + _NAMED // 2
        byline = folded(self.cast.article.byline or "")
        askers = {id(e) for m, e in self._above() if self._is_asker(m)}
        best = [
            (n, k) for k, n in scores.items()
            if k not in askers and not (byline and folded(people[k].name) in byline)
        ]  # fmt: skip
        if not best:
            return None
        entity = people[max(best, key=lambda nk: nk[0])[1]]
        return self._speaker(entity)

    def _above(self) -> list[tuple[Mention, Entity]]:
        return [(m, e) for m, e in self.model.mentions if m.start < self.start]

    def _is_asker(self, mention: Mention) -> bool:
        """Return whether the words before a name show an interviewer: she spoke with the Gazette's Ana Lee."""
        regex, layout = self.model.lexicon.regex(f"{self.model.lexicon.language}-interview-asker"), self.model.layout
        low = max(layout.body.start, mention.start - _BEFORE)
        return regex.search(layout.text[low : mention.start] + "\0") is not None

    def _personal(self, entity: Entity) -> bool:
        return entity.kind == "person" or len(entity.words) > 1 or entity.described
