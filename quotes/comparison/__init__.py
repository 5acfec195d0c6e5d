"""Compare words and credits; group statements across outlets; check whether words were said."""
