"""Analyse noun phrases: their heads, the kind of speaker they describe, and where they begin. Uses no parser."""

from __future__ import annotations

import re
from functools import lru_cache

from attrs import evolve

from quotes.extraction.speakers.model import ArticleModel, Grammar, Layout, Referent
from quotes.extraction.speakers.name_runs import unpossessive
from quotes.extraction.speakers.titles import SPACES, WORD, Gender, courtesies, title_words, words_before
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span, SpeakerKind
from quotes.text.sentences import sentence_end

# The most characters of a description: twice the longest apposition of the training articles.
LONGEST = 160
LONGEST_MENTION = 300
_HYPHENED = re.compile(r"(?:-\w{1,30}){1,3}")
_SENTENCE_END = sentence_end(opens="any", lines=True, closing=3)
_TITLE_MARKS = ('"', "“", "”")
# What stands between the words of a phrase: a space, a hyphen, the mark of a sum or an account.
_INSIDE = re.compile(r"[ \u00a0-]|[ \u00a0](?:US|A)?[$£€@]|['’]")
# Acronyms of offices that are shorter must be listed.
_LONG_ACRONYM = 3
# A day is no description, but may end one of so many words: "a memo sent on Tuesday".
_WITH_DAY = 3
_QUOTE_ENDS = ('"', "'", "”", "’")
_KINDS: tuple[tuple[str, SpeakerKind], ...] = (
    ("names-authority", "organization"),
    ("names-anonymous-noun", "anonymous"),
    ("names-group-noun", "group"),
    ("names-document-noun", "document"),
    ("names-org-noun", "organization"),
    ("names-role-noun", "anonymous"),
)


@lru_cache(maxsize=1 << 13)
def head_noun(phrase: str, *, lexicon: Lexicon) -> str:
    """Return a noun phrase's last word before its first preposition, lower case: "a top adviser to X" -> adviser."""
    prepositions, functions = lexicon.names.preposition, lexicon.names.function_word
    short, after = lexicon.names.abbreviation, lexicon.names.after_noun
    head = ""
    title = lexicon.regex("names-title-before-noun").match(phrase)  # the “Glass House” star
    last = title.end() if title else 0
    for found in WORD.finditer(phrase, last):
        word = found.group().lower()
        gap = phrase[last : found.start()].strip(" \u00a0")
        if gap in _TITLE_MARKS and head not in lexicon.names.org_noun and not _is_person_noun(head, lexicon):
            gap = ""  # the “Night Ferry” actor
        dotted = gap == "." and (len(head) == 1 or "." in head or head in short)
        if head and (word in prepositions or word in functions or (gap not in ("", "'", "’") and not dotted)):
            joined = word in lexicon.names.description_edge and not gap
            return _joined_head(head, phrase[found.end() :].lstrip(), lexicon) if joined else head
        if word in after and _is_person_noun(head, lexicon):
            break
        if not word[0].isdigit() or "-" in word:
            head = word
        last = found.end()
    return head


def _joined_head(head: str, rest: str, lexicon: Lexicon) -> str:
    """Return the head noun of a phrase that goes on after "and": the energy and climate minister is a minister."""
    known = _is_person_noun(head, lexicon) or head in lexicon.names.org_noun or head in lexicon.names.document_noun
    if known or not rest or rest.split(" ", 1)[0].lower() in lexicon.names.determiner:
        return head
    other = head_noun(rest, lexicon=lexicon)
    return other if _is_person_noun(other, lexicon) or other in lexicon.names.org_noun else head


def _is_person_noun(word: str, lexicon: Lexicon) -> bool:
    lists = ("names-anonymous-noun", "names-role-noun", "names-group-noun")
    return any(word in lexicon.word_set(name) for name in lists)


def is_body(phrase: str, *, lexicon: Lexicon) -> bool:
    """Return whether a noun phrase describes an organization: "the agency that oversees the programme"."""
    words, head = phrase[:LONGEST].split(), head_noun(phrase, lexicon=lexicon)
    if not words or words[0] not in lexicon.names.determiner:
        return False
    return head in lexicon.names.org_noun or head in lexicon.names.body_part


