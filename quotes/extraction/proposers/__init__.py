"""Candidates: from patterns over the parse, layouts, posts, transcripts, and the reader."""
