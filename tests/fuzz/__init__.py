"""Coverage-guided fuzzing of ingest, marks and the pipeline: `python -m tests.fuzz.NAME --seconds N`.

It needs the extra `fuzz` (atheris). What it finds becomes a test in tests/extraction/test_hostile_texts.py or in
tests/ingest/test_read.py.
"""
