"""Repair dirty text before it is read: `--clean`. The steps are data; each finds its edits and counts them.

Repairs change layout and encoding, never the wording: quotation marks, dashes and spelling stay. Each step goes through
the text once, and all are repeated until nothing changes, so that cleaning a clean text does nothing. Without
`--clean` the same list reports, by `dirt`, what would harm the reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from quotes.ingest import dirty_characters as characters
from quotes.ingest import dirty_lines as lines
from quotes.ingest.dirty_characters import Edit, Finder
from quotes.lexicon import Lexicon
from quotes.records import Repair, SourceText

# The most rounds: one step can reveal dirt that another repairs ("&shy;"), seldom more than once.
ROUNDS = 4


@frozen
class Step:
    """One kind of dirt.

    `name` is its name in the record, `one` and `many` are its names in messages.
    """

    name: str
    one: str
    many: str
    find: Finder
    harmful: Finder | None = None
    """Finds dirt that harms the reading, without loading a library; None if the reading copes with it."""
    inline: bool = True
    """Whether it occurs in titles and bylines, too."""

    def repair(self, text: str, lexicon: Lexicon | None = None) -> tuple[str, int]:
        """Return the text without this dirt, and how often it was found.

        Args:
            text: any text.
            lexicon: the patterns of its language; without them, compounds may lose their hyphens.
        """
        edits = list(self.find(text, lexicon))
        return (_applied(text, edits), len(edits)) if edits else (text, 0)


def _applied(text: str, edits: Iterable[Edit]) -> str:
    parts: list[str] = []
    at = 0
    for edit in sorted(edits):
        parts += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join((*parts, text[at:]))


STEPS: tuple[Step, ...] = (
    Step("escapes", "literal escape", "literal escapes", characters.escapes, harmful=characters.escapes),
    Step("entities", "HTML entity", "HTML entities", characters.entities, harmful=characters.entities),
    Step("split-letters", "letter split from its accent", "letters split from their accents", characters.split_letters),
    Step("c1-controls", "C1 control", "C1 controls", characters.c1_controls, harmful=characters.c1_controls),
    Step("mojibake", "mojibake character", "mojibake characters", characters.mojibake, harmful=characters.misread),
    Step("soft-hyphens", "soft hyphen", "soft hyphens", characters.soft_hyphens),
    Step("invisible-characters", "invisible character", "invisible characters", characters.invisible),
    Step("ligatures", "ligature", "ligatures", characters.ligatures),
    Step("page-furniture", "running head", "running heads", lines.page_furniture, inline=False),
    Step("page-breaks", "page break", "page breaks", lines.page_breaks, inline=False),
    Step("bullets", "bullet", "bullets", lines.bullets, inline=False),
    Step("hard-wraps", "hard-wrapped line", "hard-wrapped lines", lines.hard_wraps, inline=False),
    Step("hyphenated-line-ends", "hyphenated line end", "hyphenated line ends", lines.hyphenated, inline=False),
    Step("spaces", "odd blank", "odd blanks", characters.spaces),
)
_STEPS = {step.name: step for step in STEPS}


def clean(source: SourceText, *, lexicon: Lexicon) -> SourceText:
    """Return a source with text, title and byline repaired, and the repairs in `cleaned`.

    Args:
        source: a source from ingest; a cleaned one is returned unchanged.
        lexicon: the patterns of its language.
    """
    if source.cleaned is not None:
        return source
    counts: Counter[str] = Counter()
    inline = tuple(step for step in STEPS if step.inline)
    title, byline, outlet = (
        None if words is None else repaired(words, lexicon, steps=inline, counts=counts)
        for words in (source.title, source.byline, source.outlet)
    )
    text = repaired(source.text, lexicon, counts=counts)
    return evolve(source, text=text, title=title, byline=byline, outlet=outlet, cleaned=repairs(counts), emphasis=())


def repaired(
    text: str, lexicon: Lexicon | None = None, *, steps: tuple[Step, ...] = STEPS, counts: Counter[str] | None = None
) -> str:
    """Return a text repaired by these steps.

    Args:
        text: any text.
        lexicon: the patterns of its language; without them, compounds may lose their hyphens.
        steps: the steps.
        counts: the number of repairs by step, which is added to.
    """
    for _ in range(ROUNDS):
        before = text
        for step in steps:
            text, count = step.repair(text, lexicon)
            if counts is not None and count:
                counts[step.name] += count
        if text == before:
            break
    return text


def dirt(text: str) -> tuple[Repair, ...]:
    """Return the dirt in a text that harms its reading and that `clean` would repair."""
    found = ((step, sum(1 for _ in step.harmful(text, None))) for step in STEPS if step.harmful is not None)
    return tuple(Repair(step.name, count) for step, count in found if count)


def repairs(counts: Counter[str]) -> tuple[Repair, ...]:
    """Return counts by step as records, in the order of the steps."""
    return tuple(Repair(step.name, counts[step.name]) for step in STEPS if counts[step.name])


def described(found: Iterable[Repair]) -> str:
    """Return repairs in words: "3 hyphenated line ends, 12 mojibake characters"."""
    return ", ".join(_described(found))


def _described(found: Iterable[Repair]) -> Iterator[str]:
    for repair in found:
        step = _STEPS[repair.step]
        yield f"{repair.count:,} {step.one if repair.count == 1 else step.many}"
