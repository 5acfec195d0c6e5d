"""Find how the words reached the article: propose channels, name them, and choose by fitted models."""
