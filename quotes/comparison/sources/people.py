"""Names and ids of a people file for sources, as `extract --people` gives them within an article."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import evolve

from quotes.comparison.sources.appearance import Appearance
from quotes.extraction.speakers.roster import Roster, read_all
from quotes.files.paths import AnyPath
from quotes.lexicon import Lexicon
from quotes.records import Speaker


def listing(paths: Iterable[AnyPath], *, lexicon: Lexicon) -> Callable[[Appearance], Appearance]:
    """Return a function that gives a speaker its name and id in people files.

    Args:
        paths: the files.
        lexicon: the patterns, with the titles to drop from names.

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
