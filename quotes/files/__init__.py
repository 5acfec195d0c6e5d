"""Compressed streams, size limits, and the atomic replacement of files."""
