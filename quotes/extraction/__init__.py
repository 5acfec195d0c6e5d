"""From a text to its statements: `pipeline` is the recipe, the packages beside it are its stages."""
