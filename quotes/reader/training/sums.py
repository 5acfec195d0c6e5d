"""Write the network that shows whether a processor adds products of 8-bit numbers exactly."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from quotes.files.checksums import sum_of
from quotes.reader.exact_sums import COLUMNS, LARGEST_WEIGHT, PRODUCTS, SUMS_FILE


def write(folder: Path) -> None:
    """Write `sums.onnx`, one product of matrices of 8-bit numbers, and its checksum.

    Args:
        folder: where to write both files.
    """
    from onnx import TensorProto, helper, numpy_helper, save

    weights = np.full((PRODUCTS, COLUMNS), LARGEST_WEIGHT, dtype=np.int8)
    numbers = helper.make_tensor_value_info("numbers", TensorProto.UINT8, ["rows", PRODUCTS])
    sums = helper.make_tensor_value_info("sums", TensorProto.INT32, ["rows", COLUMNS])
    product = helper.make_node("MatMulInteger", ["numbers", "weights"], ["sums"])
    graph = helper.make_graph([product], "sums", [numbers], [sums], [numpy_helper.from_array(weights, "weights")])
    opset = helper.make_opsetid("", 17)
    save(helper.make_model(graph, opset_imports=[opset], ir_version=8), str(folder / SUMS_FILE))
    (folder / "sums.sha256").write_text(f"{sum_of(folder / SUMS_FILE)}  {SUMS_FILE}\n", encoding="utf-8")
