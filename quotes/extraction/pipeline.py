"""The recipe: from one source to the records of its articles. Read this module first.

Each stage is one call, and no other module knows their order. On one short article:

>>> from quotes.ingest import pages
>>> pipeline = load()
>>> lexicon = pipeline.lexicon
>>> text = "“We vote on Monday,” Ana Lee told Reuters. “Not before.”"
>>> source = SourceText("example", text)
>>> [slice] = pages.split(source, lexicon=lexicon)                                 # one article, all of the text
>>> article = ArticleText.of(source, slice, lexicon=lexicon)
>>> [text[m.start : m.end] for m in article.quotations]                            # two quotations
['“We vote on Monday,”', '“Not before.”']
>>> parse = Parse(article, lexicon, pipeline.parse)
>>> [reading] = parse.read(article.paragraphs)
>>> reading.doc.text                                                               # what the parser got
'“This is so,” Ana Lee told Reuters. “Not before.”'
>>> found = patterns.propose(article, [reading], matchers=pipeline.statements)     # proposers: cue, speaker, content
>>> asked = by_reader.begin(article, reader=pipeline.reader)
>>> told, answers = by_reader.propose(article, asked, lexicon=lexicon)
>>> [(text[c.spans[0].start : c.spans[0].end], c.cue.text) for c in told]          # the reader agrees
[('“We vote on Monday,”', 'told')]
>>> found = ranking.combine(found, told, weights=lexicon.weights)
>>> [statement] = ranking.choose(found, lexicon=lexicon, scheme="both")            # those chosen
>>> [statement] = fragments.extend(article, [statement])                           # “Not before.” is hers, too
>>> [text[s.start : s.end] for s in statement.spans]
['“We vote on Monday,”', '“Not before.”']
>>> [statement] = resolve.resolve(article, [statement], readings=[reading], lexicon=lexicon)
>>> statement.speaker.name
'Ana Lee'
>>> [record] = pipeline.read(source)                          # all of it, with names and channels
>>> [(q.type, q.speaker.name, [(c.relation, c.name) for c in q.channels]) for q in record.quotes]
[('direct', 'Ana Lee', [('to', 'Reuters')])]
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, frozen

from quotes.extraction import assembly, dates, fragments, passed_on, ranking, relays
from quotes.extraction import stance as stances
from quotes.extraction.article_text import ArticleText
from quotes.extraction.channels import find
from quotes.extraction.forgetting import Forgetting
from quotes.extraction.memory import check_address_space
from quotes.extraction.options import Options, ReaderKind
from quotes.extraction.parsing import complete, masking
from quotes.extraction.parsing import model as models
from quotes.extraction.parsing.attribute_ruler import Rulings
from quotes.extraction.parsing.lemmas import Lemmas
from quotes.extraction.parsing.parse import Parse
from quotes.extraction.proposers import by_reader, layout, patterns
from quotes.extraction.read_ahead import Ahead, one_ahead, quick_turns
from quotes.extraction.speakers import resolve
from quotes.extraction.speakers import roster as peoplefile
from quotes.extraction.statement import Statement
from quotes.files.once import once
from quotes.ingest import cleaning, pages, smoothing
from quotes.lexicon import Lexicon, load_lexicon
from quotes.reader import RoleReader, fast_folder
from quotes.reader.inference import Answers
from quotes.records import ArticleRecord, Candidate, Slice, SourceText, Stance

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from quotes.reader.inference import Asked

# The reader is half of the work, and reads ahead in a second thread; the records are the same with one thread.
_THREADS = 2
# Tokens to parse at once. The parser needs some 15 kB for each, and more at once are parsed no faster.
_BATCH = 1_500
_SAMPLE = SourceText("sample", "“We vote on Monday,” Ana Lee told Reuters in a statement on X.")
# Turns of a transcript have a speaker, even if unknown.
_TURNS = ("label", "question", "answer", "unnamed")
# The model's components that the stages need; all others, above all its NER, are left out.
_NEEDED = ("tok2vec", "transformer", "tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "senter")


@frozen(eq=False)
class Opened:
    """An article in work: its text, its parse, and the reader's pending answers, if any."""

    article: ArticleText
    parse: Parse
    asked: Iterator[Asked] | None


@frozen(eq=False)
class Found:
    """The chosen statements of an article, still without speakers, with parse and answers."""

    article: ArticleText
    parse: Parse
    answers: Answers
    statements: list[Statement]


