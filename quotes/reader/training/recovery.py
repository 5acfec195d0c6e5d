"""Take the parameters of shipped weights back out of their ONNX file, to go on training from them."""

from __future__ import annotations

from collections.abc import Sequence
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
    readers = {name: node for node in graph.node for name in node.input}
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1] in held:
            found[f"{_module(node, readers, held)}.weight"] = _full(held, node.input[1]).T
    return {name: torch.from_numpy(values.astype("float32").copy()) for name, values in found.items()}


def averaged(networks: Sequence[Path]) -> dict[str, Any]:
    """Return the mean of the parameters of several networks that were trained from the same one.

    Such a mean is as good as any of them where all have learned, and forgets less of what the first one knew (Wortsman
    and others, Model soups, 2022).

    Args:
        networks: ONNX files that `network.export` wrote; one that is named twice counts twice, and none give nothing.
    """
    every = [parameters(network) for network in networks]
    shared = sorted(set.intersection(*map(set, every))) if every else []
    return {name: sum(one[name] for one in every) / len(every) for name in shared}


def _module(node: Any, readers: dict[str, Any], held: dict[str, Any]) -> str:
    """Return whose matrix a node multiplies by: matrices have no names of their own, but the bias added next has."""
    while node.op_type != "Add":
        node = readers[node.output[0]]
    [bias] = [name for name in node.input if name in held]
    return str(bias).removesuffix(".bias")


def _full(held: dict[str, Any], name: str) -> Any:
    stem = name.removesuffix("_quantized")
    return (held[name].astype("float32") - held[f"{stem}_zero_point"].astype("float32")) * held[f"{stem}_scale"]
