"""Leave a channel with its speaker's next statements, until something breaks it.

“It works,” Lee told CNN. “It always did,” she said. ¶ Morita replied at the same debate; then Lee added something.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import cached_property

from attrs import define, frozen

from quotes.lexicon import Lexicon
from quotes.records import Candidate, Channel, Speaker

# A statement stays in its speaker's run over so many paragraphs that quote nobody.
BETWEEN = 2
# And one that adds something to what he said before, over so many that quote somebody else.
_ADDED = 4
_PARTED = 1_000
_NOT_PERSONS = frozenset({"organization", "group", "document", "author"})
# These name a listener, not an occasion: they leave the occasion and the outlet as they were.
_LISTENERS = frozenset({"journalist", "audience"})
Traced = tuple[str, Channel]


@frozen
class Said:
    """What carries over: the channels of a speaker's last statement, and where it ended.

    `words` are those of a sentence that told them without crediting anybody, `acted` tells whether the speaker acts in
    it, and `asked` are the channels of a question.
    """

    speaker: str | None
    channels: tuple[Traced, ...]
    end: int
    words: str = ""
    acted: bool = False
    asked: tuple[Traced, ...] = ()


@define(eq=False)
class Voices:
    """Who speaks in an article's statements, and with which cue, as far as it is known."""

    text: str
    statements: Sequence[Candidate]
    speakers: Sequence[Speaker | None]
    lexicon: Lexicon

    def place(self, index: int) -> int:
        """Return where a statement begins: with its cue or with what was said."""
        start, anchor = self.statements[index].spans[0].start, self.statements[index].anchor
        return start if anchor is None else min(start, anchor)

    def end(self, index: int) -> int:
        """Return where it ends."""
        statement = self.statements[index]
        return max(statement.spans[-1].end, statement.cue.end if statement.cue else 0)

    def pronoun(self, index: int) -> bool:
        """Tell whether only a pronoun credits it, or nothing."""
        mention = self.statements[index].mention
        return mention is None or self.text[mention.start : mention.end].lower() in self.words("pronouns")

    def full(self, index: int) -> str:
        """Return the name of who speaks, be it as a pronoun; "" for nobody, and for a document."""
        known = self.speakers[index] if self.speakers else None
        return known.name if known is not None and known.kind != "document" else ""

    def speaker(self, index: int) -> str | None:
        """Return who speaks, as far as the mention tells: None for the one before."""
        if self.speakers:
            known = self.speakers[index]
            if known is None or (known.kind not in _NOT_PERSONS and known.name.startswith("the ")):
                return None  # "the Vermont senator", where nobody else has spoken since
            return known.name
        mention = self.statements[index].mention
        if mention is None or self.pronoun(index):
            return None
        words = self.text[mention.start : mention.end].replace("’", "'").removesuffix("'s").split()
        return words[-1] if words else None

    def same(self, name: str, other: str | None) -> bool:
        """Tell whether two names are one person's, be it with a title: Secretary of State Robert Hale, Robert Hale."""
        if name == other or other is None:
            return name == other
        if not ({name, other} <= self._persons and " " in name and " " in other):
            return False  # a family name alone may be a relative's
        return f" {name}".endswith(f" {other}") or f" {other}".endswith(f" {name}")

    @cached_property
    def _persons(self) -> frozenset[str]:
        return frozenset(s.name for s in self.speakers if s is not None and s.kind == "person")

    def cued(self, index: int, words: str) -> bool:
        """Tell whether the cue holds a word of a list, as it stands there or in its ground form."""
        cue = self.statements[index].cue
        if cue is None:
            return False
        return not self.words(words).isdisjoint({cue.lemma.lower(), *cue.text.lower().split()})

    def words(self, name: str) -> frozenset[str]:
        """Return a word list of the language."""
        return self.lexicon.word_set(f"{self.lexicon.language}-{name}")


def carry_over(
    found: Sequence[list[Traced]], *, voices: Voices, context: Mapping[int, Said], breaks: Container[int]
) -> None:
    """Add to each statement the channels that it has from those before it.

    Args:
        found: the channels of each statement's own sentence.
        voices: who speaks.
        context: what the sentences before a statement tell of its channels.
        breaks: the statements that are set apart in time.
    """
    order = sorted((n for n, s in enumerate(voices.statements) if s.type != "post"), key=voices.place)
    last: Said | None = None
    lately: dict[str, Said] = {}
    for index in order:
        own = found[index]
        told = context.get(index)
        if told is not None and (last is None or _replaces(told, last, index, voices)):
            last = told
        asked = tuple(own) if not voices.full(index) and voices.cued(index, "asking") else ()
        if last is not None and index not in breaks:
            _add(own, _handed(index, last, lately, voices), voices.words("gives-way"))
        speaker = voices.speaker(index) or (last.speaker if last is not None else None)
        last = Said(speaker, tuple(own), voices.end(index), asked=asked)
        if speaker and own:
            lately[speaker] = last


def _add(own: list[Traced], handed: Sequence[Traced], vague: Container[str]) -> None:
    """Give a statement what is handed on, unless its own sentence tells more than who listens, or of an interview."""
    if not own or (all(c.name in vague for _, c in own) and any(c.kind == "outlet" for _, c in handed)):
        own += handed
    elif all(c.kind in _LISTENERS for _, c in own):
        own += [pc for pc in handed if pc[1].kind not in _LISTENERS]


def _replaces(told: Said, last: Said, index: int, voices: Voices) -> bool:
    """Tell whether a sentence that credits nobody tells of a new occasion: not if it only names one in passing."""
    if all(c.kind in _LISTENERS for _, c in told.channels):
        return False
    goes_on = voices.speaker(index) in (None, last.speaker) and paragraphs(voices.text[last.end : told.end]) <= BETWEEN
    return told.acted or not (last.channels and goes_on)


def _handed(index: int, last: Said, lately: Mapping[str, Said], voices: Voices) -> Sequence[Traced]:
    """Return the channels that a statement has from an earlier one."""
    at, speaker = voices.place(index), voices.speaker(index)
    gap = voices.text[last.end : at]
    if paragraphs(gap) <= BETWEEN:
        if last.words:
            named = speaker is not None and speaker.rsplit(" ", 1)[-1].lower() in last.words.lower()
            if named or (voices.pronoun(index) and voices.statements[index].mention is not None):
                return last.channels
        elif speaker is None or voices.same(speaker, last.speaker):
            return last.channels
        elif last.asked and "\n" not in gap:
            return last.asked
        elif "\n" not in gap.strip() and voices.cued(index, "replies"):
            return [pc for pc in last.channels if _shared(pc[1], voices.words("shared-occasions"))]
    before = lately.get(speaker or "")
    if before is not None and voices.cued(index, "adding") and paragraphs(voices.text[before.end : at]) <= _ADDED:
        return before.channels
    return ()


def _shared(channel: Channel, occasions: Container[str]) -> bool:
    """Tell whether whoever replies is there, too: at a debate, on a programme."""
    if channel.relation == "in":
        return channel.kind == "occasion" and any(word in occasions for word in channel.name.lower().split())
    return channel.relation == "on" and channel.kind in ("programme", "outlet")


def paragraphs(between: str) -> int:
    """Count the whole paragraphs in a gap; a line of signs alone parts one story from the next."""
    inner = [line for line in between.split("\n")[1:-1] if line.strip()]
    return len(inner) if all(any(c.isalnum() for c in line) for line in inner) else _PARTED
