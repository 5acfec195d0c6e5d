"""Choose an entity's fullest description: a ranker over all of its descriptions in the article.

Candidates come from around the name (appositions.py) and from statements and sentences that describe the person. As for
referents, features have names and fitted weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from quotes.extraction.speakers.model import Role
from quotes.extraction.speakers.phrases import head_noun, is_role
from quotes.extraction.speakers.titles import WORD, title_words
from quotes.extraction.speakers.wordings import says_nothing
from quotes.lexicon import Lexicon

PREFIX = "role_"
# Finders of descriptions that stand beside no name.
ELSEWHERE = ("maybe", "aside", "called")
# Finders of descriptions beside a name.
BESIDE = ("before", "read-before", "after", "read-after")
FIRMNESS = {source: n for n, source in enumerate(ELSEWHERE)}
# The least probability of a description by the reader.
SURELY_READ = 0.8
# The value of features that are seen so seldom that the penalty on large weights would silence them.
SELDOM = 3.0
# The most descriptions to weigh, the first ones.
MOST = 40


def fullest(roles: Sequence[Role], *, lexicon: Lexicon, weights: Mapping[str, float]) -> str | None:
    """Return the likeliest of several descriptions, or None if none is the likeliest."""
    best, top = None, 0.0
    for role, row in zip(candidates(roles, lexicon=lexicon), rows(roles, lexicon=lexicon), strict=True):
        score = sum(weights.get(PREFIX + name, 0.0) * value for name, value in row.items())
        if best is None or score > top:
            best, top = role, score
    return best.text if best is not None and top > 0 else None


def candidates(roles: Sequence[Role], *, lexicon: Lexicon) -> list[Role]:
    """Return the descriptions to weigh: each wording once, at its first place, with the name rather than elsewhere.

    Words that only point to one of several describe nobody.
    """
    found: dict[str, Role] = {}
    for role in roles:
        if says_nothing(role.text, lexicon):
            continue  # "the third, Ilse Brouwer"
        known = found.setdefault(role.text.lower(), role)
        if FIRMNESS.get(role.source, len(FIRMNESS)) > FIRMNESS.get(known.source, len(FIRMNESS)):
            found[role.text.lower()] = role
    return list(found.values())[:MOST]


def rows(roles: Sequence[Role], *, lexicon: Lexicon) -> list[dict[str, float]]:
    """Return the features of each description; negative weights count against it, and 0 is the weight of none."""
    found = candidates(roles, lexicon=lexicon)
    starts = {role.start for role in found}
    longest = max((len(role.text.split()) for role in found), default=0)
    beside = any(_tells_beside(role, lexicon) for role in found)
    made = []
    for role in found:
        row = {name: value for name, value in _features(role, lexicon) if value}
        alone = role.source in ELSEWHERE  # beside the name, what stands elsewhere does not count
        again = [o for o in roles if (alone or o.source not in ELSEWHERE) and role.text.lower() in o.text.lower()]
        row["repeated"] = math.log(len(again))
        row["late"] = math.log1p(sum(start < role.start for start in starts))
        row["elsewhere_despite"] = float(beside and role.source in ELSEWHERE)
        row["longest"] = float(len(role.text.split()) == longest)
        row["within"] = float(any(role.text in o.text != role.text and o.source == role.source for o in found))
        made.append(row)
    return made


def _tells_beside(role: Role, lexicon: Lexicon) -> bool:
    """Return whether a description beside the name tells more than a title: "a former council official"."""
    return not role.loose and role.source not in ELSEWHERE and " " in role.text and is_role(role.text, lexicon=lexicon)


def _features(role: Role, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    words = [w.group() for w in WORD.finditer(role.text)]
    low = [w.lower() for w in words]
    source = role.source.removesuffix("-quoted")
    if source == "own":
        yield from _own_features(low, head_noun(role.text, lexicon=lexicon), lexicon)
        return
    yield "bias", 1.0
    yield f"from_{source}", 1.0
    if role.read is not None:
        yield "read", role.read
        yield "read_all", float(role.read > SURELY_READ)
    if not words:
        return
    if source in ELSEWHERE:
        yield f"names_{source}", math.log1p(sum(w[0].isupper() for w in words[1:]))
        yield f"indefinite_{source}", float(low[0] not in lexicon.names.article)
    determined = low[0] in lexicon.names.determiner
    size = len(words) - determined
    yield "length", math.log(max(1, size))
    yield f"length_{source}", math.log(max(1, size))
    yield "who_works", float(low[0] == "who" and not lexicon.names.who_verb.isdisjoint(low[1:2]))
    known = is_role(role.text, lexicon=lexicon)
    yield "role_noun" if known else f"no_role_noun_{source}", 1.0
    if not known and source in BESIDE:
        # "the board welcomed Mayor Lee", "Ana Lee, Bo Roe and others agreed"
        yield f"no_role_noun_{'small' if words[0].islower() else 'capital'}_{source.removeprefix('read-')}", 1.0
    yield "title", float(size == 1 and head_noun(role.text, lexicon=lexicon) in title_words(lexicon))
    yield "preposition", float(any(w in lexicon.names.preposition for w in low[1:]))
    yield "verb", float(any(w in lexicon.names.verb for w in low))
    yield "owned", float(any(w.endswith(("'s", "’s")) for w in words))
    yield "names", math.log1p(sum(w[0].isupper() for w in words[1:]))


def _own_features(low: Sequence[str], head: str, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """Yield the features of the description of an unnamed person: "a spokesman for the port" is a role as well."""
    of_whom = any(w in lexicon.names.preposition for w in low[1:])
    yield "own", SELDOM
    yield "own_speaks_for", SELDOM * (of_whom and head in lexicon.words["names-same-role-spokesperson"])
