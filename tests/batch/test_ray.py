"""Past one machine: a local Ray of two workers gives the same records as one process, also where a worker is killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quotes.batch.ray import Counts, Extractor, distribute, kind_of, read_distributed
from quotes.batch.ray_files import readable
from quotes.cli import main
from quotes.errors import InputError, StoreError
from quotes.export import to_dict
from quotes.records import ArticleRecord, ErrorRecord, SourceText

STORY = "“We will not wait for ferry {n},” Ann Lee, the mayor, told Reuters.\n\nJo Roe said that it rained on {n}.\n"

pytestmark = pytest.mark.slow  # a cluster takes seconds to start


def rows(count: int) -> list[dict[str, Any]]:
    return [{"id": f"story-{n:04d}", "body": STORY.format(n=n), "title": f"Ferry {n}"} for n in range(count)]


def put_lines(path: Path, values: list[Any]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(v if isinstance(v, str) else json.dumps(v) + "\n" for v in values), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    ray = pytest.importorskip("ray", reason="Ray is not installed: .venv/bin/pip install '.[ray]'")
    pytest.importorskip("ray.data", reason="Ray Data is not installed: .venv/bin/pip install '.[ray]'")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield ray
    ray.shutdown()


def expected(pipeline: Any, given: list[dict[str, Any]]) -> list[ArticleRecord]:
    from attrs import evolve

    found = [r for row in given for r in pipeline.read(SourceText(row["id"], row["body"], title=row["title"]))]
    return [evolve(r, article=evolve(r.article, text=None)) for r in found]


def reader_actors() -> list[int]:
    """Return the process ids of Ray's workers that hold a pipeline or load one, by the title that Ray gives them."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if line.startswith(b"ray::") and b"MapBatches(Extractor)" in line:
                found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc").exists(), reason="the workers are found through /proc")
def test_a_killed_worker_costs_nothing(cluster: Any, pipeline: Any, tmp_path: Path) -> None:
    """With one of two workers killed in the middle the output is whole: every article once, as one process reads it."""
    given = rows(400)
    source = put_lines(tmp_path / "in.jsonl", given)
    killed: list[int] = []

    def kill() -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and not killed:
            if workers := reader_actors():
                time.sleep(1.5)  # it has loaded its model, or is about to
                os.kill(workers[0], signal.SIGKILL)
                killed.append(workers[0])
            time.sleep(0.05)

    killer = threading.Thread(target=kill)
    killer.start()
    done = distribute(str(source), str(tmp_path / "out"), workers=2, columns={"text": "body"}, batch=4)
    killer.join()
    assert 1 == len(killed)
    found = sorted(read_distributed(tmp_path / "out"), key=lambda r: r.article.source)  # type: ignore[union-attr]
    assert expected(pipeline, given) == found
    assert Counts(400, sum(len(r.quotes) for r in found if isinstance(r, ArticleRecord)), 0) == done


