"""The format `docbin`: a spaCy DocBin with one Doc per article, its quotes in `doc.spans["quotes"]`.

The Docs are only tokenised. A fragment whose ends fall inside tokens is widened to whole tokens; the records with their
offsets are in `doc.user_data["quotes"]`, as the component sets them, and the article in `"quotes_article"`. A DocBin
is held in memory as a whole: for more than some ten thousand articles write several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from quotes.errors import InputError, short
from quotes.export.places import fragments, text_of
from quotes.records import ArticleRecord, ErrorRecord
from quotes.records.conversion import from_dict, to_dict
from quotes.records.utf8 import encodable

# The key that the spaCy component uses for its spans and its plain data.
KEY = "quotes"
ARTICLE = "quotes_article"


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: BinaryIO) -> None:
    """Write one DocBin of all articles.

    Args:
        records: articles with their texts, and errors, in any order.
        stream: a binary stream.

    Raises:
        InputError: if an article has no text, or another than its quotes were found in.
        OSError: if the stream cannot be written.
    """
    import spacy
    from spacy.tokens import DocBin, Span

    nlp = spacy.blank("en")
    docs = DocBin(attrs=["ORTH", "SPACY"], store_user_data=True)
    for record in records:
        if isinstance(record, ErrorRecord):
            continue
        record = encodable(record)
        text = text_of(record.article, "docbin")
        doc = nlp.make_doc(text)
        spans = []
        for quote in record.quotes:
            for part, _ in fragments(quote, record.article, "docbin"):
                span = doc.char_span(part.start, part.end, alignment_mode="expand")
                if span is not None:
                    spans.append(Span(doc, span.start, span.end, label=quote.type, span_id=quote.id))
        doc.spans[KEY] = spans
        doc.user_data[KEY] = [to_dict(quote) for quote in record.quotes]
        doc.user_data[ARTICLE] = to_dict(record)["article"] | {"text": None}
        docs.add(doc)
    stream.write(docs.to_bytes())
    stream.flush()


def read(path: Path) -> Iterator[ArticleRecord]:
    """Yield the articles of a DocBin that `write` wrote.

    Args:
        path: the file.

    Raises:
        InputError: if it is not such a DocBin.
    """
    import spacy
    from spacy.tokens import DocBin

    try:
        docs = list(DocBin(store_user_data=True).from_disk(path).get_docs(spacy.blank("en").vocab))
    except Exception as error:  # zlib, msgpack and spaCy raise all sorts for other bytes
        fault = f"not a DocBin, or a damaged one ({short(error)})"
        raise InputError(f"{fault}; write the records again with quotes") from error
    for number, doc in enumerate(docs, start=1):
        article, quotes = doc.user_data.get(ARTICLE), doc.user_data.get(KEY)
        if not isinstance(article, dict) or quotes is None:
            raise InputError(f"Doc {number}: no record of quotes; only DocBins that quotes wrote can be read back")
        yield from_dict({"article": article | {"text": doc.text}, "quotes": list(quotes)})
