"""Every variant of the ablation is a recipe that exists, and leaves out what it says."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from mmrec_core.evaluate import ablation
from mmrec_core.evaluate.ablation import VARIANTS, WHOLE, evaluate_ablation, without_views
from mmrec_core.evaluate.report import report_table
from mmrec_core.features.steps import FeatureSteps
from mmrec_core.settings import Settings
from mmrec_core.training.condense import condense
from mmrec_core.training.lines import validation_lines
from mmrec_core.training.prepare import Prepared
from mmrec_core.training.recipe import OF_POOLED, Recipe
from mmrec_core.training.run import Workshop
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import Modality
from tests.tiny import BLOCKS, DIMS, random_fusion, tiny_data


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


def test_every_variant_is_trained_and_asked_the_same_queries(tmp_path, monkeypatch) -> None:
    data = tiny_data(90)
    prepared = Prepared(data, {m: SimpleNamespace(components=np.eye(dim)) for m, dim in DIMS.items()})
    encoders = {m: SimpleNamespace(bands=2 * (m is Modality.AUDIO)) for m in DIMS}
    recipes = []

    def open_tiny(settings, recipe, report):
        recipes.append(recipe.model_copy(update={"batch_size": 32, "blocks": BLOCKS}))
        return Workshop(settings, SimpleNamespace(fingerprint="print"), None, encoders, prepared, recipes[-1])

    monkeypatch.setattr(ablation, "open_workshop", open_tiny)
    found = evaluate_ablation(Settings(home=tmp_path), 1, lambda _: None)
    assert found.methods == tuple(variant.name for variant in VARIANTS)
    asked = OF_POOLED | {"epochs": 1}
    assert {name: getattr(recipes[0], name) for name in asked} == asked, "trained as a feature-level fusion is"
    for line in found.lines:
        cells = [found.cell(name, line) for name in found.methods]
        assert len({cell.value.n for cell in cells}) == 1
        assert cells[0].lead is None and all(cell.lead is not None for cell in cells[1:])
    assert report_table(found).row_count == len(found.lines)
