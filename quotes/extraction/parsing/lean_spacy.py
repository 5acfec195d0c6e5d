"""Import spaCy without its command line, whose libraries take half as long to load as spaCy itself."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_COMMANDS, _INFO = "spacy.cli", "spacy.cli.info"


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
    return spacy


def _info(*args: Any, **kwargs: Any) -> Any:
    """Call spaCy's own `info`."""
    from spacy.cli.info import info

    return info(*args, **kwargs)
