"""The networks' sums are exact on every processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from quotes.files.checksums import read_sums
from quotes.reader import NETWORK_FILE, RoleReader, fast_folder, shipped_folder
from quotes.reader.exact_sums import SUMS_FILE, adds_exactly, ask_for_exact_sums
from quotes.reader.training.sums import write

# The name by which the runtime is told to add 8-bit products exactly.
_EXACT = "session.x64quantprecision"


@pytest.mark.parametrize("folder", [shipped_folder(), fast_folder()], ids=["full", "fast"])
def test_no_sum_saturates(folder: Path) -> None:
    """Processors without VNNI instructions add pairs of products in 16 bits unless told otherwise.

    Sums overflow there: the log-odds of tags were off by up to 1.1. On other processors this test shows nothing.
    """
    if not (folder / NETWORK_FILE).is_file():
        pytest.skip("this checkout has no weights of the fast reader")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry(_EXACT, "1")
    exact = onnxruntime.InferenceSession(
        str(folder / NETWORK_FILE),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],  # as the reader does: its numbers differ in the last place
    )
    ids = np.random.default_rng(11).integers(1000, 20_000, (1, 120))
    types = np.zeros_like(ids)
    network = RoleReader.load(folder).network
    for found, right in zip(network(ids, types, types + 1), exact.run(None, {"ids": ids, "types": types}), strict=True):
        assert np.abs(found - right).max() < 1e-3


class _Runtime:
    """Stands for onnxruntime on a processor whose sums are as given; its options note what they are told."""

    def __init__(self, product: int) -> None:
        self.product, self.told = product, dict[str, str]()

    def SessionOptions(self) -> _Runtime:  # noqa: N802 - onnxruntime's name
        return self

    def add_session_config_entry(self, name: str, value: str) -> None:
        self.told[name] = value

    def InferenceSession(self, content: bytes, options: object, providers: object) -> _Runtime:  # noqa: N802
        return self

    def run(self, outputs: object, given: dict[str, np.ndarray]) -> list[np.ndarray]:
        [numbers] = given.values()
        return [np.minimum(numbers.astype(np.int64) @ np.full((64, 16), 127), self.product)]


@pytest.mark.parametrize(("largest", "asks"), [(10**9, False), (1_048_544, True)], ids=["VNNI", "without VNNI"])
def test_exact_sums_are_asked_for_only_where_they_overflow(largest: int, asks: bool) -> None:
    """Asked for where sums are exact anyway, they make a processor with AMX instructions three times as slow.

    1,048,544 is what onnxruntime gives on an emulated Intel Haswell.
    """
    runtime = _Runtime(largest)
    ask_for_exact_sums(runtime, runtime)
    assert (_EXACT in runtime.told) is asks


def test_the_small_network_overflows_or_is_exact_like_the_large_one() -> None:
    sums = []
    for asks in (False, True):
        options = onnxruntime.SessionOptions()
        if asks:
            options.add_session_config_entry(_EXACT, "1")
        session = onnxruntime.InferenceSession(
            str(shipped_folder() / SUMS_FILE), options, providers=["CPUExecutionProvider"]
        )
        sums.append(int(session.run(None, {"numbers": np.full((16, 64), 255, dtype=np.uint8)})[0].max()))
    assert sums[1] == 64 * 255 * 127
    assert (sums[0] == sums[1]) == adds_exactly(onnxruntime)


def test_the_small_network_is_the_one_that_training_writes(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="needs the extra `train`")
    write(tmp_path)
    for name in (SUMS_FILE, "sums.sha256"):
        assert (tmp_path / name).read_bytes() == (shipped_folder() / name).read_bytes()
    assert set(read_sums(shipped_folder() / "sums.sha256")) == {SUMS_FILE}
