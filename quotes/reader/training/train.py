"""Fine-tune the network: AdamW with a short warm-up and linear decay, each epoch over new variants, seeded."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

from quotes.lexicon import Lexicon
from quotes.reader.inference import LAYERS, TAGS, Network
from quotes.reader.training.articles import Article
from quotes.reader.training.augment import vary, words_said
from quotes.reader.training.examples import IGNORE, Example, batches, examples, padded
from quotes.reader.word_pieces import Encode

WARM_UP = 0.06  # share of the steps
LARGEST_STEP = 1.0  # norm to which gradients are cut
_SMOOTHING = 0.02  # weight of a batch in the running mean of losses
# The weight of a piece outside every span in a further layer: channels and descriptions should be found too often
# rather than too seldom, since a ranker judges them afterwards.
OUTSIDE = {"channels": 0.25, "descriptions": 0.4, "names": 1.0, "inner": 0.5}
# The weight of a layer's loss against that of the tags: few pieces are in a span of most layers.
_WEIGHTS = {"channels": 3.0, "descriptions": 3.0, "names": 0.7, "inner": 3.0}


@frozen
class Recipe:
    """How to train; the defaults are those of the shipped weights."""

    epochs: int = 4
    batch: int = 8
    rate: float = 3e-4
    head_rate: float = 4.0
    """Learning rate of the heads, as a multiple of the body's."""
    link_weight: float = 0.3
    """The weight of a link's loss against that of a tag."""
    layer_rate: float = 25.0
    """Learning rate of the further layers' heads, as a multiple of the body's, since they are new."""
    frozen: int = 0
    """How many of the body's layers are frozen, and the embeddings with the first, which shortens an epoch."""
    seed: int = 11
    augmented: bool = True
    soft: float = 0.5
    """The weight of a teacher's probabilities against the annotators' labels, if there is a teacher."""
    steps: int = 0
    """Stop after this many batches, for experiments; 0: never."""
    teacher: Network | None = None
    """An earlier reader whose probabilities are learned beside the labels, so that annotators' slips weigh less
    (Furlanello and others, Born-Again Neural Networks, 2018)."""


@frozen(eq=False)
class Watch:
    """Where to save parameters, and a callback for progress.

    Args:
        save: the file to write after each epoch.
        tell: called with a line of progress from time to time.
    """

    save: Path
    tell: Callable[[str], None]


def train(
    model: Any,
    articles: Sequence[Article],
    *,
    recipe: Recipe,
    watch: Watch,
    encode: Encode,
    lexicon: Lexicon,
) -> None:
    """Train a model in place, and save its parameters after each epoch.

    Args:
        model: the model from `network.start_from`.
        articles: the training articles.
        recipe: how to train.
        watch: where to save the parameters, and a callback for progress.
        encode: gives the pieces of a line.
        lexicon: the patterns, with the quotation marks.
    """
    import torch

    rng = random.Random(recipe.seed)
    said = [words for article in articles for words in words_said(article)]
    optimizer = _optimizer(model, recipe)
    losses = np.zeros(3 + len(LAYERS))
    done = 0
    for epoch in range(recipe.epochs):
        data = varied_windows(articles, said if recipe.augmented else None, rng=rng, encode=encode, lexicon=lexicon)
        portions = batches(data, rng=rng, size=recipe.batch)
        model.train()
        for number, portion in enumerate(portions):
            _set_rate(optimizer, recipe, (epoch * len(portions) + number) / (recipe.epochs * len(portions)))
            parts = _step(model, optimizer, portion, recipe)
            losses += max(_SMOOTHING, 1 / (done + 1)) * (parts - losses)
            done += 1
            if done % 50 == 0:
                names = ("tags", "source", "cue", *LAYERS)
                shown = " ".join(f"{name} {x:.4f}" for name, x in zip(names, losses, strict=True))
                watch.tell(f"epoch {epoch + 1}, batch {number + 1} of {len(portions)}: {shown}")
            if done == recipe.steps:
                break
        torch.save(model.state_dict(), watch.save)
        if done == recipe.steps:
            return


def varied_windows(
    articles: Sequence[Article],
    said: Sequence[str] | None,
    *,
    rng: random.Random,
    encode: Encode,
    lexicon: Lexicon,
) -> list[Example]:
    """Return the windows of an epoch: each article as often as its weight says, varied anew with the words of `said`.

    Without `said` the articles stay as they are.
    """
    varied = [a if said is None else vary(a, rng=rng, said=said) for a in _drawn(articles, rng)]
    return [e for a in varied for e in examples(a, encode=encode, lexicon=lexicon, rng=rng)]