def is_role(phrase: str, *, lexicon: Lexicon) -> bool:
    """Return whether a noun phrase describes one person."""
    words = [w.group().lower() for w in WORD.finditer(phrase[:LONGEST])]
    if not words:
        return False
    if " ".join(words[:2]) in lexicon.names.partitive:
        # "One of the nation's largest coal companies" does not.
        if words[2:] and words[2] in lexicon.names.pronoun_they:
            return False  # nor does "one of them"
        many = head_noun(phrase.split(" ", 2)[-1], lexicon=lexicon)
        one = many[:-3] + "y" if many.endswith("ies") else many.removesuffix("s")
        return one not in lexicon.names.org_noun | lexicon.names.document_noun
    return is_role_noun(unpossessive(head_noun(phrase, lexicon=lexicon)), lexicon)


@lru_cache(maxsize=1 << 14)
def is_role_noun(word: str, lexicon: Lexicon) -> bool:
    """Return whether a word in lower case names an office, a trade or a relation."""
    roles, suffixes = _role_nouns(lexicon), tuple(lexicon.words["names-role-suffix"])
    word = word.partition("-of-")[0]  # the mum-of-two
    return word in roles or word.rsplit("-", 1)[-1] in roles or word.endswith(suffixes)


@lru_cache(maxsize=1 << 12)
def office_acronyms(role: str, lexicon: Lexicon) -> frozenset[str]:
    """Return what an office is called in capitals: "MP" of "Leeds MP", "PPRO" of "Police Public Relations Officer"."""
    if not is_role(role, lexicon=lexicon):
        return frozenset()
    head, words = head_noun(role, lexicon=lexicon), [w.group() for w in WORD.finditer(role)]
    at = next((n for n, word in enumerate(words) if word.lower() == head), -1)
    if words[at].isupper():
        return frozenset({words[at]})
    initials = "".join(part[:1].upper() for word in words[: at + 1] for part in word.split("-"))
    ends = (initials[n:] for n in range(len(initials) - 1))
    return frozenset(end for end in ends if len(end) >= _LONG_ACRONYM or end in lexicon.names.office_acronym)


@lru_cache(maxsize=8)
def _role_nouns(lexicon: Lexicon) -> frozenset[str]:
    return lexicon.names.role_noun | (title_words(lexicon).keys() - courtesies(lexicon))


def core_of(text: str, mention: Span, lexicon: Lexicon) -> Span:
    """Reduce a mention to its noun phrase, without brackets, apposition and surrounding quotation marks."""
    start, end = mention.start, min(mention.end, mention.start + LONGEST_MENTION)
    tails = lexicon.names.not_apposed
    ends = lexicon.regex("names-core-end").finditer(text, start + 1, end)
    end = next((m.start() for m in ends if m["mark"] != ", " or text[m.end() : m.end() + 2] not in tails), end)
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    # The parser splits "Secretary-Treasurer Gary Casteel" after its hyphen.
    rest = _HYPHENED.match(text, end) if end > start else None
    return Span(start, rest.end() if rest else end)


def noun_phrase(layout: Layout, lexicon: Lexicon, start: int, end: int) -> Span:
    """Return where a noun stands with its article and modifiers."""
    stops, determiners = lexicon.names.function_word, lexicon.names.determiner
    known = lexicon.names.noun_modifier
    edge, text = start, layout.text
    for item in reversed(words_before(text, max(layout.body.start, start - 60), start)[-5:]):
        word = item.group()
        if text[item.end() : edge] not in SPACES or word.lower() in stops:
            break
        if word.lower() in determiners:
            edge = item.start()
            break
        if word.lower() not in known and not word[0].isupper() and not word[0].isdigit() and "-" not in word:
            break
        edge = item.start()
    return Span(edge, end)


def tail_end(layout: Layout, grammar: Grammar, noun: Span, stop: int, lexicon: Lexicon) -> int:
    """Return where the words end that hang on a noun, up to a mark: "a woman | who lives by the crossing".

    No tail is what the parse leaves open ("critics of"), nor a day ("a senator on Tuesday").
    """
    end, last, size = noun.end, "", 0
    for word in layout.words(noun.end, min(stop, noun.end + LONGEST)):
        gap = layout.text[end : word.start()]
        inside = gap in (".", ",") or (_INSIDE.fullmatch(gap) and grammar.hangs(word.start(), noun.start))
        if word.end() > stop or not inside:  # a mark without a space is part of a number
            break
        end, last, size = word.end(), word.group(), size + 1
    day = size < _WITH_DAY and last[:1].isupper() and last.lower() in lexicon.names.not_name
    return noun.end if day or last.lower() in lexicon.names.function_word else end


