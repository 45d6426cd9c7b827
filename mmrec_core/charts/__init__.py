"""Training and evaluation -> plotly figures; pure, like ``mmrec_core.plots``."""
