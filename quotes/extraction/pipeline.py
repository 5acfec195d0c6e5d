"""The recipe: one source in, the records of its articles out. Read this module first.

Each stage is one call, and no other module knows their order. On one short article:

>>> from quotes.ingest import pages
>>> pipeline = load()
>>> lexicon = pipeline.lexicon
>>> text = "“We vote on Monday,” Ana Lee told Reuters. “Not before.”"
>>> [article] = pages.split(SourceText("example", text), lexicon=lexicon)          # one article, all of the text
>>> paragraphs = list(quotation_marks.paragraphs(text))
>>> marked = quotation_marks.find(text, lexicon=lexicon)                           # two quotations
>>> [text[m.start : m.end] for m in marked]
['“We vote on Monday,”', '“Not before.”']
>>> parts = list(masking.pieces(text, paragraphs, marked, lexicon=lexicon))        # what the parser gets
>>> parts[0].text
'“This is so,” Ana Lee told Reuters. “Not before.”'
>>> readings = list(masking.read(parts, parse=pipeline.parse))
>>> found = matching.propose(text, readings, marked, matchers=pipeline.statements) # proposers: cue, speaker, content
>>> body = Span(0, len(text))
>>> begun = roles.begin(text, body=body, paragraphs=paragraphs, marked=marked, reader=pipeline.reader)
>>> told, answers = roles.propose(text, begun, marked=marked, lexicon=lexicon)
>>> [(text[c.spans[0].start : c.spans[0].end], c.cue.text) for c in told]          # the reader of roles agrees
[('“We vote on Monday,”', 'told')]
>>> told = complete.said(told, readings, lexicon=lexicon, attitudes=False)         # neither is in doubt
>>> found = ranking.combine(found, told, weights=lexicon.weights)
>>> chosen = ranking.choose(found, lexicon=lexicon, scheme="both")                 # which of them stand
>>> chosen = fragments.extend(text, chosen, marked, paragraphs)                    # “Not before.” is hers, too
>>> [text[s.start : s.end] for s in chosen[0][0].spans]
['“We vote on Monday,”', '“Not before.”']
>>> [record] = pipeline.read(SourceText("example", text))                          # all of it, with names and channels
>>> [(q.type, q.speaker.name, [(c.relation, c.name) for c in q.channels]) for q in record.quotes]
[('direct', 'Ana Lee', [('to', 'Reuters')])]
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from attrs import define, evolve

from quotes.extraction import assembly, dates, fragments, ranking
from quotes.extraction.assembly import Begun, Standing, Statement
from quotes.extraction.channels import find
from quotes.extraction.options import Options, ReaderKind
from quotes.extraction.parsing import complete, masking
from quotes.extraction.parsing import model as models
from quotes.extraction.parsing.attribute_ruler import Rulings
from quotes.extraction.proposers import by_reader as roles
from quotes.extraction.proposers import layout
from quotes.extraction.proposers import patterns as matching
from quotes.extraction.read_ahead import Ahead, one_ahead, quick_turns
from quotes.extraction.speakers import resolve
from quotes.extraction.speakers import roster as peoplefile
from quotes.files.once import once
from quotes.ingest import cleaning, pages, publisher
from quotes.lexicon import Lexicon, load_lexicon
from quotes.reader import RoleReader
from quotes.reader.inference import Answers
from quotes.records import ArticleRecord, Candidate, Slice, SourceText, Span
from quotes.text import quotation_marks

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import AttributeRuler
    from spacy.tokens import Doc

    from quotes.extraction.parsing.masking import Reading

# The reader of roles is half of the work, and reads ahead in a second thread; the records are the same with one.
_THREADS = 2
# New words after which the vocabulary learns no more for good: some 45 MB, a few thousand articles' worth.
_WORDS = 100_000
# Tokens that are parsed at once: more than nearly any article has. Its network takes some 15 kB for each.
_BATCH = 6_000
_READING = RLock()
_SAMPLE = SourceText("sample", "“We vote on Monday,” Ana Lee told Reuters in a statement on X.")
# What the stages read of a parse; everything else a model brings (its NER most of all) is left out.
_NEEDED = ("tok2vec", "transformer", "tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "senter")


@define(eq=False)
class Pipeline:
    """A loaded model, a lexicon, and the recipe.

    Args:
        nlp: a spaCy pipeline with tagger and parser.
        lexicon: the patterns of its language.
        include_unattributed: whether to export what is quoted but said by nobody, with a null speaker.
        reader: the learned reader of roles; patterns alone where None.
        attitudes: whether beliefs, intentions and decrees are exported, too.
        people: who is listed in the people files.
        clean: whether dirty text is repaired before it is read; see `quotes.ingest.cleaning`.
        forgets: whether the model is this pipeline's alone, so that it may forget rare words with their article.
    """

    nlp: Language
    lexicon: Lexicon
    include_unattributed: bool = False
    reader: RoleReader | None = None
    attitudes: bool = False
    people: tuple[peoplefile.Person, ...] = ()
    clean: bool = False
    forgets: bool = False

    @cached_property
    def roster(self) -> peoplefile.Roster:
        """The people of the people files, to be found by name."""
        return peoplefile.Roster(self.people, self.lexicon)

    @cached_property
    def statements(self) -> matching.StatementMatchers:
        """The statement patterns, compiled for the model's vocabulary."""
        return matching.StatementMatchers(self.lexicon, self.nlp.vocab)

    @cached_property
    def channel_patterns(self) -> find.ChannelMatchers:
        """The channel patterns, compiled for the model's vocabulary."""
        return find.ChannelMatchers(self.lexicon, self.nlp.vocab)

    def parse(self, texts: Iterable[str]) -> Iterator[Doc]:
        """Parse texts with the needed parts of the model alone, as many at once as memory allows."""
        from spacy.training.batchers import minibatch_by_words

        made = (self.nlp.make_doc(text) for text in texts)
        # A text that is longer by itself would overtake those before it: it counts as one that fills a batch.
        for batch in minibatch_by_words(made, _BATCH, tolerance=0.0, get_length=lambda doc: min(len(doc), _BATCH)):
            docs: Iterable[Doc] = batch
            for name, part in self.nlp.pipeline:
                if name in _NEEDED:
                    known: Any = self.rulings if name == "attribute_ruler" else part
                    docs = known.pipe(docs, batch_size=len(batch))
            yield from docs

    @cached_property
    def rulings(self) -> Rulings:
        """The model's attribute ruler, by heart."""
        return Rulings(cast("AttributeRuler", self.nlp.get_pipe("attribute_ruler")))

    @property
    def can_parse(self) -> bool:
        """Whether the model can parse by itself."""
        return {"tagger", "parser"} <= set(self.nlp.pipe_names)

    def read(self, source: SourceText, *, parsed: Doc | None = None) -> list[ArticleRecord]:
        """Read one source: split it into articles, and find who said what in each.

        Args:
            source: a text and what is known of it.
            parsed: the same text as somebody else parsed it, to be read instead of an own parse.

        Returns:
            A record for each article on it, in order; none where it holds nothing but page furniture.
        """
        return list(self.begin(source, parsed=parsed)())

    def read_all(self, sources: Iterable[SourceText]) -> Iterator[list[ArticleRecord]]:
        """Read sources one after the other: the same records as from `read`, sooner.

        While one source is parsed, the reader of roles reads the next in another thread.

        Args:
            sources: taken a few ahead of what is given, in order.
        """
        waiting: Ahead[Iterator[ArticleRecord]] = Ahead(self.reads_ahead)
        with quick_turns(self.reads_ahead):
            for source in sources:
                yield from map(list, waiting.add(self.begin(source), letters=len(source.text)))
            yield from map(list, waiting.rest())

    @property
    def reads_ahead(self) -> bool:
        """Whether it gains anything to begin a source before the last one is finished."""
        return self.reader is not None and self.reader.helpers.count > 0

    def begin(self, source: SourceText, *, parsed: Doc | None = None) -> Callable[[], Iterator[ArticleRecord]]:
        """Let the reader of roles begin with a source in its own thread; one call of what is returned does the rest.

        Args and what the call gives: as for `read`, one article after the other.
        """
        if self.clean and parsed is None:
            source = cleaning.clean(source, lexicon=self.lexicon)
        pieces = pages.split(source, lexicon=self.lexicon)
        articles = one_ahead(self._begun(source.text, piece) for piece in pieces)

        def finish() -> Iterator[ArticleRecord]:
            for index, begun in enumerate(articles):
                with self._forgetting(parsed):
                    record = self._record(source, begun, index, parsed)
                yield record

        return finish

    @contextmanager
    def _forgetting(self, parsed: Doc | None) -> Iterator[None]:
        """Let the vocabulary forget the words of an article, once it has learnt so many that the common are among them.

        spaCy keeps every word that it has ever seen: half a kilobyte each, without end in a run over an archive. What
        it forgets, no other thread must be using: one article is read at a time.
        """
        vocab: Any = self.nlp.vocab  # spaCy's stubs do not know of `in_memory_zone`
        if not self.forgets or parsed is not None:
            yield
            return
        with _READING:
            if vocab.in_memory_zone or len(vocab.strings) < self._learnt:
                yield
                return
            self._compiled  # noqa: B018
            with self.nlp.memory_zone():
                yield

    @cached_property
    def _learnt(self) -> int:
        return len(self.nlp.vocab.strings) + _WORDS

    @cached_property
    def _compiled(self) -> bool:
        """Compile all that is compiled on first use: what is made of words to be forgotten must not stay."""
        list(self.trace(_SAMPLE))
        return True

    def trace(self, source: SourceText) -> Iterator[tuple[Slice, list[Statement]]]:
        """Read one source, and yield what each article's quotes are made from: pattern ids, features, channels."""
        for piece in pages.split(source, lexicon=self.lexicon):
            yield piece, self._statements(self._begun(source.text, piece))

    def candidates(self, source: SourceText) -> Iterator[tuple[Slice, list[Candidate]]]:
        """Read one source, and yield all that is proposed for each of its articles, for the ranker to choose from."""
        for piece in pages.split(source, lexicon=self.lexicon):
            yield piece, self._proposed(self._begun(source.text, piece), None)[0]

    def _record(self, source: SourceText, begun: Begun, index: int, parsed: Doc | None) -> ArticleRecord:
        piece, paragraphs = begun.piece, begun.paragraphs
        outlet, wire = publisher.publisher(source, piece, lexicon=self.lexicon)
        article = assembly.article(source, piece, index=index, language=self.lexicon.language, outlet=outlet, wire=wire)
        statements = self._statements(begun, parsed)
        quotes = [assembly.quote(source.text, article.id, s, paragraphs) for s in statements]
        if self.include_unattributed:
            quotes += assembly.unattributed(source.text, article.id, statements, begun.marked, paragraphs)
        return ArticleRecord(article, tuple(sorted(quotes, key=lambda q: (q.spans[0].start, q.spans[-1].end, q.id))))

    def _begun(self, text: str, piece: Slice) -> Begun:
        """Find an article's paragraphs and quotations, and let the reader of roles begin with it."""
        body = Span(piece.headline.start if piece.headline else piece.start, piece.end)
        paragraphs = quotation_marks.of_article(text, piece)
        marked = quotation_marks.find(text, lexicon=self.lexicon, start=body.start, end=body.end, skips=piece.skips)
        begun = None
        if self.reader is not None:
            begun = roles.begin(
                text, body=body, paragraphs=paragraphs, marked=marked, reader=self.reader, skips=piece.skips
            )
        return Begun(text, piece, body, paragraphs, marked, begun)

    def standing(self, source: SourceText) -> Iterator[Standing]:
        """Read one source up to the statements that stand, without their speakers: what those are learned from."""
        for piece in pages.split(source, lexicon=self.lexicon):
            yield self._standing(self._begun(source.text, piece))

    def _proposed(self, begun: Begun, parsed: Doc | None) -> tuple[list[Candidate], list[Reading], Answers]:
        """Let all proposers speak: their candidates, what was parsed for them, the reader's further answers."""
        lexicon, text, piece, body = self.lexicon, begun.text, begun.piece, begun.body
        paragraphs, marked = begun.paragraphs, begun.marked
        told: list[Candidate] = []
        answers, worth = Answers(), paragraphs
        if begun.roles is not None:
            told, answers = roles.propose(text, begun.roles, marked=marked, lexicon=lexicon, attitudes=self.attitudes)
            worth = masking.worth(text, paragraphs, marked, told, lexicon=lexicon, attitudes=self.attitudes)
        if parsed is None:
            by_roles = begun.roles is not None
            parts = masking.pieces(text, worth, marked, lexicon=lexicon, skips=piece.skips, chosen=by_roles)
            readings = list(masking.read(parts, parse=self.parse))
        else:
            readings = list(masking.given(parsed, worth, marked))
        told = complete.said(told, readings, lexicon=lexicon, attitudes=self.attitudes)
        found = matching.propose(text, readings, marked, matchers=self.statements)
        found += layout.propose(text, body=body, marked=marked, paragraphs=paragraphs, lexicon=lexicon)
        if self.reader is not None:
            found = ranking.combine(found, told, weights=lexicon.weights)
        return found, readings, answers

    def _standing(self, begun: Begun, parsed: Doc | None = None) -> Standing:
        """Find the statements of one article: what is proposed, what stands, where each begins and ends."""
        text, paragraphs, marked = begun.text, begun.paragraphs, begun.marked
        found, readings, answers = self._proposed(begun, parsed)
        chosen = ranking.choose(found, lexicon=self.lexicon, scheme="both" if self.reader else "patterns")
        chosen = fragments.part(text, chosen, marked, lexicon=self.lexicon)
        chosen = fragments.extend(text, chosen, marked, paragraphs, across=self.reader is None)
        chosen = fragments.apart(text, chosen, marked, paragraphs)
        left = [(evolve(c, spans=assembly.without(text, c.spans, begun.piece.skips)), p) for c, p in chosen]
        whole = complete.completed([c for c, _ in left if c.spans], readings)
        return Standing(begun, readings, answers, whole, [p for c, p in left if c.spans])

    def _statements(self, begun: Begun, parsed: Doc | None = None) -> list[Statement]:
        """Tell of each statement of one article who said it, how it came and when."""
        lexicon, text, piece, marked = self.lexicon, begun.text, begun.piece, begun.marked
        found = self._standing(begun, parsed)
        standing, readings = found.statements, found.readings
        resolved = resolve.resolve(
            text, body=begun.body, candidates=standing, marked=marked, lexicon=lexicon, piece=piece, readings=readings
        )
        speakers = peoplefile.apply([r.speaker for r in resolved], roster=self.roster)
        scenes = find.unread(
            text, begun.paragraphs, statements=standing, speakers=speakers, readings=readings, marked=marked,
            lexicon=lexicon, skips=piece.skips, parse=self.parse, parsed=parsed,
        )  # fmt: skip
        ways = find.trace(
            text, statements=standing, readings=readings, marked=marked, lexicon=lexicon,
            matchers=self.channel_patterns, speakers=speakers, scenes=scenes, start=begun.body.start,
        )  # fmt: skip
        chances = (p * r.probability for p, r in zip(found.chances, resolved, strict=True))
        days, choices = dates.find(text, statements=standing, lexicon=lexicon), (r.choice for r in resolved)
        return list(map(Statement, standing, chances, speakers, ways, days, choices))


