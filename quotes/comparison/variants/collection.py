"""Hold many quotes compactly: words to compare in flat arrays, all else in a temporary file until printed.

A quote of 25 words takes about 200 bytes of memory here, so that millions fit; its text lies on disk.
"""

from __future__ import annotations

import pickle
import tempfile
from array import array
from contextlib import suppress
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import define, evolve, field, frozen

from quotes.comparison.variants.alignment import Row
from quotes.comparison.variants.comparison import compared
from quotes.files.compressed import temporary
from quotes.lexicon import Lexicon
from quotes.records import Article, ArticleRecord, Quote, Speaker

BREAK, EDITED, EVERYDAY = 1, 2, 4
_COMPARED = BREAK | EDITED
# The list of everyday words in each language's patterns.
_EVERYDAY_WORDS = "everyday-words"
# Words are numbered to be written as characters; these numbers are surrogates, and those above are no characters.
_SURROGATES, _HALVES, _LAST = 0xD800, 0x800, 0x10FFFF
# Unknown days sort after every date.
UNDATED = 2**31 - 1


@frozen
class Forms:
    """The words of the distinct rows of a `Collection`: plain arrays that can be sent to other processes."""

    words: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]

    def row(self, form: int) -> Row:
        """Return the words of a form for comparison."""
        low, high = self.starts[form], self.starts[form + 1]
        flags = (self.flags[low:high] & _COMPARED).tobytes()
        breaks = edited = frozenset[int]()
        if any(flags):
            breaks = frozenset(n for n, flag in enumerate(flags) if flag & BREAK)
            edited = frozenset(n for n, flag in enumerate(flags) if flag & EDITED)
        return Row(self.words[low:high].tobytes().decode("utf-32-le" if _LITTLE else "utf-32-be"), breaks, edited)


