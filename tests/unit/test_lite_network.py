"""The quick forms of EfficientNet-Lite0 against the published one, with drawn weights."""

from __future__ import annotations

import threading
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch

from mmrec_core.encoders import fused
from mmrec_core.encoders.efficientnet import TOGETHER, EfficientNetLite0, chunked, probe_pictures, shrink, stack
from mmrec_core.encoders.fused import NOTHING, fuse, has_fused_convolutions
from mmrec_core.encoders.lite_fused import FusedNetwork
from mmrec_core.encoders.lite_network import FoldedNetwork, blocks_with_tolerance, fold_norms, unfolded_network
from mmrec_core.encoders.precision import LEAST_COSINE, processor_has_bf16
from mmrec_core.encoders.threads import MOST_THREADS, every_core, limited_threads, side_by_side, usable_cores
from mmrec_core.encoders.weights import EFFICIENTNET, missing_weights, verified
from mmrec_core.settings import get_settings

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def published() -> Any:
    import timm

    torch.manual_seed(0)
    model = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval().requires_grad_(False)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(std=0.1)
            module.running_var.uniform_(0.5, 1.5)
            module.bias.normal_(std=0.1)
    return model


@pytest.fixture(scope="module")
def pixels() -> torch.Tensor:
    return stack([shrink(picture) for picture in probe_pictures()])


@pytest.fixture(scope="module")
def expected(published: Any, pixels: torch.Tensor) -> torch.Tensor:
    return published.forward_features((pixels.float() - 127.0) / 128.0)


@pytest.fixture(scope="module", params=["folded", "fused"])
def network(request: pytest.FixtureRequest, published: Any) -> Any:
    model = fold_norms(deepcopy(published))
    if request.param == "folded":
        return FoldedNetwork(model, CPU)
    if not has_fused_convolutions(CPU):
        pytest.skip("torch was built without oneDNN")
    return FusedNetwork(model)


def test_it_is_the_published_function(network: Any, pixels: torch.Tensor, expected: torch.Tensor) -> None:
    maps = network(pixels, "float32")
    torch.testing.assert_close(maps, expected, rtol=1e-3, atol=1e-4 * float(expected.abs().max()))


def test_bf16_only_rounds(network: Any, pixels: torch.Tensor, expected: torch.Tensor) -> None:
    if isinstance(network, FusedNetwork) and not processor_has_bf16():
        pytest.skip("oneDNN has no bf16 kernels for this processor")
    maps = network(pixels, "bfloat16")
    assert maps.dtype == torch.float32 and not torch.equal(maps, expected)
    cosines = torch.cosine_similarity(maps.mean((2, 3)), expected.mean((2, 3)))
    assert float(cosines.min()) > 0.99


