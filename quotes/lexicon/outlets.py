"""Look up outlets by name, alias or domain."""

from __future__ import annotations

from urllib.parse import urlsplit

from attrs import frozen

from quotes.files.once import once
from quotes.lexicon import Lexicon
from quotes.lexicon.tables import OutletEntry

_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\xa0": " "})


@frozen
class _Index:
    """Entries by the plain form of their names; None if a name belongs to several."""

    strong: dict[str, OutletEntry | None]
    weak: dict[str, OutletEntry | None]
    domains: dict[str, OutletEntry | None]
    agencies: frozenset[str]


def key(words: str) -> str:
    """Return a line in the form used to compare word lists: lower case, plain marks, no final dots."""
    return " ".join(words.translate(_PLAIN).casefold().split()).rstrip(" .:…!")


def plain(name: str) -> str:
    """Return an outlet's name in the form used to compare names: no case, no article, no dots."""
    words = key(name).replace("&", " and ").replace(".", "").replace("-", " ").split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def host(url: str | None) -> str | None:
    """Return the host of a web address, without "www." and port, or None."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip() if "//" in url else f"//{url.strip()}", scheme="https")
        name = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not name or "." not in name or " " in name:
        return None
    return name.removeprefix("www.").rstrip(".") or None


def find_name(name: str | None, *, lexicon: Lexicon, weak: bool = False) -> OutletEntry | None:
    """Return the outlet with this name or alias; None for a name that several share.

    Args:
        name: the printed name; case, "The" and dots do not matter.
        lexicon: the patterns, with outlets.
        weak: whether a weak alias ("the Times") counts, too, if only one outlet has it.
    """
    if not name:
        return None
    index = _index(lexicon)
    form = plain(name)
    if form in index.strong:
        return index.strong[form]
    return index.weak.get(form) if weak else None


def find_domain(url: str | None, *, lexicon: Lexicon) -> OutletEntry | None:
    """Return the outlet whose domain an address is in; the longest domain wins."""
    index = _index(lexicon)
    rest = host(url) or ""
    while "." in rest:
        if rest in index.domains:
            return index.domains[rest]
        rest = rest.partition(".")[2]
    return None


def is_agency(name: str | None, *, lexicon: Lexicon) -> bool:
    """Return whether the name is a news agency's, by outlets.toml or the list page-agencies."""
    if not name:
        return False
    entry = find_name(name, lexicon=lexicon)
    return entry.kind == "agency" if entry else plain(name) in _index(lexicon).agencies


@once(maxsize=4)
def _index(lexicon: Lexicon) -> _Index:
    strong: dict[str, OutletEntry | None] = {}
    weak: dict[str, OutletEntry | None] = {}
    domains: dict[str, OutletEntry | None] = {}
    for entry in lexicon.outlets:
        for name in {plain(n) for n in (entry.name, *entry.aliases)}:
            strong[name] = None if name in strong else entry
        for name in {plain(n) for n in entry.weak}:
            weak[name] = None if name in weak else entry
        for domain in entry.domains:
            form = domain.casefold().removeprefix("www.")
            domains[form] = None if form in domains else entry
    return _Index(
        strong=strong,
        weak=weak,
        domains=domains,
        agencies=frozenset(plain(name) for name in lexicon.words.get("page-agencies", ())),
    )
