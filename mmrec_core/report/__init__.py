"""One pair, explained in one file that needs nothing else: HTML with what can be hovered and played, and PDF."""
