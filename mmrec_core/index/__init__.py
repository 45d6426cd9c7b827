"""Nearest neighbours among unit vectors."""
