"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
from attrs import Factory, fields, frozen

from quotes.cli.terminal import Voice
from quotes.extraction.options import Options, ReaderKind, stances
from quotes.records import QuoteType, Stance

if TYPE_CHECKING:
    from quotes.ingest import Reading


def _set_verbose(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.ensure_object(Voice).verbose = value


def _columns(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    from quotes.ingest import FIELDS

    columns = {}
    # Several pairs after one option: "text=copy,title=head".
    apart = re.compile(rf",\s*(?=(?:{'|'.join(FIELDS)})=)")
    for pair in (part for given in pairs for part in apart.split(given)):
        name, sign, column = pair.partition("=")
        if not sign or not column or name not in FIELDS:
            raise click.BadParameter(f"{pair!r} must be FIELD=NAME, FIELD one of {', '.join(FIELDS)}")
        columns[name] = column
    return columns


def _kind(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from quotes.ingest import KINDS

    if value is not None and value not in KINDS:
        raise click.BadParameter(f"{value!r} is none of {', '.join(KINDS)}")
    return value


def _stances(_: click.Context, __: click.Parameter, value: str) -> tuple[Stance, ...]:
    try:
        return stances(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def types_of(_: click.Context, __: click.Parameter, value: str | None) -> frozenset[str] | None:
    """Return the types of a comma-separated list."""
    if value is None:
        return None
    types = frozenset(part.strip() for part in value.split(",") if part.strip())
    if not types or not types <= set(get_args(QuoteType)):
        raise click.BadParameter(f"{value!r} must be a comma-separated list of {', '.join(get_args(QuoteType))}")
    return types


def _file_or_stdout(_: click.Context, __: click.Parameter, value: str | None) -> Path | None:
    return None if value in (None, "-") else Path(str(value))


def probability(_: click.Context, __: click.Parameter, value: float) -> float:
    """Check that a number is a probability."""
    if not 0 <= value <= 1:
        raise click.BadParameter(f"{value} is not between 0 and 1")
    return value


@frozen
class Inputs:
    """How to read the inputs."""

    input_format: str | None = None
    """Their kind; detected if None."""
    columns: dict[str, str] = Factory(dict)
    """A table's column names by field."""
    title: str | None = None
    """For texts that do not state one; outlet and published likewise."""
    outlet: str | None = None
    published: str | None = None
    dates: str | None = None
    """How to read 04/03/2025; such dates are dropped if None."""

    def reading(self, tell: Callable[[str], None]) -> Reading:
        """Return these choices as ingest's `Reading`.

        Args:
            tell: called with a line on each guess and each skipped part.

        Raises:
            UsageError: if `published` is not a date.
        """
        from quotes.errors import InputError
        from quotes.ingest import Reading

        known = {"title": self.title, "outlet": self.outlet, "published": self.published}
        how: dict[str, Any] = {"input_format": self.input_format, "columns": self.columns, "dates": self.dates}
        try:
            return Reading(**how, known={name: value for name, value in known.items() if value}, tell=tell)
        except InputError as error:
            raise click.UsageError(str(error)) from None


def gathered(name: str, kind: Any) -> Callable[[Any], Any]:
    """Return a decorator that passes several options to a command as one object.

    Args:
        name: of the command's parameter.
        kind: an attrs class, whose fields are the options' names.
    """

    def gather(command: Any) -> Any:
        @wraps(command)
        def called(*args: Any, **values: Any) -> Any:
            own = {f.name: values.pop(f.name) for f in fields(kind) if f.name in values}
            return command(*args, **{name: kind(**own)}, **values)

        return called

    return gather


def _options(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a decorator that adds these options in order."""

    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


folder = click.Path(exists=True, file_okay=False, path_type=Path)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
verbosity = click.option(
    "-v", "--verbose", is_flag=True, expose_value=False, callback=_set_verbose, help="Show the traceback of an error."
)
language_option = click.option("--lang", "language", default="en", show_default=True, help="Language of the patterns.")
model_option = click.option("--model", metavar="NAME", help="Installed spaCy pipeline with tagger and parser.")
loading = _options(
    language_option,
    model_option,
    click.option("--patterns", multiple=True, type=folder, metavar="DIR", help="Add a pattern folder. Repeatable."),
    click.option(
        "--people", multiple=True, type=_file, metavar="FILE",
        help="CSV or TOML list of people, whose names and ids speakers get. Repeatable.",
    ),
    click.option(
        "--reader", type=click.Choice(get_args(ReaderKind)), default="both", show_default=True,
        help="Find statements with patterns and the trained reader, patterns and a smaller one, or patterns alone.",
    ),
    click.option("--include-unattributed", is_flag=True, help="Include quotations that nobody is credited with."),
    click.option("--attitudes", is_flag=True, help="Include beliefs, plans and decrees (trained reader only)."),
    verbosity,
    gathered("options", Options),
)  # fmt: skip
reading = _options(
    click.option(
        "--input-format", metavar="KIND", callback=_kind,
        help="text, html, markdown, jsonl, csv, json, xlsx, docx, odt, pdf, feed, eml, mbox, zip or warc; by default "
        "detected by name and content.",
    ),
    click.option(
        "--columns", multiple=True, metavar="FIELD=NAME", callback=_columns,
        help="The column of a field in a table: text=body,title=head. Repeatable; common names are known. Fields: "
        "text, id, title, url, outlet, published, byline, language, wire.",
    ),
    click.option("--title", metavar="TEXT", help="Title of texts that do not state one."),
    click.option("--outlet", metavar="NAME", help="Outlet of texts that do not state one."),
    click.option("--published", metavar="DATE", help="Date of texts that do not state one."),
    click.option(
        "--dates", type=click.Choice(["day-first", "month-first"]),
        help="How to read 04/03/2025; by default such dates are dropped.",
    ),
    click.option(
        "--clean", is_flag=True,
        help="Repair mojibake, entities, hyphenation and hard-wrapped lines first; offsets refer to the repaired text.",
    ),
    click.option(
        "--stance", default="said", metavar="LIST", callback=_stances, show_default=True,
        help=f"Stances to keep: {', '.join(get_args(Stance))}.",
    ),
    loading,
    gathered("inputs", Inputs),
)  # fmt: skip


@frozen
class Lists:
    """A newsroom's own list of people, and of sources that are or are not the same."""

    people: tuple[Path, ...]
    merges: Path | None

    @property
    def files(self) -> tuple[Path, ...]:
        """All files named."""
        return (*self.people, *([self.merges] if self.merges else ()))


own_lists = _options(
    click.option("--people", multiple=True, type=_file, metavar="FILE", help="CSV or TOML list of people. Repeatable."),
    click.option(
        "--merges", type=_file, metavar="FILE", help="TOML file of sources that are the same, and that are not."
    ),
    gathered("lists", Lists),
)  # fmt: skip
records_argument = click.argument("paths", nargs=-1, metavar="RECORDS...", required=True)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Errors only: no closing line.")
from_option = click.option(
    "--from", "from_name", metavar="FORMAT", help="Format of RECORDS; detected by default."
)


def output_option(words: str = "Write here instead of to standard output.") -> Callable[[Any], Any]:
    """Return the option that names the output; the command gets `file`, None for standard output."""
    return click.option("-o", "--output", "file", metavar="FILE", callback=_file_or_stdout, help=words)


def folders_of(options: Options) -> tuple[Path, ...]:
    """Return the folders that a pipeline is loaded from: pattern folders, and a model given by its path."""
    model = Path(options.model) if options.model else None
    return (*options.patterns, *((model,) if model and model.is_dir() else ()))
