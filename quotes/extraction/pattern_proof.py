"""Test patterns by their own examples: each must be matched by its pattern first, no counterexample may be matched."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from attrs import evolve

from quotes.extraction import stance
from quotes.extraction.pipeline import Pipeline
from quotes.extraction.statement import Statement
from quotes.lexicon import Lexicon
from quotes.lexicon.tables import ChannelPattern, Example, RegexPattern, StancePattern, StatementPattern
from quotes.records import SourceText


def prove(lexicon: Lexicon, pipeline: Pipeline, *, only: Collection[str] | None = None) -> list[str]:
    """Run every example and counterexample of a lexicon's patterns.

    Args:
        lexicon: the patterns, as loaded.
        pipeline: a pipeline on this lexicon.
        only: ids of the patterns to test; all if None.

    Returns:
        Faults, one line each: file, pattern, example, and the actual result.
    """
    pipeline = evolve(pipeline, reader=None)  # this tests the patterns, not the reader
    faults: list[str] = []
    proved: tuple[RegexPattern | StatementPattern | ChannelPattern | StancePattern, ...] = (
        *lexicon.regexes.values(),
        *lexicon.statements,
        *lexicon.channels,
        *lexicon.stances,
    )
    for pattern in proved:
        if only is not None and pattern.id not in only:
            continue
        where = f"{lexicon.origin[pattern.id]}: {pattern.id}"
        for number, example in enumerate(pattern.examples):
            fault = _fault(pattern, example, pipeline)
            if fault:
                faults.append(f"{where}: examples[{number}]: {fault}")
        for number, counterexample in enumerate(pattern.counterexamples):
            if list(_matches(pattern, counterexample.text, pipeline)):
                faults.append(f"{where}: counterexamples[{number}]: is matched, though {counterexample.because}")
    return faults


def _fault(pattern: Any, example: Example, pipeline: Pipeline) -> str | None:
    found = list(_matches(pattern, example.text, pipeline))
    if not found:
        return f"is not matched by this pattern first; {_instead(example.text, pipeline)}"
    wanted = dict(example.expect)
    near = min(found, key=lambda fields: sum(fields.get(k) != v for k, v in wanted.items()))
    wrong = [f"{k} is {near.get(k)!r}, not {v!r}" for k, v in wanted.items() if near.get(k) != v]
    return "; ".join(wrong) or None


def _matches(pattern: Any, text: str, pipeline: Pipeline) -> Iterator[dict[str, Any]]:
    """Yield the fields of each match of this pattern in a text."""
    if isinstance(pattern, RegexPattern):
        for match in pattern.compile().finditer(text):
            yield {name: value for name, value in match.groupdict().items() if value is not None}
        return
    if isinstance(pattern, StancePattern):
        yield from _stances(pattern, text, pipeline)
        return
    for statement in _statements(text, pipeline):
        if isinstance(pattern, ChannelPattern):
            for made_by, channel in statement.channels:
                if made_by == pattern.id:
                    yield {"name": channel.name, "kind": channel.kind, "relation": channel.relation, "id": channel.id}
        elif statement.candidate.pattern == pattern.id:
            yield _fields(statement, text)


def _stances(pattern: StancePattern, text: str, pipeline: Pipeline) -> Iterator[dict[str, Any]]:
    """Yield the stance of each candidate that this pattern decides."""
    for article, found, parse in pipeline.proposals(SourceText("example", text)):
        stances = stance.Stances(article, parse.readings, pipeline.stance_patterns)
        for candidate in found:
            if stances.of(candidate) is pattern:
                yield {"stance": pattern.stance}


def _statements(text: str, pipeline: Pipeline) -> list[Statement]:
    return [s for _, statements in pipeline.trace(SourceText("example", text)) for s in statements]


def _fields(statement: Statement, text: str) -> dict[str, Any]:
    candidate = statement.candidate
    mention, cue = candidate.mention, candidate.cue
    return {
        "speaker": text[mention.start : mention.end] if mention else None,
        "name": statement.speaker.name if statement.speaker else None,
        "content": " ".join(text[s.start : s.end] for s in candidate.spans),
        "cue": cue.text if cue else None,
        "type": candidate.type,
    }


def _instead(text: str, pipeline: Pipeline) -> str:
    found = [f"{s.candidate.pattern} {s.probability:.2f}" for s in _statements(text, pipeline)]
    return f"it gives {', '.join(found)}" if found else "it gives no statement"
