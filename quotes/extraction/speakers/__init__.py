"""Resolve speakers: entities and mentions of an article, roles, people files."""
