"""`quotes patterns`: list the pattern files and test them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from quotes.cli.options import folder as folder_type
from quotes.cli.options import language_option, model_option, verbosity
from quotes.cli.terminal import counted, stdout
from quotes.errors import PatternError


@click.group(epilog="\b\nExample:\n  quotes patterns check")
def patterns() -> None:
    """List the patterns, and test them."""


@patterns.command(epilog="\b\nExample:\n  quotes patterns check my-patterns/")
@click.argument("folder", metavar="[DIR]", type=folder_type, required=False)
@language_option
@model_option
@verbosity
def check(folder: Path | None, language: str, model: str | None) -> None:
    """Test every pattern, those of DIR included, against its own examples and counterexamples."""
    from quotes.extraction.pattern_proof import prove
    from quotes.extraction.pipeline import load
    from quotes.lexicon import builtin_folder, load_lexicon

    extra = (folder,) if folder else ()
    lexicon = load_lexicon(language, extra=extra)
    if faults := prove(lexicon, load(model=model, language=language, patterns=extra, reader="patterns", alone=True)):
        raise PatternError("\n".join(faults))
    number = len(lexicon.regexes) + len(lexicon.statements) + len(lexicon.channels) + len(lexicon.stances)
    added = folder is not None and folder.resolve() != builtin_folder().resolve()
    tables = sum(Path(file).is_relative_to(folder) for file in lexicon.origin.values()) if folder and added else 0
    own = f"; {counted(tables, 'table')} of {folder}" if added else ""
    stdout().write(f"{number} patterns, all proved{own}\n")


@patterns.command(name="list", epilog="\b\nExample:\n  quotes patterns list | grep channels.toml")
@click.argument("folder", metavar="[DIR]", type=folder_type, required=False)
@language_option
@verbosity
def list_patterns(folder: Path | None, language: str) -> None:
    """Print each pattern's id, file and note, separated by tabs."""
    from quotes.lexicon import load_lexicon

    lexicon = load_lexicon(language, extra=(folder,) if folder else ())
    stream = stdout()
    entries: tuple[Any, ...] = (
        *lexicon.statements, *lexicon.channels, *lexicon.stances, *lexicon.regexes.values(), *lexicon.cues,
    )  # fmt: skip
    for entry in entries:
        stream.write(f"{entry.id}\t{lexicon.origin[entry.id]}\t{entry.note}\n")
