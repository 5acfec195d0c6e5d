"""Take the parameters of shipped weights back out of their ONNX file, to go on training from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def parameters(network: Path) -> dict[str, Any]:
    """Return a network's parameters as `network.start_from` names them, at full precision again.

    What 8 bits rounded stays rounded: the outputs are nearly those of the shipped file.

    Args:
        network: the ONNX file that `network.export` wrote.
    """
    import onnx
    import torch
    from onnx import numpy_helper

    graph = onnx.load(str(network)).graph
    held = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    found: dict[str, Any] = {}
    for name, values in held.items():
        if name.endswith("_quantized") and not name.startswith("onnx::"):
            found[name.removesuffix("_quantized")] = _full(held, name)
        elif name.endswith((".weight", ".bias")) and not name.startswith("onnx::"):
            found[name] = values
    for node in graph.node:  # matrices have no names of their own: the node that multiplies by one tells it
        if node.op_type == "MatMulInteger" and node.input[1] in held:
            module = node.name.removesuffix("/MatMul_quant").strip("/").replace("/", ".")
            found[f"{module}.weight"] = _full(held, node.input[1]).T
    return {name: torch.from_numpy(values.astype("float32").copy()) for name, values in found.items()}


def _full(held: dict[str, Any], name: str) -> Any:
    stem = name.removesuffix("_quantized")
    return (held[name].astype("float32") - held[f"{stem}_zero_point"].astype("float32")) * held[f"{stem}_scale"]
