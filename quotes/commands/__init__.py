"""The commands of the program, one module for each that belongs together; `quotes.cli` puts them in one group."""
