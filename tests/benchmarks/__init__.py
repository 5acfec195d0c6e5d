"""Measure the pipeline on annotated news: accuracy, confidence and speed, beside a peer, against floors that only rise.

Run from the top of the checkout, with `../shared` beside it: `python -m tests.benchmarks.accuracy`.
"""