def _drawn(articles: Sequence[Article], rng: random.Random) -> Iterator[Article]:
    """Yield an epoch's articles, each as often as its weight says."""
    for article in articles:
        yield from [article] * (int(article.times) + (rng.random() < article.times % 1))


def _optimizer(model: Any, recipe: Recipe) -> Any:
    import torch

    if recipe.frozen:
        for part in (model["bert"].embeddings, *model["bert"].encoder.layer[: recipe.frozen]):
            part.requires_grad_(False)
    groups: list[dict[str, Any]] = [{"params": []} for _ in range(3)]
    for name, parameter in model.named_parameters():
        groups[0 if name.startswith("bert.") else 2 if name.startswith("layers.") else 1]["params"].append(parameter)
    return torch.optim.AdamW(groups, lr=recipe.rate, weight_decay=0.01)


def _set_rate(optimizer: Any, recipe: Recipe, at: float) -> None:
    now = recipe.rate * min(1.0, at / WARM_UP, (1 - at) / (1 - WARM_UP))
    for group, times in zip(optimizer.param_groups, (1.0, recipe.head_rate, recipe.layer_rate), strict=True):
        group["lr"] = now * times


def _step(model: Any, optimizer: Any, portion: Sequence[Example], recipe: Recipe) -> Any:
    """Train on one batch; return the losses of tags, links and further layers."""
    import torch
    from torch.nn.functional import cross_entropy

    given = {name: torch.from_numpy(values) for name, values in padded(list(portion)).items()}
    taught = [example.taught for example in portion]
    teacher = recipe.teacher
    soft = _told(teacher, portion, given["ids"].shape[1]) if teacher is not None and any(taught) else None
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = model(given["ids"], given["types"], given["mask"])
    parts = []
    weights = (1.0, recipe.link_weight, recipe.link_weight)
    for number, (got, name, weight) in enumerate(zip(found[:3], ("tags", "source", "cue"), weights, strict=True)):
        want = given[name].flatten()
        scores = got.float().flatten(0, 1)
        asked = want != IGNORE
        losses = cross_entropy(scores[asked], want[asked], reduction="none")
        if soft is not None:
            rows = torch.tensor(taught)[:, None].expand(given[name].shape).flatten()[asked]
            told = cross_entropy(scores[asked], soft[number].flatten(0, 1)[asked], reduction="none")
            losses = torch.where(rows, (1 - recipe.soft) * losses + recipe.soft * told, losses)
        parts.append(weight * losses.sum() / max(1, len(losses)))
    for got, layer in zip(found[3:], LAYERS, strict=True):
        parts.append(_WEIGHTS[layer] * _layer_loss(got.float().flatten(0, 1), given[layer].flatten(), layer))
    optimizer.zero_grad()
    loss: Any = torch.stack(parts).sum()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), LARGEST_STEP)
    optimizer.step()
    return np.array([float(p.detach()) for p in parts])


def _layer_loss(scores: Any, want: Any, layer: str) -> Any:
    """Return the loss of a further layer over the pieces of its annotated articles; 0 if there are none."""
    import torch
    from torch.nn.functional import cross_entropy

    asked = want != IGNORE
    if not bool(asked.any()):
        return scores.sum() * 0.0
    counts = torch.ones(scores.shape[-1])
    counts[0] = OUTSIDE[layer]
    return cross_entropy(scores[asked], want[asked], weight=counts, reduction="sum") / asked.sum()


def _told(teacher: Network, portion: Sequence[Example], width: int) -> list[Any]:
    """Return the teacher's probabilities for a batch: of tags, sources and cues, with zeros where there is padding.

    It reads one window at a time, as the reader does: an 8-bit network scales its numbers by its whole input.
    """
    import torch

    shapes = [(len(portion), width, n) for n in (len(TAGS), width, width)]
    out = [torch.zeros(shape) for shape in shapes]
    for row, example in enumerate(portion):
        ids, types = example.ids[None], example.types[None]
        if not example.taught:
            continue
        for whole, part in zip(out, teacher(ids, types, np.ones_like(ids))[:3], strict=True):
            sure = torch.from_numpy(part[0]).float().softmax(-1)
            whole[row, : sure.shape[0], : sure.shape[1]] = sure
    return out
