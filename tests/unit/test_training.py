"""Training on a tiny world: it learns, it repeats itself, it goes on where it stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from mmrec_core.training.linear import LinearData, train_anchors
from mmrec_core.training.lines import category_lines, retrieval_lines
from mmrec_core.training.loop import Trainer, random_states, set_random_states
from mmrec_core.training.mixup import mix_summaries
from mmrec_core.training.objectives import distillation, info_nce
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.training.split import split_items
from mmrec_core.training.subsets import disjoint_subsets, random_subset
from tests.tiny import random_fusion, tiny_data, tiny_fusion, tiny_items, tiny_recipe


class StoppedError(Exception):
    """Stands for a user who stops the run."""


def test_training_improves_validation() -> None:
    trainer = Trainer(tiny_fusion(), tiny_data(160), tiny_recipe(epochs=4, learning_rate=5e-3), "cpu", None)
    state = trainer.run(lambda _: None)
    assert state.best_score > state.history[0].score + 0.05


def test_two_runs_with_one_seed_are_equal() -> None:
    weights = []
    for _ in range(2):
        fusion = tiny_fusion()
        Trainer(fusion, tiny_data(), tiny_recipe(), "cpu", None).run(lambda _: None)
        weights.append(fusion.correction.weight.clone())
    torch.testing.assert_close(*weights)


def test_an_interrupted_run_resumes_to_the_same_end(tmp_path) -> None:
    whole = tiny_fusion()
    Trainer(whole, tiny_data(), tiny_recipe(epochs=3), "cpu", None).run(lambda _: None)

    def stop_in_the_second_epoch(progress) -> None:
        if progress.step.startswith("Epoch 2"):
            raise StoppedError

    checkpoint = tmp_path / "run.checkpoint"
    with pytest.raises(StoppedError):
        Trainer(tiny_fusion(), tiny_data(), tiny_recipe(epochs=3), "cpu", checkpoint).run(stop_in_the_second_epoch)
    resumed = tiny_fusion(seed=5)
    state = Trainer(resumed, tiny_data(), tiny_recipe(epochs=3), "cpu", checkpoint).run(lambda _: None)
    assert [e.number for e in state.history] == [0, 1, 2, 3]
    torch.testing.assert_close(resumed.correction.weight, whole.correction.weight)


@pytest.mark.parametrize(("patience", "stops"), [(1, 4), (2, 5), (8, 6)])
def test_patience_is_counted_from_the_first_epoch_that_may_be_chosen(patience, stops) -> None:
    """Less patience than least epochs would otherwise end before any is chosen, and all that was learned be thrown away."""
    recipe = tiny_recipe(epochs=6, least_epochs=3, patience=patience, learning_rate=5e-3)
    fusion = tiny_fusion()
    before = {name: weight.clone() for name, weight in fusion.state_dict().items()}
    trainer = Trainer(fusion, tiny_data(90), recipe, "cpu", None)
    trainer._validate = lambda: ({}, 0.5)  # it never gets better
    state = trainer.run(lambda _: None)
    assert state.best_epoch == 3 and state.epoch == stops
    assert any(not torch.equal(weight, before[name]) for name, weight in fusion.state_dict().items())


def test_where_random_numbers_stand_is_kept_for_every_gpu(monkeypatch) -> None:
    there, restored = [torch.tensor([1], dtype=torch.uint8), torch.tensor([2], dtype=torch.uint8)], []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_rng_state_all", lambda: there)
    monkeypatch.setattr(torch.cuda, "set_rng_state_all", restored.extend)
    state = random_states()
    drawn = torch.rand(3)
    for gpus in (2, 1):
        monkeypatch.setattr(torch.cuda, "device_count", lambda gpus=gpus: gpus)
        set_random_states(state)
        assert restored == there[:gpus]
        restored.clear()
        assert torch.equal(torch.rand(3), drawn)


@pytest.mark.parametrize("name", ["feature_level", "decision_level"])
def test_every_fusion_learns_and_goes_on_where_it_stopped(name, tmp_path) -> None:
    recipe = tiny_recipe(epochs=3, learning_rate=5e-3, anchor_rate=5e-3, fusion=name)
    whole = random_fusion(name).requires_grad_()
    state = Trainer(whole, tiny_data(160), recipe, "cpu", None).run(lambda _: None)
    assert state.best_score > state.history[0].score

    def stop_in_the_second_epoch(progress) -> None:
        if progress.step.startswith("Epoch 2"):
            raise StoppedError

    checkpoint = tmp_path / "run.checkpoint"
    with pytest.raises(StoppedError):
        started = random_fusion(name).requires_grad_()
        Trainer(started, tiny_data(160), recipe, "cpu", checkpoint).run(stop_in_the_second_epoch)
    resumed = random_fusion(name, seed=5).requires_grad_()
    Trainer(resumed, tiny_data(160), recipe, "cpu", checkpoint).run(lambda _: None)
    torch.testing.assert_close(resumed.state_dict(), whole.state_dict())


def test_subsets_are_disjoint_and_never_empty() -> None:
    generator = torch.Generator().manual_seed(0)
    presence = torch.tensor([[True, True, True], [True, True, False], [False, True, False]]).repeat(50, 1)
    first, second = disjoint_subsets(presence, generator)
    assert first.any(dim=1).all() and second.any(dim=1).all()
    several = presence.sum(dim=1) > 1
    assert not (first & second)[several].any()
    assert ((first | second) == presence).all()
    assert random_subset(presence, 0.1, generator).any(dim=1).all()


def test_alignment_leaves_twins_out() -> None:
    a = torch.nn.functional.normalize(torch.tensor([[1.0, 0.1], [1.0, 0.1], [0.0, 1.0]]), dim=1)
    same = torch.tensor([[True, True, False], [True, True, False], [False, False, True]])
    scale = torch.tensor(10.0)
    assert info_nce(a, a, scale, same) < 0.05 < info_nce(a, a, scale, torch.eye(3, dtype=torch.bool))


def test_distillation_is_zero_for_a_perfect_student_and_skips_unknown_rows() -> None:
    teacher = torch.tensor([[0.0, 1.0, 2.0], [float("nan")] * 3])
    assert distillation(teacher.nan_to_num() * 1.5, teacher, 1.5).abs() < 1e-6
    assert distillation(torch.zeros(2, 3), teacher, 1.5) > 0.1


def test_titles_never_lie_on_two_sides_of_a_split() -> None:
    items = tiny_items(400)
    split = split_items(items + items)
    parts = [{(items + items)[row].title for row in part} for part in (split.train, split.validation, split.test)]
    assert not parts[0] & parts[1] and not parts[0] & parts[2] and not parts[1] & parts[2]
    assert 0.10 < len(split.test) / 800 < 0.20


def test_a_sound_that_another_part_holds_is_not_asked_with() -> None:
    data = tiny_data(120)
    split, twins = data.split, data.twins.clone()
    sounding = [part[data.presence[part, 2].numpy()] for part in (split.train, split.validation, split.test)]
    twins[sounding[0][0], 2] = twins[sounding[2][0], 2]  # seen in training, asked at the end
    twins[sounding[2][1], 2] = twins[sounding[2][2], 2]  # both held out
    shared = replace(data, twins=twins)
    assert not shared.asks[[sounding[0][0], sounding[2][0]], 2].any()
    changed = (shared.asks != data.presence.numpy()).any(axis=1).nonzero()[0]
    assert sorted(changed.tolist()) == sorted([sounding[0][0], sounding[2][0]])
    lines = {line.name: line.queries for line in retrieval_lines(_perfect, split.test, shared.asks)}
    assert sounding[2][0] not in lines["audio->item R@1"] and sounding[2][1] in lines["audio->item R@1"]
    assert sounding[2][0] in lines["image->text R@1"]


def test_a_checkpoint_of_other_data_is_not_gone_on_with(tmp_path) -> None:
    recipe, checkpoint = tiny_recipe(epochs=1), tmp_path / "run.checkpoint"
    Trainer(tiny_fusion(), tiny_data(80), recipe, "cpu", checkpoint).run(lambda _: None)
    other = tiny_data(80, seed=1)
    found = Trainer(tiny_fusion(), other, recipe, "cpu", checkpoint)
    found._resume()  # the state of a finished run would hold its history
    assert found.state.history == []
    assert other.key != tiny_data(80).key == tiny_data(80).key


def _perfect(queries, asked, items, held):
    return (queries[:, None] == items[None, :]).astype("float32")


def test_lines_of_a_perfect_and_of_a_blind_scorer() -> None:
    data = tiny_data()
    presence = data.presence.numpy()

    def perfect(queries, asked, items, held):
        return (queries[:, None] == items[None, :]).astype("float32")

    def blind(queries, asked, items, held):
        return (queries[:, None] * 0.0 + items[None, :] * 0.0).astype("float32")

    assert all(line.values.mean() == 1 for line in retrieval_lines(perfect, data.split.test, presence))
    assert all(line.values.mean() == 0 for line in retrieval_lines(blind, data.split.train, presence))
    scorer = FusionScorer(tiny_fusion(), data, "cpu")
    lines = category_lines(scorer, data.split.test, data.split.train, presence, data.categories.numpy())
    assert {line.name for line in lines} >= {"image category P@10", "text accuracy"}


def test_mixing_with_a_share_of_one_changes_nothing_but_presence() -> None:
    data = tiny_data()
    summaries = tiny_fusion().summarise(data.batch(torch.arange(6), "cpu"))
    partner = torch.tensor([1, 0, 3, 2, 5, 4])
    mixture = mix_summaries(summaries, partner, torch.ones(6))
    torch.testing.assert_close(mixture.parts["text"]["anchor"], summaries.parts["text"]["anchor"])
    assert (mixture.presence == (summaries.presence & summaries.presence[partner])).all()
    half = mix_summaries(summaries, partner, torch.full((6,), 0.5))
    torch.testing.assert_close(half.parts["image"]["slot"][0], half.parts["image"]["slot"][1])


def test_the_linear_stage_aligns_the_anchors() -> None:
    data, fusion = tiny_data(160), tiny_fusion()
    rows = torch.from_numpy(data.split.train)
    tokens = data.batch(rows, "cpu")
    features = {}
    for modality, batch in tokens.items():
        even = batch.mask / batch.mask.sum(dim=1, keepdim=True).clamp(min=1)
        anchor = fusion.anchor(modality)
        features[modality] = anchor.features(anchor.pool(batch.values, batch.mask, even)).detach()[None]
    linear = LinearData(features, data.presence[rows], data.categories[rows], data.twins[rows])

    @torch.no_grad()
    def gap() -> float:
        """Cosine of an item's picture to its text, over the mean of all pairs."""
        one, other = (
            torch.nn.functional.normalize(fusion.anchor(m).linear(features[m][0]), dim=1) for m in ("image", "text")
        )
        scores = one @ other.T
        return float(scores.diag().mean() - scores.mean())

    before = gap()
    train_anchors(fusion, linear, tiny_recipe(linear_epochs=10, linear_rate=1e-2, linear_batch=64, kept=1.0))
    assert gap() > before + 0.1
