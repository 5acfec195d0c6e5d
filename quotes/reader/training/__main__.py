"""Train the reader of roles: `python -m quotes.reader.training --corpus DIR --bench DIR -o DIR`."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import click

from quotes.errors import ModelError
from quotes.isolation import HUB_SILENCE
from quotes.reader.training.articles import Article, Bounds, IsSpeech, read_corpus
from quotes.reader.training.train import Recipe

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_DEFAULTS = Recipe()


def speech_of(bench: Path) -> IsSpeech:
    """Tell speech as the scorer does: by the cue's verb, or by quotation marks in the content."""
    spec = spec_from_file_location("score", bench / "score.py")
    if spec is None or spec.loader is None or not (bench / "score.py").is_file():
        raise click.UsageError(f"{bench} holds no score.py")
    score = module_from_spec(spec)
    spec.loader.exec_module(score)

    quoted = lru_cache(maxsize=1)(score.quoted_chars)

    def is_speech(contents: list[Bounds], cue: list[Bounds], text: str) -> bool:
        row = {"spans": contents, "cue": cue}
        return bool(score.is_speech(row, text)) or score.gold_type(row, text, quoted(text)) != "indirect"

    return is_speech


def kept_apart(articles: list[Article], number: int) -> set[str]:
    """Name about so many articles, evenly spread, to choose the decoder's bounds on and to measure with."""
    names = sorted({a.name for a in articles})
    return set(names[10 :: max(1, len(names) // number)]) if number else set()


@click.command()
@click.option("--corpus", type=_FOLDER, required=True, help="Holds text/*.txt and attributions/*.ann.")
@click.option("--bench", type=_FOLDER, required=True, help="Holds score.py, which tells speech from attitudes.")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--base", type=_FOLDER, help="Folder of all-MiniLM-L6-v2; the installed package's where not given.")
@click.option("--teacher", type=_FOLDER, help="Weights of an earlier reader, to learn its probabilities as well.")
@click.option("--held-out", default=40, show_default=True, help="Articles kept apart.")
@click.option("--epochs", default=_DEFAULTS.epochs, show_default=True)
@click.option("--seed", default=_DEFAULTS.seed, show_default=True)
@click.option("--steps", default=0, help="Stop after so many batches, to try things.")
@click.option("--augment/--no-augment", default=True, show_default=True)
def main(
    corpus: Path,
    bench: Path,
    output: Path,
    base: Path | None,
    teacher: Path | None,
    held_out: int,
    epochs: int,
    seed: int,
    steps: int,
    augment: bool,
) -> None:
    """Train the reader of roles on annotated articles, and write its weights."""
    os.environ.update(HUB_SILENCE)
    try:
        import torch
        from tokenizers import Tokenizer
    except ImportError as error:
        raise click.ClickException(f"training needs {error.name}: .venv/bin/pip install '.[train]'") from error
    from quotes.lexicon import load_lexicon
    from quotes.reader import TOKENIZER_FILE, RoleReader
    from quotes.reader.training.network import base_folder, export, start_from
    from quotes.reader.training.train import train
    from quotes.reader.word_pieces import encoder

    try:
        base = base or base_folder()
    except ModelError as error:
        raise click.ClickException(str(error)) from error
    torch.set_num_threads(1)  # with more, sums are rounded otherwise and a run cannot be repeated
    torch.manual_seed(seed)
    output.mkdir(parents=True, exist_ok=True)
    articles = read_corpus(corpus, is_speech=speech_of(bench))
    kept = kept_apart(articles, held_out)
    (output / "held_out.json").write_text(json.dumps(sorted(kept), indent=1) + "\n", encoding="utf-8")
    articles = [a for a in articles if a.name not in kept]
    checkpoint = output / "roles.pt"
    train(
        start_from(base),
        articles,
        encode=encoder(Tokenizer.from_file(str(base / TOKENIZER_FILE))),
        lexicon=load_lexicon("en"),
        recipe=Recipe(epochs=epochs, seed=seed, steps=steps, augmented=augment),
        save=checkpoint,
        tell=click.echo,
        teacher=RoleReader.load(teacher).network if teacher else None,
    )
    export(checkpoint, base=base, to=output)


if __name__ == "__main__":
    main()
