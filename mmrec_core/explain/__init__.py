"""Why an item was recommended: one file a method, found by the registry."""
