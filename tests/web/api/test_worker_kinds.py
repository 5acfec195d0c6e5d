"""The server reads posted inputs as the command line reads files: a document, a feed, an archive."""

from __future__ import annotations

import json
from typing import Any

import pytest

from quotes.records import SourceText
from quotes.web.api import bodies, worker
from tests.ingest.making import PARAGRAPHS, docx, mail, xlsx, zipped

OPTIONS = {"min_confidence": 0.0, "types": None, "with_text": True, "clean": False}


def posted(body: bytes, media: str, pipeline: Any, **more: Any) -> dict[str, Any]:
    head, given = bodies.task(body, media)
    answer: dict[str, Any] = json.loads(worker.extract(pipeline, {"options": OPTIONS, **more, **head}, given))
    return answer


def media_of(kind: str) -> str:
    return next(media for media, name in bodies.MEDIA.items() if name == kind)


@pytest.mark.parametrize("kind", ["docx", "eml", "markdown", "xlsx", "zip"])
def test_a_document_can_be_posted(kind: str, pipeline: Any) -> None:
    """The Content-Type decides the kind."""
    body = {
        "docx": docx(), "eml": mail("\n\n".join(PARAGRAPHS)).as_bytes(), "markdown": "\n\n".join(PARAGRAPHS).encode(),
        "xlsx": xlsx({"a": [["text"], ["\n\n".join(PARAGRAPHS)]]}), "zip": zipped({"a.docx": docx()}),
    }[kind]  # fmt: skip
    [article] = posted(body, media_of(kind), pipeline)["articles"]
    assert {"Petra Lunn", "Osric Bane"} < {quote["speaker"]["name"] for quote in article["quotes"]}
    assert article["article"]["source"] in ("text", "text#2", "text/a.docx")


def test_a_bad_member_is_an_error_beside_the_others(pipeline: Any) -> None:
    """The document's `errors` name it; where nothing can be read, the answer is the first error."""
    answer = posted(zipped({"a.txt": "It rained.", "b.docx": b"PK\x03\x04"}), "application/zip", pipeline)
    assert (1, ["text/b.docx"]) == (len(answer["articles"]), [error["source"] for error in answer["errors"]])
    with pytest.raises(worker.Failure, match="broken"):
        posted(b"PK\x03\x04", "application/zip", pipeline)


def test_what_is_packed_counts_unpacked(pipeline: Any) -> None:
    """A small body that becomes more than may be sent is refused."""
    body = zipped({f"{n}.txt": "It rained. " * 500 for n in range(9)})
    with pytest.raises(worker.Failure, match="longer than the limit"):
        posted(body, "application/zip", pipeline, most=20_000)


def test_a_text_in_json_is_read_as_before(pipeline: Any) -> None:
    """Its fields are those of a source."""
    source = SourceText("desk", "“We vote,” Ana Lee told Reuters.")
    body = json.dumps({"text": source.text, "source": "desk"}).encode()
    [article] = posted(body, "application/json", pipeline)["articles"]
    assert "Ana Lee" == article["quotes"][0]["speaker"]["name"]
