"""The patterns as data: loads and checks patterns/, compiles matchers, knows the press."""

from quotes.lexicon.load import REQUIRED_FILES, Lexicon, builtin_folder, languages, load_lexicon

__all__ = ["REQUIRED_FILES", "Lexicon", "builtin_folder", "languages", "load_lexicon"]
