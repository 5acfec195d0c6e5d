"""Beyond one machine: the pipeline as a class for Ray Data's `map_batches`, and a whole run from files to Parquet.

    ray.data.read_parquet("articles/").map_batches(Extractor, batch_format="pyarrow", concurrency=64)

    groups(records, spread=OnRay())

Ray comes with the extra `ray`. Each actor loads the model once, and turns a batch of rows into a batch with one row
per article: its quotes, or an error.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import warnings
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from attrs import evolve

from quotes.batch.ray_files import Counts, Kind, counted, kind_of, readable, refuse_output, whole_folder, written
from quotes.errors import InputError, QuotesError, StoreError, out_of_memory
from quotes.export.arrow import article_row, article_schema, from_article_row, import_pyarrow
from quotes.extraction.options import Options
from quotes.files.isolation import RAY_SILENCE, IsolatedChildren
from quotes.files.paths import AnyPath
from quotes.ingest.rows import source_of
from quotes.ingest.whole import text_of
from quotes.records import ArticleRecord, ErrorRecord, Page, SourceText

if TYPE_CHECKING:
    import pyarrow

    from quotes.comparison.variants.spreading import Done, Held, Part

__all__ = ["Counts", "Extractor", "Kind", "OnRay", "distribute", "kind_of", "read_distributed"]

# Articles that a worker gets at once; if it dies, another worker reads them again.
BATCH = 16
# How often Ray retries a part of `variants` whose worker was lost.
RETRIES = 5
# How often an article is begun before it is reported as an error because each worker was lost.
CHANCES = 2
# Seconds to wait for a cluster's first answer.
KNOCK = 5.0
# Tasks that read and write files reserve no core: the workers may hold all of them, and would wait for input forever.
_BESIDE = {"num_cpus": 0}
# The column that Ray reads lines of text into.
_LINE = "text"


class Ledger:
    """Counts how often each article was begun but not finished, so that one that kills its worker is given up.

    One Ray actor for all workers of a run.
    """

    def __init__(self) -> None:
        """Start with no articles."""
        self._begun: Counter[str] = Counter()

    def begin(self, key: str) -> int:
        """Note that an article is begun, and return how often it was."""
        self._begun[key] += 1
        return self._begun[key]

    def done(self, key: str) -> None:
        """Forget an article that is finished."""
        self._begun.pop(key, None)


class Extractor:
    """A callable that reads batches of articles, for `Dataset.map_batches(..., batch_format="pyarrow")`."""

    def __init__(
        self, options: Options | None = None, *, columns: Mapping[str, str] | None = None,
        lines: bool | Literal["bytes"] = False,
        with_text: bool = False, ledger: Any = None, **choices: Any,
    ) -> None:  # fmt: skip
        """Load the model.

        Args:
            options: how to read; the defaults if None.
            columns: the input's column names by field, as for `quotes extract --columns`.
            lines: whether the rows are lines of JSON in a column "text", as `ray.data.read_text` gives them;
                "bytes" if each character is a byte (Latin-1), so that bytes that are not UTF-8 cost one line alone.
            with_text: whether to keep each source's text.
            ledger: an actor of `Ledger`, shared by all workers; without one, an article that kills its worker is
                retried by Ray without end.
            choices: fields of `Options` to change, by name.

        Raises:
            PatternError, InputError, ModelError: see `quotes.extraction.pipeline.load`.
        """
        from quotes.extraction.pipeline import load

        self._pipeline = load(options, threads=1, **choices)
        self._columns = dict(columns or {})
        self._lines = lines
        self._with_text = with_text
        self._ledger = ledger

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        """Return the articles of a batch of rows; a row that cannot be read becomes an error row."""
        arrow = import_pyarrow()
        rows = [article_row(record) for row in batch.to_pylist() for record in self._records(row)]
        return arrow.Table.from_pylist(rows, schema=article_schema())

    def _records(self, row: Mapping[str, Any]) -> Iterator[ArticleRecord | ErrorRecord]:
        name = "row"
        try:
            cells = self._cells(row[_LINE]) if self._lines else row
            if not isinstance(cells, Mapping):
                raise InputError("a JSON object is needed, with a text; correct the line")
            # Rows are read in any order on any machine: one without an id is named by its content.
            name = self._name(cells)
            found = source_of(cells, name=name, number=1, columns=self._columns)
            if isinstance(found, ErrorRecord):
                yield evolve(found, source=name, detail=found.detail.removeprefix("line 1: "))
                return
            source = text_of(evolve(found, name=name)) if isinstance(found, Page) else evolve(found, name=name)
            if isinstance(source, ErrorRecord):
                yield source
                return
            for record in self._read(source):
                kept = record if self._with_text else evolve(record, article=evolve(record.article, text=None))
                yield kept
        except QuotesError as error:
            yield ErrorRecord(name, "failed", str(error))
        except Exception as error:
            if out_of_memory(error):
                yield ErrorRecord(name, "memory", "there is not enough memory to read it; split it into its articles")
                return
            yield ErrorRecord(name, "internal", f"{type(error).__name__}: {error}".rstrip(": "))

    def _cells(self, line: str) -> Any:
        """Return what a line of JSON holds.

        Raises:
            InputError: if it is none.
        """
        try:
            text = line.encode("latin-1").decode("utf-8-sig") if self._lines == "bytes" else line
            return json.loads(text, strict=False)
        except UnicodeDecodeError as error:
            raise InputError("a line that is not UTF-8; save the file as UTF-8") from error
        except (ValueError, RecursionError) as error:
            reason = " ".join(str(error).split()) or "nested too deeply"
            raise InputError(f"a line that is not JSON ({reason}); correct the line") from error

    def _read(self, source: SourceText) -> Sequence[ArticleRecord]:
        """Read an article, unless it killed each worker that tried.

        Raises:
            InputError: if it did.
        """
        if self._ledger is None:
            return self._pipeline.read(source)
        import ray

        key = hashlib.sha256(f"{source.name}\0{source.text}".encode("utf-8", "surrogatepass")).hexdigest()
        if ray.get(self._ledger.begin.remote(key)) > CHANCES:
            raise InputError(f"{CHANCES} workers were lost while they read it; leave it out, or give them more memory")
        try:
            return self._pipeline.read(source)
        finally:
            self._ledger.done.remote(key)

    def _name(self, cells: Mapping[str, Any]) -> str:
        plain = {str(name).casefold(): value for name, value in cells.items()}
        for field in ("id", "url"):
            if value := plain.get(self._columns.get(field, field).casefold()):
                return str(value)
        text = str(plain.get(self._columns.get("text", "text").casefold()))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def distribute(
    source: str, output: str, options: Options | None = None, *, workers: int | None = None,
    kind: Kind | None = None, batch: int = BATCH, **extractor: Any,
) -> Counts:  # fmt: skip
    """Read articles with many workers and write their records as Parquet, one row per article.

    Ray uses the cluster that RAY_ADDRESS names, else this machine.

    Args:
        source: a Parquet or JSON Lines file, a folder of these, or an address that Ray reads (s3://…).
        output: a folder or address for the Parquet files; a folder must be new or empty, and appears when complete.
        options: how to read; the defaults if None.
        workers: how many; one per core if None.
        kind: of the input; guessed from its name if None.
        batch: articles that a worker gets at once.
        extractor: further arguments of `Extractor`: `columns`, `with_text`.

    Raises:
        InputError: if the input is missing or of no known kind, or nothing in it can be read.
        StoreError: if Ray is not installed, the output is not empty or lies in the input, or the run failed.
    """
    _import_ray("distribute")
    kind = kind or kind_of(source)
    refuse_output(source, output)
    lost: list[ErrorRecord] = []
    paths = readable(source, kind, lost.append)
    ray = _started("distribute")
    how = options or Options()
    how = evolve(how, patterns=[p.absolute() for p in how.patterns], people=[p.absolute() for p in how.people])
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    try:
        with _quiet(), whole_folder(output) as folder:
            lines: Any = "bytes" if kind == "jsonl" else False
            _written(ray, paths, folder, (workers or _cores(ray), batch), {"options": how, "lines": lines, **extractor})
            done = counted(written(ray, folder), lost)
    except (ray.exceptions.RayError, OSError, ValueError) as error:
        raise StoreError(f"{source}: the run failed ({_last_line(error)}); correct that and run it again") from error
    return done


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Ray's own messages and tracebacks in its log files."""
    loud = [h for h in logging.getLogger("ray.data").handlers if isinstance(h, logging.StreamHandler)]
    levels = [handler.level for handler in loud]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for handler in loud:
                handler.setLevel(logging.CRITICAL + 1)
            yield
        finally:
            for handler, level in zip(loud, levels, strict=True):
                handler.setLevel(level)


def _written(ray: Any, paths: list[str], folder: str, size: tuple[int, int], how: Mapping[str, Any]) -> None:
    """Read files with workers, in batches of articles, and write their records into a folder."""
    ledger = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)(Ledger).remote()
    if how["lines"]:
        rows = ray.data.read_text(paths, encoding="latin-1", ray_remote_args=_BESIDE)
    else:
        rows = ray.data.read_parquet(paths, ray_remote_args=_BESIDE)
    # Unlimited: each loss is due to some article, and the ledger limits those.
    records = rows.map_batches(
        Extractor, fn_constructor_kwargs={"ledger": ledger, **how}, batch_format="pyarrow", batch_size=size[1],
        concurrency=size[0], num_cpus=1, max_restarts=-1, max_task_retries=-1,
    )  # fmt: skip
    records.write_parquet(folder, ray_remote_args=_BESIDE)