@define(eq=False)
class Pipeline:
    """A loaded model, a lexicon, and the recipe.

    Args:
        nlp: a spaCy pipeline with tagger and parser.
        lexicon: the patterns of its language.
        include_unattributed: whether to export quotations without a speaker: statements whose speaker is not given, and
            scare quotes, titles, mottos.
        reader: the trained reader; patterns alone if None.
        attitudes: whether to export beliefs, intentions and decrees, too.
        people: the people in the people files.
        clean: whether to repair dirty text before it is read; see `quotes.ingest.cleaning`.
        forgets: whether the model is not shared, so that the words of each article may be dropped.
        stance: the stances to export: said, denied, hypothetical, asked.
        listener: called with each article's record and its statements, to explain them.
    """

    nlp: Language
    lexicon: Lexicon
    include_unattributed: bool = False
    reader: RoleReader | None = None
    attitudes: bool = False
    people: tuple[peoplefile.Person, ...] = ()
    clean: bool = False
    forgets: bool = False
    stance: tuple[Stance, ...] = ("said",)
    listener: Callable[[ArticleRecord, Sequence[Statement]], None] | None = None

    @cached_property
    def roster(self) -> peoplefile.Roster:
        """The people in the people files, searchable by name."""
        return peoplefile.Roster(self.people, self.lexicon)

    @cached_property
    def statements(self) -> patterns.StatementMatchers:
        """The statement patterns, compiled for the model's vocabulary."""
        return patterns.StatementMatchers(self.lexicon, self.nlp.vocab)

    @cached_property
    def stance_patterns(self) -> stances.StanceMatchers:
        """The stance patterns, compiled for the model's vocabulary."""
        return stances.StanceMatchers(self.lexicon, self.nlp.vocab)

    @cached_property
    def channel_patterns(self) -> find.ChannelMatchers:
        """The channel patterns, compiled for the model's vocabulary."""
        return find.ChannelMatchers(self.lexicon, self.nlp.vocab)

    def parse(self, texts: Iterable[str]) -> Iterator[Doc]:
        """Parse texts with the needed components of the model only, as many at once as memory allows."""
        from spacy.training.batchers import minibatch_by_words

        made = (self.nlp.make_doc(text) for text in texts)
        # A text longer than a batch counts as one that fills a batch, so that it does not overtake those before it.
        for batch in minibatch_by_words(made, _BATCH, tolerance=0.0, get_length=lambda doc: min(len(doc), _BATCH)):
            docs: Iterable[Doc] = batch
            for part in self._parts:
                docs = part.pipe(docs, batch_size=len(batch))
            with models.one_product_at_a_time():
                parsed = list(docs)
            yield from parsed

    @cached_property
    def _parts(self) -> list[Any]:
        """The needed parts of the model, in order; two of them with a cache."""
        cached: dict[str, Callable[[Any], Any]] = {"attribute_ruler": Rulings, "lemmatizer": Lemmas}
        return [cached.get(name, lambda part: part)(part) for name, part in self.nlp.pipeline if name in _NEEDED]

    @property
    def can_parse(self) -> bool:
        """Whether the model has a tagger and a parser."""
        return {"tagger", "parser"} <= set(self.nlp.pipe_names)

    def read(self, source: SourceText, *, parsed: Doc | None = None) -> list[ArticleRecord]:
        """Read one source: split it into articles, and find who said what in each.

        Args:
            source: a text and what is known of it.
            parsed: a parse of the same text, to use instead of parsing it again.

        Returns:
            A record for each article, in order; none if the source is only page furniture.
        """
        return list(self.begin(source, parsed=parsed)())

    def read_all(self, sources: Iterable[SourceText]) -> Iterator[list[ArticleRecord]]:
        """Read sources one after the other, with the same records as `read`, but faster.

        While one source is parsed, the reader works on the next in another thread.

        Args:
            sources: the sources, taken a few ahead of the records.
        """
        waiting: Ahead[Iterator[ArticleRecord]] = Ahead(self.reads_ahead)
        with quick_turns(self.reads_ahead):
            for source in sources:
                yield from map(list, waiting.add(self.begin(source), letters=len(source.text)))
            yield from map(list, waiting.rest())

    @property
    def reads_ahead(self) -> bool:
        """Whether it is faster to begin a source before the last one is finished."""
        return self.reader is not None and self.reader.helpers.count > 0

    def begin(self, source: SourceText, *, parsed: Doc | None = None) -> Callable[[], Iterator[ArticleRecord]]:
        """Start the reader on a source in its own thread; return a function that finishes the rest.

        Args and the function's result: as for `read`.
        """
        if self.clean and parsed is None:
            source = cleaning.clean(source, lexicon=self.lexicon)
        dirty = parsed is None and source.cleaned is None  # cleaned text needs no smoothing
        smooth = smoothing.smoothed(source, lexicon=self.lexicon) if dirty else None
        source = smooth.source if smooth else source
        slices = pages.split(source, lexicon=self.lexicon)
        opened = one_ahead(self._opened(source, slice, parsed) for slice in slices)

        def finish() -> Iterator[ArticleRecord]:
            for index, article in enumerate(opened):
                with self._forgetting.article() if self.forgets and parsed is None else nullcontext():
                    record = self._record(source, article, index)
                yield smooth.restored(record) if smooth else record

        return finish

    @cached_property
    def _forgetting(self) -> Forgetting:
        return Forgetting(self.nlp, warm_up=lambda: list(self.trace(_SAMPLE)))

    def trace(self, source: SourceText) -> Iterator[tuple[Slice, list[Statement]]]:
        """Read one source, and yield the statements behind each article's quotes: pattern ids, features, channels."""
        for slice in pages.split(source, lexicon=self.lexicon):
            yield slice, self._credited(self._standing(self._opened(source, slice)))

    def candidates(self, source: SourceText) -> Iterator[tuple[Slice, list[Candidate]]]:
        """Read one source, and yield all candidates of each article, from which the ranker chooses."""
        for slice in pages.split(source, lexicon=self.lexicon):
            yield slice, self._proposed(self._opened(source, slice))[0]

    def proposals(self, source: SourceText) -> Iterator[tuple[ArticleText, list[Candidate], Parse]]:
        """Read one source, and yield each article with its candidates and its parse."""
        for slice in pages.split(source, lexicon=self.lexicon):
            opened = self._opened(source, slice)
            yield opened.article, self._proposed(opened)[0], opened.parse

    def standing(self, source: SourceText) -> Iterator[Found]:
        """Read one source up to the chosen statements, without speakers, to train the resolution of speakers."""
        for slice in pages.split(source, lexicon=self.lexicon):
            yield self._standing(self._opened(source, slice))

    def spoken(self, source: SourceText) -> Iterator[tuple[Found, list[Statement]]]:
        """Read one source up to the statements with speakers, without channels, to train the choice of channels."""
        for slice in pages.split(source, lexicon=self.lexicon):
            found = self._standing(self._opened(source, slice))
            yield found, self._spoken(found)

    def _record(self, source: SourceText, opened: Opened, index: int) -> ArticleRecord:
        article, statements = opened.article, self._credited(self._standing(opened))
        wanted = [s for s in statements if s.candidate.stance in self.stance]
        if not self.include_unattributed:
            wanted = [s for s in wanted if s.speaker or s.candidate.turn in _TURNS or s.candidate.stance != "said"]
        record = assembly.record(source, article, wanted, index=index, language=self.lexicon.language)
        if self.listener is not None:
            self.listener(record, wanted)
        if not self.include_unattributed:
            return record
        return assembly.with_unattributed(record, article, statements)

    def _opened(self, source: SourceText, slice: Slice, parsed: Doc | None = None) -> Opened:
        """Lay out an article, and start the reader on it."""
        article = ArticleText.of(source, slice, lexicon=self.lexicon)
        asked = by_reader.begin(article, reader=self.reader) if self.reader is not None else None
        return Opened(article, Parse(article, self.lexicon, self.parse, parsed), asked)

    def _proposed(self, opened: Opened) -> tuple[list[Candidate], Answers]:
        """Run all proposers: return their candidates, and the reader's further answers."""
        article, lexicon, attitudes = opened.article, self.lexicon, self.attitudes
        told: list[Candidate] = []
        answers, worth = Answers(), article.paragraphs
        if opened.asked is not None:
            told, answers = by_reader.propose(article, opened.asked, lexicon=lexicon, attitudes=attitudes)
            worth = masking.worth(article, told, lexicon=lexicon, attitudes=attitudes)
        readings = opened.parse.read(worth, chosen=opened.asked is not None)
        told = complete.said(told, readings, lexicon=lexicon, attitudes=attitudes)
        found = patterns.propose(article, readings, matchers=self.statements) + layout.propose(article, lexicon=lexicon)
        found, told = passed_on.credited(article, found, told, readings=readings, lexicon=lexicon)
        if opened.asked is not None:
            found = ranking.combine(found, told, weights=lexicon.weights)
        return found, answers

    def _standing(self, opened: Opened) -> Found:
        """Find the statements of one article: propose, choose, and set where each begins and ends."""
        article = opened.article
        found, answers = self._proposed(opened)
        found = stances.marked(article, found, opened.parse.readings, matchers=self.stance_patterns)
        chosen = ranking.choose(found, lexicon=self.lexicon, scheme="both" if self.reader else "patterns")
        chosen = fragments.part(article, chosen, lexicon=self.lexicon)
        chosen = fragments.extend(article, chosen, across=self.reader is None)
        chosen = fragments.apart(article, chosen)
        chosen = fragments.without_furniture(article, chosen)
        return Found(article, opened.parse, answers, complete.completed(chosen, opened.parse.readings))

    def _credited(self, found: Found) -> list[Statement]:
        """Find speaker, channels and date of each statement of one article."""
        article, lexicon, matchers = found.article, self.lexicon, self.channel_patterns
        statements = find.trace(
            article, self._spoken(found), parse=found.parse, lexicon=lexicon, matchers=matchers,
            answers=found.answers,
        )  # fmt: skip
        return dates.dated(article.text, relays.left_out(article.text, statements), lexicon=lexicon)

    def _spoken(self, found: Found) -> list[Statement]:
        readings = found.parse.readings
        statements = resolve.resolve(
            found.article, found.statements, readings=readings, lexicon=self.lexicon, answers=found.answers
        )
        return peoplefile.apply(statements, roster=self.roster)


