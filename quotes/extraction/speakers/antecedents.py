"""Find noun phrases that may be antecedents or descriptions: "voters", "her mother", "the candidate"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from attrs import evolve

from quotes.extraction.speakers.model import ArticleModel, Grammar, Layout, Mention, Query, QueryKind, Referent
from quotes.extraction.speakers.name_runs import unpossessive
from quotes.extraction.speakers.named_behind import names_someone
from quotes.extraction.speakers.phrases import described, is_role_noun, noun_phrase, tail_end
from quotes.extraction.speakers.titles import SPACES, WORD
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span

# How far back, in characters, to look for a noun phrase.
NEAR = 600
# "The former secretary of state has long maintained": a description as a subject, outside quotation marks, without
# the article of another one: "the stand attacking | the attorney general".
_EPITHET = re.compile(
    r"(?<![\w’'-])(?:[Tt]he|An?) (?:(?!(?:[Tt]he|[Aa]n?) )[\w’'-]+ ){0,5}(?!(?:[Tt]he|[Aa]n?)\b)[\w’'-]+"
)
# The words at the beginning of a line, without the article.
_LINE = re.compile(r"(?m)^(?!The |An? )[^\W\d_a-z][\w’'-]*(?: [\w’'-]+){0,5}")
# Characters of an article and its space: two readings of a description may begin so far apart.
_ARTICLE = 4
# What the parse calls a noun that says what another one is: "Ana Lee, a nurse", "Ana Lee is a nurse", "nurse unions".
_OF_ANOTHER = ("appos", "attr", "compound", "amod", "nmod")
_OWNS = ("'s", "’s")
# The most descriptions outside statements to examine.
MOST_ASIDE = 60


def epithets(model: ArticleModel, queries: Sequence[Query]) -> list[Query]:
    """Return descriptions of people outside statements: "the billionaire candidate is again leading".

    Each query's `source` is the description with what hangs on it: the senator from Texas.
    """
    layout, lexicon = model.layout, model.lexicon
    taken = {query.at for query in queries}
    beside = sorted((r.start, n) for n, entity in enumerate(model.entities) for r in entity.roles if not r.loose)
    found: dict[int, Query] = {}
    for core in (*_printed_epithets(model), *_headed(model)):
        named = any(m.end >= core.end for m, _ in model.within(core.start, core.end))
        if core.start in taken or layout.quoted(core.start) or named or len(found) >= MOST_ASIDE:
            continue
        phrase = layout.text[core.start : core.end]
        own = described(phrase, lexicon=lexicon)
        if own.plural or any(query.core.end == core.end for query in found.values()):
            continue
        low = tuple(w.group().lower() for w in WORD.finditer(phrase))
        statement = Candidate((core,), "indirect", "aside", mention=core, source=_with_tail(model, core))
        at = bisect_left(beside, (core.start, 0))
        of = model.entities[beside[at][1]] if at < len(beside) and beside[at][0] < core.end else None
        found[core.start] = Query(
            statement, core.start, "noun", core, phrase, low[-1], low, own.gender, (), own, aside=True, beside=of
        )  # fmt: skip
    return list(found.values())


def _printed_epithets(model: ArticleModel) -> Iterator[Span]:
    """Yield an article, modifiers and the noun of an office or a trade, which no name follows."""
    layout, lexicon = model.layout, model.lexicon
    for item in _EPITHET.finditer(layout.text, layout.body.start, layout.body.end):
        words = list(WORD.finditer(layout.text, item.start(), item.end()))
        nouns = [n for n, w in enumerate(words) if n and is_role_noun(unpossessive(w.group()).lower(), lexicon)]
        head = nouns[0] if nouns else 0
        while head + 1 in nouns and unpossessive(words[head].group()) == words[head].group():
            head += 1
        end = words[head].start() + len(unpossessive(words[head].group()))
        stops = lexicon.names.function_word
        plain = head and not any(w.group().lower() in stops for w in words[1:head])
        plain = plain and (head > 1 or words[1].group().lower() not in lexicon.names.party_noun)
        capital = end == words[head].end() and layout.text[end + 1 : end + 2].isupper()
        if plain and not capital:
            yield Span(item.start(), end)


def _headed(model: ArticleModel) -> Iterator[Span]:
    """Yield a line's first words, an office without its article: Harbour mayor rejects plan, Senator for Kent says."""
    layout, lexicon = model.layout, model.lexicon
    for item in _LINE.finditer(layout.text, layout.body.start, layout.body.end):
        words = list(WORD.finditer(layout.text, item.start(), item.end()))
        head = next((n for n, w in enumerate(words) if is_role_noun(w.group().lower(), lexicon)), None)
        if head is None or any(w.group().lower() in lexicon.names.function_word for w in words[:head]):
            continue
        core = Span(words[0].start(), words[head].end())
        end = _with_tail(model, core).end
        verb = WORD.match(layout.text, min(end + 1, layout.body.end), layout.body.end)
        plain = layout.text[core.start : core.end].replace(" ", "").replace("-", "").isalpha()
        acts = verb and layout.text[end] in SPACES and lexicon.regex("names-headline-verb").fullmatch(verb.group())
        if plain and acts:
            yield core


