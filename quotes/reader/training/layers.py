"""Fit the heads of the further layers on a frozen, trained body: a logistic regression for each layer.

Joint training improves the body little for them; its states suffice if the middle layers are used, too, and a fit on
stored states takes minutes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from attrs import frozen

from quotes.lexicon import Lexicon
from quotes.reader.inference import LAYERS
from quotes.reader.training.articles import Article
from quotes.reader.training.augment import vary, words_said
from quotes.reader.training.examples import IGNORE, batches, examples, padded
from quotes.reader.training.network import body_states, states_of
from quotes.reader.training.train import OUTSIDE
from quotes.reader.word_pieces import Encode

_BATCH = 2048  # pieces


@frozen
class Fit:
    """How to fit; the defaults are those of the shipped weights."""

    epochs: int = 6
    rate: float = 2e-3
    decay: float = 1e-4
    passes: int = 2
    """How often each article is read, varied each time."""
    seed: int = 11


def fit_layers(
    model: Any,
    articles: Sequence[Article],
    *,
    encode: Encode,
    lexicon: Lexicon,
    tell: Callable[[str], None],
    fit: Fit | None = None,
) -> None:
    """Fit the heads of a model in place.

    Args:
        model: a trained model.
        articles: the training articles; only those with an annotated layer count.
        encode: returns the pieces of a line.
        lexicon: the patterns, with the quotation marks.
        tell: called with a line per layer.
        fit: how to fit.
    """
    fit = fit or Fit()
    rng = random.Random(fit.seed)
    said = [words for article in articles for words in words_said(article)]
    annotated = [a for a in articles if a.layers - {"names"}]
    varied = [vary(a, rng=rng, said=said) for a in annotated for _ in range(fit.passes)]
    states, targets = _read(model, varied, encode=encode, lexicon=lexicon, rng=rng)
    for layer in LAYERS:
        tell(f"{layer}: loss {_fit(model['layers'][layer], states, targets[layer], OUTSIDE[layer], fit):.4f}")


def _read(
    model: Any, articles: Sequence[Article], *, encode: Encode, lexicon: Lexicon, rng: random.Random
) -> tuple[Any, dict[str, Any]]:
    """Return the states of every piece of some articles, and its targets in each layer."""
    import torch

    model.eval()
    states: list[Any] = []
    targets: dict[str, list[Any]] = {layer: [] for layer in LAYERS}
    data = [e for a in articles for e in examples(a, encode=encode, lexicon=lexicon, rng=rng)]
    for portion in batches(data, rng=rng, size=8):
        given = {name: torch.from_numpy(values) for name, values in padded(portion).items()}
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            found = body_states(model, given["ids"], given["types"], given["mask"])
        read = given["mask"].flatten().bool()
        states.append(states_of(found).flatten(0, 1)[read].to(torch.bfloat16))
        for layer, rows in targets.items():
            rows.append(given[layer].flatten()[read])
    return torch.cat(states), {layer: torch.cat(rows) for layer, rows in targets.items()}


def _fit(head: Any, states: Any, targets: Any, outside: float, fit: Fit) -> float:
    """Fit one head; return its last loss."""
    import torch
    from torch.nn.functional import cross_entropy

    torch.manual_seed(fit.seed)
    torch.nn.init.zeros_(head.weight)
    torch.nn.init.zeros_(head.bias)
    optimizer = torch.optim.AdamW(head.parameters(), lr=fit.rate, weight_decay=fit.decay)
    asked = (targets != IGNORE).nonzero()[:, 0]
    counts = torch.ones(head.out_features)
    counts[0] = outside
    portions = [p for _ in range(fit.epochs) for p in asked[torch.randperm(len(asked))].split(_BATCH)]
    shown = 0.0
    for number, portion in enumerate(portions):
        optimizer.param_groups[0]["lr"] = fit.rate * (1 - number / len(portions))
        loss: Any = cross_entropy(head(states[portion].float()), targets[portion], weight=counts)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        shown += 0.02 * (float(loss.detach()) - shown)
    return shown
