"""How wide the layers of a network are: what the configuration beside the weights says, and layers cut to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from attrs import frozen

from quotes.reader import CONFIG_FILE

HEAD = 32  # width of an attention head


@frozen
class Shape:
    """How wide each layer of the body is; the defaults are the base model's own."""

    heads: int = 12
    """Attention heads."""
    units: int = 1536
    """Of the feed-forward part."""


# Half of each: a window in 9.0 ms for 15.8, and nearly the accuracy (MODEL_CARD.md).
NARROW = Shape(heads=6, units=768)


def shape_of(folder: Path) -> Shape:
    """Return the shape of the weights in a folder."""
    described = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    return Shape(**described.get("shape", {}))


def cut_to(body: Any, shape: Shape) -> None:
    """Leave the first heads and units of every layer of a body, whose weights are to be replaced."""
    import torch

    for layer in body.encoder.layer:
        keep_heads(layer, torch.arange(shape.heads))
        keep_units(layer, torch.arange(shape.units))


def keep_heads(layer: Any, heads: Any) -> None:
    """Leave some attention heads of a layer."""
    attention, kept = layer.attention, places_of(heads)
    for part in (attention.self.query, attention.self.key, attention.self.value):
        _cut(part, rows=kept)
    _cut(attention.output.dense, columns=kept)
    attention.self.num_attention_heads, attention.self.all_head_size = len(heads), len(kept)


def places_of(heads: Any) -> Any:
    """Return the places of what attention heads give, side by side."""
    import torch

    return (heads[:, None] * HEAD + torch.arange(HEAD)).flatten()


def keep_units(layer: Any, units: Any) -> None:
    """Leave some feed-forward units of a layer."""
    _cut(layer.intermediate.dense, rows=units)
    _cut(layer.output.dense, columns=units)


def _cut(linear: Any, *, rows: Any = None, columns: Any = None) -> None:
    from torch import nn

    if rows is not None:
        linear.weight, linear.bias = (nn.Parameter(x.detach()[rows].clone()) for x in (linear.weight, linear.bias))
        linear.out_features = len(rows)
    if columns is not None:
        linear.weight = nn.Parameter(linear.weight.detach()[:, columns].clone())
        linear.in_features = len(columns)
