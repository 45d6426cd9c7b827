"""``python -m mmrec_core``, a file a command: results go to stdout, messages to stderr; a known error is one line and exit code 2."""

from __future__ import annotations

import typer

from mmrec_core.cli import bench, catalogue, evaluate, train
from mmrec_core.cli.explain import explain
from mmrec_core.cli.recommend import recommend
from mmrec_core.cli.setup import setup

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Multimodal recommendation with its reasons.")
for command in (setup, recommend, explain):
    app.command()(command)
app.add_typer(train.app, name="train")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(bench.app, name="bench")
