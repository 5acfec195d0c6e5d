"""From a text to its statements: `pipeline` is the recipe, the other modules are its stages."""
