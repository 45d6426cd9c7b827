"""``python -m mmrec_core``, a file a command: results go to stdout, messages to stderr; a known error is one line and exit code 2."""

from __future__ import annotations

import typer

from mmrec_core.cli import bench, catalogue
from mmrec_core.cli.evaluate import evaluate
from mmrec_core.cli.explain import explain
from mmrec_core.cli.recommend import recommend
from mmrec_core.cli.setup import setup
from mmrec_core.cli.train import train

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Multimodal recommendation with its reasons.")
for command in (setup, recommend, explain, train, evaluate):
    app.command()(command)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(bench.app, name="bench")
