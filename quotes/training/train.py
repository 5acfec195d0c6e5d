"""Fine-tune the network: AdamW with a short warm-up and linear decay, each epoch over a fresh variation, seeded."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

from quotes.lexicon import Lexicon
from quotes.pieces import Encode, Ints
from quotes.tagging import Network
from quotes.training.articles import Article
from quotes.training.augment import vary, words_said
from quotes.training.examples import IGNORE, batches, examples, padded

_WARM_UP = 0.06  # share of the steps
_LARGEST_STEP = 1.0  # norm to which gradients are cut
_SMOOTHING = 0.02  # share of a batch in the losses shown


@frozen
class Recipe:
    """How to train; the defaults are the shipped weights' own."""

    epochs: int = 4
    batch: int = 8
    rate: float = 3e-4
    head_rate: float = 4.0
    """Learning rate of the heads, in times the body's."""
    link_weight: float = 0.3
    """What the loss of a link counts against that of a tag."""
    seed: int = 11
    augmented: bool = True
    steps: int = 0
    """Stop after so many batches, to try things; 0: never."""


def train(
    model: Any,
    articles: Sequence[Article],
    *,
    encode: Encode,
    lexicon: Lexicon,
    recipe: Recipe,
    save: Path,
    tell: Callable[[str], None],
) -> None:
    """Train a model in place, and save its parameters after each epoch.

    Args:
        model: what `network.start_from` gave.
        articles: to learn from.
        encode: gives the pieces of a line.
        lexicon: brings the quotation marks.
        recipe: how to train.
        save: the file to write.
        tell: gets a line of progress now and then.
    """
    import torch

    rng = random.Random(recipe.seed)
    said = [words for article in articles for words in words_said(article)]
    optimizer = _optimizer(model, recipe)
    losses = np.zeros(3)
    done = 0
    for epoch in range(recipe.epochs):
        varied = [vary(a, rng=rng, said=said) if recipe.augmented else a for a in articles]
        data = [e for a in varied for e in examples(a, encode=encode, lexicon=lexicon, rng=rng)]
        portions = batches(data, rng=rng, size=recipe.batch)
        model.train()
        for number, portion in enumerate(portions):
            _set_rate(optimizer, recipe, (epoch * len(portions) + number) / (recipe.epochs * len(portions)))
            parts = _step(model, optimizer, padded(portion), recipe.link_weight)
            losses += max(_SMOOTHING, 1 / (done + 1)) * (parts - losses)
            done += 1
            if done % 100 == 0:
                shown = " ".join(f"{name} {x:.4f}" for name, x in zip(("tags", "source", "cue"), losses, strict=True))
                tell(f"epoch {epoch + 1}, batch {number + 1} of {len(portions)}: {shown}")
            if done == recipe.steps:
                break
        torch.save(model.state_dict(), save)
        if done == recipe.steps:
            return


def _optimizer(model: Any, recipe: Recipe) -> Any:
    import torch

    body = [p for name, p in model.named_parameters() if name.startswith("bert.")]
    heads = [p for name, p in model.named_parameters() if not name.startswith("bert.")]
    return torch.optim.AdamW([{"params": body}, {"params": heads}], lr=recipe.rate, weight_decay=0.01)


def _set_rate(optimizer: Any, recipe: Recipe, at: float) -> None:
    now = recipe.rate * min(1.0, at / _WARM_UP, (1 - at) / (1 - _WARM_UP))
    for group, times in zip(optimizer.param_groups, (1.0, recipe.head_rate), strict=True):
        group["lr"] = now * times


def _step(model: Any, optimizer: Any, batch: dict[str, Ints], link_weight: float) -> Any:
    """Learn from one batch; return the losses of tags and links."""
    import torch
    from torch.nn.functional import cross_entropy

    given = {name: torch.from_numpy(values) for name, values in batch.items()}
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = model(given["ids"], given["types"], given["mask"])
    parts = []
    for got, name, weight in zip(found, ("tags", "source", "cue"), (1.0, link_weight, link_weight), strict=True):
        want = given[name]
        loss = cross_entropy(got.float().flatten(0, 1), want.flatten(), ignore_index=IGNORE, reduction="sum")
        parts.append(weight * loss / max(1, int((want != IGNORE).sum())))
    optimizer.zero_grad()
    torch.stack(parts).sum().backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), _LARGEST_STEP)
    optimizer.step()
    return np.array([float(p.detach()) for p in parts])


def as_network(model: Any) -> Network:
    """Let the reader run a model that is not exported."""
    import torch

    model.eval()

    def run(ids: Ints, types: Ints, mask: Ints) -> Any:
        with torch.inference_mode():
            return tuple(x.numpy() for x in model(*(torch.from_numpy(a) for a in (ids, types, mask))))

    return run
