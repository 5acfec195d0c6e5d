"""The reader: a small transformer that tags source, cue and content, and links them.

Trained on annotated news (`quotes.reader.training`, `quotes/reader/weights/MODEL_CARD.md`). `word_pieces` prepares
its input, `inference` runs it, `links` links the words that belong together.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define

from quotes.errors import ModelError, low_memory, out_of_memory
from quotes.files.checksums import checked_bytes

if TYPE_CHECKING:
    from quotes.reader.inference import Helpers, Network
    from quotes.reader.word_pieces import Encode

NETWORK_FILE, TOKENIZER_FILE, CONFIG_FILE = "roles.onnx", "tokenizer.json", "config.json"


@define(eq=False)
class RoleReader:
    """The loaded network and tokenizer, and the threads that run them ahead."""

    network: Network
    encode: Encode
    helpers: Helpers
    folder: Path | None = None
    """The folder of its weights; None for the shipped ones."""

    @classmethod
    def load(cls, folder: Path | None = None, *, threads: int = 1) -> RoleReader:
        """Load the weights.

        Args:
            folder: a folder with roles.onnx, tokenizer.json and config.json; the shipped one if None.
            threads: how many may run the network, including the caller's.

        Raises:
            ModelError: if weights or libraries are missing or broken, or memory is short.
        """
        root = folder or shipped_folder()
        try:
            contents = _checked(root)
            import onnxruntime
            from tokenizers import Tokenizer

            tokenizer = Tokenizer.from_buffer(contents[TOKENIZER_FILE])
            network = _network(onnxruntime, contents[NETWORK_FILE])
            from quotes.reader.inference import Helpers
            from quotes.reader.word_pieces import encoder
        except ModelError:
            raise
        except Exception as error:  # both libraries raise plain Exceptions and their own
            if out_of_memory(error):
                raise low_memory("the role reader") from error
            if isinstance(error, ImportError):
                raise ModelError(f"the role reader needs {error.name}; install quotes anew") from error
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise ModelError(f"the role reader in {root} is broken ({reason}); install quotes anew") from error
        return cls(network, encoder(tokenizer), Helpers(threads - 1), folder)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the folder of the weights, not the network; unpickling loads them again."""
        return _loaded_again, (self.folder, self.helpers.count + 1)

    def __deepcopy__(self, memo: object) -> RoleReader:
        """Return the reader itself, since it is immutable."""
        return self


def _loaded_again(folder: Path | None, threads: int) -> RoleReader:
    return RoleReader.load(folder, threads=threads)


def _checked(root: Path) -> dict[str, bytes]:
    """Return the contents of the weights' files after checking that they are the released ones.

    Their sums are in the configuration beside them. A folder without one has a copy of the shipped weights.
    """
    for name in (NETWORK_FILE, TOKENIZER_FILE):
        if not (root / name).is_file():
            raise ModelError(f"no {name} in {root}: install quotes anew, or read by patterns alone")
    own = root / CONFIG_FILE
    sums = _sums(own if own.is_file() else shipped_folder() / CONFIG_FILE)
    names = (NETWORK_FILE, TOKENIZER_FILE)
    remedy = "install quotes anew"
    return {name: checked_bytes(root / name, expected=sums.get(name), remedy=remedy) for name in names}


def shipped_folder() -> Path:
    """Return the folder of the shipped weights."""
    from importlib.resources import files

    return Path(str(files("quotes.reader.weights")))


def fast_folder() -> Path:
    """Return the folder of the shipped weights of the fast reader, half as wide."""
    return shipped_folder() / "fast"


def _sums(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["sha256"])
    except (OSError, ValueError, TypeError, LookupError) as error:
        told = f"{type(error).__name__}: {error}"
        raise ModelError(f"{path} is broken (no sums of the weights: {told}); install quotes anew") from error


def _network(onnxruntime: Any, content: bytes) -> Network:
    from quotes.reader.exact_sums import ask_for_exact_sums
    from quotes.reader.inference import LAYERS

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # two windows in two threads are faster than one window in two
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    ask_for_exact_sums(options, onnxruntime)
    # The fused sum and normalisation is slower than the two alone: 2.5 of 18 ms a window, onnxruntime 1.32.
    session = onnxruntime.InferenceSession(
        content, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )

    outputs = {output.name for output in session.get_outputs()}
    wanted = ["tags", "source", "cue", *(layer for layer in LAYERS if layer in outputs)]
    inputs = [each.name for each in session.get_inputs()]  # only networks exported before take a mask

    def run(ids: Any, types: Any, mask: Any) -> Any:
        given = {"ids": ids, "types": types, "mask": mask}
        return session.run(wanted, {name: given[name] for name in inputs})

    return run
