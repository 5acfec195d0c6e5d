"""Bring the wording of each proposed description to whole words, one sentence and one phrase, whatever proposed it."""

from __future__ import annotations

import re

from attrs import evolve

from quotes.extraction.speakers.model import Grammar, Layout, Role
from quotes.extraction.speakers.name_runs import unpossessive
from quotes.extraction.speakers.phrases import is_role, tail_end
from quotes.extraction.speakers.titles import SPACES, WORD, courtesies, courtesy_start, title_start, words_before
from quotes.lexicon import Lexicon
from quotes.records import Span

# The most characters of a word, and of the words of an owner before it.
_LONGEST_WORD = 40
# The rest of a word or number: "Hale-|Okoro", "1|,900"; not of "Sussex|'s".
_WORD_AFTER = re.compile(r"(?:[^\W_]|-(?=[^\W_])|(?<=\d)[.,](?=\d))*")
_MARKS, _JOINTS = " ,;:—–-", "’'-"
_STOPS = " .!?…"


def whole(role: Role, name: Span, layout: Layout, grammar: Grammar, lexicon: Lexicon) -> Role | None:
    """Return a description of a name with its wording mended, or None if nothing is left of it."""
    text, span = layout.text, Span(role.start, role.start + len(role.text))
    if not text.startswith(role.text, role.start) or not role.text:
        return role  # put together from several places
    leads = span.end <= name.start
    span = _one_sentence(layout, _whole_words(text, span), leads=leads)
    if leads:
        span = _before_name(text, _with_owner(text, span, layout.body.start, lexicon), name, lexicon)
    elif role.source == "read-after":
        span = _with_tail(layout, grammar, _without_another(text, span, lexicon), name, lexicon)
    span = _without_edges(text, span, lexicon, leads=leads)
    words = " ".join(text[span.start : span.end].split())
    if not words or (not leads and words.split(" ", 1)[0] in lexicon.names.description_edge):
        return None  # "Ana Lee, and his accountant"
    return role if words == role.text else evolve(role, text=words, start=span.start)


def _without_another(text: str, span: Span, lexicon: Lexicon) -> Span:
    """Return a description without somebody else's before a name: "the mayor|, and her deputy", Bo Roe."""
    another = lexicon.regex("names-and-another").search(text, span.start, span.end + 3)
    return Span(span.start, another.start()) if another and another.start("name") >= span.end else span


def says_nothing(words: str, lexicon: Lexicon) -> bool:
    """Return whether words describe nobody: "the third", "71"."""
    names = lexicon.names
    empty = all(word in names.no_role or word in names.determiner for word in words.lower().split())
    return empty or lexicon.regex("names-age").match(words) is not None


def _whole_words(text: str, span: Span) -> Span:
    """Return a span that begins and ends at the edges of words: "Hale-|Okoro's deputy", "which employs some 1|,900"."""
    start, end = span.start, span.end
    low = max(0, start - _LONGEST_WORD)
    while text[start].isalnum() and start > low and (text[start - 1].isalnum() or _joins(text, start - 1)):
        start -= 1 if text[start - 1].isalnum() else 2
    if text[end - 1].isalnum() and (rest := _WORD_AFTER.match(text, end)):
        end = rest.end()
    return Span(start, end)


def _joins(text: str, at: int) -> bool:
    """Return whether a mark stands inside a word: "Hale|-|Okoro"."""
    return at > 0 and text[at] in _JOINTS and text[at - 1].isalnum()


def _one_sentence(layout: Layout, span: Span, *, leads: bool) -> Span:
    """Return the part of a span in the sentence of the name beside it: "of the Institute|. He"."""
    first, last = layout.sentence(span.start), layout.sentence(span.end - 1)
    if first == last:
        return span
    if leads:
        return Span(layout.sentences[last - 1], span.end)
    return Span(span.start, span.start + len(layout.text[span.start : layout.sentences[first]].rstrip(_STOPS)))


def _with_owner(text: str, span: Span, low: int, lexicon: Lexicon) -> Span:
    """Return a span with the whole name of whom its first word is: "Mr Ed |Whitby's barrister"."""
    first = WORD.match(text, span.start, span.end)
    if first is None or not first.group()[0].isupper() or unpossessive(first.group()) == first.group():
        return span
    start = span.start
    for word in reversed(words_before(text, max(low, start - _LONGEST_WORD), start)):
        titled = word.group().lower() in courtesies(lexicon)
        plain = not word.group()[0].isupper() or (word.group().lower() in lexicon.names.not_name and not titled)
        if plain or text[word.end() : start].removeprefix("." if titled else "") not in SPACES:
            break
        start = word.start()
    return Span(start, span.end)


def _before_name(text: str, span: Span, name: Span, lexicon: Lexicon) -> Span:
    """Return a span without a title of the name after a complete description: "the spokesperson | Ambassador"."""
    names, at = lexicon.names, title_start(text, name.start, span.start, lexicon)
    lead = text[span.start : at].rstrip(_MARKS)
    last = lead.rsplit(" ", 1)[-1]
    hangs = not names.preposition.isdisjoint(lead.split())
    closed = last.islower() or hangs or "," in text[span.start + len(lead) : at]
    open_ended = any(last.lower() in words for words in (names.function_word, names.determiner, names.role_modifier))
    if at < span.end and closed and not open_ended and is_role(lead, lexicon=lexicon):
        return Span(span.start, span.start + len(lead))
    polite = courtesy_start(text, name.start, span.start, lexicon)
    return Span(span.start, min(span.end, polite)) if polite > span.start else span  # Minister | Datuk Seri Ali


def _with_tail(layout: Layout, grammar: Grammar, span: Span, name: Span, lexicon: Lexicon) -> Span:
    """Return a span with all that hangs on it: "who works | at the mill", "coxswain from 1988 | to 2009"."""
    first = WORD.match(layout.text, span.start, span.end)
    clause = first is not None and first.group() in lexicon.names.pronoun_who
    noun = grammar.head(name.start, name.end) if clause else grammar.head(span.start, span.end)
    if noun is None:
        return span
    return Span(span.start, tail_end(layout, grammar, Span(noun, span.end), layout.body.end, lexicon))


def _without_edges(text: str, span: Span, lexicon: Lexicon, *, leads: bool) -> Span:
    """Return a span without words around it: "to | the bureau", "the envoy | and", "the judge | Dr."."""
    words = list(WORD.finditer(text, span.start, span.end))
    while leads and words and _opens(words[0].group(), lexicon):
        del words[0]  # "talks with Governor Luis Ortega"
    start, end = words[0].start() if words else span.start, span.end
    while words and _closes(words[-1].group(), lexicon):
        end = words.pop().start()
    return Span(start, start + len(text[start:end].rstrip(_MARKS))) if words else span  # "Prof Dame" Ana Lee


def _opens(word: str, lexicon: Lexicon) -> bool:
    """Return whether a word leads to a description before a name."""
    names = lexicon.names
    return word in names.description_edge or (word in names.preposition and word not in names.pronoun_who)


def _closes(word: str, lexicon: Lexicon) -> bool:
    """Return whether a word leads from a description to what follows: a conjunction, or a courtesy of the name."""
    return word in lexicon.names.description_edge or (word[0].isupper() and word.lower() in courtesies(lexicon))