def load(
    options: Options | None = None, *, threads: int | None = None, alone: bool = False, **choices: Any
) -> Pipeline:
    """Load a model and the patterns of its language.

    Args:
        options: the options; the defaults if None.
        threads: how many the reader may use; by default two if there are as many cores.
        alone: whether nothing else in this process uses spaCy, so that it need not load PyTorch, if that is installed.
        choices: fields of `Options` to change, by name.

    Raises:
        PatternError: if a pattern file has a fault.
        InputError: if a people file cannot be read or has a fault.
        ModelError: if the model or the reader's weights are missing, the model lacks a tagger or a parser, or memory
            is short.
        TypeError, ValueError: if a choice is not an option, or a reader or a stance is unknown.
    """
    how = Options.of(options, choices)
    lexicon = load_lexicon(how.language, extra=how.patterns)
    people = peoplefile.read_all(how.people)  # before the model, which takes a while
    check_address_space(reader=how.reader != "patterns")
    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(role_reader, how.reader, lexicon, threads=threads)
        nlp = models.installed(how.model, lexicon, alone=alone)
        reader = reading.result()
    chosen = (how.include_unattributed, reader, how.attitudes, people, how.clean)
    return Pipeline(nlp, lexicon, *chosen, forgets=True, stance=how.stance)


