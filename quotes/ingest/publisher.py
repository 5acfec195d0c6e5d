"""Who published an article, and whose text it is."""

from __future__ import annotations

from quotes.lexicon import Lexicon
from quotes.lexicon.outlets import find_domain, find_name, host, is_platform
from quotes.lexicon.tables import OutletEntry
from quotes.records import Outlet, Slice, SourceText


def publisher(source: SourceText, slice: Slice, *, lexicon: Lexicon) -> tuple[Outlet | None, Outlet | None]:
    """Return the outlet that published an article and the agency whose text it is.

    What the article's own place on the page says (a block's "- The Hindu") goes before what is known of the whole
    page; a name that is not listed stays as printed. The address helps where no name does, or where the page's own
    name is not listed but its domain is. An agency is the outlet only where nothing else is named.

    Args:
        source: the page and what is known of it.
        slice: the article on it, as `pages.split` gave it.
        lexicon: whose outlets name them.

    Returns:
        (outlet, wire), each None where nothing says so.
    """
    return _outlet(source, slice, lexicon), _named(slice.wire or source.wire, lexicon)


def _outlet(source: SourceText, piece: Slice, lexicon: Lexicon) -> Outlet | None:
    if piece.outlet:
        # On an aggregator's page the address is the aggregator's, not that of the outlet it credits.
        return _named(piece.outlet, lexicon)
    entry = find_name(source.outlet, lexicon=lexicon) or find_domain(source.url, lexicon=lexicon)
    if entry:
        return _of(entry)
    if source.outlet:
        named = _named(source.outlet, lexicon)
        site = host(source.url)
        if named and not named.domain and site and not is_platform(source.url, lexicon=lexicon):
            return Outlet(named.name, domain=site)
        return named
    site = host(source.url)
    if site and not is_platform(source.url, lexicon=lexicon):
        return Outlet(site, domain=site)
    return None


def _named(name: str | None, lexicon: Lexicon) -> Outlet | None:
    printed = " ".join((name or "").split())
    if not printed or "://" in printed:
        return None
    entry = find_name(printed, lexicon=lexicon, weak=True)
    if entry is None and " " not in printed and "." in printed:
        entry = find_domain(printed, lexicon=lexicon)  # "nytimes.com" for a name
    return _of(entry) if entry else Outlet(printed)


def _of(entry: OutletEntry) -> Outlet:
    return Outlet(entry.name, id=entry.id, domain=entry.domains[0] if entry.domains else None)
