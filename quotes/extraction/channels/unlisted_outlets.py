"""Mark the names of unlisted outlets by their form: Clare FM, the Kyrna Gazette, the news agency OSTA.

A branch adds a word to a listed outlet's name (CNBC Arabia); a station's name begins or ends with a word like Radio
(Radio Okapi); a paper has an article and one of a few last words; or a common noun beside a name says what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from quotes.extraction.channels.article_words import Vocabulary

if TYPE_CHECKING:
    from spacy.tokens import Token

# The most words of an outlet's name.
_LONGEST = 6
# The most words of a local station's place.
_LONGEST_PLACE = 3
# The lists of words that may mark a name.
_TELLING = ("outlet-tails", "air-heads", "paper-heads", "outlet-kinds")


class Word(Protocol):
    """A word of a sentence with its parsed token and the IOB tag of a name."""

    text: str
    token: Token
    label: str


def mark(words: Sequence[Word], known: Vocabulary, *, listed: Callable[[str], bool]) -> None:
    """Tag the outlets of a sentence that are known only by their form.

    Args:
        words: the sentence's words, with the tags of listed names; their tags are changed in place.
        known: the words of the language; without these lists no name is recognised by its form.
        listed: returns whether a name is listed, even as a weak one.
    """
    if any(not known[name].isdisjoint(w.text for w in words) for name in _TELLING):
        for at, word in enumerate(words):
            if word.label != "O":
                # a listed outlet's branch: CNBC Arabia, BBC Radio Scotland
                whole = word.label[2:] in ("OUTLET", "BROADCASTER")
                if whole and at + 1 < len(words) and words[at + 1].text in known["outlet-tails"]:
                    words[at + 1].label = f"I-{word.label[2:]}"
                elif whole and word.label[0] == "I":
                    _locate(words, at, known)
            elif at and word.text in known["outlet-tails"] and _is_weak(words, at - 1, listed):
                _put(words, at - 1, at + 1, "BROADCASTER")
                _locate(words, at, known)
            elif word.text in known["air-heads"]:
                _station(words, at, known)
            elif word.text in known["paper-heads"]:
                _paper(words, at, known)
            elif word.text in known["outlet-kinds"]:
                _described(words, at, known)


def _locate(words: Sequence[Word], at: int, known: Vocabulary) -> None:
    """Add the place of a network's local station to its name: BBC Radio Leeds, ABC Radio South Australia."""
    place = words[at + 1 : min(_run_after(words, at + 1), at + 1 + _LONGEST_PLACE)]
    if words[at].text in known["air-openers"] and known["days"].isdisjoint(w.text.lower() for w in place):
        for word in place:
            word.label = f"I-{words[at].label[2:]}"


def _is_weak(words: Sequence[Word], at: int, listed: Callable[[str], bool]) -> bool:
    """Return whether a word alone is a weak name: ABC is ambiguous, ABC Grandstand is not."""
    alone = words[at].label == "O" and not _owned(words, at) and _run_before(words, at + 1) == at
    return alone and listed(words[at].text)


def _station(words: Sequence[Word], at: int, known: Vocabulary) -> None:
    """Mark a station: Clare FM, Wisconsin Public Radio, Radio Okapi."""
    low, high = _run_before(words, at), _run_after(words, at + 1)
    label = "PROGRAMME" if _owned(words, low) else "BROADCASTER"
    if words[at].text in known["air-openers"] and high > at + 1:
        _put(words, at, high, label)
    elif low < at and high == at + 1:
        _put(words, low, at + 1, label)


def _paper(words: Sequence[Word], at: int, known: Vocabulary) -> None:
    """Mark a paper by its article and its last word: the Kyrna Gazette."""
    low, high = _run_before(words, at), _run_after(words, at)
    last = words[high - 1].text in known["paper-heads"]
    if 0 < low < at and words[low - 1].text.lower() in known["articles"] and last:
        _put(words, low, high, "OUTLET")


def _described(words: Sequence[Word], at: int, known: Vocabulary) -> None:
    """Mark a name beside its noun: the newspaper Aravia Post, Kan public radio, a news agency but not any agency."""
    first = at
    while first > 0 and words[first - 1].text in known["press-kinds"]:
        first -= 1
    if words[at].text in known["doubtful-kinds"] and first == at:
        return
    start = at + 1 + (at + 1 < len(words) and words[at + 1].text.lower() in known["articles"])
    high, low = _run_after(words, start), _run_before(words, first)
    if high > start:
        noun, last = words[at].token, words[high - 1].token
        if last.head.i == noun.i or words[start].token.i <= noun.head.i <= last.i:
            _put(words, start, high, "OUTLET")
    elif low < first:
        _put(words, low, at + 1, "OUTLET")


def _named(word: Word) -> bool:
    """Return whether a word is part of an unknown name."""
    proper = word.token.pos_ == "PROPN" or (word.text.isupper() and len(word.text) > 2)
    named = proper and word.text[:1].isalpha() and not word.text.islower()
    return word.label == "O" and (named or word.text == "-")


def _run_before(words: Sequence[Word], end: int) -> int:
    """Return the beginning of the name that ends here."""
    start = end
    while start > max(0, end - _LONGEST) and _named(words[start - 1]):
        start -= 1
    return start + (start < end and words[start].text == "-")


def _run_after(words: Sequence[Word], start: int) -> int:
    """Return the end of the name that begins here."""
    end = start
    while end < min(len(words), start + _LONGEST) and _named(words[end]):
        end += 1
    return end - (start < end and words[end - 1].text == "-")


def _owned(words: Sequence[Word], at: int) -> bool:
    """Return whether a name is a programme's, with its outlet before it: CBC's Information Radio."""
    return at > 1 and words[at - 1].token.tag_ == "POS" and words[at - 2].label != "O"


def _put(words: Sequence[Word], start: int, end: int, label: str) -> None:
    for at in range(start, end):
        words[at].label = f"{'I' if at > start else 'B'}-{label}"
