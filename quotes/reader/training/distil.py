"""Train a narrow network to reproduce a wide one's output: states at some depths, tags, links and further layers.

The narrow one starts from the wide one's weights, and training needs no annotation, so any news text serves (Sanh and
others, DistilBERT, 2019; Jiao and others, TinyBERT, 2020).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from quotes.lexicon import Lexicon
from quotes.reader.training.articles import Article
from quotes.reader.training.augment import words_said
from quotes.reader.training.examples import Example, batches, examples, padded
from quotes.reader.training.narrowing import narrow
from quotes.reader.training.network import DEPTHS, body_states, outputs_of
from quotes.reader.training.shape import Shape
from quotes.reader.training.train import LARGEST_STEP, WARM_UP, Watch, varied_windows
from quotes.reader.word_pieces import Encode

_BETAS = (0.9, 0.98)
_SMOOTHING = 0.03  # share of a batch in the losses shown
# Learning rates of the embeddings and of the heads, in times the body's: most words are rare in the training texts, and
# the heads are trained already.
_EMBEDDINGS_RATE, _HEADS_RATE = 0.25, 0.5
# A link counts as much as its piece is likely to ask for one, a tag of a further layer as much as its piece is likely
# to be inside a span, and so much more: few pieces are.
_ASKS_NOTHING, _OUTSIDE = 0.02, 0.05
# One article in so many is read to choose what to keep.
_SEEN = 12
_PARTS = ("states", "tags", "links", "layers")
_CUES, _CONTENTS = slice(3, 7), slice(7, 9)  # among the tags


@frozen(eq=False)
class Lessons:
    """The teacher, and how to learn from it."""

    teacher: Any = None
    """A trained network."""
    epochs: int = 4
    batch: int = 8
    rate: float = 2.5e-4
    seed: int = 11
    steps: int = 0
    """Stop after so many batches, to try things; 0: never."""
    states: float = 0.5
    """What each part of the loss counts."""
    tags: float = 3.0
    links: float = 0.6
    layers: float = 1.5


def narrowed_by(model: Any, articles: Sequence[Article], *, shape: Shape, encode: Encode, lexicon: Lexicon) -> None:
    """Narrow a trained model in place to what contributes most on a sample of the articles."""
    rng = random.Random(0)
    seen = [e for a in articles[::_SEEN] for e in examples(a, encode=encode, lexicon=lexicon, rng=rng)]
    narrow(model, (_tensors(portion) for portion in batches(seen, rng=rng, size=8)), shape)


def distil(
    model: Any,
    articles: Sequence[Article],
    *,
    lessons: Lessons,
    watch: Watch,
    encode: Encode,
    lexicon: Lexicon,
) -> None:
    """Train a model in place, and save its parameters after each epoch.

    Args:
        model: a narrowed one.
        articles: to read; their annotations only serve to vary them.
        lessons: the teacher, and how to learn from it.
        watch: where to save the parameters, and who hears of progress.
        encode: gives the pieces of a line.
        lexicon: brings the quotation marks.
    """
    import torch

    rng = random.Random(lessons.seed)
    said = [words for article in articles for words in words_said(article)]
    optimizer = _optimizer(model, lessons)
    model.eval()  # no dropout: the teacher's probabilities leave little to overfit
    lessons.teacher.eval()
    shown = np.zeros(4)
    done = 0
    for epoch in range(lessons.epochs):
        data = varied_windows(articles, said, rng=rng, encode=encode, lexicon=lexicon)
        portions = batches(data, rng=rng, size=lessons.batch)
        for number, portion in enumerate(portions):
            _set_rate(optimizer, lessons, (epoch * len(portions) + number) / (lessons.epochs * len(portions)))
            parts = _learn(model, optimizer, portion, lessons)
            done += 1
            shown += max(_SMOOTHING, 1 / done) * (parts - shown)
            if done % 50 == 0:
                told = " ".join(f"{name} {x:.4f}" for name, x in zip(_PARTS, shown, strict=True))
                watch.tell(f"epoch {epoch + 1}, batch {number + 1} of {len(portions)}: {told}")
            if done == lessons.steps:
                break
        torch.save(model.state_dict(), watch.save)
        if done == lessons.steps:
            return


def _optimizer(model: Any, lessons: Lessons) -> Any:
    import torch

    groups: list[dict[str, Any]] = [
        {"params": [], "times": 1.0},
        {"params": [], "times": _EMBEDDINGS_RATE, "weight_decay": 0.0},
        {"params": [], "times": _HEADS_RATE},
    ]
    for name, parameter in model.named_parameters():
        which = 1 if "embeddings" in name else 0 if name.startswith("bert.") else 2
        groups[which]["params"].append(parameter)
    return torch.optim.AdamW(groups, lr=lessons.rate, betas=_BETAS, weight_decay=0.01)


def _set_rate(optimizer: Any, lessons: Lessons, at: float) -> None:
    now = lessons.rate * min(1.0, at / WARM_UP + 0.01, (1 - at) / (1 - WARM_UP))
    for group in optimizer.param_groups:
        group["lr"] = now * group["times"]


def _learn(model: Any, optimizer: Any, portion: Sequence[Example], lessons: Lessons) -> Any:
    """Learn from one batch; return the parts of its loss."""
    import torch

    parts = _losses(model, _tensors(portion), lessons)
    optimizer.zero_grad()
    parts.sum().backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), LARGEST_STEP)
    optimizer.step()
    return parts.detach().numpy()


def _losses(model: Any, given: Mapping[str, Any], lessons: Lessons) -> Any:
    """Return how far a model is from its teacher on a batch: in states, tags, links and further layers."""
    import torch

    ids, types, mask = given["ids"], given["types"], given["mask"]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        with torch.no_grad():
            told = body_states(lessons.teacher, ids, types, mask)
            wanted = outputs_of(lessons.teacher, told, mask)
        states = body_states(model, ids, types, mask)
        found = outputs_of(model, states, mask)
    real = mask.bool()
    far = [_distance(states[depth][real].float(), told[depth][real].float()) for depth in DEPTHS]
    said = [x[real].float().log_softmax(-1) for x in found]
    sure = [x[real].float().log_softmax(-1) for x in wanted]
    likely = sure[0].exp()
    asks = likely[:, _CUES].sum(-1), likely[:, _CONTENTS].sum(-1)
    links = [_divergence(s, t, _ASKS_NOTHING + a) for s, t, a in zip(said[1:3], sure[1:3], asks, strict=True)]
    inside = [_OUTSIDE + 1.0 - t[:, 0].exp() for t in sure[3:]]
    layers = [_divergence(s, t, i) for s, t, i in zip(said[3:], sure[3:], inside, strict=True)]
    parts = sum(far), _divergence(said[0], sure[0]), sum(links), sum(layers)
    counts = lessons.states, lessons.tags, lessons.links, lessons.layers
    return torch.stack([count * part for count, part in zip(counts, parts, strict=True)])


def _distance(got: Any, want: Any) -> Any:
    """Return the mean squared distance of states, in shares of the variance of those that are wanted."""
    return (got - want).pow(2).mean() / want.var(0).mean()


def _divergence(said: Any, sure: Any, counts: Any = None) -> Any:
    """Return the mean Kullback-Leibler divergence of the teacher's log-probabilities from the model's, weighted."""
    each = (sure.exp() * (sure - said)).sum(-1)
    return each.mean() if counts is None else (each * counts).sum() / counts.sum()


def _tensors(portion: Sequence[Example]) -> dict[str, Any]:
    import torch

    given = padded(list(portion))
    return {name: torch.from_numpy(given[name]) for name in ("ids", "types", "mask")}
