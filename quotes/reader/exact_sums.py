"""Have onnxruntime add products of 8-bit numbers exactly, in the way that is fastest on this processor.

Without VNNI instructions it adds pairs of products in 16 bits, where large ones overflow, unless a session asks for
exact sums. With AMX instructions sums are exact anyway, and a session that asks takes three times as long. So a small
network shows which processor it is: all its numbers are the largest ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from quotes.files.checksums import checked_bytes, read_sums
from quotes.reader import shipped_folder

SUMS_FILE = "sums.onnx"
ROWS, PRODUCTS, COLUMNS = 16, 64, 16
LARGEST, LARGEST_WEIGHT = 255, 127
_ASK = "session.x64quantprecision"


def ask_for_exact_sums(options: Any, onnxruntime: Any) -> None:
    """Set a session's options so that its sums are exact.

    Args:
        options: onnxruntime's options of the session.
        onnxruntime: the imported package.

    Raises:
        ModelError: if the network that shows what the processor does is missing or broken.
    """
    if not adds_exactly(onnxruntime):
        options.add_session_config_entry(_ASK, "1")


def adds_exactly(onnxruntime: Any) -> bool:
    """Return whether sums are exact in sessions that do not ask for it."""
    folder = shipped_folder()
    expected = read_sums(folder / "sums.sha256").get(SUMS_FILE)
    content = checked_bytes(folder / SUMS_FILE, expected=expected, remedy="install quotes anew")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    [sums] = session.run(None, {"numbers": np.full((ROWS, PRODUCTS), LARGEST, dtype=np.uint8)})
    return bool((sums == PRODUCTS * LARGEST * LARGEST_WEIGHT).all())