@define
class Collection:
    """The quotes to compare, in their order; use it in a `with` block.

    Per quote: `form` (which distinct row of words it has), `speaker` (a number in `speakers`, -1 for none), `day`
    (its article's date as a number) and `place` (where the rest lies on disk). Per form: its words in `words` from
    `starts[form]` to `starts[form + 1]`, with `flags`, and whether they are a speaker's own words.
    """

    lexicon: Lexicon
    words: array[int] = field(factory=lambda: array("i"))
    flags: array[int] = field(factory=lambda: array("B"))
    starts: array[int] = field(factory=lambda: array("q", [0]))
    quoted: array[int] = field(factory=lambda: array("B"))
    form: array[int] = field(factory=lambda: array("i"))
    speaker: array[int] = field(factory=lambda: array("i"))
    day: array[int] = field(factory=lambda: array("i"))
    place: array[int] = field(factory=lambda: array("q"))
    speakers: list[Speaker] = field(factory=list)
    _everyday: frozenset[str] = field(init=False)
    _numbers: dict[str, int] = field(factory=dict)
    _forms: dict[bytes, int] = field(factory=dict)
    _known: dict[Speaker, int] = field(factory=dict)
    _spool: Any = field(factory=lambda: _temporary_file())

    def __attrs_post_init__(self) -> None:
        self._everyday = frozenset(self.lexicon.words.get(_EVERYDAY_WORDS, ()))

    def __enter__(self) -> Collection:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):
            self._spool.close()

    def __len__(self) -> int:
        return len(self.form)

    def add(self, record: ArticleRecord, *, types: frozenset[str] | None = None) -> None:
        """Add an article's quotes of some types, without those that have no words or were not said."""
        about = self._write(evolve(record.article, text=None)) if record.quotes else 0
        for quote in (quote for quote in record.quotes if quote.spans):
            if quote.stance != "said" or (types is not None and quote.type not in types):
                continue
            words = compared(quote.text, quote.type, lexicon=self.lexicon)
            if not len(words.wording):
                continue
            numbers = array("i", [self._number(norm) for norm in words.wording.norms])
            # A reporter's words and a speaker's are never one form: they are judged differently.
            key = blake2b(numbers.tobytes(), digest_size=12, salt=b"own" if words.quoted else b"told").digest()
            number = self._forms.setdefault(key, len(self._forms))
            if number == len(self.quoted):
                flags = bytearray(EVERYDAY * (norm in self._everyday) for norm in words.wording.norms)
                for n in words.wording.gaps | words.wording.seams:
                    if n < len(flags):
                        flags[n] |= BREAK
                for n in words.wording.edited:
                    flags[n] |= EDITED
                self.words.extend(numbers)
                self.flags.frombytes(bytes(flags))
                self.starts.append(len(self.words))
                self.quoted.append(words.quoted)
            self.form.append(number)
            self.speaker.append(self._speaker(quote.speaker))
            self.day.append(day_of(record.article.published))
            self.place.append(self._write((about, quote)))

    def finish(self) -> None:
        """Free the memory that only `add` needs."""
        self._numbers, self._forms, self._known = {}, {}, {}

    def rows(self) -> Forms:
        """Return the words of all forms for comparison; nothing can be added while they are in use."""
        return Forms(*(np.frombuffer(a, dtype=a.typecode) for a in (self.words, self.flags, self.starts)))

    def sizes(self) -> npt.NDArray[np.int64]:
        """Return the number of words of each form."""
        starts = np.frombuffer(self.starts, dtype=np.int64)
        return starts[1:] - starts[:-1]

    def own_sizes(self) -> npt.NDArray[np.int64]:
        """Return the number of words of each form, without those in square brackets, which were not said."""
        edited = np.concatenate([[0], np.cumsum((np.frombuffer(self.flags, dtype=np.uint8) & EDITED) > 0)])
        starts = np.frombuffer(self.starts, dtype=np.int64)
        without: npt.NDArray[np.int64] = self.sizes() - (edited[starts[1:]] - edited[starts[:-1]])
        return without

    def telling(self, form: int) -> int:
        """Return how many words of a form are not everyday words."""
        return sum(not flag & EVERYDAY for flag in self.flags[self.starts[form] : self.starts[form + 1]])

    def quote(self, number: int) -> tuple[Article, Quote]:
        """Read a quote and its article back."""
        about, quote = self._read(self.place[number])
        article: Article = self._article(about)
        return article, quote

    def who(self, number: int) -> Speaker | None:
        """Return the speaker of a quote."""
        return None if self.speaker[number] < 0 else self.speakers[self.speaker[number]]

    def _number(self, norm: str) -> int:
        number = self._numbers.get(norm)
        if number is None:
            number = 1 + len(self._numbers) % (_LAST - _HALVES - 1)
            number += _HALVES if number >= _SURROGATES else 0
            self._numbers[norm] = number
        return number

    def _speaker(self, speaker: Speaker | None) -> int:
        if speaker is None:
            return -1
        plain = evolve(speaker, role=None, mention=None, resolution="none")
        number = self._known.setdefault(plain, len(self.speakers))
        if number == len(self.speakers):
            self.speakers.append(plain)
        return number

    def _write(self, value: Any) -> int:
        with temporary():
            place: int = self._spool.seek(0, 2)
            pickle.dump(value, self._spool, protocol=5)
        return place

    def _read(self, place: int) -> Any:
        with temporary():  # write what is still buffered
            self._spool.seek(place)
        return pickle.load(self._spool)

    def _article(self, place: int) -> Article:
        return _cached(self, place)

    def __hash__(self) -> int:
        return id(self)


def _temporary_file() -> Any:
    with temporary():
        return tempfile.TemporaryFile(prefix="quotes-variants-")


@lru_cache(maxsize=4096)
def _cached(collection: Collection, place: int) -> Article:
    article: Article = collection._read(place)
    return article


_LITTLE = array("i", [1]).tobytes()[0] == 1


def day_of(published: str | None) -> int:
    """Return the day of an ISO 8601 date as a number, `UNDATED` if there is none."""
    try:
        return date.fromisoformat((published or "")[:10]).toordinal()
    except ValueError:
        return UNDATED
