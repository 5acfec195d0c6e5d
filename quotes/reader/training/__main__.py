"""Train the reader: `python -m quotes.reader.training --corpus DIR --bench DIR -o DIR`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import click
from attrs import evolve, frozen

from quotes.errors import ModelError
from quotes.files.isolation import HUB_SILENCE
from quotes.lexicon import Lexicon
from quotes.reader.training.articles import Article, Bounds, IsSpeech, read_corpus
from quotes.reader.training.distil import Lessons, distil, narrowed_by
from quotes.reader.training.shape import NARROW, Shape, shape_of
from quotes.reader.training.train import Recipe, Watch, train
from quotes.reader.word_pieces import Encode

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_DEFAULTS, _LESSONS = Recipe(), Lessons()
# Pages left out of training, by their places in the sorted list of names.
_LEFT_OUT = {"even": 0, "odd": 1}


def speech_of(bench: Path) -> IsSpeech:
    """Return the scorer's test for speech: by the cue's verb, or by quotation marks in the content."""
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
    """Return the names of about `number` articles, evenly spread, to choose the decoder's bounds and to measure."""
    names = sorted({a.name for a in articles})
    return set(names[10 :: max(1, len(names) // number)]) if number else set()


def corpus_articles(given: Mapping[str, Any], lexicon: Lexicon) -> list[Article]:
    """Read all training articles: the corpus without held-out articles, its links, the pages, silver names.

    Args:
        given: the command's options.
        lexicon: the patterns, with marks, furniture and outlets.
    """
    from quotes.reader import RoleReader
    from quotes.reader.training.links import with_links
    from quotes.reader.training.pages import read_pages
    from quotes.reader.training.silver import recognizer, with_attitudes, with_names

    articles = read_corpus(given["corpus"], is_speech=speech_of(given["bench"]))
    kept = kept_apart(articles, given["held_out"])
    (given["output"] / "held_out.json").write_text(json.dumps(sorted(kept), indent=1) + "\n", encoding="utf-8")
    articles = [a for a in articles if a.name not in kept]
    if given["links"]:
        articles = with_links(articles, given["links"], given["corpus"])
    if not given["pages"]:
        return articles
    pages = read_pages(given["pages"] / "html", given["pages"] / "gold", lexicon=lexicon)
    pages = [page for number, page in enumerate(pages) if number % 2 != _LEFT_OUT.get(given["leave_out"], -1)]
    pages = with_attitudes(pages, RoleReader.load(given["start"]), lexicon=lexicon)
    articles = [evolve(a, times=1.0 if a.layers else given["share"]) for a in articles]
    articles += [evolve(page, times=given["times"]) for page in pages]
    return with_names(articles, recognizer(lexicon), lexicon=lexicon)


def plain_texts(folder: Path) -> list[Article]:
    """Read the texts of a folder, which nobody annotated."""
    return [Article(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]


@frozen(eq=False)
class Work:
    """What is to be trained on, and how the command was told to."""

    given: Mapping[str, Any]
    base: Path
    articles: list[Article]
    encode: Encode
    lexicon: Lexicon

    @property
    def checkpoint(self) -> Path:
        """The file of the parameters."""
        return Path(self.given["output"]) / "roles.pt"


def trained(work: Work) -> tuple[Any, Shape]:
    """Train on annotations, or take the mean of earlier weights, and fit the further layers; return model and shape."""
    from quotes.reader import NETWORK_FILE, RoleReader
    from quotes.reader.training.layers import fit_layers
    from quotes.reader.training.network import start_from
    from quotes.reader.training.recovery import averaged

    given = work.given
    folders = given["average"] or list(filter(None, [given["start"]]))
    shapes = {shape_of(folder) for folder in folders} or {Shape()}
    if len(shapes) > 1:
        raise click.UsageError("weights of several shapes have no mean")
    [shape] = shapes
    model = start_from(work.base, shape)
    model.load_state_dict(averaged([folder / NETWORK_FILE for folder in folders]), strict=False)
    chosen = _chosen(given, "epochs", "rate", "head_rate", "frozen", "seed", "steps")
    teacher = RoleReader.load(given["teacher"]).network if given["teacher"] else None
    if not given["average"]:
        train(
            model,
            work.articles,
            recipe=Recipe(augmented=given["augment"], teacher=teacher, **chosen),
            watch=Watch(work.checkpoint, click.echo),
            encode=work.encode,
            lexicon=work.lexicon,
        )
    if any(article.layers for article in work.articles):
        fit_layers(model, work.articles, encode=work.encode, lexicon=work.lexicon, tell=click.echo)
    return model, shape


def distilled(work: Work) -> tuple[Any, Shape]:
    """Narrow a trained network, and train it to reproduce the wide one; return model and shape."""
    from quotes.reader import NETWORK_FILE
    from quotes.reader.training.network import start_from
    from quotes.reader.training.recovery import parameters

    given, shape = work.given, Shape(work.given["heads"], work.given["units"])
    wide, model = (start_from(work.base, shape_of(given["distil"])) for _ in range(2))
    for network in (wide, model):
        network.load_state_dict(parameters(given["distil"] / NETWORK_FILE))
    narrowed_by(model, work.articles, shape=shape, encode=work.encode, lexicon=work.lexicon)
    chosen = _chosen(given, "epochs", "rate", "seed", "steps")
    distil(
        model,
        [*work.articles, *(text for folder in given["texts"] for text in plain_texts(folder))],
        lessons=Lessons(teacher=wide, **chosen),
        watch=Watch(work.checkpoint, click.echo),
        encode=work.encode,
        lexicon=work.lexicon,
    )
    return model, shape


def _chosen(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if given[name] is not None}


@click.command()
@click.option("--corpus", type=_FOLDER, required=True, help="Folder with text/*.txt and attributions/*.ann.")
@click.option("--bench", type=_FOLDER, required=True, help="Folder with score.py.")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--base", type=_FOLDER, help="Folder of all-MiniLM-L6-v2; by default the installed package's.")
@click.option("--start", type=_FOLDER, help="Weights of an earlier reader to start from.")
@click.option(
    "--average", type=_FOLDER, multiple=True,
    help="Weights to average, instead of training; only the further layers are fitted.",
)
@click.option("--teacher", type=_FOLDER, help="Weights of an earlier reader whose probabilities are learned, too.")
@click.option("--distil", type=_FOLDER, help="Weights of a reader, to train a narrower one on its output.")
@click.option("--heads", default=NARROW.heads, show_default=True, help="Attention heads a layer of a narrow reader.")
@click.option("--units", default=NARROW.units, show_default=True, help="Feed-forward units a layer of it.")
@click.option("--texts", type=_FOLDER, multiple=True, help="Folder with more *.txt for --distil.")
@click.option("--links", type=_FOLDER, help="Folder of speakers and channels in articles of the corpus.")
@click.option("--pages", type=_FOLDER, help="Folder with html/*.html and gold/*.json.")
@click.option("--leave-out", type=click.Choice(list(_LEFT_OUT)), help="Half of the pages, held out for measurement.")
@click.option("--times", default=2.0, show_default=True, help="How often an epoch has each page.")
@click.option("--share", default=0.18, show_default=True, help="Share of the corpus's articles without links.")
@click.option("--held-out", default=40, show_default=True, help="Number of held-out articles.")
@click.option("--epochs", default=_DEFAULTS.epochs, show_default=True)
@click.option("--rate", type=float, help=f"[default: {_DEFAULTS.rate}; to distil {_LESSONS.rate}]")
@click.option("--head-rate", default=_DEFAULTS.head_rate, show_default=True, help="As a multiple of the body's.")
@click.option("--frozen", default=_DEFAULTS.frozen, show_default=True, help="Frozen layers.")
@click.option("--seed", default=_DEFAULTS.seed, show_default=True)
@click.option("--steps", default=0, help="Stop after this many batches, for experiments.")
@click.option("--augment/--no-augment", default=True, show_default=True)
def main(**given: Any) -> None:
    """Train the reader on annotated articles, and write its weights."""
    os.environ.update(HUB_SILENCE)
    try:
        import torch
        from tokenizers import Tokenizer
    except ImportError as error:
        raise click.ClickException(f"training needs {error.name}: .venv/bin/pip install '.[train]'") from error
    from quotes.lexicon import load_lexicon
    from quotes.reader import TOKENIZER_FILE
    from quotes.reader.training.network import base_folder, export
    from quotes.reader.word_pieces import encoder

    try:
        base, output = given["base"] or base_folder(), given["output"]
    except ModelError as error:
        raise click.ClickException(str(error)) from error
    torch.set_num_threads(1)  # more would change the rounding of sums, and runs could not be repeated
    torch.manual_seed(given["seed"])
    output.mkdir(parents=True, exist_ok=True)
    lexicon = load_lexicon("en")
    encode = encoder(Tokenizer.from_file(str(base / TOKENIZER_FILE)))
    work = Work(given, base, corpus_articles(given, lexicon), encode, lexicon)
    model, shape = distilled(work) if given["distil"] else trained(work)
    torch.save(model.state_dict(), work.checkpoint)
    export(work.checkpoint, base=base, to=output, shape=shape)


if __name__ == "__main__":
    main()
