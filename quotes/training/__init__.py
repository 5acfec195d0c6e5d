"""Train the reader of roles (`python -m quotes.training --help`); needs the extra `train`, and nothing else does."""