@once(maxsize=2)
def _loaded(options: Options) -> Pipeline:
    return load(options)


def role_reader(kind: ReaderKind, lexicon: Lexicon, *, threads: int | None = None) -> RoleReader | None:
    """Load the reader if it is wanted and the ranker has weights for it in this language."""
    if kind == "patterns" or "both_bias" not in lexicon.weights:
        return None
    folder = fast_folder() if kind == "fast" else None
    return RoleReader.load(folder, threads=threads or min(_THREADS, os.cpu_count() or 1))


def extract(
    text: str | SourceText,
    *,
    source: str = "text",
    with_text: bool = False,
    options: Options | None = None,
    **choices: Any,
) -> list[ArticleRecord]:
    """Find who said what in a text; the model is loaded once and cached.

    Args:
        text: an article, a page of several, or a SourceText with metadata.
        source: the name of the source in the records.
        with_text: whether to keep the source's text, to which all offsets refer.
        options: the options; the defaults if None.
        choices: fields of `Options` to change, by name: `reader="patterns"`.

    Returns:
        A record for each article in the text, in order.

    Raises:
        TypeError: if it is not one text.
        PatternError, InputError, ModelError, TypeError, ValueError: see `load`.
    """
    if not isinstance(text, str | SourceText):
        kind = type(text).__name__
        hint = ": decode bytes first, or let quotes.read read the file" if isinstance(text, bytes) else ""
        raise TypeError(f"extract takes one text, a str or a SourceText, not {kind}{hint}")
    given = text if isinstance(text, SourceText) else SourceText(source, text)
    records = _loaded(Options.of(options, choices)).read(given)
    return records if with_text else [evolve(r, article=evolve(r.article, text=None)) for r in records]
