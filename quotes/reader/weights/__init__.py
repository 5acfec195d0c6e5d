"""The reader's weights: an 8-bit ONNX network, its tokenizer and its configuration; see MODEL_CARD.md."""
