"""Train the reader (`python -m quotes.reader.training --help`); needs the extra `train`."""
