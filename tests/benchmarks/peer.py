"""The peer that runs beside ours: textacy's own `direct_quotations`, over spaCy's parse of the same articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import corpus

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from textacy.extract.triples import DQTriple


def found(doc: Doc) -> list[dict[str, Any]] | None:
    """Return what textacy finds in an article, in the scorers' flat form, or None if it gives the article up.

    It raises ValueError on an odd number of quotation marks ("an unclosed quotation"). What it credits to the very same
    words ("A," he said. "B.") is joined to one statement, as the corpus has it: that raises its figures.
    """
    from textacy.extract.triples import direct_quotations

    try:
        triples = list(direct_quotations(doc))
    except ValueError:
        return None
    fragments: dict[tuple[int, ...], list[DQTriple]] = {}
    for triple in triples:
        fragments.setdefault(tuple(t.i for t in (*triple.cue, *triple.speaker)), []).append(triple)
    return [
        {
            "spans": [(part.content.start_char, part.content.end_char) for part in parts],
            "speaker": (parts[0].speaker[0].idx, parts[0].speaker[-1].idx + len(parts[0].speaker[-1])),
            "type": "direct",
        }
        for parts in fragments.values()
    ]


def predict(nlp: Language, output: Path, *, split: str) -> int:
    """Write what textacy finds in a part of the corpus, and return how many articles it gave up.

    Args:
        nlp: the model, with all its components.
        output: JSON Lines, written anew.
        split: which part.
    """
    lost = 0
    with output.open("w", encoding="utf-8") as stream:
        articles = corpus.texts(split)
        for (name, _), doc in zip(articles, nlp.pipe(text for _, text in articles), strict=True):
            quotes = found(doc)
            lost += quotes is None
            stream.write(json.dumps({"article": name, "quotes": quotes or []}) + "\n")
    return lost
