"""Recordings -> what was said in them."""
