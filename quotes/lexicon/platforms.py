"""Look up platforms by name, by a word in a web page's class, or by an address on them."""

from __future__ import annotations

from attrs import frozen

from quotes.files.once import once
from quotes.lexicon import Lexicon
from quotes.lexicon.outlets import host
from quotes.lexicon.tables import PlatformEntry


@frozen
class _Index:
    """Platforms by their names, closed up and in lower case; `strong` lacks those that mean other things, too."""

    names: dict[str, PlatformEntry]
    strong: dict[str, PlatformEntry]
    domains: dict[str, PlatformEntry]


def platform_named(name: str, *, lexicon: Lexicon, weak: bool = True) -> PlatformEntry | None:
    """Return the platform with this name or alias, or None.

    Args:
        name: the printed name; case and blanks do not matter: "truthsocial".
        lexicon: the patterns, with platforms.
        weak: whether a name that means other things, too ("X", "Threads"), counts.
    """
    index = _index(lexicon)
    return (index.names if weak else index.strong).get(_closed(name))


def platform_at(address: str | None, *, lexicon: Lexicon) -> PlatformEntry | None:
    """Return the platform whose domain an address is in, or None: https://www.threads.net/@lee/post/1."""
    domains, rest = _index(lexicon).domains, host(address) or ""
    while rest:
        if rest in domains:
            return domains[rest]
        rest = rest.partition(".")[2]
    return None


def _closed(name: str) -> str:
    return "".join(name.casefold().split())


@once(maxsize=4)
def _index(lexicon: Lexicon) -> _Index:
    index = _Index({}, {}, {})
    for entry in lexicon.platforms:
        weak = {_closed(name) for name in entry.weak}
        for name in map(_closed, (entry.name, *entry.aliases, *entry.weak)):
            index.names.setdefault(name, entry)
            if name not in weak:
                index.strong.setdefault(name, entry)
        index.domains.update({domain.casefold(): entry for domain in entry.domains})
    return index
