"""Read the credits in an article's first and last lines: byline, date, dateline, agency, outlet."""

from __future__ import annotations

from itertools import islice

from attrs import evolve, frozen

from quotes.ingest.lines import Line, backwards, lines
from quotes.lexicon import Lexicon
from quotes.lexicon.dates import iso_day
from quotes.lexicon.outlets import find_name, is_agency, key, plain
from quotes.records import Slice, Span
from quotes.text.blanks import trimmed

# Credits are in the last few lines; a page of one long line is searched no further back.
_TAIL_LINES = 5
_TAIL = 1500
# "ORLANDO, Fla., Sept 10 (Reuters) -" has 34 characters; no dateline is longer.
_DATELINE = 120
# A headline that ends in a full stop and a standfirst may precede it.
_DATELINE_LINES = 3


@frozen
class Found:
    """The credits found so far; for each field the first one counts."""

    outlet: str | None = None
    wire: str | None = None
    byline: str | None = None
    published: str | None = None

    def add(self, **more: str | None) -> Found:
        """Return a copy with fields that were still unknown."""
        return evolve(self, **{name: value for name, value in more.items() if value and getattr(self, name) is None})


def top_line(line: Line, found: Found, *, lexicon: Lexicon) -> Found | None:
    """Return the known credits plus those of a line above the body, or None if it has none."""
    if not line.text:
        return None
    if match := lexicon.regex("page-date-line").match(line.text):
        return found.add(published=iso_day(match["date"], lexicon=lexicon))
    if match := lexicon.regex("page-byline").match(line.text):
        name = match["byline"]
        if name.endswith(".") and len(name.split()[-1]) > 4:
            name = name[:-1]  # "By Jane Rowe.", but "By John Doe Jr."
        if is_agency(name, lexicon=lexicon):
            return found.add(byline=name, wire=name)
        return found.add(byline=name, wire=match["wire"] if is_agency(match["wire"], lexicon=lexicon) else None)
    match = lexicon.regex("page-credit").match(line.text)
    name = match["outlet"] if match else line.text
    if find_name(name, lexicon=lexicon):
        return found.add(outlet=name)
    return None


def dateline(text: str, start: int, end: int, *, lexicon: Lexicon) -> tuple[str | None, bool]:
    """Return the agency or outlet in the dateline of the first lines, and whether it is an agency.

    "LONDON (Reuters) - Ferries stayed in port" gives ("Reuters", True), "LONDON (CNN) — …" ("CNN", False).
    """
    for line in islice(lines(text, start=start, end=end), _DATELINE_LINES):
        head = text[line.start : min(line.end, line.start + _DATELINE)]
        for name in ("page-dateline", "page-dateline-bare"):
            if match := lexicon.regex(name).match(head):
                printed = match["wire"]
                if is_agency(printed, lexicon=lexicon):
                    return printed, True
                if find_name(printed, lexicon=lexicon):
                    return printed, False
    return None, False


def tail(text: str, piece: Slice, found: Found, *, lexicon: Lexicon) -> tuple[Slice, Found]:
    """Cut the credits at an article's end off its body.

    Lines of credit are cut off; one that follows the last sentence on its line ("… on Friday. (PTI)") is skipped.
    """
    end = piece.end
    for line in backwards(text, start=piece.start, end=end, limit=_TAIL)[:_TAIL_LINES]:
        credit = _credit_line(line, found, lexicon)
        if credit is None:
            break
        found, end = credit, trimmed(text, piece.start, line.start)[1]
    skips = tuple(skip for skip in piece.skips if skip.end <= end)
    match = lexicon.regex("page-sign-off").search(text[max(piece.start, end - 80) : end])
    if match and end > piece.start:
        group = "wire" if match["wire"] else "wire2"
        if is_agency(match[group], lexicon=lexicon):
            low = end - len(match[0].lstrip(" .”\"'’"))
            found = found.add(wire=match[group])
            if not skips or skips[-1].end <= low:
                skips = (*skips, Span(low, end))
    return evolve(piece, end=end, skips=skips), found


def _credit_line(line: Line, found: Found, lexicon: Lexicon) -> Found | None:
    """Return the credits in a last line, or None if it is body."""
    if not line.text:
        return None
    if lexicon.regex("page-reporting-by").match(line.text):
        named = next((n for n in lexicon.words.get("page-sign-off-wire", ())), None)
        return found.add(wire=named)
    for name in ("page-contributed", "page-inputs"):
        if (match := lexicon.regex(name).match(line.text)) and is_agency(match["wire"], lexicon=lexicon):
            return found.add(wire=match["wire"])
    if match := lexicon.regex("page-copyright").match(line.text):
        holder = match["outlet"]
        if is_agency(holder, lexicon=lexicon):
            return found.add(wire=holder)
        return found.add(outlet=holder if find_name(holder, lexicon=lexicon) else None)
    match = lexicon.regex("page-sign-off").match(line.text)
    if match and is_agency(match["wire"] or match["wire2"], lexicon=lexicon):
        return found.add(wire=match["wire"] or match["wire2"])
    match = lexicon.regex("page-credit").match(line.text)
    if match and find_name(match["outlet"], lexicon=lexicon):
        return found.add(outlet=match["outlet"])
    return None


def title_and_outlet(title: str, *, lexicon: Lexicon) -> tuple[str, str | None]:
    """Return a title without the known outlet at its end, and that outlet.

    "Ferry stays in port - Reuters" gives ("Ferry stays in port", "Reuters").
    """
    match = lexicon.regex("page-title-suffix").match(title)
    if match and find_name(match["outlet"], lexicon=lexicon):
        return match["title"].rstrip(), match["outlet"]
    return title, None


def same_outlet(one: str, other: str) -> bool:
    """Return whether two printed names are the same but for case, article and dots."""
    return plain(one) == plain(other)


def same_title(line: str, title: str) -> bool:
    """Return whether a line is the page's known title, give or take a few words."""
    one, other = key(line), key(title)
    if one == other:
        return True
    first, second = set(one.split()), set(other.split())
    # Sites word the heading and the title for search engines a little differently: 4 of 5 words must agree.
    return len(first & second) >= 0.8 * max(len(first), len(second), 4)
