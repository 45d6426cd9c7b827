"""``setup``: everything after installing."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from mmrec_core.cli.shared import console, guarded, reporting
from mmrec_core.settings import get_settings


@guarded
def setup(
    preset: Annotated[Literal["embedded", "hub"] | None, typer.Option(help="Which encoders.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only this step; may be repeated.")] = None,
) -> None:
    """Fetch weights and media, build catalogue and index. Skips what is done; may be interrupted."""
    from mmrec_core import bootstrap
    from mmrec_core.render import steps_table

    settings = get_settings() if preset is None else get_settings().model_copy(update={"preset": preset})
    with reporting() as report:
        steps = bootstrap.run(settings, report, tuple(only or ()))
    console().print(steps_table(steps))
