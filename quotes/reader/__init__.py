"""The learned reader of roles: a small transformer that tags source, cue and content, and links them.

Trained on annotated news (`quotes.reader.training`, `quotes/reader/weights/MODEL_CARD.md`). `word_pieces` makes its
input, `inference` runs it, `links` says which words belong together.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define

from quotes.errors import ModelError

if TYPE_CHECKING:
    from quotes.reader.inference import Helpers, Network
    from quotes.reader.word_pieces import Encode

NETWORK_FILE, TOKENIZER_FILE = "roles.onnx", "tokenizer.json"


@define(eq=False)
class RoleReader:
    """The network and its tokenizer, loaded, and the threads that run it ahead of whoever reads its answers."""

    network: Network
    encode: Encode
    helpers: Helpers

    @classmethod
    def load(cls, folder: Path | None = None, *, threads: int = 1) -> RoleReader:
        """Load the weights.

        Args:
            folder: holds roles.onnx and tokenizer.json; the shipped ones where None.
            threads: how many may run the network; the caller's is one of them.

        Raises:
            ModelError: where the weights or the libraries that run them are missing or broken.
        """
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ModelError(f"the role reader needs {error.name}: pip install onnxruntime tokenizers") from error
        from quotes.reader.inference import Helpers
        from quotes.reader.word_pieces import encoder

        root = folder or shipped_folder()
        for name in (NETWORK_FILE, TOKENIZER_FILE):
            if not (root / name).is_file():
                raise ModelError(f"no {name} in {root}: install quotes anew, or read by patterns alone")
        try:
            tokenizer = Tokenizer.from_file(str(root / TOKENIZER_FILE))
            network = _network(onnxruntime, root / NETWORK_FILE)
        except Exception as error:  # both libraries raise plain Exceptions and kinds of their own
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise ModelError(f"the role reader in {root} is broken ({reason}); install quotes anew") from error
        return cls(network, encoder(tokenizer), Helpers(threads - 1))


def shipped_folder() -> Path:
    """Return the folder of the weights that the package brings."""
    from importlib.resources import files

    return Path(str(files("quotes.reader.weights")))


def _network(onnxruntime: Any, path: Path) -> Network:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # two windows in two threads are quicker than one window in two
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(ids: Any, types: Any, mask: Any) -> Any:
        return session.run(["tags", "source", "cue"], {"ids": ids, "types": types, "mask": mask})

    return run
