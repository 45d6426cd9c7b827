"""Every variant of the ablation is a recipe that exists, and leaves out what it says."""

from __future__ import annotations

import pytest

from mmrec_core.evaluate.ablation import VARIANTS, WHOLE, validation_lines, without_views
from mmrec_core.features.steps import FeatureSteps
from mmrec_core.training.condense import condense
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import Modality
from tests.tiny import random_fusion, tiny_data


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: v.name)
def test_a_variant_changes_fields_that_exist_to_other_values(variant) -> None:
    for made, changes in ((Recipe(), variant.recipe), (FeatureSteps(), variant.features)):
        for name, value in changes.items():
            assert getattr(made, name) != value
            type(made).model_validate({name: value})
    assert (variant.name == WHOLE) == (not variant.recipe and not variant.features and variant.plain is None)


def test_only_the_media_themselves_are_left_of_a_plain_modality() -> None:
    fusion, data = random_fusion("feature_level"), tiny_data(60)
    condensed = condense(data, fusion, 2, 0.7, 0, lambda _: None)
    plain = without_views(condensed, Modality.IMAGE)
    assert plain.views[Modality.IMAGE].shape[1] == 1
    assert plain.views[Modality.TEXT].shape[1] == 3
    assert without_views(condensed, None) is condensed
    assert validation_lines(FusionScorer(fusion, plain, "cpu"), plain)
