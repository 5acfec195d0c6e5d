"""What the parser must read, the model, and offsets mapped back."""
