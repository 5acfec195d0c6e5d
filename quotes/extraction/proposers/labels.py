"""Labels of transcripts: lines that begin with a speaker, LEE: or Q or Mr. LEE., if they support one another.

Part of the layout proposer. A line that begins with a word and a colon may be a heading, a dateline or a list item. The
forms of labels are data: `patterns/layouts.toml`, `patterns/<lang>/transcripts.toml`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from attrs import evolve, frozen

from quotes.extraction.proposers.lines import LABEL, LINE, Hit, Page
from quotes.text.speaker_labels import Label, take_apart

Family = Literal["question", "stop", "capitals", "name", "group", "line", "unnamed", "nobody", "doubtful"]
# The fewest such lines that make a transcript of one family; names without capitals need one more.
_FEWEST: dict[Family, int] = {"question": 2, "stop": 2, "capitals": 2, "name": 3, "line": 3}
_ENDS = '.!?…"”’)]-—–'
_SHOUTED = re.compile(r"[^\W\d_a-zß-öø-ÿ]['’]?[^\W\d_a-zß-öø-ÿ]")
# The most characters of a name on a separate line.
_NAME_LINE = 70


@frozen(eq=False)
class Labelled:
    """A labelled paragraph: its number, the match, and where the speaker's words begin.

    `hit` is None if a caption's chevrons mark a new but unnamed speaker; the family "nobody" are lines with a label
    that names no speaker: TEXT:, VIDEO:; those of "doubtful" may have a surname, or not: PRICE:, PAGE:.
    """

    at: int
    hit: Hit | None
    start: int
    family: Family
    label: Label

    @property
    def key(self) -> str:
        """The key shared by all labels of one speaker."""
        return self.label.key


def find(page: Page) -> dict[int, Labelled]:
    """Return the labelled paragraphs of a transcript; none, unless they support one another."""
    found = {line.at: line for at in range(len(page.paragraphs)) if (line := _labelled(page, at))}
    found |= dict(_decided(page, found))
    by_family: dict[Family, dict[int, Labelled]] = {}
    for at, line in found.items():
        by_family.setdefault(line.family, {})[at] = line
    accepted = _accepted(page, by_family)
    if not accepted:
        accepted = _name_lines(page)
    if not accepted:
        return {}
    first = _beginning(page, min(accepted), found)
    joined = {at: line for at, line in found.items() if line.family in ("group", "unnamed", "nobody") and at >= first}
    keys = {line.key for line in accepted.values()}
    joined |= {at: line for at, line in found.items() if line.family == "name" and _joins(page, line, keys, first)}
    return {**joined, **accepted}


def _decided(page: Page, found: Mapping[int, Labelled]) -> Iterator[tuple[int, Labelled]]:
    """Yield the doubtful labels as those of a speaker or of nobody.

    PRICE: is a speaker if the article names a Richard Price, or if the word is a common surname, too, and recurs
    between the labels of others, with a question or words of the first person.
    """
    doubtful: dict[str, list[Labelled]] = {}
    for line in found.values():
        if line.family == "doubtful":
            doubtful.setdefault(line.key, []).append(line)
    listed = page.lexicon.own_set("label-surname")
    for key, lines in doubtful.items():
        named = page.is_surname(key)
        talks = not named and key in listed and len(lines) > 1 and _talks(page, lines, found)
        for line in lines:
            capitals = line.hit is not None and line.hit.shape == "label-capitals"
            own: Family = "capitals" if capitals else "name"
            yield line.at, evolve(line, family=own if named or (talks and capitals) else "nobody")


def _talks(page: Page, lines: Sequence[Labelled], found: Mapping[int, Labelled]) -> bool:
    """Return whether a speaker's lines stand beside those of another, and one of them asks or says I or we."""
    around = [o for line in lines for step in (-1, 1) if (o := found.get(line.at + step)) and o.key != line.key]
    if not any(other.family in ("capitals", "doubtful", "question") for other in around):
        return False
    voice = page.lexicon.regex(f"{page.lexicon.language}-first-person")
    return any("?" in words or voice.search(words) for words in (_words(page, line) for line in (*lines, *around)))


def _beginning(page: Page, first: int, found: Mapping[int, Labelled]) -> int:
    """Return the number of the first turn: unnamed speakers may speak before the first named one."""
    while (above := found.get(first - 1)) and above.family in ("group", "unnamed") and _sentences(page, {0: above}):
        first -= 1
    return first


