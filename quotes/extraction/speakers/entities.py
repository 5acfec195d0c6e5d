"""Build an article's entities: every name with its place, short forms merged with full ones, and descriptions.

`build` is the only entry point: it returns an ArticleModel, which no later stage changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from attrs import evolve

from quotes.extraction.speakers.appositions import shared_roles
from quotes.extraction.speakers.groups import PERSONAL, SURE_READ, Group, Groups, canonical
from quotes.extraction.speakers.model import ArticleModel, Entity, Grammar, Layout, Mention, Role
from quotes.extraction.speakers.name_finder import EntityKind, NameForm, bare, find_forms, is_listed
from quotes.extraction.speakers.phrases import gender_of, head_noun, sentence_starts
from quotes.extraction.speakers.pronoun_votes import counts, shares
from quotes.extraction.speakers.tagged import Tagged
from quotes.extraction.speakers.titles import SPACES, WORD, given_gender, title_words
from quotes.lexicon import Lexicon
from quotes.records import MarkedSpan, Span
from quotes.text.spans import in_spans

if TYPE_CHECKING:
    from quotes.reader.inference import Answers

# The share of "he" or "she" among its pronouns that makes a name a person's: two of three.
SURE_VOTES = 0.5
# "Mr." or "Lady" before the name weighs as much as this many pronouns after it.
TITLE_COUNTS = 3
_LINE = re.compile(r"\n+")


def lay_out(text: str, body: Span, marked: Sequence[MarkedSpan], lexicon: Lexicon) -> Layout:
    """Return where an article's sentences and paragraphs begin."""
    quoted = in_spans(marked)
    paragraphs = [body.start, *(m.end() for m in _LINE.finditer(text, body.start, body.end))]
    return Layout(text, body, sentence_starts(text, body, lexicon, quoted), paragraphs, quoted)


def build(
    layout: Layout,
    lexicon: Lexicon,
    *,
    title: str | None = None,
    grammar: Grammar | None = None,
    answers: Answers | None = None,
) -> ArticleModel:
    """Build the entities and mentions of an article.

    Args:
        layout: the article's text with its sentences, paragraphs and quotations.
        lexicon: the language's word lists.
        title: the headline, which may have full names, too.
        grammar: the parse, if any.
        answers: the reader's names and descriptions, if any.
    """
    text, body = layout.text, layout.body
    forms = list(find_forms(text, body, lexicon))
    outside = [f for f in find_forms(title, Span(0, len(title)), lexicon) if f.kind == "person"] if title else []
    grammar = grammar or Grammar()
    tagged = Tagged(text, answers, lexicon.regex("names-described-by"))
    forms = tagged.joined([tagged.trimmed(form, lexicon) for form in forms], lexicon)
    groups = Groups(layout, lexicon, grammar, tagged)
    groups.add_full([f for f in forms if len(f.words) > 1], [f for f in outside if len(f.words) > 1])
    short = [f for f in forms if len(f.words) == 1 and not groups.is_office(f)]
    sure = {bare(f.words[0]) for f in short if not f.opens}
    groups.add_short([f for f in short if bare(f.words[0]) in sure or groups.is_name(f, body)])
    pairs = sorted(((f, g) for g in groups.all for f in g.forms if f.start >= 0), key=lambda fg: fg[0].start)
    placed = [(_mention(layout, f, grammar, lexicon), id(g)) for f, g in pairs]
    told = counts(layout, placed, lexicon)
    by_group: dict[int, list[Mention]] = {}
    for mention, key in placed:
        by_group.setdefault(key, []).append(mention)
    shared = shared_roles(layout, placed, lexicon)
    entities = {
        id(g): _entity(groups, g, by_group.get(id(g), []), told.get(id(g), Counter()), shared.get(id(g), []))
        for g in groups.all
        if g.forms
    }
    people = sum(len(e.mentions) for e in entities.values() if e.kind == "person") or 1
    entities = {
        key: evolve(e, share=len(e.mentions) / people) if e.kind == "person" else e for key, e in entities.items()
    }
    mentions = tuple((m, entities[key]) for m, key in placed)
    starts = tuple(m.start for m, _ in mentions)
    return ArticleModel(layout, lexicon, tuple(entities.values()), mentions, starts, groups.tagged)


