"""``python -m mmrec_core``."""

from mmrec_core.cli import app

if __name__ == "__main__":
    app(prog_name="python -m mmrec_core")
