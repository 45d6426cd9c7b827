"""Bytes of an upload -> validated arrays, with hard limits."""
