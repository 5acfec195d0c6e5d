"""Cache the lemmas of spaCy's rule lemmatizer, which computes most of them again for each token.

It also looks for each word in lists of all the nouns and verbs that it knows, one by one; here they are tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from spacy.pipeline import Lemmatizer
    from spacy.tokens import Doc

_SEEN = ("ORTH", "POS", "MORPH", "LEMMA")
_INDEX = "lemma_index"
# So many kinds of token are remembered, and then all are forgotten: an archive has words without end.
_MOST_KINDS = 100_000


class Lemmas:
    """A lemmatizer and what it has said so far, by word, part of speech and morphology: all that its rules look at.

    Args:
        lemmatizer: the component of a loaded model.
    """

    def __init__(self, lemmatizer: Lemmatizer) -> None:
        self._lemmatizer = lemmatizer
        self._known: dict[tuple[int, int, int], str] = {}
        self._by_rule = lemmatizer.mode == "rule" and not lemmatizer.overwrite
        if self._by_rule and lemmatizer.lookups.has_table(_INDEX):
            index = lemmatizer.lookups.get_table(_INDEX)
            for pos, words in list(index.items()):
                index[pos] = dict.fromkeys(words)

    def pipe(self, docs: Iterable[Doc], **_: Any) -> Iterator[Doc]:
        """Give each token that has none its lemma, in place.

        Args:
            docs: with parts of speech and morphology.
        """
        for doc in docs:
            yield self._lemmatized(doc) if self._by_rule and len(doc) else self._lemmatizer(doc)

    def _lemmatized(self, doc: Doc) -> Doc:
        known, strings = self._known, doc.vocab.strings
        if len(known) >= _MOST_KINDS:
            known.clear()
        rows: Any = doc.to_array(list(_SEEN))
        lemmas: list[int] = []
        for at, (orth, pos, morph, lemma) in enumerate(rows.tolist()):
            if not lemma:
                kind = orth, pos, morph
                if kind not in known:
                    known[kind] = self._lemmatizer.lemmatize(doc[at])[0]
                lemma = strings.add(known[kind])  # the strings may have forgotten it
            lemmas.append(lemma)
        values: Any = np.array(lemmas, dtype=np.uint64).reshape(-1, 1)
        return doc.from_array(["LEMMA"], values)
