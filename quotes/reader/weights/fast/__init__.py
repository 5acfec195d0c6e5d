"""The weights of the fast reader, in the same three files; see MODEL_CARD.md in the folder above."""
