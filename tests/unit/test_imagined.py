"""Photographs that nobody took: moved until the classifier is sure, named, and categorised only where that is plain."""

from __future__ import annotations

import torch

from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.fusion.anchor import ClassifierConcept
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.training.imagenet_categories import imagenet_categories
from mmrec_core.training.imagined import LEAST, class_texts, imagine
from mmrec_core.training.linear import LinearData, join
from mmrec_core.training.tables import ABSENT
from mmrec_core.types import FUSED, Modality

CLASSES, DRAWS = 4, 2


def fusion() -> ModelLevelFusion:
    torch.manual_seed(0)
    specs = {
        "image": {"dim": 6, "peak_group": 0, "concept_sizes": [6, CLASSES], "text_dim": 5},
        "text": {"dim": 5, "peak_group": 0, "concept_sizes": [], "text_dim": 5},
    }
    return ModelLevelFusion(specs, dim=8, hidden=8, queries=1, layers=1, heads=2, dropout=0.0)


def imagined() -> tuple[ModelLevelFusion, LinearData]:
    made = fusion()
    photographs, texts = torch.randn(3, 6), torch.randn(DRAWS, CLASSES, 5)
    known = torch.tensor([2, ABSENT, 1, 0])
    return made, imagine(made, photographs, texts, known, torch.tensor([0, 1, 3]), first_group=100, seed=1)


def test_the_classifier_is_sure_of_what_was_imagined() -> None:
    made = fusion()
    concept = made.anchor("image").concept
    assert isinstance(concept, ClassifierConcept)
    concept.class_vectors[:, :CLASSES] = torch.eye(CLASSES)
    every = torch.arange(CLASSES)
    found = imagine(made, torch.randn(3, 6), torch.randn(DRAWS, CLASSES, 5), every, every, first_group=0, seed=1)
    sure = found.features[Modality.IMAGE][..., 6 : 6 + CLASSES].diagonal(dim1=1, dim2=2)
    assert sure.shape == (DRAWS, CLASSES) and (sure >= LEAST - 1e-3).all()


def test_rows_are_named_by_class_and_hold_picture_and_text_alone() -> None:
    _, found = imagined()
    assert found.categories.tolist() == [2, ABSENT, 0]
    assert found.twins[:, 0].tolist() == [100, 101, 103]
    assert (found.presence == torch.tensor([m in (Modality.IMAGE, Modality.TEXT) for m in FUSED])).all()


def test_joined_rows_have_zeros_for_what_they_lack() -> None:
    _, found = imagined()
    items = LinearData(
        {**{m: x[:, :1] for m, x in found.features.items()}, Modality.AUDIO: torch.ones(DRAWS, 1, 7)},
        torch.ones(1, 3, dtype=torch.bool), torch.zeros(1, dtype=torch.long), torch.zeros(1, 3, dtype=torch.long),
    )  # fmt: skip
    both = join(items, found)
    assert both.features[Modality.AUDIO].shape == (DRAWS, 4, 7)
    assert both.features[Modality.AUDIO][:, 1:].eq(0).all()
    assert len(both.presence) == len(both.categories) == len(both.twins) == 4


def test_every_class_has_one_of_the_catalogues_categories_or_none() -> None:
    found = imagenet_categories()
    assert len(found) == 1000
    assert {category for category in found if category} <= set(CATEGORIES)
    assert [found[n] for n in (0, 7, 130, 281, 404, 546, 954, 970, 981)] == [
        "animals", "birds", "birds", "animals", "aircraft", "instruments", "food", "nature", "people",
    ]  # fmt: skip


def test_a_class_is_called_as_people_call_it() -> None:
    bare, photo, definition, sentence = class_texts(["tabby"], ["tabby, a cat with stripes"])
    assert (bare, photo, definition) == (["Tabby"], ["a photo of a tabby"], ["tabby, a cat with stripes"])
    assert sentence == ["This picture shows a tabby."]
