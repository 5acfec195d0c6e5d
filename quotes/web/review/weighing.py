"""Compare verdicts with the records under review: which count, which must be given again, which match nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import define, evolve, frozen

from quotes.records import ArticleRecord, Quote
from quotes.web.review.seen import fingerprint, in_place, seen, verbatim
from quotes.web.review.verdicts import Key, Verdict


@define(eq=False, slots=False)
class Held:
    """An article with its quotes, prepared for comparison with many verdicts."""

    record: ArticleRecord

    @cached_property
    def quotes(self) -> dict[str, Quote]:
        """The article's quotes by their id."""
        return {quote.id: quote for quote in reversed(self.record.quotes)}

    @cached_property
    def _text(self) -> str:
        return seen(self.record, None).text

    def knows(self, verdict: Verdict) -> bool:
        """Return whether the verdict is about a quote of the article, or adds one."""
        return verdict.verdict == "add" or verdict.quote in self.quotes

    def fits(self, verdict: Verdict) -> bool:
        """Return whether the verdict was given on this very record."""
        article, made = self.record.article, verdict.corrected
        if made is not None and not verbatim(made, article):
            return False
        quote = None if verdict.verdict == "add" else self.quotes.get(verdict.quote)
        if verdict.verdict == "accept" and quote is not None and not in_place(quote, article):
            return False
        if verdict.seen is not None:
            own = fingerprint(quote, base=article.start) if quote else None
            return (verdict.seen.text, verdict.seen.quote) == (self._text, own)
        if verdict.record is not None and quote is not None:
            return fingerprint(verdict.record) == fingerprint(quote)
        return True

    def outcome(self, standing: Mapping[str, Verdict]) -> list[tuple[str, Quote]]:
        """Return the quotes with verdicts applied, each with the id to which its verdict refers.

        Args:
            standing: the verdict that counts for each quote, by its id.
        """
        kept = []
        for quote in self.record.quotes:
            verdict = standing.get(quote.id)
            if verdict is None:
                kept.append((quote.id, quote))
            elif verdict.verdict == "accept":
                kept.append((quote.id, evolve(quote, confidence=1.0)))
            elif verdict.verdict == "correct" and verdict.corrected:
                kept.append((quote.id, verdict.corrected))
        kept += [(key, v.corrected) for key, v in standing.items() if v.verdict == "add" and v.corrected]
        return kept

    def counting(self, standing: Mapping[str, Verdict]) -> dict[str, Verdict]:
        """Return the verdicts that count: those on this record that do not turn two quotes into one.

        Args:
            standing: the last verdict on each quote, by its id.
        """
        counted = {key: verdict for key, verdict in standing.items() if self.knows(verdict) and self.fits(verdict)}
        while clash := self.clash(counted):
            del counted[clash]
        return counted

    def clash(self, standing: Mapping[str, Verdict]) -> str | None:
        """Return the quote that a verdict moves to the place of another, or None."""
        taken: dict[object, str] = {}
        for key, quote in self.outcome(standing):
            for name in (quote.id, quote.spans):
                other = taken.setdefault(name, key)
                if other != key and (moved := [k for k in (key, other) if self._moved(k, standing)]):
                    return moved[0]
        return None

    def _moved(self, key: str, standing: Mapping[str, Verdict]) -> bool:
        made = standing[key].corrected if key in standing else None
        return made is not None and (key not in self.quotes or made.spans != self.quotes[key].spans)


@frozen
class Weighed:
    """Verdicts compared with records."""

    counted: dict[Key, Verdict]
    """The verdict that counts for each quote."""
    again: dict[Key, Verdict]
    """The last verdict on each quote if given on another version of its record: the quote must be reviewed again."""
    nowhere: tuple[Verdict, ...]
    """The last verdict on each quote that these records do not have."""
    disputed: dict[Key, tuple[str, ...]]
    """The reviewers of each quote on which they differ; the last verdict counts."""

    @property
    def standing(self) -> dict[Key, Verdict]:
        """The verdicts on quotes of these records, whether they count or not."""
        return {**self.again, **self.counted}


def weigh(records: Mapping[str, ArticleRecord], verdicts: Iterable[Verdict]) -> Weighed:
    """Compare verdicts with the records under review.

    Args:
        records: the records by article id.
        verdicts: in the order of their file.
    """
    every = list(verdicts)
    repeated = {v.reanchored for v in every}
    weighed = Weighed({}, {}, (), {})
    nowhere: list[Verdict] = []
    for article, given in _live(every).items():
        held = Held(records[article]) if article in records else None
        known = {key: [v for v in of if held and held.knows(v)] for key, of in given.items()}
        nowhere += [of[-1] for key, of in given.items() if not known[key] and of[-1].id not in repeated]
        if held is not None:
            _weigh(article, held, known, weighed)
    return evolve(weighed, nowhere=tuple(nowhere))


def _live(verdicts: Iterable[Verdict]) -> dict[str, dict[str, list[Verdict]]]:
    """Return the verdicts that were not undone, by article and quote."""
    every = list(verdicts)
    undone = {v.undoes for v in every if v.verdict == "undo"}
    found: dict[str, dict[str, list[Verdict]]] = {}
    for verdict in every:
        if verdict.verdict != "undo" and verdict.id not in undone:
            found.setdefault(verdict.article, {}).setdefault(verdict.quote, []).append(verdict)
    return found


def _weigh(article: str, held: Held, known: Mapping[str, list[Verdict]], into: Weighed) -> None:
    fitting = {key: [v for v in of if held.fits(v)] for key, of in known.items()}
    counting = held.counting({key: of[-1] for key, of in fitting.items() if of})
    for key, of in known.items():
        if key in counting:
            into.counted[article, key] = counting[key]
            if who := _disputing(fitting[key]):
                into.disputed[article, key] = who
        elif of:
            into.again[article, key] = of[-1]


def _disputing(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Return the reviewers whose last verdicts on a quote differ, in order, or none."""
    last: dict[str, Verdict] = {}
    for verdict in verdicts:
        last.pop(verdict.reviewer, None)
        last[verdict.reviewer] = verdict
    said = {(v.verdict, fingerprint(v.corrected) if v.corrected else None) for v in last.values()}
    return tuple(last) if len(said) > 1 else ()


def clashes(record: ArticleRecord, verdicts: Iterable[Verdict]) -> set[str]:
    """Return the quotes of an article whose verdicts would turn two quotes into one, and so do not count.

    Args:
        record: the article.
        verdicts: in the order of their file.
    """
    held = Held(record)
    given = _live(verdicts).get(record.article.id, {})
    standing = {key: fit[-1] for key, of in given.items() if (fit := [v for v in of if held.knows(v) and held.fits(v)])}
    return set(standing) - set(held.counting(standing))