def _mention(layout: Layout, form: NameForm, grammar: Grammar, lexicon: Lexicon) -> Mention:
    start, end = form.start, form.end
    labels = grammar.labels(start, end)
    subject = grammar.is_subject(start, end) if labels else _acts(layout, form, lexicon)
    below = not subject and bool(labels & {"dobj", "pobj", "dative", "iobj", "agent"})
    return Mention(
        start, end, form.words, form.kind, tuple(w.lower().rstrip(".") for w in form.title),
        form.gender if form.title else None, form.possessive, form.opens, layout.quoted(start),
        subject and not form.possessive, below, layout.sentence(start), layout.paragraph(start),
    )  # fmt: skip


def _acts(layout: Layout, form: NameForm, lexicon: Lexicon) -> bool:
    """Return whether a verb follows a name, or an apposition follows one that opens its sentence."""
    text, high = layout.text, min(form.end + 40, layout.body.end)
    after = WORD.match(text, min(form.end + 1, high), high)
    if after and text[form.end : after.start()] in SPACES:
        word = after.group().lower()
        following = WORD.match(text, min(after.end() + 1, high), high)
        if word in lexicon.names.midverb and following:
            word = following.group().lower()
        if word in lexicon.names.verb or (word.islower() and word.endswith(lexicon.words["names-verb-ending"])):
            return True
    return form.opens and text[form.end : form.end + 3].startswith((",", " —", " –", " ("))


def _entity(
    groups: Groups, group: Group, mentions: list[Mention], called: Counter[str], shared: list[Role]
) -> Entity:
    lexicon, pronouns = groups.lexicon, shares(called)
    short = [f for f in group.forms if len(f.words) == 1]
    roles = [*group.roles, *groups.roles(group, short), *shared]
    plain = [role for role in roles if not role.loose]
    heads = {head_noun(role.text, lexicon=lexicon) for role in plain}
    titles = frozenset(w.lower().rstrip(".") for f in group.forms for w in f.title)
    genders = Counter(f.gender for f in group.forms if f.gender and f.title)
    own = {head_noun(role.text, lexicon=lexicon) for role in plain if not role.text.startswith("whose ")}
    # "Whose husband serves" says nothing on gender, nor does a role that the pronouns contradict.
    against = {"m": -pronouns[0], "f": pronouns[0]}
    told = [g for g in (gender_of(h, lexicon) for h in sorted(own)) if g and against[g] < SURE_VOTES]
    tell = Counter(g for f in group.forms for w in f.title if (g := title_words(lexicon).get(w.lower().rstrip("."))))
    used = {g: called[g] + TITLE_COUNTS * tell[g] for g in ("f", "m")}
    gender = genders.most_common(1)[0][0] if genders else (told[0] if told else None)
    given = given_gender(lexicon).get(bare(group.words[0]))
    read = groups.tagged.kinds([Span(m.start, m.end) for m in mentions])
    impersonal = read.get("organization", 0.0) > max(SURE_READ, read.get("person", 0.0))
    kind = _kind_of(group, roles, lexicon, impersonal=impersonal)
    sure = max(read, key=lambda name: read[name]) if read else None
    if kind == "unknown" and sure is not None and read[sure] >= SURE_READ:
        kind = cast("EntityKind", sure)
    if kind == "unknown" and heads & lexicon.names.org_noun and not group.personal:
        kind = "organization"  # the group that owns the songs, Larkfield, says
    if kind == "unknown" and (gender or abs(pronouns[0]) >= SURE_VOTES or (given and len(group.words) < 3)):
        kind = "person"
    elif kind == "unknown" and pronouns[1] >= SURE_VOTES:
        kind = "organization"
    said = {w.lower().rstrip(".") for role in plain for w in WORD.findall(role.text)} & title_words(lexicon).keys()
    return Entity(
        canonical(group, lexicon), kind, gender, given, pronouns[0], pronouns[1], read=read, titles=titles,
        heads=frozenset(heads | said), mentions=tuple(mentions), roles=tuple(roles), called=(used["f"], used["m"]),
    )  # fmt: skip


def _kind_of(group: Group, roles: list[Role], lexicon: Lexicon, *, impersonal: bool) -> EntityKind:
    listed = is_listed(" ".join(group.words), lexicon)
    if listed or (not group.personal and any(r.source == "body" for r in roles)):
        return "organization"
    told = [f for f in group.forms if f.kind != "unknown"]
    kinds = Counter(f.kind for f in [f for f in told if len(f.words) > 1] or told)  # "WHITFIELD:" is weaker evidence
    best: EntityKind = kinds.most_common(1)[0][0] if kinds else "unknown"
    if best in ("unknown", "place") and any(r.source in PERSONAL for r in roles):
        return "organization" if impersonal else "person"
    return best
