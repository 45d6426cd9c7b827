"""Tuning the last stages of the picture encoder: what is learned, what is kept, and how it is stored."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import timm
import torch
from torch import nn
from torch.nn import functional as F

from mmrec_core.encoders.lite_network import FoldedNetwork, fold_norms
from mmrec_core.encoders.lite_tuning import LEVELS, STEP, WEIGHTS, Tuning, first_stages, last_stages
from mmrec_core.errors import BundleError, OptionError
from mmrec_core.features.projection import Projection
from mmrec_core.settings import Settings
from mmrec_core.training import picture_student, pictures
from mmrec_core.training.picture_student import Examples, Heads, Student, classifier_names
from mmrec_core.training.pictures import StagesTraining, tune_published
from mmrec_core.training.recipe import Recipe
from mmrec_core.types import Modality, Progress
from tests.tiny import DIMS, tiny_fusion

THEMES, COUNT, CHANNELS, WIDE, CLASSES = 4, 64, 6, 20, 5


@pytest.fixture(scope="module")
def network() -> Any:
    torch.manual_seed(0)
    return fold_norms(timm.create_model("tf_efficientnet_lite0", pretrained=False).eval())


def test_the_two_parts_are_the_whole_network(network: Any) -> None:
    pixels = torch.randint(0, 256, (2, 3, 224, 224), dtype=torch.uint8)
    whole = FoldedNetwork(network, torch.device("cpu"))(pixels, "float32")
    with torch.inference_mode():
        parts = last_stages(network)(first_stages(network, pixels))
    torch.testing.assert_close(parts, whole)


def test_a_difference_comes_back_to_half_a_step(network: Any, tmp_path: Any) -> None:
    tuned = deepcopy(network)
    for tensor in last_stages(tuned).state_dict().values():
        tensor += 0.01 * torch.rand_like(tensor)
    before, after = last_stages(network).state_dict(), last_stages(tuned).state_dict()
    Tuning.between(before, after).save(tmp_path)
    found = deepcopy(network)
    Tuning.load(tmp_path).add_to(found)
    for name, tensor in last_stages(found).state_dict().items():
        torch.testing.assert_close(tensor, after[name], atol=0.01 / LEVELS * 0.51, rtol=0)
    untouched = zip(found.blocks[:5].parameters(), network.blocks[:5].parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in untouched)


def test_what_did_not_change_stays_as_it_is(network: Any) -> None:
    state, same = last_stages(network).state_dict(), deepcopy(network)
    Tuning.between(state, state).add_to(same)
    assert all(torch.equal(a, b) for a, b in zip(same.parameters(), network.parameters(), strict=True))


def test_its_version_changes_with_a_number() -> None:
    one, other = (Tuning({"a": np.array([value], np.int8)}) for value in (1, 2))
    assert one.version != other.version
    assert one.version == Tuning({"a": np.array([1], np.int8)}).version


def test_a_tuning_of_another_network_is_refused(network: Any) -> None:
    with pytest.raises(BundleError, match=r"changes other\.weight"):
        Tuning({"other.weight": np.zeros(3, np.int8), f"other.weight{STEP}": np.ones(3, np.float16)}).add_to(
            deepcopy(network)
        )


def test_a_missing_one_says_how_to_tune(tmp_path: Any) -> None:
    with pytest.raises(BundleError, match="train pictures"):
        Tuning.load(tmp_path)


def test_a_damaged_one_is_told(tmp_path: Any) -> None:
    (tmp_path / WEIGHTS).write_bytes(b"no tensors")
    with pytest.raises(BundleError, match="damaged"):
        Tuning.load(tmp_path)


def test_other_presets_are_refused() -> None:
    with pytest.raises(OptionError, match="hub"):
        tune_published(Settings(preset="hub"), Recipe(), lambda _: None)


def test_stages_learn_where_words_stand_and_keep_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    _quick(monkeypatch)
    student, heads, examples = _world()
    named = classifier_names(student, examples, COUNT)[0].float()
    maps = examples.pictures(range(COUNT), [0] * COUNT)
    first = _agreement(student, examples, maps)
    fixed = {name: tensor.clone() for name, tensor in student.fusion.state_dict().items()}
    StagesTraining(student, heads, examples, 30, 0).run(lambda _: None)
    assert _agreement(student, examples, maps) > first + 0.1
    divergence = F.kl_div(student(maps)[1], named, reduction="batchmean", log_target=True)
    assert divergence < 0.1
    assert all(torch.equal(tensor, fixed[name]) for name, tensor in student.fusion.state_dict().items())


def test_an_interrupted_tuning_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    _quick(monkeypatch)
    whole, halted, other = _world(), _world(), _world()
    StagesTraining(*whole, epochs=4, seed=0).run(lambda _: None)

    def stop(progress: Progress) -> None:
        if progress.note.startswith("epoch 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        StagesTraining(*halted, 4, 0, tmp_path / "checkpoint").run(stop)
    notes: list[str] = []
    StagesTraining(*other, 4, 0, tmp_path / "checkpoint").run(lambda p: notes.append(p.note))
    assert [note.split(":")[0] for note in notes if note] == ["epoch 3", "epoch 4"]
    for a, b in zip(whole[0].stages.parameters(), other[0].stages.parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_checkpoint_of_another_run_is_not_gone_on_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    _quick(monkeypatch)
    StagesTraining(*_world(), 1, 0, tmp_path / "checkpoint").run(lambda _: None)
    notes: list[str] = []
    StagesTraining(*_world(), 1, 1, tmp_path / "checkpoint").run(lambda p: notes.append(p.note))
    assert [note.split(":")[0] for note in notes if note] == ["epoch 1"]


def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "BATCH", 32)
    for name in ("STAGES_RATE", "ANCHOR_RATE"):
        monkeypatch.setattr(picture_student, name, 1e-2)


def _world() -> tuple[Student, Heads, Examples]:
    """Pictures that show a theme, and words that name it."""
    torch.manual_seed(0)
    rng, themes = np.random.default_rng(0), torch.arange(COUNT) % THEMES
    looks = rng.normal(size=(THEMES, CHANNELS))
    noise = rng.normal(size=(pictures.VIEWS, COUNT, 2, 2, CHANNELS))
    maps = [(looks[themes][:, None, None] + 0.3 * view).astype(np.float16) for view in noise]
    fusion = tiny_fusion()
    words = F.normalize(torch.randn(THEMES, fusion.dim), dim=-1)
    width = DIMS[Modality.IMAGE]
    projection = Projection(np.zeros(WIDE, np.float32), np.eye(width, WIDE, dtype=np.float32), 1.0)
    stages = nn.Sequential(nn.Conv2d(CHANNELS, WIDE, 1))
    student = Student(stages, fusion, projection, nn.Linear(WIDE, CLASSES).requires_grad_(False))
    twins = torch.full((COUNT, 3), -1)
    twins[:, 0] = themes
    examples = Examples([maps], words[themes][None], themes, twins, torch.arange(COUNT))
    return student, Heads(examples, THEMES), examples


@torch.no_grad()
def _agreement(student: Student, examples: Examples, maps: torch.Tensor) -> float:
    """Mean cosine of pictures and their words, less that of pictures and all words."""
    embeddings, texts = student(maps)[0], examples.texts[0]
    return float((embeddings * texts).sum(dim=1).mean() - (embeddings @ texts.T).mean())
