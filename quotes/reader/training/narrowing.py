"""Narrow a trained network: each layer keeps the attention heads and feed-forward units that contribute most.

The contribution of a head or unit is the variance, over pieces, of what it adds to the states. The mean of what a
removed one added goes into the bias that follows it. All layers stay, and so do the heads of tags and links; `distil`
then trains the narrow network to reproduce the wide one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import define

from quotes.reader.training.shape import HEAD, Shape, keep_heads, keep_units, places_of


def narrow(model: Any, portions: Iterable[Mapping[str, Any]], shape: Shape) -> None:
    """Narrow every layer of a model in place.

    Args:
        model: a trained one.
        portions: batches to measure contributions on; ids, types and mask of each.
        shape: what to keep.
    """
    for layer, (mixed, raised) in zip(model["bert"].encoder.layer, _watched(model, portions), strict=True):
        out = layer.attention.output.dense
        heads = _strongest(mixed.heads(out.weight.detach()), shape.heads)
        _fold(out, mixed.mean(), places_of(heads))
        keep_heads(layer, heads)
        out = layer.output.dense
        units = _strongest(raised.variance() * out.weight.detach().pow(2).sum(0), shape.units)
        _fold(out, raised.mean(), units)
        keep_units(layer, units)


@define(eq=False)
class _Moments:
    """Sums of what a linear map is given, over pieces: of each value, and of products of values of one head."""

    count: int = 0
    total: Any = 0.0
    products: Any = 0.0

    def add(self, values: Any) -> None:
        blocks = values.view(len(values), -1, HEAD)
        self.count += len(values)
        self.total = self.total + values.sum(0)
        self.products = self.products + blocks.permute(1, 2, 0) @ blocks.transpose(0, 1)

    def mean(self) -> Any:
        return self.total / self.count

    def covariance(self) -> Any:
        """Return it among the values of each head, [head, value, value]."""
        mean = self.mean().view(-1, HEAD)
        return self.products / self.count - mean[:, :, None] * mean[:, None, :]

    def variance(self) -> Any:
        return self.covariance().diagonal(dim1=1, dim2=2).flatten()

    def heads(self, weight: Any) -> Any:
        """Return the variance of what each head adds, through the linear map behind it."""
        parts = weight.T.reshape(-1, HEAD, weight.shape[0])
        return (self.covariance() * (parts @ parts.transpose(1, 2))).sum((1, 2))


def _watched(model: Any, portions: Iterable[Mapping[str, Any]]) -> list[tuple[_Moments, _Moments]]:
    """Return for each layer what comes out of its attention heads and out of its feed-forward units."""
    import torch

    layers = model["bert"].encoder.layer
    found = [(_Moments(), _Moments()) for _ in layers]
    model.eval()
    real: list[Any] = []
    watches = [
        (module, moments)
        for layer, (mixed, raised) in zip(layers, found, strict=True)
        for module, moments in ((layer.attention.output.dense, mixed), (layer.output.dense, raised))
    ]
    with torch.no_grad(), _listening(watches, lambda: real[-1]):
        for given in portions:
            real.append(given["mask"].bool())
            model(given["ids"], given["types"], given["mask"])
    return found


@contextmanager
def _listening(watches: Iterable[tuple[Any, _Moments]], real: Callable[[], Any]) -> Iterator[None]:
    def listener(moments: _Moments) -> Callable[[Any, Any], None]:
        return lambda _, given: moments.add(given[0][real()].float())

    handles = [module.register_forward_pre_hook(listener(moments)) for module, moments in watches]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _strongest(scores: Any, count: int) -> Any:
    """Return the places of the highest scores, in order."""
    return scores.argsort(descending=True)[:count].sort().values


def _fold(out: Any, mean: Any, kept: Any) -> None:
    """Add to a linear map's bias what it made of the mean of the values that are removed."""
    gone = mean.clone()
    gone[kept] = 0.0
    out.bias.data += out.weight.detach() @ gone
