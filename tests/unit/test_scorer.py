"""The token scorer: against plain ``summarise``, at its ends (all kept, none kept), and the parts it deals tokens out to."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmrec_core.explain.base import Pair
from mmrec_core.explain.parts import membership, spread
from mmrec_core.explain.scorer import SIDES, Part, TokenScorer, parts_of
from mmrec_core.fusion.base import TokenBatch
from mmrec_core.fusion.masked import masked_parts
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.score import score
from mmrec_core.types import FUSED, AudioGrid, ImageGrid, Modality, TextGrid, Tokens
from tests.fake_model import FakeFusion, random_tokens
from tests.tiny import DIMS, LENGTHS, tiny_fusion

GRIDS = {
    Modality.IMAGE: ImageGrid(2, 2),
    Modality.TEXT: TextGrid(((0, 0), (0, 3), (3, 5), (6, 9), (0, 0))),
    Modality.AUDIO: AudioGrid((0.0, 0.5, 1.0, 1.5), (0.0, 1000.0, 2000.0)),
}


def encoded(fusion, seed: int, padding: bool = False) -> Encoded:
    """All three modalities, with random tokens of the tiny world's shapes; with ``padding`` the last image token is not real."""
    rng = np.random.default_rng(seed)
    tokens = {}
    for m in FUSED:
        mask = np.ones(LENGTHS[m], bool)
        mask[-1] = not (padding and m is Modality.IMAGE)
        tokens[m] = Tokens(rng.normal(size=(LENGTHS[m], DIMS[m])).astype(np.float32), mask, GRIDS[m])
    batch = {m: TokenBatch(torch.from_numpy(t.values)[None], torch.from_numpy(t.mask)[None]) for m, t in tokens.items()}
    with torch.no_grad():
        return Encoded(tokens, batch, fusion.summarise(batch))


@pytest.fixture(scope="module")
def pair():
    fusion = tiny_fusion()
    return Pair(fusion, encoded(fusion, 1, padding=True), encoded(fusion, 2))


def scored(pair: Pair, query: Encoded, item: Encoded) -> float:
    with torch.no_grad():
        return float(score(pair.fusion.fuse(query.summaries)[0], pair.fusion.fuse(item.summaries)[0]))


