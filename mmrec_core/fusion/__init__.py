"""Tokens of any subset of modalities -> one unit vector."""
