"""Query (and profile) -> ranked items, by one documented score."""
