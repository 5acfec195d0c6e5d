"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
from attrs import Factory, fields, frozen

from quotes.cli.terminal import Voice
from quotes.extraction.options import Options, stances
from quotes.records import QuoteType, Stance

if TYPE_CHECKING:
    from quotes.ingest import Reading


def _set_verbose(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.ensure_object(Voice).verbose = value


def _columns(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    from quotes.ingest import FIELDS

    columns = {}
    for pair in pairs:
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
    """Read a comma list of types."""
    if value is None:
        return None
    types = frozenset(part.strip() for part in value.split(",") if part.strip())
    if not types or not types <= set(get_args(QuoteType)):
        raise click.BadParameter(f"{value!r} must be a comma list of {', '.join(get_args(QuoteType))}")
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
    """How the inputs are to be read."""

    input_format: str | None = None
    """Their kind; sniffed where None."""
    columns: dict[str, str] = Factory(dict)
    """Names of a table's columns, by ours."""
    title: str | None = None
    """Of texts that tell none; so, too, outlet and published."""
    outlet: str | None = None
    published: str | None = None
    dates: str | None = None
    """How 04/03/2025 is read; left out where None."""

    def reading(self, tell: Callable[[str], None]) -> Reading:
        """Return how ingest is to read.

        Args:
            tell: takes a line on what was guessed or passed over.

        Raises:
            UsageError: where a date is none.
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
    """Return a decorator that hands a command the values of several options as one object.

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
        "--reader", type=click.Choice(["both", "patterns"]), default="both", show_default=True,
        help="What finds statements: patterns and the learned role reader, or patterns alone.",
    ),
    click.option("--include-unattributed", is_flag=True, help="Also what nobody is credited with, as scare quotes."),
    click.option("--attitudes", is_flag=True, help="Also beliefs, plans and decrees; found by the role reader alone."),
    verbosity,
    gathered("options", Options),
)  # fmt: skip
reading = _options(
    click.option(
        "--input-format", metavar="KIND", callback=_kind,
        help="text, html, markdown, jsonl, csv, json, xlsx, docx, odt, pdf, feed, eml, mbox, zip or warc; told by "
        "name and content otherwise.",
    ),
    click.option(
        "--columns", multiple=True, metavar="FIELD=NAME", callback=_columns,
        help="What a field is called in a table: text=body. Repeatable. Usual names are known. The fields: "
        "text, id, title, url, outlet, published, byline, language, wire.",
    ),
    click.option("--title", metavar="TEXT", help="Title of a text that tells none."),
    click.option("--outlet", metavar="NAME", help="Who published the texts that do not tell."),
    click.option("--published", metavar="DATE", help="When the texts were published that do not tell."),
    click.option(
        "--dates", type=click.Choice(["day-first", "month-first"]),
        help="How to read 04/03/2025; it is left out otherwise.",
    ),
    click.option(
        "--clean", is_flag=True,
        help="Repair mojibake, entities, hyphenation and hard-wrapped lines first; offsets count into the result.",
    ),
    click.option(
        "--stance", default="said", metavar="LIST", callback=_stances, show_default=True,
        help=f"Which statements: {', '.join(get_args(Stance))}.",
    ),
    loading,
    gathered("inputs", Inputs),
)  # fmt: skip


@frozen
class Lists:
    """A newsroom's own lists of people, and of who is the same."""

    people: tuple[Path, ...]
    merges: Path | None

    @property
    def files(self) -> tuple[Path, ...]:
        """All that is read of them."""
        return (*self.people, *([self.merges] if self.merges else ()))


own_lists = _options(
    click.option("--people", multiple=True, type=_file, metavar="FILE", help="CSV or TOML list, also several times."),
    click.option(
        "--merges", type=_file, metavar="FILE", help="TOML file that says who is the same, and who is not."
    ),
    gathered("lists", Lists),
)  # fmt: skip
records_argument = click.argument("paths", nargs=-1, metavar="RECORDS...", required=True)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Errors only: no closing line.")
from_option = click.option(
    "--from", "from_name", metavar="FORMAT", help="Format of RECORDS; told by looking otherwise."
)


def output_option(words: str = "Write here instead of to standard output.") -> Callable[[Any], Any]:
    """Return the option for the file to write, `file`: None for standard output."""
    return click.option("-o", "--output", "file", metavar="FILE", callback=_file_or_stdout, help=words)


def folders_of(options: Options) -> tuple[Path, ...]:
    """Return the folders that a pipeline is loaded from: patterns, and a model where its path is given."""
    model = Path(options.model) if options.model else None
    return (*options.patterns, *((model,) if model and model.is_dir() else ()))


def listening(port: int) -> Callable[[Any], Any]:
    """Return a decorator that adds where to listen; this machine alone by default."""
    return _options(
        click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at."),
        click.option(
            "--port", type=click.IntRange(0, 65535), default=port, show_default=True, help="0 takes a free one."
        ),
    )
