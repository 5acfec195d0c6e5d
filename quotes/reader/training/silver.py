"""Silver labels: names from a spaCy model, and attitudes from an earlier reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve

from quotes.lexicon import Lexicon
from quotes.lexicon.gazetteer import press_of
from quotes.reader.inference import ask, read, spans
from quotes.reader.links import link
from quotes.reader.training.articles import Article, Bounds, Label, LayerSpan
from quotes.reader.training.examples import pieces_of
from quotes.reader.training.links import disjoint
from quotes.reader.training.locating import overlap

if TYPE_CHECKING:
    from quotes.reader import RoleReader

_KINDS = {"PERSON": "person", "ORG": "organization", "GPE": "place", "LOC": "place", "FAC": "place"}
# The model's labels for names of other kinds than the layer's.
_OTHER = frozenset({"WORK_OF_ART", "EVENT", "PRODUCT", "LAW"})


def recognizer(lexicon: Lexicon) -> Any:
    """Load the language's spaCy pipeline with only its entity recognizer."""
    import spacy

    models = lexicon.words[f"{lexicon.language}-models"]
    nlp = spacy.load(next((m for m in models if spacy.util.is_package(m)), models[0]))
    nlp.select_pipes(enable=["tok2vec", "ner"])
    return nlp


def with_names(articles: Sequence[Article], nlp: Any, *, lexicon: Lexicon) -> list[Article]:
    """Add the names that a model finds where none is annotated; annotated ones keep their bounds.

    Args:
        articles: articles with their annotated names.
        nlp: a spaCy pipeline with an entity recognizer.
        lexicon: the patterns, with outlets.
    """
    press = press_of(lexicon)
    found = []
    for article, doc in zip(articles, nlp.pipe(a.text for a in articles), strict=True):
        gold = [s for s in article.spans if s.layer == "names"]
        listed = [LayerSpan("names", "press", (low, high)) for low, high, _ in press.scan(article.text)]
        listed = [s for s in listed if not any(overlap(s.bounds, g.bounds) for g in gold)]
        taken = [*gold, *listed]
        silver = list(_seen(doc.ents, taken))
        others = [s for s in article.spans if s.layer != "names"]
        names = disjoint([*taken, *silver])
        found.append(evolve(article, spans=(*others, *names), layers=article.layers | {"names"}))
    return found


def _seen(entities: Iterable[Any], taken: Sequence[LayerSpan]) -> Iterator[LayerSpan]:
    for entity in entities:
        kind = _KINDS.get(entity.label_)
        if kind is None and entity.label_ not in _OTHER:
            continue
        low, high = _bare(entity)
        inside = sorted(t.bounds for t in taken if overlap(t.bounds, (low, high)))
        if not inside:
            if low < high:
                yield LayerSpan("names", kind or "", (low, high))
            continue
        for start, end in inside:  # the words beside an annotated name are unknown
            if low < start:
                yield LayerSpan("names", "", (low, start))
            low = max(low, end)
        if low < high:
            yield LayerSpan("names", "", (low, high))


def _bare(entity: Any) -> Bounds:
    """Return an entity's span without its article, a possessive and non-words at its ends."""
    tokens = list(entity)
    while tokens and (tokens[0].lower_ == "the" or not tokens[0].text[0].isalnum()):
        tokens = tokens[1:]
    while tokens and (tokens[-1].lower_ in ("'s", "’s") or not any(map(str.isalnum, tokens[-1].text))):
        tokens = tokens[:-1]
    if not tokens:
        return 0, 0
    return tokens[0].idx, tokens[-1].idx + len(tokens[-1])


def with_attitudes(articles: Sequence[Article], reader: RoleReader, *, lexicon: Lexicon) -> list[Article]:
    """Add the attitudes that an earlier reader finds outside statements: pages are annotated without them."""
    return [evolve(a, labels=(*a.labels, *_attitudes(a, reader, lexicon))) for a in articles]


def _attitudes(article: Article, reader: RoleReader, lexicon: Lexicon) -> Iterator[Label]:
    pieces = pieces_of(article.text, encode=reader.encode, lexicon=lexicon)
    scores = read(ask(pieces, network=reader.network, helpers=reader.helpers))
    taken = [p for label in article.labels for p in (*label.contents, *(x for x in (label.cue, label.source) if x))]
    for found in link(spans(pieces, scores), pieces, scores):
        if found.cue is None:
            continue
        contents = tuple((c.start, c.end) for c in found.contents)
        cue = found.cue.start, found.cue.end
        source = (found.source.start, found.source.end) if found.source else None
        if found.p_speech < 0.5 and not any(overlap(p, t) for p in (*contents, cue) for t in taken):
            yield Label(contents, cue, source, speech=False)