def read_distributed(folder: AnyPath) -> Iterator[ArticleRecord | ErrorRecord]:
    """Yield the records of a folder that `distribute` wrote, file by file.

    Args:
        folder: Parquet files with one row per article.

    Raises:
        StoreError: if pyarrow is not installed.
        InputError: if a row is not a record.
    """
    import_pyarrow()
    from pyarrow import parquet

    for path in sorted(Path(folder).glob("*.parquet")):
        with parquet.ParquetFile(path) as table:
            for batch in table.iter_batches(batch_size=256):
                yield from map(from_article_row, batch.to_pylist())


class OnRay:
    """A `Spread` of variants over Ray's workers: shared data goes to each machine once, parts go as tasks."""

    compared_at_once = 4096

    def __init__(self) -> None:
        """Connect to the cluster that RAY_ADDRESS names, else start Ray on this machine.

        Raises:
            StoreError: if Ray is not installed or cannot be reached.
        """
        self._ray = _started("variants --ray")

    def __call__(
        self, work: Callable[[Held, Part], Done], held: Held, parts: Iterable[Part]
    ) -> Iterator[Done]:
        """Yield `work(held, part)` for each part, in order, with two parts per core in flight.

        Raises:
            StoreError: if the run failed.
        """
        ray = self._ray
        try:
            task, shared = ray.remote(num_cpus=1, max_retries=RETRIES)(work), ray.put(held)
            under_way: deque[Any] = deque()
            for part in parts:
                under_way.append(task.remote(shared, part))
                if len(under_way) >= 2 * _cores(ray):
                    yield ray.get(under_way.popleft())
            while under_way:
                yield ray.get(under_way.popleft())
        except ray.exceptions.RayError as error:
            reason = f"variants --ray: the run failed ({_last_line(error)}); correct that and run it again"
            raise StoreError(reason) from error


