"""Names and ids of a people file, for sources: what `extract --people` does within an article, over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import evolve

from quotes.comparison.sources.appearance import Appearance
from quotes.extraction.speakers.roster import Roster, read_all
from quotes.files.paths import AnyPath
from quotes.lexicon import Lexicon
from quotes.records import Speaker


def listing(paths: Iterable[AnyPath], *, lexicon: Lexicon) -> Callable[[Appearance], Appearance]:
    """Return what gives a speaker the name and id by which people files list it.

    Args:
        paths: of the files.
        lexicon: brings the titles, which are no part of a name.

    Raises:
        InputError: if a file cannot be read or has faults.
    """
    roster = Roster(read_all(paths), lexicon)
    known: dict[tuple[str, str, str | None], Appearance] = {}

    def listed(one: Appearance) -> Appearance:
        key = (one.name, one.kind, one.handle)
        if key not in known:
            person = roster.find(Speaker(one.name, one.kind, handle=one.handle)) if one.listed is None else None
            known[key] = one if person is None else evolve(one, name=person.name, listed=person.id)
        found = known[key]
        return one if (found.name, found.listed) == (one.name, one.listed) else evolve(
            one, name=found.name, listed=found.listed or one.listed
        )

    return listed