def random_keep(scorer: TokenScorer, rows: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((rows, len(scorer.parts))) < 0.5


def by_plain_summarise(pair: Pair, side: str, modality: Modality, kept: np.ndarray) -> float:
    """The definition: the same tokens with a smaller mask, through ``summarise`` and ``fuse``."""
    own = getattr(pair, side)
    batch = dict(own.batch)
    batch[modality] = TokenBatch(batch[modality].values, torch.from_numpy(kept)[None])
    with torch.no_grad():
        again = Encoded(own.tokens, batch, pair.fusion.summarise(batch))
    return scored(pair, again, pair.item) if side == "query" else scored(pair, pair.query, again)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("modality", FUSED)
def test_equals_plain_summarise_mask_by_mask(pair, side, modality):
    scorer = TokenScorer(pair, side, modality)
    keep = random_keep(scorer, 12)
    found = scorer(keep)
    expected = [by_plain_summarise(pair, side, modality, kept) for kept in scorer.kept_tokens(keep)]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert np.ptp(found) > 1e-3, "masking changes nothing, so the comparison says nothing"


@pytest.mark.parametrize("modality", FUSED)
def test_quick_parts_equal_summarise(pair, modality):
    tokens = pair.query.batch[modality]
    keep = torch.rand(9, tokens.mask.shape[1], generator=torch.Generator().manual_seed(0)) < 0.6
    keep[:, 0] = True
    with torch.no_grad():
        quick = masked_parts(pair.fusion, modality, tokens, keep)
        plain = pair.fusion.summarise({modality: TokenBatch(tokens.values.expand(9, -1, -1), keep & tokens.mask)})
    for name, part in quick.items():
        np.testing.assert_allclose(part.numpy(), plain.parts[modality][name].numpy(), atol=1e-5)


@pytest.mark.parametrize("modality", FUSED)
def test_everything_kept_is_the_score_and_nothing_kept_is_without_the_modality(pair, modality):
    scorer = TokenScorer(pair, "query", modality)
    ends = scorer(np.array([[True], [False]]).repeat(len(scorer.parts), axis=1))
    assert ends[0] == pytest.approx(scored(pair, pair.query, pair.item), abs=1e-5)
    rest = {m: b for m, b in pair.query.batch.items() if m is not modality}
    with torch.no_grad():
        without = Encoded(pair.query.tokens, rest, pair.fusion.summarise(rest))
    assert ends[1] == pytest.approx(scored(pair, without, pair.item), abs=1e-5)


def test_any_fusion_is_scored_by_the_plain_path():
    fusion = FakeFusion()
    tokens = {m: random_tokens("x", modality=m) for m in (Modality.IMAGE, Modality.TEXT)}
    batch = {m: TokenBatch(torch.from_numpy(t.values)[None], torch.from_numpy(t.mask)[None]) for m, t in tokens.items()}
    side = Encoded(tokens, batch, fusion.summarise(batch))
    pair = Pair(fusion, side, side)
    scorer = TokenScorer(pair, "item", Modality.IMAGE)
    keep = random_keep(scorer, 6)
    expected = [by_plain_summarise(pair, "item", Modality.IMAGE, kept) for kept in scorer.kept_tokens(keep)]
    np.testing.assert_allclose(scorer(keep), expected, atol=1e-5)


def test_batches_do_not_change_the_scores(pair, monkeypatch):
    scorer = TokenScorer(pair, "query", Modality.AUDIO)
    keep = random_keep(scorer, 11)
    whole = scorer(keep)
    monkeypatch.setattr("mmrec_core.explain.scorer.ROWS", 4)
    np.testing.assert_allclose(scorer(keep), whole, atol=1e-6)
    assert scorer.evaluations == 22
    assert scorer(np.zeros((0, len(scorer.parts)), bool)).shape == (0,)


def test_a_profile_enters_the_score_as_in_the_ranking(pair):
    profile = np.eye(pair.fusion.dim, dtype=np.float32)[0]
    blended = TokenScorer(
        Pair(pair.fusion, pair.query, pair.item, History(("words",), profile[None], 0.25)), "query", Modality.IMAGE
    )
    plain = TokenScorer(pair, "query", Modality.IMAGE)
    keep = random_keep(plain, 5)
    with torch.no_grad():
        liked = 0.25 * float(pair.fusion.fuse(pair.item.summaries)[0, 0])
    np.testing.assert_allclose(blended(keep), 0.75 * plain(keep) + liked, atol=1e-6)


def test_refuses_what_is_not_there(pair):
    only_text = Encoded({Modality.TEXT: pair.query.tokens[Modality.TEXT]}, pair.query.batch, pair.query.summaries)
    with pytest.raises(ValueError, match="The query has no image; it has text"):
        TokenScorer(Pair(pair.fusion, only_text, pair.item), "query", Modality.IMAGE)
    with pytest.raises(ValueError, match="it takes one of query, item"):
        TokenScorer(pair, "answer", Modality.IMAGE)
    with pytest.raises(ValueError, match="2 parts was given; there are 3"):
        TokenScorer(pair, "query", Modality.IMAGE)(np.ones((1, 2), bool))


def test_own_parts_are_used_and_special_tokens_stay_while_any_part_does(pair):
    words = TokenScorer(pair, "query", Modality.TEXT)
    assert [part.tokens for part in words.parts] == [(1, 2), (3,)]
    kept = words.kept_tokens(np.array([[True, False], [False, False]]))
    assert kept[0].tolist() == [True, True, True, False, True]
    assert not kept[1].any()
    one = TokenScorer(pair, "query", Modality.IMAGE, [Part("top", (0, 1))])
    assert one.kept_tokens(np.array([[True]])).tolist() == [[True, True, True, False]]


def test_parts_of_a_picture_leave_padding_out():
    tokens = Tokens(np.zeros((4, 3), np.float32), np.array([1, 1, 1, 0], bool), ImageGrid(2, 2))
    assert parts_of(tokens, None) == tuple(
        Part(label, (n,)) for n, label in enumerate(["row 1, column 1", "row 1, column 2", "row 2, column 1"])
    )


def test_words_are_pieces_that_touch():
    spans = ((0, 0), (0, 4), (4, 7), (8, 9), (10, 14), (0, 0))
    tokens = Tokens(np.zeros((6, 3), np.float32), np.ones(6, bool), TextGrid(spans))
    assert parts_of(tokens, "singing a song") == (Part("singing", (1, 2)), Part("a", (3,)), Part("song", (4,)))
    assert [part.label for part in parts_of(tokens, None)] == ["word 1", "word 2", "word 3"]


def test_a_script_without_spaces_is_cut_into_pieces():
    spans = tuple((n, n + 1) for n in range(90))
    tokens = Tokens(np.zeros((90, 3), np.float32), np.ones(90, bool), TextGrid(spans))
    assert len(parts_of(tokens, None)) == 3


def test_a_long_sound_has_at_most_sixty_parts_that_cover_it_once():
    grid = AudioGrid(tuple(np.arange(28) * 0.5), tuple(np.arange(13) * 100.0))
    tokens = Tokens(np.zeros((324, 3), np.float32), np.ones(324, bool), grid)
    parts = parts_of(tokens, None)
    assert 40 <= len(parts) <= 60
    assert membership(parts, 324).sum(axis=0).tolist() == [1] * 324
    assert parts[0].label == "0.0-1.0 s, 0-300 Hz"


def test_values_of_parts_are_kept_when_spread_over_tokens():
    found = spread([Part("a", (0, 2)), Part("b", (3,))], np.array([1.0, -0.5]), 5)
    assert found.tolist() == [0.5, 0.0, 0.5, -0.5, 0.0]
