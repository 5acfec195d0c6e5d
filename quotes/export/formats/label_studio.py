"""The format `labelstudio`: tasks with predictions, to check and correct in Label Studio, and a file of its labels.

One task per article, with its source text; each fragment of a quote, its cue and its mention is a region, and relations
lead from the quote to these. Offsets count code points, as Label Studio's own Python converters do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from quotes.export.companion import keep_or_write
from quotes.export.credit import channel_line, speaker_line
from quotes.export.places import fragments, text_of
from quotes.export.writing import write_list
from quotes.records import Article, ArticleRecord, ErrorRecord, Quote
from quotes.records.json_text import dumps

LABELS = {"direct": "#1b7837", "mixed": "#7fbf7b", "indirect": "#2166ac", "post": "#762a83", "attitude": "#b2abd2"}
CONFIG = "\n".join(
    (
        "<View>",
        '  <Header value="$title"/>',
        '  <Labels name="label" toName="text">',
        *(f'    <Label value="{name}" background="{colour}"/>' for name, colour in LABELS.items()),
        '    <Label value="cue" background="#bf812d"/>',
        '    <Label value="source" background="#d6604d"/>',
        "  </Labels>",
        "  <Relations>",
        *(f'    <Relation value="{name}"/>' for name in ("cue", "source", "continues")),
        "  </Relations>",
        '  <Text name="text" value="$text" granularity="word"/>',
        '  <TextArea name="credit" toName="text" perRegion="true" editable="true"/>',
        "</View>\n",
    )
)
Json = dict[str, Any]


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write a JSON list of tasks, one per article.

    Args:
        records: articles with their texts, and errors, in any order.
        stream: a text stream, in UTF-8.

    Raises:
        InputError: if an article has no text, or another than its quotes were found in.
        OSError: if the stream cannot be written.
    """
    write_list(records, stream, lambda record: [dumps(_task(record))])


def companion(path: Path) -> Path:
    """Return the path of the labelling configuration: `NAME.labels.xml`."""
    return path.with_name(f"{path.name.removesuffix('.json').removesuffix('.labelstudio')}.labels.xml")


def write_beside(path: Path) -> str | None:
    """Write the labelling configuration of the tasks; an edited one stays.

    Args:
        path: the tasks.

    Returns:
        A remark for the user if it stays.

    Raises:
        StoreError: if it cannot be written.
    """
    return keep_or_write(companion(path), CONFIG, of="the list of tasks")


def _task(record: ArticleRecord) -> Json:
    from quotes import __version__

    article = record.article
    data = {"text": text_of(article, "labelstudio"), "title": article.title or article.source}
    known = {"id": article.id, "source": article.source, "url": article.url, "published": article.published}
    result = [part for number, quote in enumerate(record.quotes) for part in _results(quote, article, number)]
    scores = [quote.confidence for quote in record.quotes]
    prediction: Json = {"model_version": f"quotes-{__version__}", "result": result}
    if scores:
        prediction["score"] = sum(scores) / len(scores)
    return {"data": data | known, "predictions": [prediction]}


def _results(quote: Quote, article: Article, number: int) -> Iterator[Json]:
    """Yield the regions of a quote and the relations between them; the first region has the quote's own id."""
    text = text_of(article, "labelstudio")
    # The number distinguishes quotes of the same id: a region's id must be unique within the task.
    name = f"{number}-{quote.id}"
    parts = fragments(quote, article, "labelstudio")
    for part, (span, _) in enumerate(parts):
        yield _region(f"{name}-{part}", quote.type, span.start, span.end, text, score=quote.confidence)
        if part:
            yield _relation(f"{name}-0", f"{name}-{part}", "continues")
    credit = "; ".join(filter(None, (speaker_line(quote), channel_line(quote))))
    place = {"start": parts[0][0].start, "end": parts[0][0].end, "text": [credit]}
    yield {"id": f"{name}-0", "from_name": "credit", "to_name": "text", "type": "textarea", "value": place}
    mention = quote.speaker.mention if quote.speaker else None
    for label, words in (("cue", quote.cue), ("source", mention)):
        if words:
            yield _region(f"{name}-{label}", label, words.start, words.end, text)
            yield _relation(f"{name}-0", f"{name}-{label}", label)


def _region(identity: str, label: str, start: int, end: int, text: str, **more: Any) -> Json:
    value = {"start": start, "end": end, "text": text[start:end], "labels": [label]}
    return {"id": identity, "from_name": "label", "to_name": "text", "type": "labels", "value": value, **more}


def _relation(first: str, second: str, label: str) -> Json:
    return {"type": "relation", "from_id": first, "to_id": second, "direction": "right", "labels": [label]}
