"""Results -> plotly figures. Pure: no widget, no state, no theme of its own (the template is an argument, backgrounds are transparent)."""

from mmrec_core.plots.attributions import alpha_heatmap, modality_bars, pair_matrix
from mmrec_core.plots.heat import OF_A_FIT, OF_A_SLOPE, OF_THE_LOOK, OF_THE_SCORE
from mmrec_core.plots.look import (
    COLOURS,
    DIVERGING,
    FONT,
    OTHER_COLOUR,
    colour_of,
    how_obtained,
    ink,
    name_of,
    signed_format,
)
from mmrec_core.plots.pictures import picture_heat
from mmrec_core.plots.sounds import HERTZ_TICKS, mel, sound_heat

__all__ = [
    "COLOURS",
    "DIVERGING",
    "FONT",
    "HERTZ_TICKS",
    "OF_A_FIT",
    "OF_A_SLOPE",
    "OF_THE_LOOK",
    "OF_THE_SCORE",
    "OTHER_COLOUR",
    "alpha_heatmap",
    "colour_of",
    "how_obtained",
    "ink",
    "mel",
    "modality_bars",
    "name_of",
    "pair_matrix",
    "picture_heat",
    "signed_format",
    "sound_heat",
]
