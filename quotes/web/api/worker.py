"""A worker process of the server: loads the model once, then reads tasks from its standard input, one at a time.

A task and its answer are frames: two lengths, a head in JSON, a body. Standard input's end is the worker's end, so that
no worker outlives a server that was killed; a task that runs past its time is ended by the kernel's alarm even where
the server is gone and the interpreter is stuck.
"""

from __future__ import annotations

import io
import json
import logging
import os
import queue
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, get_args

from attrs import Factory, asdict, evolve, frozen

from quotes.errors import QuotesError, low_memory, out_of_memory
from quotes.extraction.options import Options
from quotes.records import SCHEMA, ArticleRecord, ErrorRecord, SourceText, Stance

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Pipeline

LENGTHS = struct.Struct("!II")
_LOG = logging.getLogger("quotes.web")
# Past the server's own limit by so many seconds, nobody waits for the answer any more.
_GRACE = 5
Head = dict[str, Any]


class Failure(Exception):
    """A task that cannot be done: a kind of one word, and what to say of it."""

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(detail)
        self.error = error


@frozen
class Setting:
    """What a worker is started with: how the pipeline is loaded, and the store that is asked, if any."""

    options: Options = Factory(Options)
    store: str | None = None
    threads: int = 1

    def dumps(self) -> str:
        """Write it down for the worker's command line."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def loads(cls, text: str) -> Setting:
        """Read it back; paths are paths again."""
        data = json.loads(text)
        return cls(Options(**data["options"]), data["store"], data["threads"])


def frame(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return a task or an answer as bytes."""
    told = json.dumps(head).encode()
    return LENGTHS.pack(len(told), len(body)) + told + body


def extract(pipeline: Pipeline, head: Head, body: bytes) -> bytes:
    """Read what was posted and return its records, as `quotes extract` writes them.

    Args:
        pipeline: a loaded pipeline.
        head: `kind` of the body (of ingest's, or "source": fields of a SourceText in JSON), `source`, `options` for a
            `Selection` and whether to `clean`, `lines` where JSON Lines are wanted in place of one document, and how
            many letters it may `most` hold once it is unpacked.
        body: what was posted.

    Raises:
        Failure: where the body holds no text that can be read.
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
    told = [asdict(error) for error in errors]
    document = {"schema": SCHEMA, "articles": [to_dict(record) for record in records], "errors": told}
    return dumps(document).encode()


def _sources(head: Head, body: bytes) -> Iterator[SourceText | ErrorRecord]:
    """Yield the texts of what was posted, and what is wrong with others beside them.

    Raises:
        Failure: where there is no text in it, or it is longer than what may be posted once it is unpacked.
    """
    from quotes.ingest import read

    if head["kind"] == "source":
        source = SourceText(**json.loads(body))
        if not source.text.strip():
            raise Failure("empty", "the text holds nothing but blank space; send an article")
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
            raise Failure("size", "the texts in it are longer than what may be sent at once; send fewer")
        yield found
    if errors and not some:
        raise Failure(errors[0].error, errors[0].detail)
    yield from errors


def _answer(tasks: Mapping[str, Callable[[Head, bytes], bytes]], head: Head, body: bytes) -> bytes:
    """Do one task; what goes wrong becomes an answer as well, which holds no path and no traceback."""
    try:
        return frame({"ok": True}, tasks[head["task"]](head, body))
    except Failure as error:
        return frame({"ok": False, "error": error.error, "detail": str(error)})
    except Exception as error:
        _LOG.error("a task could not be done", exc_info=error)
        if out_of_memory(error):
            told = "there is not enough memory to read the text; send less at a time"
            return frame({"ok": False, "error": "memory", "detail": told})
        return frame({"ok": False, "error": "internal", "detail": "the text could not be read; a fault in quotes"})


def _listen(stream: BinaryIO, tasks: queue.SimpleQueue[tuple[Head, bytes]]) -> None:
    """Take tasks in while the worker works, to see at once that the server is gone."""
    while True:
        lengths = stream.read(LENGTHS.size)
        if len(lengths) < LENGTHS.size:
            os._exit(0)
        head, body = LENGTHS.unpack(lengths)
        told, given = stream.read(head), stream.read(body)
        if len(given) < body:
            os._exit(0)
        tasks.put((json.loads(told), given))


def _alarm(seconds: float) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds))


def main(setting: Setting) -> None:
    """Load, say so, and answer until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to handle
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints must not stand among the answers
    waiting: queue.SimpleQueue[tuple[Head, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, waiting), daemon=True).start()
    try:
        tasks = _tasks(setting)
    except QuotesError as error:
        answers.write(frame({"ok": False, "error": "start", "detail": str(error)}))
        return
    answers.write(frame({"ok": True}))
    while True:
        head, body = waiting.get()
        _alarm(head["limit"] + _GRACE)
        done = _answer(tasks, head, body)
        _alarm(0)
        _write(answers, done)


def _write(stream: io.FileIO | Any, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[stream.write(view) :]


def _tasks(setting: Setting) -> dict[str, Callable[[Head, bytes], bytes]]:
    from quotes.extraction import pipeline

    try:
        loaded = pipeline.load(evolve(setting.options, stance=get_args(Stance)), threads=setting.threads)
        loaded.read(SourceText("warm", "“We vote on Monday,” Ana Lee told Reuters."))  # compile all before a task
    except Exception as error:
        if out_of_memory(error) and not isinstance(error, QuotesError):
            raise low_memory("the pipeline") from error
        raise
    tasks: dict[str, Callable[[Head, bytes], bytes]] = {"extract": lambda head, body: extract(loaded, head, body)}
    return tasks | (_of_store(Path(setting.store), setting.options.language) if setting.store else {})


def _of_store(path: Path, language: str) -> dict[str, Callable[[Head, bytes], bytes]]:
    from quotes.lexicon import load_lexicon
    from quotes.web.api.stored import Stored, Unreadable

    stored = Stored(path, load_lexicon(language))
    with suppress(Unreadable):  # it may be back when it is asked for
        stored.checker()  # here it may take as long as it takes; a task may not

    def told(answer: Callable[[Head], bytes]) -> Callable[[Head, bytes], bytes]:
        def task(head: Head, _: bytes) -> bytes:
            try:
                return answer(head)
            except Unreadable as error:
                raise Failure("store", str(error)) from None

        return task

    return {
        "search": told(lambda head: stored.search(head["asked"])),
        "check": told(lambda head: stored.check(head["asked"], lines=head.get("lines", False))),
    }


if __name__ == "__main__":
    from quotes.web.logs import kept_short

    with kept_short("quotes: worker"):
        main(Setting.loads(sys.argv[1]))
