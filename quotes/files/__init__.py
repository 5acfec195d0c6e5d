"""Packed streams, and the atomic replacement of files."""
