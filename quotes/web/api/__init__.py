"""The HTTP API of `quotes serve`."""
