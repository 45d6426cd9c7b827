"""Long work in a process of its own: it survives whoever started it, and tells how it stands through a folder."""
