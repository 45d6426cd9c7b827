"""What an encoder names, on its way into the embedding."""

from __future__ import annotations

import torch

from mmrec_core.fusion.anchor import Anchor, NamedConcept


def named(probabilities: list[float]) -> torch.Tensor:
    concept = NamedConcept(3, 3)
    concept.class_vectors.copy_(torch.eye(3))
    return concept(torch.tensor([probabilities]))[0]


def test_one_sure_class_and_several_sure_classes_have_the_same_sum() -> None:
    for probabilities in ([1.0, 0.0, 0.0], [1.0, 1.0, 1.0]):
        torch.testing.assert_close(named(probabilities).sum().item(), 1.0, atol=1e-5, rtol=0)


def test_an_unsure_classifier_says_less() -> None:
    assert torch.allclose(named([0.2, 0.1, 0.0]), torch.tensor([0.2, 0.1, 0.0]), atol=1e-5)


def test_a_sharper_concept_leans_to_the_likeliest_class() -> None:
    concept = NamedConcept(2, 2)
    said = torch.tensor([[0.9, 0.6]])
    even = concept.posterior(said)
    with torch.no_grad():
        concept.log_sharpness.fill_(1.0)
    assert concept.posterior(said)[0, 0] > even[0, 0]
    assert torch.equal(concept.posterior(said, sharpened=False), even)


def test_the_gradient_of_the_sharpness_is_finite_where_a_class_is_impossible() -> None:
    concept = NamedConcept(2, 2)
    concept.class_vectors.fill_(1.0)
    concept(torch.tensor([[0.0, 0.5]])).sum().backward()
    assert concept.log_sharpness.grad is not None and torch.isfinite(concept.log_sharpness.grad)


def test_names_are_pooled_by_their_mean_beside_mean_and_peak() -> None:
    anchor = Anchor(dim=2, out=4, peak_group=1, concept_sizes=[], text_dim=3, names=1)
    tokens = torch.tensor([[[1.0, 0.0, 0.2], [3.0, 2.0, 0.4]]])
    pooled = anchor.pool(tokens, torch.ones(1, 2, dtype=torch.bool), torch.full((1, 2), 0.5))
    torch.testing.assert_close(pooled, torch.tensor([[2.0, 1.0, 3.0, 2.0, 0.3]]))
    assert anchor.classifier_input(pooled).item() == pooled[0, -1]
    assert anchor.features(pooled).shape[1] == anchor.feature_dim == 4 + 3 + 1
