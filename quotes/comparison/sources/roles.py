"""Read a role: its office, its family for audits, and its country."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from attrs import define, field

from quotes.comparison.sources.names import fold
from quotes.lexicon import Lexicon

_WORD = re.compile(r"[^\W\d_]+(?:[.’'-][^\W\d_]+)*")
# The most characters of a role to read.
_LONGEST = 200


@define(eq=False)
class Roles:
    """Reads roles by one language's tables."""

    lexicon: Lexicon
    _read: dict[str, tuple[str | None, str | None, str | None]] = field(factory=dict)

    def family(self, role: str) -> str | None:
        """Return the id of a role's family, or None: "the police chief of Oban" belongs to the police."""
        return self._of(role)[0]

    def office(self, role: str) -> str | None:
        """Return the words of a role's office, by which two roles are compared: "president", "senator"."""
        return self._of(role)[1]

    def offices(self, office: str) -> frozenset[str]:
        """Return an office and its short forms: the secretary of state is called Secretary."""
        words = office.split(" ")
        stops = self.lexicon.names.preposition
        at = next((n for n, w in enumerate(words) if w in stops), len(words))
        return frozenset({office, " ".join(words[:at])})

    def country(self, role: str) -> str | None:
        """Return the country in a role, if there is just one."""
        return self._of(role)[2]

    @cached_property
    def passing(self) -> frozenset[str]:
        """The families that are compatible with any other."""
        return frozenset(f.id for f in self.lexicon.families if f.passing)

    def name(self, family: str) -> str:
        """Return the name of a family."""
        return next((f.name for f in self.lexicon.families if f.id == family), family)

    def _of(self, role: str) -> tuple[str | None, str | None, str | None]:
        if role not in self._read:
            words = [w.removesuffix("'s").removesuffix("’s") for w in _WORD.findall(fold(role[:_LONGEST]))]
            family, office = self._family(words)
            self._read[role] = family, office, self._country(words)
        return self._read[role]

    def _family(self, words: list[str]) -> tuple[str | None, str | None]:
        stops = self.lexicon.names.preposition
        end = next((n for n, w in enumerate(words) if n and w in stops), len(words))
        best: tuple[int, int, int] | None = None
        found: tuple[str, str] | None = None
        for at in range(len(words)):
            size, family = self._longest_at(words, at)
            if family is None:
                continue
            inside = at < end
            # Within the head the last phrase counts ("Texas senator"), after it the first ("who was a judge").
            rank = (int(inside), size if inside and size > 1 else 1, at if inside else -at)
            if best is None or rank > best:
                best, found = rank, (family, " ".join(words[at : at + size]))
        return found if found else (None, None)

    def _longest_at(self, words: list[str], at: int) -> tuple[int, str | None]:
        longest = min(self._most, len(words) - at)
        for size in range(longest, 0, -1):
            family = self._phrases.get(tuple(words[at : at + size]))
            if family is not None:
                return size, family
        return 0, None

    def _country(self, words: list[str]) -> str | None:
        text = f" {' '.join(words)} "
        found = {self._countries[m[1]] for m in self._country_regex.finditer(text)}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def _phrases(self) -> dict[tuple[str, ...], str]:
        return {
            tuple(_WORD.findall(fold(phrase))): family.id for family in self.lexicon.families for phrase in family.words
        }

    @cached_property
    def _most(self) -> int:
        return max((len(p) for p in self._phrases), default=0)

    @cached_property
    def _countries(self) -> dict[str, str]:
        rows = (row.split("=") for row in self.lexicon.words["sources-country"])
        return {fold(name): row[0] for row in rows for name in row}

    @cached_property
    def _country_regex(self) -> re.Pattern[str]:
        names = sorted(self._countries, key=lambda n: (-len(n), n))
        return re.compile(rf"(?<= )({'|'.join(map(re.escape, names))})(?= )")


@lru_cache(maxsize=4)
def roles_of(lexicon: Lexicon) -> Roles:
    """Return the reader of roles of a language."""
    return Roles(lexicon)