def load(options: Options | None = None, *, threads: int | None = None, **choices: Any) -> Pipeline:
    """Load a model and the patterns of its language.

    Args:
        options: how to read; the defaults where None.
        threads: how many the reader may use; two by default, where there are so many cores.
        choices: fields of `Options` that differ from these, by name.

    Raises:
        PatternError: where a pattern file has a fault.
        InputError: where a people file cannot be read or has a fault.
        ModelError: where the model or the reader's weights are missing, or the model lacks a tagger or a parser.
        TypeError: where a choice is no option.
    """
    how = Options.of(options, choices)
    lexicon = load_lexicon(how.language, extra=how.patterns)
    people = peoplefile.read_all(how.people)  # before the model, which takes a while
    nlp = models.installed(how.model, lexicon)
    reader = role_reader(how.reader, lexicon, threads=threads)
    return Pipeline(nlp, lexicon, how.include_unattributed, reader, how.attitudes, people, how.clean, forgets=True)


@once(maxsize=2)
def _loaded(options: Options) -> Pipeline:
    return load(options)


def role_reader(kind: ReaderKind, lexicon: Lexicon, *, threads: int | None = None) -> RoleReader | None:
    """Load the reader of roles where it is wanted and the ranker knows how to weigh it in this language."""
    if kind == "patterns" or "both_bias" not in lexicon.weights:
        return None
    return RoleReader.load(threads=threads or min(_THREADS, os.cpu_count() or 1))


def extract(
    text: str | SourceText,
    *,
    source: str = "text",
    with_text: bool = False,
    options: Options | None = None,
    **choices: Any,
) -> list[ArticleRecord]:
    """Find who said what in a text; the model is loaded once and kept.

    Args:
        text: an article, a page of several, or a SourceText with what is known of it.
        source: the name that the records give as their source.
        with_text: whether each article keeps its source's text, into which all offsets point.
        options: how to read; the defaults where None.
        choices: fields of `Options` that differ from these, by name: `reader="patterns"`.

    Returns:
        A record for each article in the text, in order.

    Raises:
        PatternError, InputError, ModelError, TypeError: see `load`.
    """
    given = text if isinstance(text, SourceText) else SourceText(source, text)
    records = _loaded(Options.of(options, choices)).read(given)
    return records if with_text else [evolve(r, article=evolve(r.article, text=None)) for r in records]
