"""The role reader's weights: an ONNX network of 8 bits, its tokenizer and its configuration; see MODEL_CARD.md."""
