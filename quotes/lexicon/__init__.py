"""The patterns as data: load and check patterns/, compile matchers, look up outlets."""

from quotes.lexicon.load import REQUIRED_FILES, Lexicon, builtin_folder, languages, load_lexicon

__all__ = ["REQUIRED_FILES", "Lexicon", "builtin_folder", "languages", "load_lexicon"]