def described(name: str, *, lexicon: Lexicon, origin: str = "own") -> Referent:
    """Return an unnamed source by its description, with the kind of its head noun."""
    head = head_noun(name, lexicon=lexicon)
    plural = head in lexicon.names.group_noun
    kind: SpeakerKind = next((value for words, value in _KINDS if head in lexicon.word_set(words)), "unknown")
    if kind == "unknown" and head.endswith("s") and head[:-1] in lexicon.names.role_noun:
        kind, plural = "group", True
    elif kind == "unknown" and (is_role(name, lexicon=lexicon) or head.endswith(lexicon.words["names-age-ending"])):
        kind = "anonymous"
    return Referent(name, kind, gender=gender_of(head, lexicon), plural=plural, origin=origin)


def own_description(model: ArticleModel, grammar: Grammar, candidate: Candidate, core: Span) -> Referent:
    """Return what a mention describes itself, with all that hangs on it: "a woman who lives by the crossing"."""
    text, lexicon = model.layout.text, model.lexicon
    whole = _full_phrase(model, candidate, core)
    words = " ".join(unpossessive(text[whole.start : whole.end]).split())
    own = described(words, lexicon=lexicon)
    if own.kind == "unknown":  # "a witness interviewed by staff" is a witness
        own = evolve(described(" ".join(text[core.start : core.end].split()), lexicon=lexicon), name=words)
    head = grammar.head(whole.start, whole.end)
    noun = next(iter(model.layout.words(whole.end if head is None else head, whole.end)), None)
    if noun is None or own.kind not in ("anonymous", "group", "document"):
        return own
    if any(not grammar.hangs(w.start(), noun.start()) for w in model.layout.words(noun.end(), whole.end)):
        return own
    stop = min((s.start for s in (*candidate.spans, candidate.cue) if s and s.start >= whole.end), default=len(text))
    end = tail_end(model.layout, grammar, Span(noun.start(), whole.end), stop, lexicon)
    return evolve(own, name=" ".join(text[whole.start : end].split())) if end > whole.end else own


def _full_phrase(model: ArticleModel, candidate: Candidate, core: Span) -> Span:
    """Return an unnamed source's description with its complements: "a senior official at the ministry"."""
    text, lexicon = model.layout.text, model.lexicon
    start, end = core.start, core.end
    source = candidate.source
    if source and source.start <= start and source.end > end:
        whole = core_of(text, source, lexicon)
        start, end = min(start, whole.start), max(end, whole.end)
    return Span(start, end)


def gender_of(head: str, lexicon: Lexicon) -> Gender | None:
    """Return the gender of a head noun: the actress is a woman."""
    head = head.partition("-of-")[0]
    if head in lexicon.names.role_f:
        return "f"
    return "m" if head in lexicon.names.role_m else None


def sentence_starts(layout_text: str, body: Span, lexicon: Lexicon, quoted: object) -> list[int]:
    """Return where sentences begin; "Mr. " ends none, and a quotation belongs to the sentence around it."""
    text, inside = layout_text, quoted
    assert callable(inside)
    short = lexicon.names.abbreviation
    starts = [body.start]
    for end in _SENTENCE_END.finditer(text, body.start, body.end):
        if inside(end.end()) and inside(end.start() - 1):
            continue
        if end.group()[0] in "!?…" and end.group()[1:2] in _QUOTE_ENDS and text[end.end() : end.end() + 1].islower():
            # “Was Moses meddling?” the cleric asked.
            continue
        if end.group()[0] == ".":
            word = re.search(r"[\w.]{1,8}\Z", text[max(body.start, end.start() - 8) : end.start()])
            low = word.group().lower() if word else ""
            if low in short or len(low) == 1 or low[-2:-1] == ".":
                continue
        if not text[starts[-1] : end.start()].strip():
            starts[-1] = end.end()
        else:
            starts.append(end.end())
    return starts
