"""Read a JSON document value by value, one in memory at a time: a document of articles can be larger than memory.

It uses the standard library's decoder, not ijson, whose fast parser puts a question mark for a lone surrogate: a record
must come back as it was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from quotes.errors import InputError
from quotes.records.json_text import no_number

# Characters read at a time: a few dozen articles.
PIECE = 1 << 16
# The longest thing that can be cut at the end of a block and still be reported as a fault before it: "-Infinity",
# and a pair of \uXXXX.
_CUT = 16


class JSONStream:
    """A JSON text, read from its beginning, that knows its line number."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._buffer = ""
        self._at = 0
        self._lines = 1
        self._ended = False
        self._decode = json.JSONDecoder(parse_constant=no_number).raw_decode

    def line(self, position: int | None = None) -> int:
        """Return the number of the current line, or of a position in the buffer."""
        return self._lines + self._buffer.count("\n", 0, self._at if position is None else position)

    def _more(self) -> None:
        self._lines += self._buffer.count("\n", 0, self._at)
        rest = self._buffer[self._at :]
        # Double what is held, so that a long value is decoded a few times, not once per block.
        block = self._stream.read(max(PIECE, len(rest)))
        self._buffer, self._at, self._ended = rest + block, 0, not block

    def peek(self) -> str:
        """Return the next character that is not blank, or "" at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in " \t\r\n":
                    return self._buffer[self._at]
                self._at += 1
            if self._ended:
                return ""
            self._more()

    def take(self, signs: str) -> str:
        """Return the next character, which must be one of `signs`, and go past it."""
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
            except ValueError as error:  # NaN, or a number with thousands of digits
                raise self.fault(str(error)) from error
            else:
                # A number at the end of the block may continue in the next.
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
        """Yield the keys of the object that comes next; the caller takes each value before the next key."""
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
        """Return an error that names the fault and its line."""
        return InputError(f"line {self.line(position)}: not JSON ({what}); write the records again with quotes")
