"""What the program says, on standard error, and standard output as data goes to it."""

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
# So much of the input is looked over for errors once the reader of the output has gone: some seconds' worth.
LOOKED_OVER = 10_000
# A bar has so many steps, where it is known how much there is to do.
_STEPS = 1_000
# Of a bar, in characters, so that all that is told beside it fits a terminal of 80.
_WIDTH = 12
# A file's name can hold what would move a terminal's cursor.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Interrupted(KeyboardInterrupt):
    """A signal that asks the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@define
class Voice:
    """What is said on standard error: errors, a progress bar on a terminal for long work, a closing line."""

    verbose: bool = False
    quiet: bool = False
    bars: bool = False
    kept: str = ""
    """What of a run that was broken off is kept, and how to go on."""
    failed: bool = False
    """Whether something went wrong that is no source's error."""
    _bar: Any = field(default=None, init=False)

    def say(self, text: str) -> None:
        """Print each line of a message by itself, under the program's name."""
        with suppress(OSError, ValueError):  # a standard error that takes no words changes nothing of what is done
            if self._bar is not None:
                click.echo("\r\x1b[K", err=True, nl=False)
            for line in text.split("\n"):
                click.echo(f"quotes: {_CONTROL.sub(' ', line)}", err=True)

    def note(self, text: str) -> None:
        """Say what is no error, and not a word of it when quiet."""
        if not self.quiet:
            self.say(text)

    def error(self, record: ErrorRecord, cause: Exception | None) -> None:
        """Tell an error in one line, or, when verbose, with its traceback."""
        if self.verbose and cause is not None:
            self.say("".join(traceback.format_exception(cause)).rstrip())
        self.say(f"{_CONTROL.sub(' ', record.source)}: {' '.join(record.detail.split())}")

    def progress(self, summary: Summary) -> None:
        """Show how far the run is, once it has taken a while."""
        if not self.bars or self.quiet or summary.seconds < PATIENCE:
            return
        if self._bar is None:
            told = partial(_progress, summary)
            unknown = (name for name in list[str]())  # No length, not even a hint of one.
            length = None if summary.share is None else _STEPS
            self._bar = click.progressbar(
                unknown, length=length, file=sys.stderr, item_show_func=lambda _: told(), width=_WIDTH
            )
        at = summary.sources if summary.share is None else int(summary.share * _STEPS)
        self._bar.update(at - self._bar.pos, "")

    def keep(self, text: str) -> None:
        """Remember what of a run that is broken off is kept."""
        self.kept = text

    def done(self) -> None:
        """End the progress bar's line."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None

    def watch(self, meter: Meter) -> Watch:
        """Return this as the runner's listener.

        Args:
            meter: of the input.
        """
        from quotes.batch.run import Watch

        return Watch(self.error, self.progress, self.say, self.keep, lambda: meter.share, dirt=self.note)


def counts(summary: Summary) -> str:
    """Say how many articles, quotes and errors there were."""
    pairs = ((summary.articles, "article"), (summary.quotes, "quote"), (summary.errors, "error"))
    return ", ".join(counted(number, noun) for number, noun in pairs)


def counted(number: int, noun: str) -> str:
    """Say how many there are of something: "1 quote", "2,000 quotes"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _progress(summary: Summary) -> str:
    told = counts(summary).removesuffix(", 0 errors")
    return f"{told}, {summary.speed:,.0f} words/s"


def terminal(stream: TextIO | None) -> bool:
    """Return whether a stream is open and a terminal."""
    return stream is not None and not stream.closed and stream.isatty()


def stdout() -> TextIO:
    """Return standard output, set to UTF-8 and plain line ends whatever the locale says.

    Half a surrogate pair, as of a file's name that is no UTF-8, is written as an escape.
    """
    if sys.stdout is None:
        raise StoreError("standard output is closed; use -o FILE")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return sys.stdout


@contextmanager
def heard() -> Iterator[None]:
    """End the block where the reader at the other end of a pipe has gone; what the command answers stays its answer."""
    try:
        yield
    except BrokenPipeError:
        silence_stdout()


def look_over(rest: Iterable[object]) -> None:
    """Go through what nobody reads any more, for the errors that it would have told, but not without end."""
    for _ in islice(rest, LOOKED_OVER):
        pass


def silence_stdout() -> None:
    """Let nothing that is still buffered fail again when Python flushes standard output at its end."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        if sys.__stdout__ is not None and sys.stdout is sys.__stdout__:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
