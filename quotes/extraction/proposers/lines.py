"""Match forms in an article's lines, and check whether the article supports that words are a name.

Part of the layout proposer.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import islice

from attrs import define, frozen

from quotes.lexicon import Lexicon
from quotes.records import Candidate, Cue, MarkedSpan, QuoteType, Resolution, Span, Turn

# The longest signature or label, with its description.
LINE = 240
# The longest label of a speaker, with title, party and channel: "SEN. MAYA LIND (R-TX), COMMITTEE CHAIR:".
LABEL = 130
# A longer word with a full stop is not an abbreviation: "Sen." is one, "Sanchez." is not.
_SHORT = 4
# How often to look up a word in the article.
_MOST_PLACES = 100
_SMALL = re.compile(r"(?<![\w’'-])[a-zß-öø-ÿ]{3,30}(?![\w-])")
_CAPITALISED = re.compile(r"(?<=[a-zß-öø-ÿ,][ \u00a0])[^\W\d_a-zß-öø-ÿ][\w’'-]{1,30}")


@frozen
class Hit:
    """A match in a slice of the article, which begins at `offset`."""

    match: re.Match[str]
    shape: str
    offset: int

    def span(self, group: str = "") -> Span:
        """Return the span of a group in the source's text; of the whole match if no group is given."""
        low, high = self.match.span(group) if group else self.match.span()
        return Span(self.offset + low, self.offset + high)

    def __getitem__(self, group: str) -> str:
        return self.match.groupdict().get(group) or ""


