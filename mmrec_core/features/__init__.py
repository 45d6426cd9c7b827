"""Normalise, denoise and cache tokens."""