def test_an_article_that_kills_its_worker_costs_itself_alone(
    cluster: Any, pipeline: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two articles that kill every worker are errors after two tries; all others are read as usual."""
    given = rows(12)
    for number in (3, 8):
        given[number]["body"] = "deadly " + given[number]["body"]

    # Local, so that it goes to the workers as it is.
    class Frail(Extractor):
        def __init__(self, **how: Any) -> None:
            super().__init__(**how)
            self._whole, self._pipeline = self._pipeline, self  # type: ignore[assignment]

        def read(self, source: SourceText) -> Any:
            if source.text.startswith("deadly"):
                os.kill(os.getpid(), signal.SIGKILL)
            return self._whole.read(source)

    monkeypatch.setattr("quotes.batch.ray.Extractor", Frail)
    source = put_lines(tmp_path / "in.jsonl", given)
    done = distribute(str(source), str(tmp_path / "out"), workers=2, columns={"text": "body"}, batch=4)
    found = list(read_distributed(tmp_path / "out"))
    lost = sorted(r.source for r in found if isinstance(r, ErrorRecord))
    assert ["story-0003", "story-0008"] == lost
    assert all("2 workers were lost" in r.detail for r in found if isinstance(r, ErrorRecord))
    read = sorted((r for r in found if isinstance(r, ArticleRecord)), key=lambda r: r.article.source)
    assert expected(pipeline, [row for n, row in enumerate(given) if n not in (3, 8)]) == read
    assert (10, 2) == (done.articles, done.errors)


def test_parquet_goes_in_as_well(cluster: Any, pipeline: Any, tmp_path: Path) -> None:
    """A folder of Parquet files gives the same records as JSON Lines, and the command says what it wrote."""
    import pyarrow
    from pyarrow import parquet

    given = rows(6)
    (tmp_path / "in").mkdir()
    parquet.write_table(pyarrow.Table.from_pylist(given), tmp_path / "in" / "a.parquet")
    paths = [str(tmp_path / "in"), str(tmp_path / "out")]
    status = main(["distribute", *paths, "--workers", "1", "--columns", "text=body"])
    assert 0 == status
    found = sorted(read_distributed(tmp_path / "out"), key=lambda r: r.article.source)  # type: ignore[union-attr]
    assert expected(pipeline, given) == found


def test_variants_are_the_same_on_ray(
    cluster: Any, pipeline: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`variants --ray` writes the bytes that `variants` does, with both steps done by Ray's workers in many parts."""
    from quotes.batch.ray import OnRay
    from quotes.comparison.variants import candidates
    from tests.benchmarks.store_search import varied

    samples = sorted((Path(__file__).parents[2] / "samples").glob("ferries_*.html"))
    assert 0 == main(["extract", *map(str, samples), "-o", str(tmp_path / "ferries.jsonl"), "-q"])
    many = [json.dumps(to_dict(record)) + "\n" for record in varied(3000, seed=2)]
    made = put_lines(tmp_path / "made.jsonl", list(many))
    paths = [str(tmp_path / "ferries.jsonl"), str(made)]
    assert 0 == main(["variants", *paths, "-o", str(tmp_path / "here.json"), "-q"])
    monkeypatch.setattr(candidates, "_SIGNED", 500)
    monkeypatch.setattr(OnRay, "compared_at_once", 200)
    done: list[str] = []
    get = cluster.get

    def counted(ref: Any) -> Any:
        found = get(ref)
        done.append(type(found).__name__)
        return found

    monkeypatch.setattr(cluster, "get", counted)
    assert 0 == main(["variants", *paths, "--ray", "-o", str(tmp_path / "ray.json"), "-q"])
    assert (tmp_path / "here.json").read_bytes() == (tmp_path / "ray.json").read_bytes()
    assert {"ndarray", "dict"} == set(done)
    assert 5 < len(done)
    assert 10 < (tmp_path / "here.json").read_text("utf-8").count('"lead": {')


def test_without_ray_one_line_tells_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Ray, `variants --ray` ends with one line, and what was written before stays."""
    monkeypatch.setitem(sys.modules, "ray", None)
    records, output = put_lines(tmp_path / "a.jsonl", []), put_lines(tmp_path / "groups.json", ["old"])
    assert 0 != main(["variants", str(records), "--ray", "-o", str(output)])
    assert ["quotes: variants --ray needs Ray; .venv/bin/pip install '.[ray]'"] == capsys.readouterr().err.splitlines()
    assert "old" == output.read_text("utf-8")


@pytest.mark.parametrize("form", ["127.0.0.1:{}", "ray://localhost:{}"])
def test_a_cluster_that_does_not_answer_is_reported_soon(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address that nobody answers at is one line within seconds, and the output is not begun."""
    ray = pytest.importorskip("ray", reason="Ray is not installed: .venv/bin/pip install '.[ray]'")
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = form.format(free.getsockname()[1])
    monkeypatch.setenv("RAY_ADDRESS", address)
    source = put_lines(tmp_path / "in.jsonl", rows(1))
    began = time.monotonic()
    assert 1 == main(["distribute", str(source), str(tmp_path / "out"), "--columns", "text=body"])
    assert time.monotonic() - began < 10
    [told] = capsys.readouterr().err.splitlines()
    assert told.startswith(f"quotes: distribute: Ray cannot be reached (nobody answers at {address}: ")
    assert told.endswith("; check RAY_ADDRESS")
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_read_is_a_row_with_its_error(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken line, a row without text and an article that raises are errors; the others are read."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: .venv/bin/pip install '.[parquet]'")

    class Failing:
        def read(self, source: SourceText) -> Any:
            if source.name == "bad":
                raise RuntimeError("nothing works")
            return pipeline.read(source)

    monkeypatch.setattr("quotes.extraction.pipeline.load", lambda *_, **__: Failing())
    texts = ["{not json", "[]", '{"id": "none"}', '{"id": "bad", "text": "It rained."}', '{"text": "It rained."}']
    table = Extractor(lines=True)(pyarrow.table({"text": texts}))
    from quotes.export.arrow import from_article_row

    found = [from_article_row(row) for row in table.to_pylist()]
    errors = [r for r in found if isinstance(r, ErrorRecord)]
    assert ["row", "row", "none", "bad"] == [e.source for e in errors]
    assert "RuntimeError: nothing works" == errors[-1].detail
    assert isinstance(found[-1], ArticleRecord)


def test_inputs_and_outputs_are_checked_first(tmp_path: Path) -> None:
    """A missing input, one of unknown kind, and an existing output are reported in one line."""
    with pytest.raises(InputError, match="no such file"):
        kind_of(str(tmp_path / "no.jsonl"))
    other = put_lines(tmp_path / "a.xml", [])
    with pytest.raises(InputError, match="neither"):
        kind_of(str(other))
    pytest.importorskip("ray", reason="Ray is not installed: .venv/bin/pip install '.[ray]'")
    with pytest.raises(StoreError, match="new folder"):
        distribute(str(put_lines(tmp_path / "a.jsonl", rows(1))), str(tmp_path))


def test_a_file_that_cannot_be_read_costs_itself_alone(tmp_path: Path) -> None:
    """A name that is not UTF-8, an empty file, a broken table and a forbidden one are reported; the others are read."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: .venv/bin/pip install '.[parquet]'")
    from pyarrow import parquet

    told: list[ErrorRecord] = []
    good = put_lines(tmp_path / "below" / "a.jsonl", rows(1))
    put_lines(tmp_path / "empty.jsonl", [])
    put_lines(tmp_path / "README.md", ["words"])
    put_lines(tmp_path / ".hidden.jsonl", rows(1))
    odd = put_lines(tmp_path / os.fsdecode(b"caf\xe9.jsonl"), rows(1))
    assert [str(good)] == readable(str(tmp_path), "jsonl", told.append)
    assert [("caf\udce9.jsonl", "name"), ("empty.jsonl", "empty")] == sorted(
        (Path(e.source).name, e.error) for e in told
    )
    told.clear()
    put_lines(tmp_path / "broken.parquet", ["PAR1 and no more"])
    parquet.write_table(pyarrow.Table.from_pylist(rows(1)), tmp_path / "good.parquet")
    assert [str(tmp_path / "good.parquet")] == readable(str(tmp_path), "parquet", told.append)
    assert ["broken"] == [error.error for error in told]
    with pytest.raises(InputError, match="holds no file that can be read"):
        readable(str(odd), "jsonl", told.append)


@pytest.mark.parametrize("output", ["in", "in/out", "IN/out", "link/out", "in/a.jsonl"])
def test_the_output_never_lies_in_the_input(output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the folder's name: otherwise the next run would read records as articles."""
    pytest.importorskip("ray", reason="Ray is not installed: .venv/bin/pip install '.[ray]'")
    monkeypatch.chdir(tmp_path)
    put_lines(tmp_path / "in" / "a.jsonl", rows(1))
    os.symlink("in", "link")
    source = "in/a.jsonl" if output.endswith(".jsonl") else "in"
    with pytest.raises(StoreError, match=r"lies in in, which is read; name a folder|both input and output"):
        distribute(source, output)
    assert ["a.jsonl"] == os.listdir("in")


def test_a_bad_byte_costs_its_line(pipeline: Any) -> None:
    """Lines that Ray hands on as Latin-1 are read as the UTF-8 that they are."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: .venv/bin/pip install '.[parquet]'")
    from quotes.export.arrow import from_article_row

    good = json.dumps({"id": "é", "text": "“We will vote,” said Zoë Lee."}, ensure_ascii=False).encode()
    lines = [good.decode("latin-1"), (b"\xef\xbb\xbf" + good).decode("latin-1"), '{"text": "caf\xe9"}', "{"]
    table = Extractor(lines="bytes")(pyarrow.table({"text": lines}))
    first, second, *errors = map(from_article_row, table.to_pylist())
    assert isinstance(first, ArticleRecord)
    assert first == second
    assert "é" == first.article.source
    assert ["a line that is not UTF-8; save the file as UTF-8", "a line that is not JSON"] == [
        error.detail[:50].split(" (")[0] for error in errors if isinstance(error, ErrorRecord)
    ]


def test_half_a_surrogate_pair_costs_no_batch(pipeline: Any) -> None:
    """Ids, titles and errors may hold one where they come from JSON; Arrow's texts are UTF-8."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: .venv/bin/pip install '.[parquet]'")
    given = ['{"id": "a\\ud83d", "title": "\\ud83d", "text": "It rained."}', '{"id": "b\\ud83d"}']
    table = Extractor(lines=True)(pyarrow.table({"text": given}))
    [record, error] = table.to_pylist()
    assert "a\\ud83d" == record["article"]["source"]
    assert "b\\ud83d" == error["error"]["source"]


def test_a_run_that_fails_leaves_no_folder(cluster: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says why; there is no output, not even half of it, and no input has changed."""
    import pyarrow
    from pyarrow import parquet

    source = tmp_path / "in.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(rows(2)), source)
    former = source.read_bytes()
    with source.open("r+b") as stream:  # the footer is sound, the rows are not
        stream.seek(8)
        stream.write(b"\xff" * 200)
    assert 1 == main(["distribute", str(source), str(tmp_path / "out"), "--workers", "1"])
    told = capsys.readouterr().err
    assert told.startswith(f"quotes: {source}: the run failed (")
    assert 1 == told.count("\n")
    assert ["in.parquet"] == os.listdir(tmp_path)
    assert len(former) == source.stat().st_size


def test_unreadable_inputs_are_reported_and_counted(
    cluster: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files and lines that fail are a line each, the status is 1, and the rest is written."""
    put_lines(tmp_path / "in" / "a.jsonl", [*rows(1), "{\n"])
    put_lines(tmp_path / "in" / "b.jsonl", [])
    code = main(["distribute", str(tmp_path / "in"), str(tmp_path / "out"), "--workers", "1", "--columns", "text=body"])
    told = capsys.readouterr().err.splitlines()
    assert 1 == code
    assert [f"{tmp_path}/in/b.jsonl: nothing in it", "row: a line that is not JSON"] == [
        line.removeprefix("quotes: ").split(" (")[0].split(";")[0] for line in told[:2]
    ]
    assert f"quotes: {tmp_path}/out: 1 article, 2 quotes, 2 errors" == told[2]
    assert ["in", "out"] == sorted(os.listdir(tmp_path))
