"""Files of a run on Ray: inputs that can be opened, and an output folder that is complete or does not exist."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from quotes.errors import InputError, StoreError, short
from quotes.export.arrow import import_pyarrow
from quotes.files.atomic import nowhere
from quotes.ingest import FIELDS, Reading, read
from quotes.ingest.cleaning import repairs
from quotes.ingest.walk import File, failure, files
from quotes.records import ErrorRecord, Repair

Kind = Literal["parquet", "jsonl"]
SUFFIXES: dict[Kind, tuple[str, ...]] = {"parquet": (".parquet",), "jsonl": (".jsonl", ".ndjson")}
_RAYS = tuple(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
_TOLD = tuple(name for name in FIELDS if name != "id")


@frozen
class Counts:
    """Counts of a run: articles, quotes, errors with their names, and repairs."""

    articles: int
    quotes: int
    errors: int
    lost: tuple[ErrorRecord, ...] = ()
    repaired: tuple[Repair, ...] = ()


def kind_of(source: str) -> Kind:
    """Return the kind of an input by its name; a folder has the kind of its first file.

    Raises:
        InputError: if it is missing or of no known kind.
    """
    name = source
    if not is_address(source):
        if not os.path.exists(source):
            raise InputError(f"{source}: no such file; check the name")
        if os.path.isdir(source):
            every = tuple(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
            name = next((path for path in _files(source) if path.lower().endswith(every)), source)
    found = next((kind for kind, suffixes in SUFFIXES.items() if name.lower().endswith(suffixes)), None)
    if found is None:
        raise InputError(f"{source}: is neither .parquet nor .jsonl; give the kind with --input-format")
    return found


def is_address(name: str) -> bool:
    """Return whether a name is an address, s3://…, that Ray itself reads and writes."""
    return "://" in name


def readable_by_ray(source: str) -> bool:
    """Return whether Ray's workers can read an input themselves: an address, Parquet, or only JSON Lines."""
    if is_address(source) or not os.path.isdir(source):
        return is_address(source) or source.lower().endswith(_RAYS)
    names = [found.path for found in files(source) if isinstance(found, File)]
    return any(name.lower().endswith(SUFFIXES["parquet"]) for name in _files(source)) or (
        bool(names) and all(name.lower().endswith(_RAYS) for name in names)
    )


@contextmanager
def as_lines(source: str, how: Reading, *, output: str) -> Iterator[tuple[str, list[ErrorRecord]]]:
    """Convert an input of any kind to temporary JSON Lines beside the output, which Ray's workers can read.

    Args:
        source: a file or folder.
        how: how to read it.
        output: of the run.

    Yields:
        The file, and the errors of sources that could not be read.

    Raises:
        InputError: if nothing in it can be read.
        StoreError: if the file cannot be written.
    """
    refuse_output(source, output)
    lost: list[ErrorRecord] = []
    beside = None if is_address(output) else Path(os.path.realpath(output)).parent
    try:
        folder = tempfile.mkdtemp(prefix=".quotes.", suffix=".part", dir=beside)
    except OSError as error:
        raise StoreError(f"{output}: cannot be written ({error.strerror or error})") from error
    try:
        path = os.path.join(folder, "texts.jsonl")
        some = False
        with open(path, "w", encoding="utf-8", newline="\n") as stream:
            for found in read(source, how):
                if isinstance(found, ErrorRecord):
                    lost.append(found)
                else:
                    some = True
                    stream.write(json.dumps({"id": found.name, **{n: getattr(found, n) for n in _TOLD}}) + "\n")
        if not some:
            why = f" ({lost[0].source}: {lost[0].detail})" if lost else ""
            raise InputError(f"{source}: holds no text that can be read{why}; nothing was written")
        yield path, lost
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def readable(source: str, kind: Kind, tell: Callable[[ErrorRecord], None]) -> list[str]:
    """Return the files of an input; report and leave out those that cannot be read.

    Args:
        source: a file, a folder (recursively), or an address.
        kind: of the files.
        tell: called with each unreadable input.

    Raises:
        InputError: if none is left.
    """
    if is_address(source):
        return [source]
    paths = list(_files(source)) if os.path.isdir(source) else [source]
    chosen = [path for path in paths if path.lower().endswith(SUFFIXES[kind])] or paths
    found, fault = [], None
    for path in chosen:
        fault = _fault(path, kind)
        if fault is None:
            found.append(os.path.abspath(path))
        else:
            tell(fault)
    if not found:
        why = f" ({fault.source}: {fault.detail})" if fault else ""
        raise InputError(f"{source}: holds no file that can be read{why}; nothing was written")
    return found


