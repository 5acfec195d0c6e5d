"""The patterns as data: TOML files that `quotes.lexicon` reads."""
