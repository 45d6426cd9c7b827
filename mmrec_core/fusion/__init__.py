"""Tokens of any subset of modalities -> one embedding."""
