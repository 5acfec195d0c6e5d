"""The tasks of the server's worker processes: read what was posted, search the store, check words against it."""

from __future__ import annotations

import io
import json
import logging
import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from attrs import Factory, asdict, evolve, frozen

from quotes.errors import out_of_memory
from quotes.extraction.options import Options
from quotes.records import SCHEMA, ArticleRecord, ErrorRecord, SourceText, Stance
from quotes.web.logs import keep_short

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Pipeline

_LOG = logging.getLogger("quotes.web")
Head = dict[str, Any]


class Failure(Exception):
    """A task that failed: its kind, in one word, and its detail."""

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(detail)
        self.error = error


@frozen
class Setting:
    """How a worker loads its pipeline, and the store that it answers from, if any."""

    options: Options = Factory(Options)
    store: str | None = None
    threads: int = 1


def extract(pipeline: Pipeline, head: Head, body: bytes) -> bytes:
    """Read what was posted and return its records, as `quotes extract` writes them.

    Args:
        pipeline: a loaded pipeline.
        head: `kind` of the body (one of ingest's, or "source": fields of a SourceText in JSON), `source`, `options` of
            the `Selection` and whether to `clean`, `lines` for JSON Lines instead of one document, and `most`, the
            most characters after decompression.
        body: the posted body.

    Raises:
        Failure: if the body has no readable text.
    """
    from quotes.batch.run import Selection
    from quotes.export import to_dict
    from quotes.export.formats import json_lines
    from quotes.ingest import cleaning
    from quotes.records.json_text import dumps

    options = dict(head["options"])
    clean = options.pop("clean", False)
    types, stances = options.pop("types", None), options.pop("stance", None) or ["said"]
    selection = Selection(types=frozenset(types) if types else None, stances=frozenset(stances), **options)
    records: list[ArticleRecord] = []
    sources = list(_sources(head, body))
    for source in sources:
        if isinstance(source, SourceText):
            source = cleaning.clean(source, lexicon=pipeline.lexicon) if clean else source
            records += [selection.apply(record, text=source.text) for record in pipeline.read(source)]
    errors = [source for source in sources if isinstance(source, ErrorRecord)]
    if head.get("lines"):
        stream = io.StringIO()
        json_lines.write(records, stream)
        return stream.getvalue().encode()
    listed = [asdict(error) for error in errors]
    document = {"schema": SCHEMA, "articles": [to_dict(record) for record in records], "errors": listed}
    return dumps(document).encode()


def _sources(head: Head, body: bytes) -> Iterator[SourceText | ErrorRecord]:
    """Yield the texts of a posted body, and the errors of others.

    Raises:
        Failure: if there is no text in it, or too much after decompression.
    """
    from quotes.ingest import read

    if head["kind"] == "source":
        source = SourceText(**json.loads(body))
        if not source.text.strip():
            raise Failure("empty", "the text is blank; send an article")
        yield source
        return
    left, errors, some = head.get("most"), [], False
    for found in read(["-"], input_format=head["kind"], stdin=io.BytesIO(body)):
        name, rest = (found.source, "source") if isinstance(found, ErrorRecord) else (found.name, "name")
        if name == "-" or name.startswith(("-#", "-/")):
            found = evolve(found, **{rest: head["source"] + name[1:]})
        if isinstance(found, ErrorRecord):
            errors.append(found)
            continue
        some = True
        if left is not None and (left := left - len(found.text)) < 0:
            raise Failure("size", "the texts in it are longer than the limit for one request; send fewer")
        yield found
    if errors and not some:
        raise Failure(errors[0].error, errors[0].detail)
    yield from errors


def load(setting: Setting) -> Callable[[tuple[Head, bytes]], bytes]:
    """Load the pipeline in a worker, and return a function that does a task: it takes and returns head and body.

    Raises:
        QuotesError: if the pipeline or the store cannot be loaded.
    """
    keep_short("quotes: worker")
    tasks = _tasks(setting)
    return lambda task: pickle.dumps(_answer(tasks, *task))


def _answer(tasks: Mapping[str, Callable[[Head, bytes], bytes]], head: Head, body: bytes) -> tuple[Head, bytes]:
    """Do one task; a failure becomes an answer, too, without paths or tracebacks."""
    try:
        return {"ok": True}, tasks[head["task"]](head, body)
    except Failure as error:
        return {"ok": False, "error": error.error, "detail": str(error)}, b""
    except Exception as error:
        _LOG.error("a task failed", exc_info=error)
        if out_of_memory(error):
            detail = "there is not enough memory to read the text; send less at a time"
            return {"ok": False, "error": "memory", "detail": detail}, b""
        return {"ok": False, "error": "internal", "detail": "the text could not be read; a fault in quotes"}, b""


def _tasks(setting: Setting) -> dict[str, Callable[[Head, bytes], bytes]]:
    from quotes.extraction import pipeline

    loaded = pipeline.load(evolve(setting.options, stance=get_args(Stance)), threads=setting.threads, alone=True)
    loaded.read(SourceText("warm", "“We vote on Monday,” Ana Lee told Reuters."))  # compile all before a task
    tasks: dict[str, Callable[[Head, bytes], bytes]] = {"extract": lambda head, body: extract(loaded, head, body)}
    return tasks | (_of_store(Path(setting.store), setting.options.language) if setting.store else {})


def _of_store(path: Path, language: str) -> dict[str, Callable[[Head, bytes], bytes]]:
    from quotes.lexicon import load_lexicon
    from quotes.web.api.stored import Stored, Unreadable

    stored = Stored(path, load_lexicon(language))
    with suppress(Unreadable):  # it may be readable later
        stored.checker()  # loaded now, since a task has a time limit

    def on_store(answer: Callable[[Head], bytes]) -> Callable[[Head, bytes], bytes]:
        def task(head: Head, _: bytes) -> bytes:
            try:
                return answer(head)
            except Unreadable as error:
                raise Failure("store", str(error)) from None

        return task

    return {
        "search": on_store(lambda head: stored.search(head["asked"])),
        "check": on_store(lambda head: stored.check(head["asked"], lines=head.get("lines", False))),
    }

