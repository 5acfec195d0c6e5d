"""Who is meant: entities and mentions of an article, roles, people files."""
