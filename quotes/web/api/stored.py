"""Answer searches and checks from a store, in a worker."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from quotes.comparison.checking import SCHEMA, Checker
from quotes.errors import InputError, StoreError
from quotes.export import to_dict
from quotes.export.store import Store
from quotes.lexicon import Lexicon
from quotes.records.json_text import dumps

SEARCH = "quotes-search/1"
_LOG = logging.getLogger("quotes.web")


class Unreadable(Exception):
    """The store cannot be read at present."""


@define(eq=False)
class Stored:
    """A store, opened for each request, so that changes to it, or its replacement, are seen.

    Args:
        path: of the store.
        lexicon: the patterns of the language.
    """

    path: Path
    lexicon: Lexicon
    _checker: Checker | None = field(default=None, init=False)
    _state: tuple[int, int] | None = field(default=None, init=False)

    def search(self, asked: Mapping[str, Any]) -> bytes:
        """Return matching quotes, as JSON without the articles' texts.

        Args:
            asked: the arguments of `Store.search`, with a list of types.

        Raises:
            Unreadable: if the store cannot be read.
        """
        filters = dict(asked)
        types = filters.pop("types")
        with self._open() as store:
            matches = store.search(types=frozenset(types) if types else None, **filters)
        bare = [evolve(found, article=evolve(found.article, text=None)) for found in matches]
        return dumps({"schema": SEARCH, "hits": [to_dict(found) for found in bare]}).encode()

    def check(self, asked: Mapping[str, Any], *, lines: bool = False) -> bytes:
        """Return the finding on a claim, as a JSON document or as one line.

        Args:
            asked: `words`, `speaker` and `limit`.
            lines: whether to return one line.

        Raises:
            Unreadable: if the store cannot be read.
        """
        finding = self.checker().check(asked["words"], speaker=asked["speaker"], limit=asked["limit"])
        found = to_dict(finding)
        answer = f"{dumps(found)}\n" if lines else dumps({"schema": SCHEMA, "findings": [found]})
        return answer.encode()

    def checker(self) -> Checker:
        """Return a checker of the store's present content; it is made again only if the store has changed.

        Raises:
            Unreadable: if the store cannot be read.
        """
        with self._open() as store:
            state = (self.path.stat().st_ino, store.changes)
            if self._checker is None or state != self._state:
                self._checker, self._state = Checker(store.records(), lexicon=self.lexicon), state
        return self._checker

    @contextmanager
    def _open(self) -> Iterator[Store]:
        try:
            with Store.open(self.path) as store:
                yield store
        except (StoreError, InputError, OSError) as error:
            # The path is for the server's log, not for the client.
            _LOG.error("%s", error)
            raise Unreadable("the store cannot be read; the server's log says more") from None
