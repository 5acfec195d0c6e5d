"""Messages and progress on standard error, and data on standard output."""

from __future__ import annotations

import io
import os
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

import click
from attrs import define, field

from quotes.errors import StoreError
from quotes.records import ErrorRecord

if TYPE_CHECKING:
    from quotes.batch.run import Summary, Watch
    from quotes.ingest.meter import Meter

# A run shorter than this many seconds shows no progress bar.
PATIENCE = 2.0
# Sources still checked for errors once the reader of the output has gone: a few seconds' worth.
LOOKED_OVER = 10_000
# Steps of a bar if the size of the input is known.
_STEPS = 1_000
# Width of a bar in characters: the counts beside it must fit a terminal of 80.
_WIDTH = 12
# A file's name may hold control characters that move a terminal's cursor.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Interrupted(KeyboardInterrupt):
    """A signal that asks the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@define
class Voice:
    """Prints to standard error: errors, a progress bar for long runs on a terminal, a closing line."""

    verbose: bool = False
    quiet: bool = False
    bars: bool = False
    kept: str = ""
    """What is kept of an interrupted run, and how to resume it."""
    failed: bool = False
    """Whether something other than a source failed."""
    _bar: Any = field(default=None, init=False)

    def say(self, text: str) -> None:
        """Print each line of a message after the program's name."""
        with suppress(OSError, ValueError):  # a closed standard error must not end the work
            if self._bar is not None:
                click.echo("\r\x1b[K", err=True, nl=False)
            for line in text.split("\n"):
                click.echo(f"quotes: {_CONTROL.sub(' ', line)}", err=True)

    def note(self, text: str) -> None:
        """Print a remark that is not an error, unless quiet."""
        if not self.quiet:
            self.say(text)

    def error(self, record: ErrorRecord, cause: Exception | None) -> None:
        """Print an error in one line; if verbose, with its traceback."""
        if self.verbose and cause is not None:
            self.say("".join(traceback.format_exception(cause)).rstrip())
        self.say(f"{_CONTROL.sub(' ', record.source)}: {' '.join(record.detail.split())}")

    def progress(self, summary: Summary) -> None:
        """Show the progress of a run that takes longer than a moment."""
        if not self.bars or self.quiet or summary.seconds < PATIENCE:
            return
        if self._bar is None:
            line = partial(_progress, summary)
            unknown = (name for name in list[str]())  # An iterable without length or length hint.
            length = None if summary.share is None else _STEPS
            self._bar = click.progressbar(
                unknown, length=length, file=sys.stderr, item_show_func=lambda _: line(), width=_WIDTH
            )
        at = summary.sources if summary.share is None else int(summary.share * _STEPS)
        self._bar.update(at - self._bar.pos, "")

    def keep(self, text: str) -> None:
        """Remember what is kept of an interrupted run."""
        self.kept = text

    def done(self) -> None:
        """End the progress bar's line."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None

    def watch(self, meter: Meter) -> Watch:
        """Return a `Watch` that prints here.

        Args:
            meter: the meter of the input.
        """
        from quotes.batch.run import Watch

        return Watch(self.error, self.progress, self.say, self.keep, lambda: meter.share, dirt=self.note)


def counts(summary: Summary) -> str:
    """Return the numbers of articles, quotes and errors in words."""
    pairs = ((summary.articles, "article"), (summary.quotes, "quote"), (summary.errors, "error"))
    return ", ".join(counted(number, noun) for number, noun in pairs)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 quote", "2,000 quotes"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _progress(summary: Summary) -> str:
    done = counts(summary).removesuffix(", 0 errors")
    return f"{done}, {summary.speed:,.0f} words/s"


def terminal(stream: TextIO | None) -> bool:
    """Return whether a stream is open and is a terminal."""
    return stream is not None and not stream.closed and stream.isatty()


def stdout() -> TextIO:
    """Return standard output, set to UTF-8 and "\
" whatever the locale.

    A lone surrogate, as from a file name that is not UTF-8, is escaped.
    """
    if sys.stdout is None:
        raise StoreError("standard output is closed; use -o FILE")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return sys.stdout


@contextmanager
def until_pipe_closes() -> Iterator[None]:
    """End the block when the reader of the pipe has gone; the exit status stays what it is."""
    try:
        yield
    except BrokenPipeError:
        silence_stdout()


def look_over(rest: Iterable[object]) -> None:
    """Go through the next records without writing them, for the errors among them."""
    for _ in islice(rest, LOOKED_OVER):
        pass


def silence_stdout() -> None:
    """Keep the buffered rest of standard output from failing again when Python exits."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        if sys.__stdout__ is not None and sys.stdout is sys.__stdout__:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
