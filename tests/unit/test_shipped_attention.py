"""The attention of the shipped model is learned: it does not look everywhere alike."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmrec_core import bootstrap
from mmrec_core.catalogue.store import Catalogue
from mmrec_core.features.token_cache import TokenCache
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.settings import get_settings
from mmrec_core.types import FUSED, Modality

LEAST_LIFT = 1.05
"""Of the cell that is looked at most over an even share, on average over items."""


@pytest.mark.catalogue
@pytest.mark.weights
@pytest.mark.parametrize("modality", FUSED)
def test_some_tokens_are_looked_at_more_than_others(modality: Modality) -> None:
    settings = get_settings()
    if not bootstrap.is_set_up(settings):
        pytest.skip("the catalogue is not built on this machine")
    bundle = ModelBundle.load(settings.bundle_folder)
    tokens = TokenCache.open(settings.catalogue_tokens, bundle.token_version)
    items = [item for item in Catalogue.open(settings.catalogue).items if modality in item.modalities][::50][:20]
    lifts = []
    for item in items:
        row = {modality: tokens.tokens(item.id)[modality]}
        with torch.no_grad():
            looked = bundle.fusion.summarise(bundle.batch([row], projected=True)).attention[modality][0].numpy()
        real = looked[row[modality].mask]
        lifts.append(real.max() * len(real))
    assert np.mean(lifts) > LEAST_LIFT
