"""The command line: parse, call, print. Data goes to standard output, words to standard error."""

from quotes.files import isolation

isolation.leave_current_folder()  # before any other import

import signal
import sys
import traceback
from contextlib import suppress

import click

from quotes import __version__
from quotes.cli.audit import audit
from quotes.cli.check import check
from quotes.cli.distribute import distribute
from quotes.cli.extract import explain, extract, schema
from quotes.cli.formats import convert, formats
from quotes.cli.patterns import patterns
from quotes.cli.report import report
from quotes.cli.review import review
from quotes.cli.serve import serve
from quotes.cli.sources import sources
from quotes.cli.store import search, store
from quotes.cli.terminal import Voice, silence_stdout, until_pipe_closes
from quotes.cli.variants import variants
from quotes.errors import QuotesError, out_of_memory


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExample:\n  quotes extract samples/ -o quotes.json",
)
@click.version_option(__version__, prog_name="quotes", message="%(prog)s %(version)s")
def cli() -> None:
    """Read news and write down who said what, and how the words reached the article."""


for _command in (
    extract,
    explain,
    distribute,
    convert,
    formats,
    variants,
    sources,
    audit,
    check,
    store,
    search,
    report,
    review,
    serve,
    patterns,
    schema,
):
    cli.add_command(_command)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status: 0, 1 for failures, 2 for usage, 128 plus the signal's number if
    a signal ended it (130 for Ctrl-C).

    Args:
        arguments: the words after the program's name; `sys.argv` by default.
    """
    voice = Voice()
    try:
        # Not `cli.main`, which turns a closed pipe into a failure.
        with cli.make_context("quotes", sys.argv[1:] if arguments is None else list(arguments), obj=voice) as context:
            code = cli.invoke(context)
        with until_pipe_closes():
            if sys.stdout is not None:
                sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        with suppress(OSError):
            error.show()
        return error.exit_code
    except click.ClickException as error:
        at = getattr(error, "ctx", None)
        command = at.command_path if at else "quotes"
        voice.say(f"{_misplaced(error) or error.format_message()} (see {command} --help)")
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as stop:
        number = getattr(stop, "number", signal.SIGINT)
        word = "interrupted" if number == signal.SIGINT else "terminated"
        voice.say(f"{word}; {voice.kept or 'no file was changed'}")
        silence_stdout()
        return 128 + number
    except BrokenPipeError:
        # The reader at the other end has all it wanted ("| head").
        silence_stdout()
        return 0
    except Exception as error:
        return _reported(error, voice)


def _misplaced(error: click.ClickException) -> str | None:
    """Return where an option that stands before the command belongs, or None if no command has it."""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None or error.ctx.command is not cli:
        return None
    name = error.option_name
    if any(name in parameter.opts for command in cli.commands.values() for parameter in command.params):
        return f"{name} goes behind the command: quotes COMMAND {name}"
    return None


def _reported(error: Exception, voice: Voice) -> int:
    """Report an error and return the exit status."""
    if voice.verbose:
        voice.say("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, QuotesError):
        voice.say(f"{error}; {voice.kept}" if voice.kept else str(error))
    elif out_of_memory(error):
        voice.say("there is not enough memory; free some, or read less at a time")
    elif isinstance(error, OSError):
        voice.say(f"{error.filename or 'input or output'}: {error.strerror or error}")
    else:
        voice.say(f"{type(error).__name__}: {error}; a fault in quotes: -v shows where, please report it")
    silence_stdout()
    return 1
