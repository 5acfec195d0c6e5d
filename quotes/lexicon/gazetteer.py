"""Find names of outlets, programmes and platforms in a sentence, and resolve them to entries.

Names are matched with their capitals. A strong name always means one entry; a weak one ("the Post", "Today") is only
labelled as such, and counts if a channel pattern expects an outlet or a programme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from attrs import Factory, define, evolve, frozen

from quotes.files.once import once
from quotes.lexicon import Lexicon
from quotes.lexicon.tables import OutletEntry, PlatformEntry, ProgrammeEntry
from quotes.records import Relation

# Labels of names, as entity types for channel patterns. AIR: an outlet that is heard or seen.
Label = Literal["OUTLET", "BROADCASTER", "PROGRAMME", "PLATFORM", "WEAK_PRINT", "WEAK_AIR", "WEAK_BOTH"]

_AIR = frozenset({"BROADCASTER", "PROGRAMME", "PLATFORM"})
_WORD = re.compile(r"[^\W_]+")
# The word before a name, and whether it begins a sentence.
_WORD_BEFORE = re.compile(r"((?:\A|[.!?\n][\"”']?)\s{0,3})?(?<!\S)([^\W\d_]{1,40}) {1,3}\Z")
_LONGEST = 60
# Small words and a capital: of the American Medical Association.
_LINKED = re.compile(r" ([a-z&]{1,5}(?: [a-z]{1,5}){0,2}) [^\W\d_a-z]")
_NOUN_AFTER = re.compile(r" ([a-z]{1,20})\b")
_ARTICLE = re.compile(r"^[Tt]he +")
# One character for one, so that offsets stay valid.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " "})


@frozen
class Known:
    """An entry of `outlets.toml` or `platforms.toml`, as a channel has it."""

    id: str
    name: str
    kind: Literal["outlet", "programme", "platform"]
    label: Label


@frozen
class _Key:
    """A name to look for, without its article; `article` says whether the text must have one before it."""

    text: str
    article: bool


@define(eq=False)
class Press:
    """The names of a lexicon's outlets, programmes and platforms, by their first word."""

    strong: dict[str, Known] = Factory(dict)
    weak: dict[str, list[Known]] = Factory(dict)
    keys: dict[str, list[_Key]] = Factory(dict)
    names: dict[str, tuple[str, ...]] = Factory(dict)
    domains: dict[str, Known] = Factory(dict)
    by_id: dict[str, Known] = Factory(dict)
    networks: dict[str, str] = Factory(dict)
    openers: frozenset[str] = frozenset()
    """Words, in small letters, that may begin a sentence before a name without being part of it."""
    links: frozenset[str] = frozenset()
    """Small words inside names."""
    articles: frozenset[str] = frozenset()
    indefinite: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    """Nouns for what a name before them is only the kind of: a State of the Union address."""
    clock: frozenset[str] = frozenset()
    """Halves of the day, behind the number of an hour."""

    def scan(self, sentence: str) -> Iterator[tuple[int, int, Label]]:
        """Yield start, end and label of each name in a sentence, the longest at each place."""
        plain = sentence.translate(_PLAIN)
        done = 0
        for word in _WORD.finditer(plain):
            if word.start() < done:
                continue
            for key in self.keys.get(word.group(), ()):
                end = word.start() + len(key.text)
                if not plain.startswith(key.text, word.start()) or (end < len(plain) and plain[end].isalnum()):
                    continue
                if key.article and plain[max(0, word.start() - 4) : word.start()] not in ("the ", "The "):
                    continue
                if key.text in self.clock and plain[: word.start()].rstrip()[-1:].isdigit():
                    continue  # at 9:14 AM
                label = self._label(key.text)
                if label.startswith("WEAK") and not self._stands_alone(plain, word.start(), end):
                    continue
                yield word.start(), end, label
                done = end
                break

    def _stands_alone(self, plain: str, start: int, end: int) -> bool:
        return not (self._in_longer_name(plain, start, end) or self._is_event(plain, start, end))

    def _in_longer_name(self, plain: str, start: int, end: int) -> bool:
        """Return whether a weak name is part of a longer one: "the City Council", "Denver Post", "Fox 35".

        Any word has a capital at the sentence's start: "On Today" is Today, "Aruba Today" is not.
        """
        after = plain[end : end + 2]
        if after[:1] in (" ", "-") and (after[1:].isupper() or after[1:].isdigit()):
            return True
        more = _LINKED.match(plain, end)
        if more and self.links.issuperset(words := more[1].split()) and words[0] not in self.articles:
            return True  # the House of Commons, El Diario de Hoy; but not: told the Guardian the Home Office knew
        before = _WORD_BEFORE.search(plain, max(0, start - _LONGEST), start)
        if before is None or (before[1] is not None and before[2].lower() in self.openers):
            return False
        return before[2][0].isupper() and before[2] != "The"

    def _is_event(self, plain: str, start: int, end: int) -> bool:
        """Return whether a weak name means a kind of event: "a State of the Union address", "a Q&A in Leeds"."""
        after, before = _NOUN_AFTER.match(plain, end), _WORD_BEFORE.search(plain, max(0, start - _LONGEST), start)
        if after is not None and after[1] not in self.openers:
            return after[1] in self.events
        return before is not None and before[2].lower() in self.indefinite

    def _label(self, key: str) -> Label:
        if key in self.strong:
            return self.strong[key].label
        air = {known.label in _AIR for known in self.weak[key]}
        return "WEAK_BOTH" if len(air) > 1 else "WEAK_AIR" if True in air else "WEAK_PRINT"

    def named(self, printed: str, *, relation: Relation, earlier: str = "") -> Known | None:
        """Return the entry that a name means in its place, or None if it is ambiguous.

        Args:
            printed: the name in the text, with or without its article.
            relation: the relation that the place expects; a weak name after "on" is more likely a programme.
            earlier: the article so far: a full name in it resolves an ambiguous weak name.
        """
        key = _bare(printed)
        if key in self.strong:
            return self.strong[key]
        found = self.weak.get(key, [])
        fitting = [k for k in found if _fits(k, relation)] or found
        if len(fitting) == 1:
            return fitting[0]
        plain = earlier.translate(_PLAIN)
        alone = [k for k in fitting if any(name in plain for name in self.names[k.id])]
        return alone[0] if len(alone) == 1 else None

    def called(self, identity: str | None) -> tuple[str, ...]:
        """Return all names of an entry, strong and weak ones; none for an unlisted outlet."""
        weak = (name for name, entries in self.weak.items() if any(k.id == identity for k in entries))
        return (*self.names[identity], *weak) if identity in self.names else ()

    def pair(self, outlet: str, programme: str) -> tuple[Known, Known] | None:
        """Return an outlet and its programme if each name resolves the other: ABC's “This Week”."""
        pairs = [
            (network, show)
            for show in self._candidates(programme)
            for network in self._candidates(outlet)
            if self.networks.get(show.id) == network.id
        ]
        return pairs[0] if len(pairs) == 1 else None

    def _candidates(self, printed: str) -> list[Known]:
        key = _bare(printed)
        return [self.strong[key]] if key in self.strong else self.weak.get(key, [])

    def expects(self, printed: str) -> bool:
        """Return whether a name is listed, even as a weak one."""
        return bool(self._candidates(printed))

    def kind(self, printed: str, *, relation: Relation) -> Literal["outlet", "programme", "platform"]:
        """Return the kind of an ambiguous name, by the relation that its place expects."""
        found = self._candidates(printed)
        fitting = [k for k in found if _fits(k, relation)] or found
        return fitting[0].kind if fitting else "outlet"