@define(eq=False)
class Page:
    """An article's lines, and facts about their words."""

    text: str
    body: Span
    marked: Sequence[MarkedSpan]
    paragraphs: Sequence[Span]
    lexicon: Lexicon

    def match(self, shape: str, low: int, high: int) -> Hit | None:
        """Match a form at an offset; the pattern can look at a mark directly before it."""
        back = int(low > 0 and not self.text[low - 1].isspace())
        high = min(high, low + LINE)
        match = self.lexicon.regex(shape).match(self.text[low - back : high], back)
        return Hit(match, shape, low - back) if match else None

    def words(self, low: int, high: int) -> bool:
        """Return whether a slice has a letter or a digit."""
        return any(c.isalnum() for c in self.text[low:high])

    def content(self, low: int, high: int) -> Span:
        """Return a slice without leading white space."""
        while low < high and self.text[low].isspace():
            low += 1
        return Span(low, high)

    def paragraph(self, offset: int) -> int:
        """Return the number of the paragraph that contains an offset."""
        return max(0, bisect_right(self.paragraphs, offset, key=lambda p: p.start) - 1)

    @cached_property
    def outlets(self) -> frozenset[str]:
        """The names of all outlets: a reporter's or an agency's line is not a signature."""
        return frozenset(n for o in self.lexicon.outlets for n in (o.name, *o.aliases, *o.weak))

    def is_label(self, label: str) -> bool:
        """Return whether the words before a colon, or after a dash, may be a name."""
        low = label.lower()
        if low in self.lexicon.own_set("label-not-speaker"):
            return False
        parts = self.lexicon.own_set("label-part")
        return not any(word.strip(",.()") in parts for word in low.split())

    def is_person(self, name: str, *, about: str | None = None) -> bool:
        """Return whether a label names a person: the article or the lists of names must have each of its words.

        In the headline "Polat Slams Rivals: ‘No bread’" they do not, so the label is not a name.
        """
        words = [w.strip(".,").lower() for w in name.split()]
        if name.isupper() or not self.is_label(name):
            return False
        titled = name.split()[0] in self._titles
        if words[0] in self.lexicon.names.not_name and not titled:
            return False
        if 1 < len(words) < 4 and (about or titled):
            return True
        if self.is_full_name(name):
            return True
        particles = self.lexicon.names.particle
        known = [w in self._seen or w in self._given or w in particles or len(w) == 1 for w in words[not titled :]]
        return self.is_known(name) and (titled or words[0] in self._seen or words[0] in self._given) and all(known)

    def is_surname(self, word: str) -> bool:
        """Return whether the article prints a word as a surname, after a given name or a title: Ellen Page."""
        forms = "|".join(map(re.escape, (word.title(), word.upper())))
        shape = re.compile(rf"([^\W\d_a-zß-öø-ÿ][\w.’'-]{{0,30}})[ \u00a0](?:{forms})\b")
        found = (m[1] for m in islice(shape.finditer(self.text, self.body.start, self.body.end), _MOST_PLACES))
        return any(w.lower() in self._given or w.capitalize() in self._titles for w in found)

    def is_full_name(self, name: str) -> bool:
        """Return whether words are a given name and a surname."""
        words = name.split()
        return len(words) == 2 and words[0].lower() in self._given

    def is_known(self, label: str) -> bool:
        """Return whether the article prints a label's last word within a sentence, or its first is a given name."""
        words = [w.strip(".,").lower() for w in label.partition("(")[0].split()]
        if not words or label.lower() in self.lexicon.names.place:
            return False
        return words[-1] in self._seen or (len(words) > 1 and words[0] in self._given)

    @cached_property
    def _given(self) -> frozenset[str]:
        return self.lexicon.names.given_f | self.lexicon.names.given_m

    @cached_property
    def _seen(self) -> frozenset[str]:
        """The capitalised words within the sentences below the headline, in lower case."""
        low = self.paragraphs[0].end if len(self.paragraphs) > 1 else self.body.start
        found = _CAPITALISED.findall(self.text, low, self.body.end)
        return frozenset(w.lower().removesuffix("’s").removesuffix("'s") for w in found)

    @cached_property
    def mark_starts(self) -> frozenset[int]:
        """Where its quotations begin."""
        return frozenset(m.start for m in self.marked)

    @cached_property
    def small(self) -> frozenset[str]:
        """The words that the article prints in lower case."""
        return frozenset(_SMALL.findall(self.text, self.body.start, self.body.end))

    @cached_property
    def _titles(self) -> frozenset[str]:
        return frozenset(w for t in self.lexicon.titles for w in t.words)

    def candidate(
        self, spans: Sequence[Span], hit: Hit, name: str, cue: str | None, resolution: Resolution | None
    ) -> Candidate:
        """Build the candidate of a match.

        Args:
            spans: the quoted words.
            hit: the match that credits it.
            name: the group that names the speaker.
            cue: the group of the cue: a dash, a colon; None if nothing is between label and words.
            resolution: how the name is known, if the layout shows it.
        """
        mention, mark = hit.span(name), hit.span(cue or name)
        words = hit[name].split()
        if words[-1].endswith(".") and len(words[-1]) > _SHORT:
            mention = Span(mention.start, mention.end - 1)  # the line's full stop, not an abbreviation's
        about = hit.match.groupdict().get("about")
        return Candidate(
            spans=tuple(spans),
            type=self._type(spans),
            pattern=hit.shape,
            cue=Cue(hit[cue], hit[cue], mark.start, mark.end) if cue else None,
            mention=mention,
            source=Span(mention.start, hit.span("about").end if about else mention.end),
            anchor=mark.start,
            resolution=resolution,
            features=(("layout", 1.0), (f"pattern_{hit.shape}", 1.0)),
        )

    def turn(self, spans: Sequence[Span], turn: Turn, pattern: str) -> Candidate:
        """Build the candidate of a turn without a label."""
        features = (("layout", 1.0), (f"pattern_{pattern}", 1.0))
        return Candidate(tuple(spans), "direct", pattern, anchor=spans[0].start, turn=turn, features=features)

    def _type(self, spans: Sequence[Span]) -> QuoteType:
        """Return the type: whether all, some or none of the words are in quotation marks.

        A mark before the label (“LEE: When?”) belongs to the transcript, not to the turn, and does not count.
        """
        inside = outside = False
        for span in spans:
            at = span.start
            number = bisect_left(self.marked, span.start, key=lambda m: m.start)
            while number < len(self.marked) and self.marked[number].start < span.end:
                inside = True
                outside = outside or self.words(at, self.marked[number].start)
                at = max(at, self.marked[number].end)
                number += 1
            outside = outside or self.words(at, span.end)
        return "indirect" if not inside else "mixed" if outside else "direct"
