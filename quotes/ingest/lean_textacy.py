"""Import textacy's functions on characters without spaCy and scikit-learn, which take it a second and 70 MB."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

_PACKAGE, _PART = "textacy", "preprocessing"


@cache
def normalize() -> ModuleType:
    """Return `textacy.preprocessing.normalize`.

    textacy's `__init__` imports all of its modules. Stand-ins for it and for its subpackage take their places during
    the import; a later `import textacy` is as usual.

    Raises:
        ImportError: if textacy is not installed.
    """
    name = f"{_PACKAGE}.{_PART}.normalize"
    spec = find_spec(_PACKAGE) if _PACKAGE not in sys.modules else None
    if spec is None or spec.origin is None:
        return import_module(name)
    folder = Path(spec.origin).parent
    for package, place in ((_PACKAGE, folder), (f"{_PACKAGE}.{_PART}", folder / _PART)):
        stand_in = ModuleType(package)
        stand_in.__path__ = [str(place)]
        sys.modules[package] = stand_in
    try:
        return import_module(name)
    finally:
        for loaded in [m for m in sys.modules if m.partition(".")[0] == _PACKAGE]:
            del sys.modules[loaded]
