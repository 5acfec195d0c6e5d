"""How the words reached the article: candidates, and the names of outlets."""
