"""Find where somebody spoke in sentences that credit nobody: Lee held a rally in Ohio. ¶ “It works,” she said.

Such a sentence tells of the statements after it only where their speaker acts in it. Its paragraph may hold no
statement at all, so that nobody has parsed it yet: `read` chooses what is worth it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from quotes.extraction.article_text import ArticleText
from quotes.extraction.channels.attachment import DEEPEST, SUBJECTS
from quotes.extraction.channels.sentences import Hit
from quotes.extraction.parsing.masking import Reading
from quotes.extraction.parsing.parse import Parse
from quotes.extraction.statement import Statement
from quotes.lexicon import Lexicon
from quotes.text.spans import touching

if TYPE_CHECKING:
    from spacy.tokens import Token

# A scene is set at most so many paragraphs before: the next one, or the one after a paragraph that quotes nobody.
REACH = 2
_LINKS = frozenset({"conj", "appos", "compound", "nmod"})


def unread(
    article: ArticleText, statements: Sequence[Statement], *, parse: Parse, lexicon: Lexicon
) -> list[Reading]:
    """Parse the paragraphs that credit nobody and may set a scene.

    Args:
        article: its text and parts.
        statements: those that stand, with their speakers, in order.
        parse: what is parsed already, and parses more.
        lexicon: brings the words for events and documents.

    Returns:
        The pieces of paragraphs that name a speaker quoted shortly after, and an event, a document or an interview.
    """
    text, paragraphs = article.text, article.paragraphs
    words, known = _events(lexicon), {r.paragraph for r in parse.readings}
    chosen = set()
    for statement in statements:
        surname = statement.speaker.name.rsplit(" ", 1)[-1] if statement.speaker is not None else ""
        for number in touching(paragraphs, statement.spans[0].start, statement.spans[0].end)[:1]:
            for place in paragraphs[max(0, number - REACH) : number]:
                named = surname and place not in known and surname in text[place.start : place.end]
                if named and words.search(text, place.start, place.end):
                    chosen.add(place)
    return parse.read([p for p in paragraphs if p in chosen], chosen=True)


@lru_cache(maxsize=8)
def _events(lexicon: Lexicon) -> re.Pattern[str]:
    listed = lexicon.word_set(f"{lexicon.language}-occasions") | lexicon.word_set(f"{lexicon.language}-documents")
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, listed)))})", re.IGNORECASE)


def acting(own: Reading, hit: Hit, name: str, *, persons: Container[str], near: bool, pronoun: bool) -> bool | None:
    """Tell whether somebody is who spoke on an occasion: True, False where it is somebody else, None where nobody is.

    Trump, appearing at the forum, cited problems; as he left the rally, Trump cited problems; it was mentioned by Trump
    in an interview. But not: the crowd at the rally booed Trump.

    Args:
        own: the parsed piece.
        hit: the words that tell the occasion.
        name: the last word of the speaker's name, in lower case.
        persons: pronouns for somebody who acts.
        near: whether the statement follows at once, so that such a pronoun stands for its speaker.
        pronoun: whether a pronoun credits the statement: whoever was described before may be meant.
    """
    token = own.doc[hit.first]
    for _ in range(DEEPEST):
        if token.dep_ in SUBJECTS:
            return _is_actor(token, name, persons, pronoun)
        if token.pos_ in ("VERB", "AUX"):
            actors = [c for c in token.children if c.dep_ in SUBJECTS]
            actors = [a for by in token.children if by.dep_ == "agent" for a in by.children] or actors
            if any(a.lower_ in persons for a in actors) and token.dep_ == "advcl" and not near:
                token = token.sent.root  # as he left the rally, Trump said so: he is who acts in the main clause
                continue
            actors = [a for a in actors if a.pos_ != "PRON" or (near and a.lower_ in persons)]
            if actors:
                return _is_actor(actors[0], name, persons, pronoun)
        if token.dep_ == "relcl":
            return _named(token.head, name)
        if token.head.i == token.i:
            break
        token = token.head
    return None


def _is_actor(token: Token, name: str, persons: Container[str], pronoun: bool) -> bool | None:
    """Tell whether a subject is the speaker; several, and one who is only described, may be."""
    if token.lower_ in persons or _named(token, name):
        return True
    several = token.tag_ in ("NNS", "NNPS")
    described = pronoun and (token.pos_ == "NOUN" or any(c.dep_ == "det" for c in token.children))
    return None if several or described else False


def _named(token: Token, name: str) -> bool:
    """Tell whether a noun phrase names somebody, be it as one of several or in apposition."""
    if token.lower_ == name:
        return True
    return any(c.dep_ in _LINKS and _named(c, name) for c in token.rights)
