"""How a fusion is trained: data, objectives, loop, checkpoints."""
