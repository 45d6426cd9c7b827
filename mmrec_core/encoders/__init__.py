"""Arrays -> tokens, one encoder a file."""
