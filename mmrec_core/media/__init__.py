"""Bytes -> validated arrays, with hard limits. Type is decided by content; metadata is dropped."""
