"""Nearest neighbours among embeddings."""