def _files(folder: str) -> Iterator[str]:
    """Yield the files of a folder and of those below it, in order, without hidden ones."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (os.path.join(root, name) for name in sorted(names) if not name.startswith("."))


def _fault(path: str, kind: Kind) -> ErrorRecord | None:
    """Return the fault of a file that no worker could read, or None."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return ErrorRecord(path, "name", "its name is not UTF-8, and Ray cannot open it; rename the file")
    try:
        with open(path, "rb") as stream:
            if not stream.read(1):
                return ErrorRecord(path, "empty", "it is empty; leave it out, or save it again")
            if kind == "parquet":
                arrow = import_pyarrow()
                from pyarrow import parquet

                try:
                    parquet.ParquetFile(path).close()
                except arrow.ArrowException as error:
                    return ErrorRecord(path, "broken", f"damaged, or no Parquet file ({short(error)}); write it again")
    except OSError as error:
        return failure(path, error)
    return None


def refuse_output(source: str, output: str) -> None:
    """Refuse an output that exists, or lies in the input folder.

    Raises:
        StoreError: if it is.
    """
    if is_address(output):
        return
    if not is_address(source):
        own = Path(os.path.realpath(output))
        read = Path(os.path.realpath(source))
        for above in (own, *own.parents):
            if str(above).casefold() == str(read).casefold() or (above.exists() and above.samefile(read)):
                where = "is both input and output" if above == own else f"lies in {source}, which is read"
                raise StoreError(f"{output}: {where}; name a folder elsewhere")
    if os.path.lexists(output) and (not os.path.isdir(output) or os.listdir(output)):
        raise StoreError(f"{output}: exists already; name a new folder")


@contextmanager
def whole_folder(output: str) -> Iterator[str]:
    """Give a folder beside the output, which replaces it if the block succeeds and is removed if it fails.

    Args:
        output: a new or empty folder, or an address, which is given unchanged.

    Raises:
        StoreError: if the folder cannot be created.
    """
    if is_address(output):
        yield output
        return
    target = Path(os.path.realpath(output))
    try:
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent))
    except FileNotFoundError as error:
        raise StoreError(nowhere(output)) from error
    except OSError as error:
        raise StoreError(f"{output}: cannot be written ({error.strerror or error})") from error
    try:
        mask = os.umask(0)
        os.umask(mask)
        aside.chmod(0o777 & ~mask)  # the workers of a cluster may run as other users
        yield str(aside)
        os.replace(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def written(ray: Any, folder: str) -> Iterator[Any]:
    """Yield the batches that a run wrote."""
    if is_address(folder):
        yield from ray.data.read_parquet(folder).iter_batches(batch_format="pyarrow", batch_size=4096)
        return
    from pyarrow import parquet

    for path in sorted(Path(folder).glob("*.parquet")):
        with parquet.ParquetFile(path) as table:
            yield from table.iter_batches(batch_size=4096, columns=["error", "quotes", "article.cleaned"])


def counted(batches: Iterable[Any], lost: Iterable[ErrorRecord]) -> Counts:
    """Count the articles, quotes and errors of a run.

    Args:
        batches: the rows written.
        lost: files that could not be read.
    """
    from pyarrow import compute

    articles = quotes = 0
    errors = list(lost)
    found: Counter[str] = Counter()
    for batch in batches:
        column = batch.column("error")
        articles += column.null_count
        if column.null_count < batch.num_rows:
            rows = (row for row in column.to_pylist() if row is not None)
            errors += [ErrorRecord(row["source"], row["error"], row["detail"]) for row in rows]
        quotes += sum(map(len, batch.column("quotes").to_pylist()))
        for cleaned in compute.struct_field(batch.column("article"), "cleaned").to_pylist():
            found.update({repair["step"]: repair["count"] for repair in cleaned or ()})
    return Counts(articles, quotes, len(errors), tuple(errors), repairs(found))