def _import_ray(what: str) -> Any:
    os.environ.update(RAY_SILENCE)
    try:
        import ray
    except ImportError as error:
        raise StoreError(f"{what} needs Ray; .venv/bin/pip install '.[ray]'") from error
    return ray


def _started(what: str) -> Any:
    """Return Ray's module, connected."""
    ray = _import_ray(what)
    try:
        if not ray.is_initialized():
            _knock(os.environ.get("RAY_ADDRESS", ""))
            with _away_from_the_input(), IsolatedChildren():
                ray.init(log_to_driver=False, logging_level=logging.ERROR)
    except (ray.exceptions.RayError, OSError, ValueError, RuntimeError) as error:
        raise StoreError(f"{what}: Ray cannot be reached ({_last_line(error)}); check RAY_ADDRESS") from error
    return ray


@contextmanager
def _away_from_the_input() -> Iterator[None]:
    """Work in the folder of the standard library within the block.

    Ray's workers import first from the folder that the driver connected from: a `pickle.py` among the articles would
    be run. From the standard library they import anyway.
    """
    before = os.getcwd()
    os.chdir(os.path.dirname(os.__file__))
    try:
        yield
    finally:
        os.chdir(before)


def _knock(address: str) -> None:
    """Check quickly whether an address answers; Ray itself tries for more than a minute.

    Args:
        address: a RAY_ADDRESS: host:port, ray://host:port, or a word ("auto", "local") that names no host.

    Raises:
        OSError: if it does not answer.
    """
    import socket

    host, colon, port = address.partition("://")[2 if "://" in address else 0].rpartition(":")
    if not colon or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK).close()
    except (OSError, OverflowError) as error:
        raise OSError(f"nobody answers at {address}: {error}") from error


def _last_line(error: BaseException) -> str:
    """Return the last line of an error, without Ray's traceback."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return " ".join(lines[-1].split())[-300:]


def _cores(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))
