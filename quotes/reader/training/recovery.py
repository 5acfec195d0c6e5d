"""Recover the parameters of shipped weights from their ONNX file, to train further."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def parameters(network: Path) -> dict[str, Any]:
    """Return a network's parameters at full precision, under the names of `network.start_from`.

    The rounding to 8 bits stays: outputs are nearly those of the shipped file.

    Args:
        network: an ONNX file from `network.export`.
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
    """Return the mean of the parameters of several networks trained from the same one.

    Such a mean is as good as each of them on what all have learned, and forgets less of the original (Wortsman and
    others, Model soups, 2022).

    Args:
        networks: ONNX files from `network.export`; one named twice counts twice; none give an empty result.
    """
    every = [parameters(network) for network in networks]
    shared = sorted(set.intersection(*map(set, every))) if every else []
    return {name: sum(one[name] for one in every) / len(every) for name in shared}


def _module(node: Any, readers: dict[str, Any], held: dict[str, Any]) -> str:
    """Return the module of a node's matrix: matrices have no names, but the bias added next has."""
    while node.op_type != "Add":
        node = readers[node.output[0]]
    [bias] = [name for name in node.input if name in held]
    return str(bias).removesuffix(".bias")


def _full(held: dict[str, Any], name: str) -> Any:
    stem = name.removesuffix("_quantized")
    return (held[name].astype("float32") - held[f"{stem}_zero_point"].astype("float32")) * held[f"{stem}_scale"]
