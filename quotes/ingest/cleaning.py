"""Repair dirty text before it is read: `--clean`. The steps are data; each finds what to change, and counts it.

What a repair changes is layout and encoding, never what was written: quotation marks, dashes and spelling stay. Each
step goes through the text once; all are gone through again until nothing changes, so that cleaning a clean text does
nothing. Without `--clean` the same list tells, by `dirt`, what would harm the reading.
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

# One step can bring to light what another repairs ("&shy;"), and hardly ever more than once.
ROUNDS = 4


@frozen
class Step:
    """One kind of dirt.

    `name` is what the record calls it, `one` and `many` what a message does.
    """

    name: str
    one: str
    many: str
    find: Finder
    told: Finder | None = None
    """Finds what harms the reading if it is not repaired, without loading a library; None if the reading copes."""
    inline: bool = True
    """Whether it happens in titles and bylines, too."""

    def repair(self, text: str, lexicon: Lexicon | None = None) -> tuple[str, int]:
        """Return the text without this dirt, and how often it was found.

        Args:
            text: any text.
            lexicon: the words of its language; compounds keep their hyphens less well without.
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
    Step("escapes", "literal escape", "literal escapes", characters.escapes, told=characters.escapes),
    Step("entities", "HTML entity", "HTML entities", characters.entities, told=characters.entities),
    Step("split-letters", "letter split from its accent", "letters split from their accents", characters.split_letters),
    Step("c1-controls", "C1 control", "C1 controls", characters.c1_controls, told=characters.c1_controls),
    Step("mojibake", "mojibake character", "mojibake characters", characters.mojibake, told=characters.misread),
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
    """Return a source with its text, title and byline repaired, and `cleaned` saying what was.

    Args:
        source: as ingest found it; one that is cleaned already comes back as it is.
        lexicon: the words of its language.
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
    """Return a text that these steps find nothing in.

    Args:
        text: any text.
        lexicon: the words of its language; compounds keep their hyphens less well without.
        steps: what is looked for.
        counts: of each step, how often it found something; added to.
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
    """Return what in a text harms its reading and `clean` would repair."""
    found = ((step, sum(1 for _ in step.told(text, None))) for step in STEPS if step.told is not None)
    return tuple(Repair(step.name, count) for step, count in found if count)


def repairs(counts: Counter[str]) -> tuple[Repair, ...]:
    """Return counts by the name of a step as records, in the order of the steps."""
    return tuple(Repair(step.name, counts[step.name]) for step in STEPS if counts[step.name])


def described(found: Iterable[Repair]) -> str:
    """Say what was found: "3 hyphenated line ends, 12 mojibake characters"."""
    return ", ".join(_described(found))


def _described(found: Iterable[Repair]) -> Iterator[str]:
    for repair in found:
        step = _STEPS[repair.step]
        yield f"{repair.count:,} {step.one if repair.count == 1 else step.many}"
