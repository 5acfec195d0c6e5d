"""Build self-contained pages: templates, embedded data, a content security policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


def asset(name: str) -> str:
    """Return the text of a file, named relative to this package."""
    return files("quotes.web").joinpath(name).read_text(encoding="utf-8")


def template(name: str) -> Template:
    """Return a page's template, which may include other files of this package; its values are escaped.

    Args:
        name: the file, relative to the package.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(asset), autoescape=True, undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template(name)


def policy(*, scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return a content security policy under which these scripts and styles run, and nothing is fetched or sent.

    Args:
        scripts: the exact text of each script element.
        styles: the exact text of each style element.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
