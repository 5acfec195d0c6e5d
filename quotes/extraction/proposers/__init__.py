"""Propose candidates: by patterns over the parse, layouts, posts, transcripts, and the reader."""
