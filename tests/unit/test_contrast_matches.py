"""Contrasts are differences of attributions; matches find what was planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmrec_core.errors import QueryError
from mmrec_core.explain.base import Pair
from mmrec_core.explain.blank import is_blank, without_blank
from mmrec_core.explain.contrast import ContrastScorer, contrast, shares
from mmrec_core.explain.matches import A_PART, effects, find_matches, part_vectors
from mmrec_core.explain.parts import parts_of
from mmrec_core.explain.query_mask import placed_parts
from mmrec_core.explain.scorer import TokenScorer
from mmrec_core.explain.shapley import coalitions, shapley_values
from mmrec_core.fusion.base import TokenBatch
from mmrec_core.recommend.encode import Encoded
from mmrec_core.types import Modality, TextGrid, Tokens
from tests.tiny import DIMS, tiny_fusion
from tests.unit.test_counterfactual import ENCODER, ENGINE, QUERY, best_of, case_of


@pytest.fixture(scope="module")
def case():
    return case_of(best_of()[0].item.id)


def rival(place=3):
    item = best_of()[place].item
    return item, ENGINE.catalogue.rows[item.id]


def test_shares_of_the_difference_are_the_difference_of_the_shares(case):
    item, row = rival()
    first, second, difference = shares(case, row)
    np.testing.assert_allclose(difference.values, first.values - second.values, atol=1e-12)
    assert difference.baseline == pytest.approx(first.baseline - second.baseline)
    ranked = {r.item.id: r.attribution for r in best_of()}
    np.testing.assert_allclose(first.values, ranked[case.item.id].values, atol=1e-6)
    np.testing.assert_allclose(second.values, ranked[item.id].values, atol=1e-6)


def test_a_contrast_names_both_and_sums_to_the_gap(case):
    item, _ = rival()
    found = contrast(case, item.id)
    assert (found.above.item, found.below.item) == (case.item, item)
    gap = found.above.score - found.below.score
    assert found.attribution.target == pytest.approx(gap, abs=1e-6)
    assert abs(found.attribution.residual) < 1e-9
    assert case.item.title in found.sentence and item.title in found.sentence


def test_token_shares_sum_to_what_the_medium_adds_to_the_difference(case):
    item, row = rival()
    found = contrast(case, item.id)
    for modality, shown in found.maps.items():
        scorer = ContrastScorer(case, row, modality)
        ends = scorer(np.array([[True], [False]]).repeat(len(scorer.parts), axis=1))
        assert shown.weights.sum() == pytest.approx(ends[0] - ends[1], abs=1e-6)


def test_shares_of_parts_are_the_difference_of_those_of_both_items(case):
    item, row = rival()
    found = contrast(case, item.id).shares[Modality.IMAGE]
    n = len(found.players)
    other = Pair(case.pair.fusion, case.pair.query, ENCODER.encode_item(ENGINE.catalogue.items[row].id))
    ours, theirs = (
        shapley_values(TokenScorer(pair, "query", Modality.IMAGE)(coalitions(n)), n) for pair in (case.pair, other)
    )
    np.testing.assert_allclose(found.values, ours - theirs, atol=1e-6)


def test_reversing_modalities_are_those_whose_absence_turns_the_order(case):
    for place in range(1, 6):
        item, row = rival(place)
        found = contrast(case, item.id, evaluations=0)
        for modality in case.pair.query.players:
            rest = {m: t for m, t in case.pair.query.tokens.items() if m != modality}
            from mmrec_core.recommend.timing import Stopwatch

            vector = ENGINE.embed(ENCODER.encode_tokens(rest, Stopwatch()))
            lead = case.standing.lead_over(vector[None], row)[0]
            assert (modality in found.reversing) == (lead < 0)


def test_an_item_is_not_compared_with_itself(case):
    with pytest.raises(QueryError, match="two different"):
        contrast(case, case.item.id)


def text_side(fusion, values, spans):
    tokens = {Modality.TEXT: Tokens(values.astype(np.float32), np.ones(len(values), bool), TextGrid(spans))}
    import torch

    batch = {
        Modality.TEXT: TokenBatch(
            torch.from_numpy(tokens[Modality.TEXT].values)[None], torch.ones(1, len(values), dtype=torch.bool)
        )
    }
    return Encoded(tokens, batch, fusion.summarise(batch))


def test_a_planted_word_finds_its_twin():
    fusion, rng = tiny_fusion(), np.random.default_rng(0)
    ours, theirs = (rng.normal(size=(3, DIMS[Modality.TEXT])) for _ in range(2))
    theirs[2] = ours[0]
    spans = ((0, 3), (4, 7), (8, 11))
    pair = Pair(fusion, text_side(fusion, ours, spans), text_side(fusion, theirs, spans))
    found = find_matches(pair, "one two six", "abc def ghi")
    matrix = found.matrices[(Modality.TEXT, Modality.TEXT)]
    assert matrix.shape == (3, 3)
    assert np.unravel_index(matrix.argmax(), matrix.shape) == (0, 2)
    assert matrix[0, 2] == pytest.approx(1.0, abs=1e-5)
    ours, theirs = found.query_parts[Modality.TEXT], found.item_parts[Modality.TEXT]
    assert (ours, theirs) == (("one", "two", "six"), ("abc", "def", "ghi"))
    for best in found.best:
        assert best.similarity == matrix[ours.index(best.query_label), theirs.index(best.item_label)]
        assert best.query_extent == spans[ours.index(best.query_label)]


def test_parts_that_bring_nothing_are_no_best_matches(case):
    parts = placed_parts(Modality.IMAGE, case.pair.query.tokens[Modality.IMAGE])
    found = effects(case.pair, "query", Modality.IMAGE, parts)
    scorer = TokenScorer(case.pair, "query", Modality.IMAGE)
    whole = scorer(np.ones((1, 3), bool))[0]
    for n in range(3):
        keep = np.arange(3)[None] != n
        assert (found[n] > 0) == (scorer(keep)[0] < whole)
    assert found.max() == pytest.approx(1.0)
    idle = {part.label for part, effect in zip(parts, found, strict=True) if effect == 0}
    best = find_matches(case.pair, QUERY.text).best
    assert not idle & {m.query_label for m in best if m.query_modality is Modality.IMAGE}


@pytest.mark.parametrize("modality", list(DIMS))
def test_a_part_alone_is_the_anchor_of_a_medium_that_holds_nothing_else(modality):
    """The anchor of a one-token medium, as the fusion computes it, has the direction of the part's vector."""
    import torch

    fusion = tiny_fusion()
    group = fusion.anchor(modality).peak_group or 1
    token = torch.randn(1, 1, DIMS[modality], generator=torch.Generator().manual_seed(1)).repeat(1, group, 1)
    batch = {modality: TokenBatch(token, torch.ones(1, group, dtype=torch.bool))}
    with torch.inference_mode():
        anchor = fusion.summarise(batch).parts[modality]["anchor"][0].double().numpy()
    vector = part_vectors(fusion, modality, token[:, 0].numpy())[0]
    np.testing.assert_allclose(vector, anchor / np.linalg.norm(anchor), atol=1e-5)