def _fits(known: Known, relation: Relation) -> bool:
    """Return whether an entry fits the relation: told an outlet, but said on a programme or a broadcaster."""
    return known.label in _AIR if relation == "on" else known.kind == "outlet"


def _bare(name: str) -> str:
    return _ARTICLE.sub("", name.translate(_PLAIN).strip())


@once(maxsize=8)
def press_of(lexicon: Lexicon) -> Press:
    """Return the index of a lexicon's names, built once."""
    names = lexicon.names
    press = Press(
        openers=names.not_name,
        links=(names.particle | lexicon.own_set("name-links") | {"&"}) - names.numeral,
        articles=names.article,
        indefinite=names.indefinite,
        events=lexicon.own_set("event-heads"),
        clock=lexicon.own_set("clock"),
    )
    for outlet in lexicon.outlets:
        label: Label = "BROADCASTER" if outlet.kind == "broadcaster" else "OUTLET"
        _add(press, outlet, Known(outlet.id, outlet.name, "outlet", label))
    for programme in lexicon.programmes:
        _add(press, programme, Known(programme.id, programme.name, "programme", "PROGRAMME"))
        press.networks[programme.id] = programme.outlet
    for platform in lexicon.platforms:
        known = Known(platform.id, platform.name, "platform", "PLATFORM")
        _add(press, platform, known)
        press.domains.update(dict.fromkeys(platform.domains, known))
    for keys in press.keys.values():
        keys.sort(key=lambda k: (-len(k.text), k.text, k.article))
    return press


def _add(press: Press, entry: OutletEntry | ProgrammeEntry | PlatformEntry, known: Known) -> None:
    weak = {_bare(name) for name in entry.weak}
    strong: list[str] = []
    former = entry.former if isinstance(entry, OutletEntry) else ()
    for name in (entry.name, *entry.aliases):
        meant = evolve(known, name=name) if name in former else known
        for form in _forms(name):
            key = _bare(form)
            if key in weak:
                continue
            # "The Hill", "The Wrap": the article is part of the name.
            article = form != key and " " not in key
            if press.strong.setdefault(key, meant) is meant:
                strong.append(form if article else key)
                # "CBS's Face the Nation" is two names: the network's and the programme's.
                if known.kind != "programme" or not press.expects(key.partition("'s ")[0]) or "'s " not in key:
                    _index(press, _Key(key, article))
    press.names[known.id] = tuple(strong)
    press.by_id[known.id] = known
    for name in entry.weak:
        key = _bare(name)
        if key in press.strong:
            continue
        if known not in press.weak.setdefault(key, []):
            press.weak[key].append(known)
        _index(press, _Key(key, key != name.translate(_PLAIN)))


def _forms(name: str) -> Iterator[str]:
    yield name
    if " & " in name:
        yield name.replace(" & ", " and ")
    if " and " in name:
        yield name.replace(" and ", " & ")


def _index(press: Press, key: _Key) -> None:
    first = _WORD.search(key.text)
    if first is not None and first.start() == 0 and key not in press.keys.setdefault(first.group(), []):
        press.keys[first.group()].append(key)
