"""Choose and mask the text to parse, load the model, and map offsets back."""
