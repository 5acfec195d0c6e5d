"""The spaCy component: `nlp.add_pipe("quotes")`, registered by the entry point group `spacy_factories`.

It fills `doc.spans["quotes"]` (one Span per fragment, labelled with the type, `span.id_` the quote's id) and
`doc._.quotes` (a tuple of Quote records).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from attrs import fields
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from quotes.errors import ModelError
from quotes.extraction.options import Options
from quotes.records import Quote, SourceText

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Pipeline

KEY = "quotes"
# These options are fixed by the pipeline and its Doc.
_NOT_HERE = ("model", "clean")


@Language.factory("quotes", assigns=["doc._.quotes", "doc.spans"], default_config={"parse": "own", "options": {}})
def make_component(nlp: Language, name: str, parse: Literal["own", "doc"], options: dict[str, Any]) -> QuotesComponent:
    """Create the component.

    Args:
        nlp: the pipeline to which it is added.
        name: its name there.
        parse: "own" parses the text again, with long quotations masked, as the command line does, and gives the same
            records; "doc" uses the Doc's own parse, which is cheaper, but may differ if a quotation of several
            sentences confuses the parser.
        options: fields of `quotes.Options` except `model` and `clean`: {"reader": "patterns"}.

    Raises:
        PatternError, InputError, ModelError: see `quotes.load`.
        ValueError: if a name is not an option.
    """
    unknown = sorted(options.keys() - {f.name for f in fields(Options) if f.name not in _NOT_HERE})
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not an option of quotes; see quotes.Options")
    return QuotesComponent(nlp, Options(**options), name=name, parse=parse)


def _quotes(doc: Doc) -> tuple[Quote, ...]:
    """Return a Doc's quotes, which are stored as plain data, so that the Doc can be serialised."""
    from quotes.records.conversion import from_dict

    return tuple(from_dict(row, kind=Quote) for row in doc.user_data.get(KEY, ()))


def _set_quotes(doc: Doc, quotes: Iterable[Quote]) -> None:
    from quotes.records.conversion import to_dict

    doc.user_data[KEY] = [to_dict(quote) for quote in quotes]


def _register() -> None:
    if not Doc.has_extension(KEY):
        Doc.set_extension(KEY, getter=_quotes, setter=_set_quotes)


_register()  # also for pipelines pickled elsewhere, since unpickling imports this module


class QuotesComponent:
    """Finds the quotes of a Doc: `match`, then `set_annotations`."""

    def __init__(
        self,
        nlp: Language,
        options: Options | None = None,
        *,
        name: str = "quotes",
        parse: Literal["own", "doc"] = "own",
    ) -> None:
        from quotes.extraction.pipeline import Pipeline, role_reader
        from quotes.extraction.speakers.roster import read_all
        from quotes.lexicon import load_lexicon

        how = options or Options()
        self.name = name
        self.parse = parse
        lexicon = load_lexicon(how.language, extra=how.patterns)
        people = read_all(how.people)
        reader = role_reader(how.reader, lexicon)
        self.pipeline: Pipeline = Pipeline(
            nlp, lexicon, how.include_unattributed, reader, how.attitudes, people, stance=how.stance
        )
        _register()

    def __call__(self, doc: Doc) -> Doc:
        """Find the quotes of a Doc and set them on it."""
        self.set_annotations(doc, self.match(doc))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Find the quotes of many Docs, one after the other."""
        for doc in stream:
            yield self(doc)

    def match(self, doc: Doc) -> tuple[Quote, ...]:
        """Return the quotes of a Doc, in order, without setting them."""
        own = self.parse == "own" and self.pipeline.can_parse
        if not own and len(doc) and not doc.has_annotation("DEP"):
            raise ModelError("the Doc is not parsed, and the pipeline has no tagger and parser to parse it; add them")
        records = self.pipeline.read(SourceText("doc", doc.text), parsed=None if own else doc)
        return tuple(quote for record in records for quote in record.quotes)

    def set_annotations(self, doc: Doc, quotes: tuple[Quote, ...]) -> None:
        """Set quotes on a Doc; a fragment whose ends fall inside tokens is widened to whole tokens."""
        spans = []
        for quote in quotes:
            for part in quote.spans:
                span = doc.char_span(part.start, part.end, label=quote.type, alignment_mode="expand")
                if span is not None:
                    spans.append(DocSpan(doc, span.start, span.end, label=quote.type, span_id=quote.id))
        doc.spans[KEY] = spans
        doc._.set(KEY, quotes)
