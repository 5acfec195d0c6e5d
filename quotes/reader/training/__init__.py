"""Train the reader of roles (`python -m quotes.reader.training --help`); needs the extra `train`."""