def _with_tail(model: ArticleModel, core: Span) -> Span:
    """Return a description with what hangs on its noun: the reader's longest, or "of", "for" or "from" and a name."""
    text, end = model.layout.text, core.end
    tail = model.lexicon.regex("names-tail").match(text, core.end, model.layout.body.end)
    if tail:
        end = tail.end("whose")
    for answer in model.tagged.surely() if model.tagged else ():
        if abs(answer.start - core.start) <= _ARTICLE:
            end = max(end, answer.end)
    words = list(WORD.finditer(text, core.end, end))
    while words and words[-1].group().lower() in model.lexicon.names.function_word:
        words.pop()
    return Span(core.start, words[-1].end() if words else core.end)


@lru_cache(maxsize=8)
def _nouns(lexicon: Lexicon, kind: QueryKind) -> frozenset[str]:
    lists = {
        "they": ("names-group-noun", "names-collective", "names-org-noun"),
        "it": ("names-document-noun", "names-org-noun", "names-collective"),
        "noun": ("names-org-noun", "names-authority"),
    }.get(kind, ("names-role-f", "names-role-m", "names-anonymous-noun", "names-role-noun"))
    return frozenset().union(*(lexicon.word_set(name) for name in lists))


def phrases_before(model: ArticleModel, grammar: Grammar, query: Query) -> Iterator[Referent]:
    """Yield noun phrases of the last sentences that may be a pronoun's antecedent: "voters", "her mother"."""
    layout, lexicon = model.layout, model.lexicon
    nouns = _nouns(lexicon, query.kind)
    nouns = nouns & {query.head} if query.kind == "noun" else nouns
    low = max(layout.body.start, query.at - (NEAR if query.kind != "noun" else 4 * NEAR))
    # "The nation has grown, it added": as with names, a speaker's own words do not name the speaker.
    own = query.statement.spans if query.kind in ("he", "it") else ()
    for word in reversed(layout.words(low, query.at)):
        if word.group().lower() not in nouns or layout.quoted(word.start()):
            continue
        if any(span.start <= word.start() < span.end for span in own):
            continue
        if layout.sentence(query.at) - layout.sentence(word.start()) > 3 and query.kind != "noun":
            return
        after = layout.text[word.end() : word.end() + 2]
        core = noun_phrase(layout, lexicon, word.start(), word.end())
        phrase = _printed(layout, core)
        if (after[:1] in SPACES and after[1:2].isupper()) or (" " not in phrase and query.kind in ("he", "it", "noun")):
            continue  # "Senators Ana Lee and Bo Roe", "spokesman Bo Roe"; in office
        if query.kind == "noun":
            capital = any(w[:1].isupper() for w in phrase.split()[1:]) or phrase.split()[0].endswith(("'s", "’s"))
            if not capital:
                continue
        if query.kind == "he" and (grammar.label(word.start()) in _OF_ANOTHER or names_someone(model, core.end)):
            continue
        found = described(phrase, lexicon=lexicon, origin="phrase")
        if query.kind == "he":
            end = tail_end(layout, grammar, Span(word.start(), word.end()), query.at, lexicon)
            place = unnamed(layout, grammar, core, word.start())
            found = evolve(found, name=_printed(layout, Span(core.start, end)), mention=place)
        yield found


def _printed(layout: Layout, span: Span) -> str:
    return " ".join(layout.text[span.start : span.end].split())


def unnamed(layout: Layout, grammar: Grammar, core: Span, noun: int) -> Mention:
    """Return a description of a person as a mention without a name; `noun` is where its head begins."""
    dep = grammar.label(noun)
    opens = layout.sentence(core.start) != layout.sentence(core.start - 1)
    return Mention(
        core.start, core.end, (), "person", opens=opens, possessive=layout.text[core.end : core.end + 2] in _OWNS,
        subject=dep in ("nsubj", "nsubjpass") or (not dep and opens), object=dep in ("dobj", "pobj", "dative"),
        sentence=layout.sentence(core.start), paragraph=layout.paragraph(core.start),
    )  # fmt: skip


def phrase_ending(model: ArticleModel, grammar: Grammar, query: Query) -> Referent | None:
    """Return "demonstrators" in "clashed with demonstrators, who chanted"."""
    layout, lexicon = model.layout, model.lexicon
    low = max(layout.body.start, query.at - 120)
    end = low + len(layout.text[low : query.at].rstrip(" ,\u00a0"))
    found = list(WORD.finditer(layout.text, low, end))
    if not found or found[-1].end() != end:
        return None
    adverbs = lexicon.names.adverb
    while len(found) > 1 and found[-1].group() in adverbs:
        found.pop()
    start = _hanging(found[-9:], layout.text, lexicon)
    last = found[-1]
    core = noun_phrase(layout, lexicon, last.start(), last.end())
    if start is not None:
        core = Span(noun_phrase(layout, lexicon, start.start(), start.end()).start, last.end())
    phrase = _printed(layout, core)
    if phrase == last.group() and phrase.lower() in lexicon.names.function_word:
        return None
    place = unnamed(layout, grammar, core, (start or last).start())
    return evolve(described(phrase, lexicon=lexicon, origin="ending"), mention=place)


def _hanging(found: Sequence[re.Match[str]], text: str, lexicon: Lexicon) -> re.Match[str] | None:
    """Return "listeners" of "listeners to his programme" before "who": people with an attached phrase."""
    hanging = lexicon.names.governor
    people = _nouns(lexicon, "he") | lexicon.names.group_noun
    if found[-1].group().lower() in people:
        return None
    for left, right in reversed(list(pairwise(found))):
        if text[left.end() : right.start()].strip(" \u00a0\"'“”‘’"):
            return None
        if left.group().lower() in people and right.group() in hanging:
            return left
    return None
