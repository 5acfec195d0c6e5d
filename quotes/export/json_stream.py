"""Read one JSON document value by value, in memory for one value: a document of articles can be larger than memory.

By the standard library's decoder, and not by ijson: ijson's fast parser puts a question mark for half a surrogate
pair, and a record comes back as it was written or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from quotes.errors import InputError
from quotes.records.json_text import no_number

# Characters read at a time: some tens of articles.
PIECE = 1 << 16
# The longest thing that can be cut at the end of a piece and still be reported as a fault before it: "-Infinity",
# and a pair of \uXXXX.
_CUT = 16


class JSONStream:
    """A JSON text that is read from its beginning, and knows at which line it is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._buffer = ""
        self._at = 0
        self._lines = 1
        self._ended = False
        self._decode = json.JSONDecoder(parse_constant=no_number).raw_decode

    def line(self, position: int | None = None) -> int:
        """Return the number of the line that is read, or that a position in the buffer is on."""
        return self._lines + self._buffer.count("\n", 0, self._at if position is None else position)

    def _more(self) -> None:
        self._lines += self._buffer.count("\n", 0, self._at)
        rest = self._buffer[self._at :]
        # As much again as is held: a long value is decoded a few times, not once a piece.
        piece = self._stream.read(max(PIECE, len(rest)))
        self._buffer, self._at, self._ended = rest + piece, 0, not piece

    def peek(self) -> str:
        """Return the next character that is not space, or nothing at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in " \t\r\n":
                    return self._buffer[self._at]
                self._at += 1
            if self._ended:
                return ""
            self._more()

    def take(self, signs: str) -> str:
        """Return the next character and go past it; it must be one of these."""
        found = self.peek()
        if not found or found not in signs:
            wanted = " or ".join(repr(sign) for sign in signs)
            raise self.fault(f"{wanted} is missing" if found else "the file ends too early")
        self._at += 1
        return found

    def value(self) -> Any:
        """Return the next value, whole."""
        while True:
            if not self.peek():
                raise self.fault("the file ends too early")
            try:
                value, end = self._decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos >= len(self._buffer) - _CUT
                if self._ended or not cut:
                    reason = "the file ends too early" if cut else error.msg
                    raise self.fault(reason, error.pos) from error
            except RecursionError as error:
                raise self.fault("nested too deeply") from error
            except ValueError as error:  # NaN, or a number of thousands of digits
                raise self.fault(str(error)) from error
            else:
                # A number at the end of the piece may go on in the next one.
                if end < len(self._buffer) or self._ended:
                    self._at = end
                    return value
            self._more()

    def items(self) -> Iterator[Any]:
        """Yield the values of the list that comes next."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            yield self.value()
            if self.take(",]") == "]":
                return

    def members(self) -> Iterator[str]:
        """Yield the keys of the object that comes next; its user takes each value before the next key."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                raise self.fault("a key in quotation marks is missing")
            key = self.value()
            self.take(":")
            yield key
            if self.take(",}") == "}":
                return

    def fault(self, what: str, position: int | None = None) -> InputError:
        """Return the error that says what is wrong at which line."""
        return InputError(f"line {self.line(position)}: not JSON ({what}); write the records again with quotes")
