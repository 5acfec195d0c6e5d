"""Find runs of capitalised words, line by line, from which names are cut. Strings only, no parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen

from quotes.extraction.speakers.titles import SPACES, WORD, given_gender, title_words
from quotes.lexicon import Lexicon
from quotes.records import Span

LINE = re.compile(r"[^\n\r]+")
# "Son of" and "daughter of" in names of Malaysia and Singapore: Anand a/l Maniam.
_CHILD_OF = re.compile(r"(?:a/[lp]|[sd]/o)(?= [^\W\d_a-z])")


@frozen
class Run:
    """A run of capitalised words. `spots` are their offsets; `opens` is True at a sentence's start."""

    words: tuple[str, ...]
    spots: tuple[Span, ...]
    opens: bool = False
    possessive: bool = False


def unpossessive(word: str) -> str:
    """Return a word without its 's."""
    return word[:-2] if word.endswith(("'s", "’s", "'S", "’S")) else word


def find_runs(text: str, *, body: Span, lexicon: Lexicon) -> Iterator[Run]:
    """Yield the runs of capitalised words of a span of text, line by line, in order."""
    for line in LINE.finditer(text, body.start, body.end):
        yield from _line_runs(text, line.start(), line.end(), lexicon)


def _line_runs(text: str, low: int, high: int, lexicon: Lexicon) -> Iterator[Run]:
    words, spots, pending = list[str](), list[Span](), list[tuple[str, Span]]()
    names, last_end, possessive = lexicon.names, low, False
    for found in WORD.finditer(text, low, high):
        if found.start() < last_end:
            continue
        word = found.group()
        capital = word[0].isupper() or _joined_particle(word, names.joined_particle)
        if not (words or capital):
            last_end = found.end()
            continue
        gap = text[last_end : found.start()] if found.start() - last_end <= 4 else "\n"
        joins = bool(words) and not possessive and _joins(gap, pending[-1][0] if pending else words[-1], word, lexicon)
        if gap[:1] in SPACES and words and not pending and (nick := _nickname(text, found, words[-1], high, lexicon)):
            words.append(text[nick.start : nick.end])
            spots.append(nick)
            last_end = nick.end
            continue
        if words and gap in SPACES and not possessive and (child := _CHILD_OF.match(text, found.start(), high)):
            pending.append((child.group(), Span(*child.span())))
            last_end = child.end()
            continue
        if words and word in names.rank_grade and text.startswith(" Class", found.end()):
            capital = True  # Sgt. 1st Class
        small = len(pending) < 3 and (word in names.particle or word in names.org_connector)
        if words and not (joins and (capital or small)):
            yield _run(text, words, spots, possessive, low)
            words, spots, pending, possessive = [], [], [], False
            joins = False
        last_end = found.end()
        if not capital:
            if joins and (word in names.particle or _takes_connector(words, lexicon)):
                pending.append((word, Span(found.start(), found.end())))
            elif words:
                yield _run(text, words, spots, possessive, low)
                words, spots, pending, possessive = [], [], [], False
            continue
        words += [held for held, _ in pending]
        spots += [spot for _, spot in pending]
        pending = []
        if joins:
            _add_gap(gap, found.start(), words, spots)
        possessive, last_end = _add_word(text, found, words, spots, lexicon)
    if words:
        yield _run(text, words, spots, possessive, low)


def _add_word(
    text: str, found: re.Match[str], words: list[str], spots: list[Span], lexicon: Lexicon
) -> tuple[bool, int]:
    """Add a word to the run, with its full stop; return whether it is possessive, and where it ends."""
    word, end = found.group(), found.end()
    stem = unpossessive(word)
    words.append(stem)
    spots.append(Span(found.start(), found.start() + len(stem)))
    if (stem.lower() in lexicon.names.dotted or stem[-2:-1] == ".") and text.startswith(".", end):
        end += 1
        words[-1] += "."
        spots[-1] = Span(found.start(), end)
    return stem != word, end


def _add_gap(gap: str, start: int, words: list[str], spots: list[Span]) -> None:
    """Add the full stop or the "&" of a gap to the run before the word that begins at `start`."""
    if gap[0] == "." and not words[-1].endswith("."):
        words[-1] += "."
        spots[-1] = Span(spots[-1].start, spots[-1].end + 1)
    if gap.strip() == "&":
        words.append("&")
        spots.append(Span(start - 2, start - 1))


def _joins(gap: str, before: str, word: str, lexicon: Lexicon) -> bool:
    """Return whether two words belong to one run: a space, "J. ", "Lt. ", " & ", ", Jr"."""
    if gap in SPACES or gap == " & ":
        return True
    if gap[:1] in ("'", "’") and gap[1:] in SPACES:
        return before.lower() in title_words(lexicon)  # Dato' Lee
    if gap[:1] == "." and gap[1:] in SPACES:
        low = before.lower()
        return len(before) == 1 or "." in before or low in lexicon.names.abbreviation
    return gap == ", " and word.lower() in lexicon.names.suffix


def _nickname(text: str, found: re.Match[str], before: str, high: int, lexicon: Lexicon) -> Span | None:
    """Return a nickname between given name and surname, with its marks: William “Bud” Harlan."""
    start, end = found.start() - 1, found.end() + 1
    if text[start : start + 1] not in NICK_MARKS or text[found.end() : end] != NICK_MARKS[text[start]]:
        return None
    # "Corazon "Cora" Lim": double marks around one word within a name; "John 'Jack' Roe": only after a given name.
    named = text[start] in '"“' or before.lower() in given_gender(lexicon)
    named = named and text[start - 1] in SPACES and text[end : end + 1] in SPACES
    return Span(start, end) if named and end + 1 < high and text[end + 1].isupper() and len(found.group()) > 2 else None


NICK_MARKS = {'"': '"', "“": "”", "‘": "’", "'": "'", "(": ")"}


def _joined_particle(word: str, particles: frozenset[str]) -> bool:
    """Return whether a small particle is joined to a name: "el-Sherif", "d’Estaing"."""
    head, mark, rest = word.replace("’", "-").replace("'", "-").partition("-")
    return bool(mark) and rest[:1].isupper() and head in particles


def _takes_connector(words: list[str], lexicon: Lexicon) -> bool:
    """Return whether a name continues after a small word: "Ministry of", "Securities and"."""
    heads = lexicon.names.org_head
    return any(w.lower() in heads for w in words[-4:])


def _run(text: str, words: list[str], spots: list[Span], possessive: bool, low: int) -> Run:
    start = spots[0].start
    before = text[max(low, start - 4) : start].rstrip(" \u00a0\"'“”‘’([-–—")
    opens = not before if start - low <= 4 else (not before or before[-1] in ".!?:")
    return Run(tuple(words), tuple(spots), opens, possessive)


@lru_cache(maxsize=8)
def _small(lexicon: Lexicon) -> frozenset[str]:
    return lexicon.names.not_name - lexicon.names.speech_verb


def is_headline(line: str, *, lexicon: Lexicon) -> bool:
    """Return whether a line is a headline: in capitals, or with initial capitals except for small words."""
    small = _small(lexicon)
    words = [w for w in WORD.findall(line[:400]) if len(w) > 3]
    plain = [w for w in words if not w[0].isupper()]
    return len(words) > 3 and len(plain) < 0.25 * len(words) and all(w in small for w in plain)