def _joins(page: Page, line: Labelled, keys: set[str], first: int) -> bool:
    """Return whether a label belongs to the transcript of other labels; the headline's does not."""
    if line.at == 0 and first != 1:
        return False
    known = bool(line.label.roles) or page.is_known(line.label.name or line.label.text)
    return line.key in keys or (first < line.at and known)


def _labelled(page: Page, at: int) -> Labelled | None:
    """Match the forms of labels at the beginning of a paragraph."""
    p, text, language = page.paragraphs[at], page.text, page.lexicon.language
    lead = page.lexicon.regex("label-lead").match(text[p.start : min(p.end, p.start + LABEL)])
    low = p.start + (lead.end() if lead else 0)
    for shape, family in _SHAPES:
        name = shape.format(language=language)
        match = page.lexicon.regex(name).match(text[low : min(p.end, low + LINE)])
        if match is None:
            continue
        hit = Hit(match, name, low)
        label = take_apart(hit["label"], page.lexicon)
        start = hit.span().end
        while start < p.end and (text[start].isspace() or text[start] in "*_"):
            start += 1
        if family == "capitals" and not _SHOUTED.search(hit["label"].partition(",")[0].partition("(")[0]):
            continue
        named = page.is_label(_bare(hit["label"])) or page.is_full_name(label.name)
        if family in ("capitals", "name") and not named:
            family = "doubtful" if label.words == (label.surname,) else "nobody"
        return Labelled(at, hit, start, family, label)
    if lead and lead["chevrons"]:
        return Labelled(at, None, low, "unnamed", Label("", ""))
    return None


_SHAPES: tuple[tuple[str, Family], ...] = (
    ("{language}-label-question", "question"),
    ("{language}-label-stop", "stop"),
    ("label-capitals", "capitals"),
    ("{language}-label-group", "group"),
    ("label-name", "name"),
)


def _bare(label: str) -> str:
    return re.split(r"[,(\[]", label, maxsplit=1)[0].strip()


def _accepted(page: Page, lines: Mapping[Family, dict[int, Labelled]]) -> dict[int, Labelled]:
    """Return the families whose lines make a transcript, alone or together."""
    asked, named = lines.get("question", {}), dict(lines.get("name", {}))
    named = {at: line for at, line in named.items() if not _is_common(page, line)}
    if named and 0 in named and not _is_turn_at_top(page, named):
        named.pop(0)  # a headline: "Lind: bridge stays shut"
    accepted: dict[int, Labelled] = {}
    for family in ("capitals", "stop"):
        own = lines.get(family, {})
        helped = own and len(asked) >= _FEWEST["question"] and _sentences(page, {**own, **asked})
        if helped or (len(own) >= _FEWEST[family] and _is_transcript(page, own, family)):
            accepted |= own
    with_many = {**named, **lines.get("group", {})}
    if len(with_many) >= _FEWEST["name"] and named and _is_transcript(page, with_many, "name"):
        accepted |= named
    if not accepted and named and _answer(page, asked, named):
        accepted |= named
    if _are_questions(page, asked, accepted):
        accepted |= asked
    return accepted


def _answer(page: Page, asked: Mapping[int, Labelled], named: Mapping[int, Labelled]) -> bool:
    """Return whether names answer questions that have a label: Interviewer: Why? Ada Quist: Because it rained."""
    if len(asked) < _FEWEST["question"] or not _sentences(page, {**named, **asked}):
        return False
    order = sorted({**asked, **named})
    return sum(one in asked and two in named for one, two in pairwise(order)) * 3 >= len(asked) * 2


def _are_questions(page: Page, asked: Mapping[int, Labelled], accepted: Mapping[int, Labelled]) -> bool:
    """Return whether Q and A, or Q beside other labels, make an interview; "Q4: profit rose" does not."""
    if len(asked) < (1 if accepted else _FEWEST["question"]) or not _sentences(page, asked):
        return False
    answers = page.lexicon.own_set("label-answer-word")
    both = len({(line.hit["label"] if line.hit else "").lower() in answers for line in asked.values()}) > 1
    numbered = any(line.hit and line.hit["number"] for line in asked.values())
    return both or (bool(accepted) and not numbered)


def _is_turn_at_top(page: Page, lines: Mapping[int, Labelled]) -> bool:
    """Return whether a label at the top belongs to a turn: a sentence follows, and another turn."""
    p = page.paragraphs[0]
    return page.text[p.end - 1] in ".?!…" and (1 in lines or len(lines) > 3)


