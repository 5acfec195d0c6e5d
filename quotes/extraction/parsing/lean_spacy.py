"""Import spaCy without its command line, whose libraries take half as long to load as spaCy itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer

_COMMANDS, _INFO = "spacy.cli", "spacy.cli.info"
_EMPTY_TOKENIZER = "quotes.EmptyTokenizer.v1"


def import_spacy() -> ModuleType:
    """Import spaCy; where this is the first time, without requests, httpx, typer and weasel.

    spaCy's own `__init__` imports its whole command line for one function, `spacy.info`. A stand-in answers for it
    during the import; afterwards `spacy.cli` is imported as usual on demand, and so is `spacy.info`.
    """
    if "spacy" in sys.modules:
        return sys.modules["spacy"]
    commands, info = ModuleType(_COMMANDS), ModuleType(_INFO)
    commands.__path__ = []
    vars(info)["info"] = _info
    sys.modules |= {_COMMANDS: commands, _INFO: info}
    try:
        import spacy
    finally:
        for name in (_COMMANDS, _INFO):
            del sys.modules[name]
    vars(spacy).pop("cli", None)
    _group_entry_points()
    return spacy


def _group_entry_points() -> None:
    """Let spaCy's registries look up a group of entry points, where they search all of them for each name."""
    import catalogue

    found: Any = catalogue.AVAILABLE_ENTRY_POINTS
    if hasattr(found, "groups"):
        vars(catalogue)["AVAILABLE_ENTRY_POINTS"] = {group: tuple(found.select(group=group)) for group in found.groups}


def empty_tokenizer() -> str:
    """Return the name, in spaCy's registry, of a tokenizer without rules: for a model that loads its own."""
    from spacy.tokenizer import Tokenizer
    from spacy.util import registry

    def without_rules() -> Callable[[Language], Tokenizer]:
        return lambda nlp: Tokenizer(nlp.vocab)

    registry.tokenizers.register(_EMPTY_TOKENIZER, func=without_rules)
    return _EMPTY_TOKENIZER


def _info(*args: Any, **kwargs: Any) -> Any:
    """Call spaCy's own `info`."""
    from spacy.cli.info import info

    return info(*args, **kwargs)