def test_no_part_takes_all_links_and_every_similarity_is_a_cosine(case):
    found = find_matches(case.pair, QUERY.text)
    for matrix in found.matrices.values():
        assert np.abs(matrix).max() <= 1 + 1e-9
    ours = [(m.query_modality, m.query_label) for m in found.best]
    assert max(ours.count(o) for o in ours) <= A_PART
    assert set(found.query_parts) == set(case.pair.query.players)
    assert "transformer" in found.note


def test_the_best_are_listed_by_similarity(case):
    similarities = [match.similarity for match in find_matches(case.pair, QUERY.text).best]
    assert similarities == sorted(similarities, reverse=True) and len(similarities) > 1


def test_patches_of_one_colour_answer_to_nothing(case):
    parts = placed_parts(Modality.IMAGE, case.pair.query.tokens[Modality.IMAGE])
    picture = np.full((60, 90, 3), 255, np.uint8)
    left, top, right, _ = parts[0].extent
    picture[int(top * 60) + 1, int(left * 90) : int(right * 90)] = 0
    found = find_matches(case.pair, QUERY.text, pictures={"query": picture})
    assert found.query_parts[Modality.IMAGE] == (parts[0].label,)
    assert {len(m) for (q, _), m in found.matrices.items() if q is Modality.IMAGE} == {1}
    assert {m.query_label for m in found.best if m.query_modality is Modality.IMAGE} <= {parts[0].label}


def test_a_picture_of_one_colour_keeps_its_patches(case):
    parts = placed_parts(Modality.IMAGE, case.pair.query.tokens[Modality.IMAGE])
    red = np.full((60, 90, 3), (200, 0, 0), np.uint8)
    assert without_blank(parts, red) == without_blank(parts, None) == parts


def test_blank_is_even_up_to_the_noise_of_compression():
    noisy = np.random.default_rng(0).integers(248, 256, (64, 64, 3)).astype(np.uint8)
    assert is_blank(noisy, (0.0, 0.0, 0.5, 0.5))
    noisy[5, 5:25] = 0
    assert not is_blank(noisy, (0.0, 0.0, 0.5, 0.5)) and is_blank(noisy, (0.5, 0.5, 1.0, 1.0))
    assert is_blank(noisy, (1.0, 0.0, 1.2, 0.5))


def test_parts_of_contrast_are_those_of_the_scorer(case):
    _, row = rival()
    assert len(ContrastScorer(case, row, Modality.TEXT).parts) == len(
        parts_of(case.pair.query.tokens[Modality.TEXT], None)
    )


def test_words_of_a_script_without_spaces_are_contrasted_one_by_one(case):
    """Pieces that touch are one word elsewhere; here each is one, in the shares, in the map and in its test."""
    tokens = case.pair.query.tokens[Modality.TEXT]
    pieces = int(tokens.mask.sum())
    spans = tuple((n, n + 1) if real else (0, 0) for n, real in enumerate(tokens.mask))
    touching = replace(tokens, grid=TextGrid(spans))
    query = replace(case.pair.query, tokens={**case.pair.query.tokens, Modality.TEXT: touching})
    text = "红" * len(tokens.mask)
    written = replace(case, pair=replace(case.pair, query=query), query=replace(case.query, text=text))
    assert pieces > 1 and len(parts_of(touching, None)) == 1
    found = contrast(written, rival()[0].id)
    assert len(found.shares[Modality.TEXT].values) == found.trusts[Modality.TEXT].parts == pieces
    assert found.maps[Modality.TEXT].weights.sum() == pytest.approx(found.shares[Modality.TEXT].values.sum())