def _is_common(page: Page, line: Labelled) -> bool:
    """Return whether a label is a date or a number, or its last word an everyday one: June 4:, Myth:, The verdict:."""
    label = line.label
    unnamed = page.lexicon.own_set("label-unnamed")
    if label.name[-1:].isdigit() and label.words[0] not in unnamed:
        return True
    if label.roles or label.office or not label.words or page.is_full_name(label.name):
        return False
    if any(word in unnamed for word in label.words):
        return False
    common = page.lexicon.word_set("everyday-words")
    return any(word in common or word in page.small for word in (label.words[0], label.words[-1]))


def _is_transcript(page: Page, lines: Mapping[int, Labelled], family: Family) -> bool:
    """Return whether labelled lines make a transcript: most are sentences, and a speaker recurs, or asks."""
    if not _sentences(page, lines):
        return False
    counts = Counter(line.key for line in lines.values())
    repeated = max(counts.values()) > 1
    if family == "stop":
        shouted = any(line.hit and _SHOUTED.search(line.hit["label"]) for line in lines.values())
        return shouted or (repeated and len(counts) > 1 and len(lines) > 2)
    if family == "name":
        if len(counts) == 1:
            return _asked_between(page, sorted(lines))
        return repeated and _is_speech(page, lines)
    asked = any(_words(page, line).rstrip('"”’.').endswith("?") for line in lines.values())
    return repeated or asked or any(page.is_known(_bare(line.hit["label"])) for line in lines.values() if line.hit)


def _asked_between(page: Page, order: list[int]) -> bool:
    """Return whether there are questions between the turns of the only named speaker."""
    labelled = set(order)
    asks = [page.text[page.paragraphs[at - 1].end - 1] == "?" for at in order if at and at - 1 not in labelled]
    return sum(asks) * 3 >= len(order) * 2


def _is_speech(page: Page, lines: Mapping[int, Labelled]) -> bool:
    """Return whether lines are speech: a question, or first- or second-person words under a person's label."""
    voice = page.lexicon.regex(f"{page.lexicon.language}-own-voice")
    order = [lines[at] for at in sorted(lines)]
    if any("?" in _words(page, one) and one.key != two.key for one, two in pairwise(order)):
        return True
    return any(voice.search(_words(page, line)) for line in order) and any(_is_personal(page, x) for x in order)


def _is_personal(page: Page, line: Labelled) -> bool:
    """Return whether a label, or the article around it, shows that it names a person."""
    label, name = line.label, line.label.name
    if label.roles or label.office or label.text != name or page.is_full_name(name):
        return True
    particles = page.lexicon.names.particle
    return page.is_known(name) or "’" in name or "'" in name or any(w in particles for w in name.lower().split())


def _words(page: Page, line: Labelled) -> str:
    """Return the words after a label: on its line, or in the paragraph below."""
    p = page.paragraphs[line.at]
    if line.start >= p.end and line.at + 1 < len(page.paragraphs):
        p = page.paragraphs[line.at + 1]
        return page.text[max(p.start, p.end - LINE) : p.end].strip()
    return page.text[max(line.start, p.end - LINE) : p.end].strip()


def _sentences(page: Page, lines: Mapping[int, Labelled]) -> bool:
    words = [_words(page, line) for line in lines.values()]
    whole = [w for w in words if w[-1:] in tuple(_ENDS) and any(c.isalpha() for c in w)]
    return len(whole) * 2 >= len(words) and any(" " in w for w in whole)


def _name_lines(page: Page) -> dict[int, Labelled]:
    """Return names on separate lines, each above the words of that person; a name must recur."""
    found = dict(_lone_names(page))
    kept = {at: line for at, line in found.items() if at + 1 < len(page.paragraphs) and at + 1 not in found}
    counts = Counter(line.key for line in kept.values())
    shown = {at: line for at, line in kept.items() if not _is_common(page, line)}
    if len(shown) < _FEWEST["line"] or len(counts) < 2 or max(counts.values()) < 2 or len(kept) * 5 < len(found) * 4:
        return {}
    again = sum(n for n in counts.values() if n > 1)
    if again * 2 < len(kept) or not _sentences(page, shown) or not _is_speech(page, shown):
        return {}
    return shown


def _lone_names(page: Page) -> Iterator[tuple[int, Labelled]]:
    shape = page.lexicon.regex("label-line")
    for at, p in enumerate(page.paragraphs):
        if p.end - p.start > _NAME_LINE:
            continue
        match = shape.match(page.text[p.start : p.end])
        if match is not None and page.is_label(_bare(match["label"])):
            label = take_apart(match["label"], page.lexicon)
            yield at, Labelled(at, Hit(match, "label-line", p.start), p.end, "line", label)
