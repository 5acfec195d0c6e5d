"""Import spaCy without its command line, whose libraries take half as long to load as spaCy itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from spacy.language import Language
    from spacy.tokenizer import Tokenizer

_COMMANDS, _INFO = "spacy.cli", "spacy.cli.info"
_EMPTY_TOKENIZER = "quotes.EmptyTokenizer.v1"


def import_spacy(*, torch: bool = True) -> ModuleType:
    """Import spaCy; where this is the first time, without requests, httpx, typer and weasel.

    spaCy's own `__init__` imports its whole command line for one function, `spacy.info`. A stand-in answers for it
    during the import; afterwards `spacy.cli` is imported as usual on demand, and so is `spacy.info`.

    Args:
        torch: whether spaCy imports PyTorch where it is installed, for components made with it. That takes longer
            than all the rest of a start, and some 150 MB. It is imported for components of other packages anyway.
    """
    if "spacy" in sys.modules:
        return sys.modules["spacy"]
    others = [p for p in _entry_points().get("spacy_factories", ()) if not p.value.startswith("quotes.")]
    commands, info = ModuleType(_COMMANDS), ModuleType(_INFO)
    commands.__path__ = []
    vars(info)["info"] = _info
    hidden: dict[str, Any] = {_COMMANDS: commands, _INFO: info}
    if not (torch or others or "torch" in sys.modules):
        hidden["torch"] = None
    sys.modules |= hidden
    try:
        import spacy
    finally:
        for name in hidden:
            del sys.modules[name]
    vars(spacy).pop("cli", None)
    return spacy


def _entry_points() -> Mapping[str, Sequence[EntryPoint]]:
    """Group the entry points in which spaCy's registries look for each name, and return them."""
    import catalogue

    found: Any = catalogue.AVAILABLE_ENTRY_POINTS
    if hasattr(found, "groups"):
        found = {group: tuple(found.select(group=group)) for group in found.groups}
        vars(catalogue)["AVAILABLE_ENTRY_POINTS"] = found
    grouped: Mapping[str, Sequence[EntryPoint]] = found
    return grouped


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
