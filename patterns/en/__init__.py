"""English patterns."""
