"""Drop an article's words from a model's vocabulary: spaCy keeps every word it has seen, half a kilobyte each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any

from attrs import define, field

if TYPE_CHECKING:
    from spacy.language import Language

# New words after which the vocabulary stops growing: some 45 MB, a few thousand articles.
_WORDS = 100_000
_READING = RLock()


@define(eq=False)
class Forgetting:
    """Drops the words of each article, once the vocabulary is large enough to contain the common ones.

    No other thread may use the dropped words, so one article is read at a time.

    Args:
        nlp: the model, which must not be shared.
        warm_up: compiles everything that is compiled on first use, so that nothing lasting is made from dropped words.
    """

    nlp: Language
    warm_up: Callable[[], object]
    _most: int = field(init=False)
    _warm: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self._most = len(self.nlp.vocab.strings) + _WORDS

    @contextmanager
    def article(self) -> Iterator[None]:
        """Read one article within the block."""
        vocab: Any = self.nlp.vocab  # spaCy's stubs do not know of `in_memory_zone`
        with _READING:
            if vocab.in_memory_zone or len(vocab.strings) < self._most:
                yield
                return
            if not self._warm:
                self.warm_up()
                self._warm = True
            with self.nlp.memory_zone():
                yield