def test_a_processor_without_bf16_runs_in_fp32(
    published: Any, pixels: torch.Tensor, expected: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_fused_convolutions(CPU):
        pytest.skip("torch was built without oneDNN")
    prepare = fused.prepare

    def refuse_bf16(*layer: Any, rough: bool = False, **how: Any) -> Any:
        if rough:
            raise RuntimeError("bf16 path needs the cpu support")
        return prepare(*layer, **how)

    monkeypatch.setattr(fused, "prepare", refuse_bf16)
    network = FusedNetwork(fold_norms(deepcopy(published)))
    torch.testing.assert_close(network(pixels, "float32"), expected, rtol=1e-3, atol=1e-4 * float(expected.abs().max()))
    with pytest.raises(RuntimeError, match="bf16"):
        network(pixels, "bfloat16")


def test_a_batch_equals_its_singles(network: Any, pixels: torch.Tensor) -> None:
    together = network(pixels, "float32")
    alone = torch.cat([network(stack([one[None]]), "float32") for one in pixels])
    torch.testing.assert_close(together, alone, rtol=1e-3, atol=1e-4 * float(together.abs().max()))


def test_pictures_that_run_in_parts_first_come_out_as_together(published: Any) -> None:
    if not has_fused_convolutions(CPU):
        pytest.skip("torch was built without oneDNN")
    network = FusedNetwork(fold_norms(deepcopy(published)))
    many = torch.randint(0, 256, (9, 3, 224, 224), dtype=torch.uint8).contiguous(memory_format=torch.channels_last)
    singles = torch.cat([network(one[None].contiguous(memory_format=torch.channels_last), "float32") for one in many])
    torch.testing.assert_close(network(many, "float32"), singles, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("count", "cores", "expected"),
    [
        (0, 2, []),
        (3, 2, [3]),
        (8, 2, [4, 4]),
        (16, 2, [8, 8]),
        (35, 2, [16, 16, 3]),
        (64, 2, [16] * 4),
        (33, 8, [4] * 8 + [1]),
        (23, 1, [16, 4, 3]),
    ],
)
def test_every_core_gets_its_chunk_and_few_sizes_occur(count: int, cores: int, expected: list[int]) -> None:
    chunks = chunked(list(range(count)), TOGETHER, cores)  # type: ignore[arg-type]
    assert [len(chunk) for chunk in chunks] == expected
    assert [picture for chunk in chunks for picture in chunk] == list(range(count))


def test_weights_lie_as_onednn_reads_them(capfd: pytest.CaptureFixture[str]) -> None:
    if not has_fused_convolutions(CPU):
        pytest.skip("torch was built without oneDNN")
    layer = fuse(torch.nn.Conv2d(480, 80, 1).requires_grad_(False), NOTHING)
    x = torch.rand(1, 480, 14, 14).contiguous(memory_format=torch.channels_last)
    layer(x)
    with torch.backends.mkldnn.verbose(torch.backends.mkldnn.VERBOSE_ON):
        layer(x)
    said = capfd.readouterr().out
    assert "convolution" in said and "reorder" not in said


def test_with_exact_biases_only_the_first_block_stays_exact(published: Any) -> None:
    tolerant = [tolerates for _, tolerates in blocks_with_tolerance(published, exact_biases=True)]
    assert tolerant == [False] + [True] * 15


def test_with_rounded_biases_blocks_that_halve_the_picture_stay_exact_early_on(published: Any) -> None:
    tolerant = [tolerates for _, tolerates in blocks_with_tolerance(published, exact_biases=False)]
    assert len(tolerant) == 16 and tolerant[:4] == [False, False, True, False] and all(tolerant[8:])


@pytest.mark.weights
def test_the_precision_that_is_taken_keeps_the_embedding() -> None:
    settings = get_settings()
    if missing_weights(settings):
        pytest.skip("the weights are not on this machine")
    encoder = EfficientNetLite0(settings)
    plain = unfolded_network(next(iter(verified(settings, EFFICIENTNET).values())))
    pictures = probe_pictures()
    ours = torch.from_numpy(np.stack([encoder.pooled(tokens) for tokens in encoder.encode(pictures)]))
    pixels = stack([shrink(picture) for picture in pictures]).float()
    exact = plain.forward_features((pixels - 127.0) / 128.0).mean((2, 3))
    assert float(torch.cosine_similarity(ours, exact).min()) > LEAST_COSINE


def test_work_side_by_side_keeps_its_order_and_the_limit_of_threads() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        answers = side_by_side(lambda part: (part, torch.get_num_threads(), threading.get_ident()), range(50))
    finally:
        torch.set_num_threads(before)
    assert [part for part, _, _ in answers] == list(range(50))
    assert {limit for _, limit, _ in answers} == {1}
    assert len({thread for _, _, thread in answers}) <= usable_cores()


def test_every_core_is_used_for_a_while_only() -> None:
    before = torch.get_num_threads()
    with every_core():
        assert torch.get_num_threads() == usable_cores()
    assert torch.get_num_threads() == before


def test_threads_are_limited_for_a_while_only() -> None:
    with every_core():
        before = torch.get_num_threads()
        with limited_threads():
            assert torch.get_num_threads() == max(1, min(before // 2, MOST_THREADS))
        assert torch.get_num_threads() == before


def test_weights_are_kept_for_few_shapes() -> None:
    if not has_fused_convolutions(CPU):
        pytest.skip("torch was built without oneDNN")
    layer = fuse(torch.nn.Conv2d(8, 16, 1).requires_grad_(False), NOTHING)
    for size in (1, 1, *range(2, 10)):
        layer(torch.randn(size, 8, 5, 5).contiguous(memory_format=torch.channels_last))
    kept = layer._ordered.cache_info()
    assert (kept.hits, kept.currsize) == (1, fused.SHAPES_KEPT)
