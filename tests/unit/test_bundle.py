"""A bundle comes back as it was saved, and a damaged one is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from mmrec_core.errors import BundleError
from mmrec_core.features.projection import Projection
from mmrec_core.fusion.bundle import ModelBundle, read_description
from mmrec_core.service.bundles import list_bundles
from mmrec_core.settings import Settings
from mmrec_core.types import Modality, TextGrid, Tokens
from tests.tiny import DIMS, tiny_fusion


@pytest.fixture
def bundle() -> ModelBundle:
    return ModelBundle(
        name="tiny",
        fusion=tiny_fusion(),
        projections={m: Projection(np.zeros(d, np.float32), np.eye(d, dtype=np.float32), 1.0) for m, d in DIMS.items()},
        encoders={m: f"tiny-{m}" for m in DIMS},
        encoder_versions=dict.fromkeys(DIMS, "1"),
        class_names={},
        metadata={"seed": 0},
    )


def rows() -> list[dict[Modality, Tokens]]:
    rng = np.random.default_rng(0)

    def tokens(modality: Modality, n: int) -> Tokens:
        values = rng.normal(size=(n, DIMS[modality])).astype(np.float32)
        return Tokens(values, np.ones(n, bool), TextGrid(((0, 0),) * n))

    return [
        {Modality.TEXT: tokens(Modality.TEXT, 3), Modality.IMAGE: tokens(Modality.IMAGE, 4)},
        {Modality.TEXT: tokens(Modality.TEXT, 6), Modality.AUDIO: tokens(Modality.AUDIO, 2)},
    ]


def embed(bundle: ModelBundle) -> torch.Tensor:
    with torch.inference_mode():
        return bundle.fusion.fuse(bundle.fusion.summarise(bundle.batch(rows())))


def test_a_bundle_comes_back_as_it_was_saved(bundle, tmp_path) -> None:
    bundle.save(tmp_path / "tiny")
    loaded = ModelBundle.load(tmp_path / "tiny")
    assert loaded.hash == bundle.hash and loaded.metadata == {"seed": 0} and loaded.encoders == bundle.encoders
    torch.testing.assert_close(embed(loaded), embed(bundle), atol=5e-3, rtol=1e-2)


def test_what_is_laid_out_for_few_rows_keeps_its_numbers_and_is_saved_alike(bundle, tmp_path) -> None:
    bundle.save(tmp_path / "first")
    loaded = ModelBundle.load(tmp_path / "first")
    weight = loaded.fusion.layers[0].mlp[0].weight
    assert weight.t().is_contiguous() and not weight.is_contiguous()
    loaded.save(tmp_path / "second")
    again = ModelBundle.load(tmp_path / "second")
    assert again.hash == loaded.hash
    torch.testing.assert_close(embed(again), embed(loaded))


def test_padding_marks_what_is_not_there(bundle) -> None:
    batch = bundle.batch(rows())
    assert batch[Modality.TEXT].mask.sum(dim=1).tolist() == [3, 6]
    assert batch[Modality.IMAGE].mask.any(dim=1).tolist() == [True, False]


@pytest.mark.parametrize("harm", ["weights", "description"])
def test_a_damaged_bundle_is_refused(bundle, tmp_path, harm) -> None:
    folder = tmp_path / "tiny"
    bundle.save(folder)
    if harm == "weights":
        path = folder / "weights.safetensors"
        path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    else:
        path = folder / "bundle.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "name": "another"}))
    with pytest.raises(BundleError, match="damaged"):
        ModelBundle.load(folder)


def test_a_missing_bundle_says_how_to_get_one(tmp_path) -> None:
    with pytest.raises(BundleError, match="mmrec_core train"):
        ModelBundle.load(tmp_path / "nowhere")


HARMS = {
    "half copied": lambda path: path.write_text(path.read_text()[:-40]),
    "without tokens": lambda path: _drop(path, "tokens"),
    "without hash": lambda path: _drop(path, "hash"),
    "no object": lambda path: path.write_text("3"),
    "no text": lambda path: path.write_bytes(b"\xff\xfe"),
}


def _drop(path, name) -> None:
    about = json.loads(path.read_text())
    del about[name]
    path.write_text(json.dumps(about))


@pytest.mark.parametrize("harm", HARMS.values(), ids=list(HARMS))
def test_a_description_that_cannot_be_read_is_refused_with_its_place(bundle, tmp_path, harm) -> None:
    bundle.save(tmp_path / "tiny")
    harm(tmp_path / "tiny" / "bundle.json")
    for read in (ModelBundle.load, read_description):
        with pytest.raises(BundleError, match=r"tiny cannot be read .*Copy it again"):
            read(tmp_path / "tiny")


def test_missing_weights_are_refused_with_their_place(bundle, tmp_path) -> None:
    bundle.save(tmp_path / "tiny")
    (tmp_path / "tiny" / "weights.safetensors").unlink()
    with pytest.raises(BundleError, match="tiny cannot be read"):
        ModelBundle.load(tmp_path / "tiny")


@pytest.mark.parametrize("harm", ["config", "weights"])
def test_a_whole_bundle_of_another_version_is_refused_with_its_place(bundle, tmp_path, monkeypatch, harm) -> None:
    config = bundle.fusion.config()
    changed = {"layers": 2} if harm == "config" else {**config, "layers": config["layers"] + 1}
    monkeypatch.setattr(type(bundle.fusion), "config", lambda self: changed)
    bundle.save(tmp_path / "tiny")
    with pytest.raises(BundleError, match="tiny cannot be read"):
        ModelBundle.load(tmp_path / "tiny")


def test_bundles_that_cannot_be_read_are_listed_with_their_problem(bundle, tmp_path) -> None:
    settings = Settings(home=tmp_path)
    for name in ("cut", "fine", "torn-index"):
        bundle.save(tmp_path / "models" / name)
    HARMS["half copied"](tmp_path / "models" / "cut" / "bundle.json")
    (tmp_path / "models" / "feature-level").mkdir()  # hides the shipped one of its name
    (tmp_path / "index" / "torn-index").mkdir(parents=True)
    (tmp_path / "index" / "torn-index" / "index.json").write_text("{")
    found = {choice.name: choice.problem for choice in list_bundles(settings, "")}
    assert next(iter(found)) == "default"
    assert {name for name, problem in found.items() if problem} == {"cut", "feature-level", "torn-index"}
    assert str(tmp_path / "models" / "cut") in found["cut"]


@pytest.mark.parametrize(("catalogue", "indexed"), [("now", True), ("before", False)])
def test_an_index_of_another_catalogue_is_none(bundle, tmp_path, catalogue, indexed) -> None:
    bundle.save(tmp_path / "models" / "fine")
    (tmp_path / "index" / "fine").mkdir(parents=True)
    key = {"bundle": bundle.hash, "catalogue": catalogue}
    (tmp_path / "index" / "fine" / "index.json").write_text(json.dumps(key))
    found = {choice.name: choice.indexed for choice in list_bundles(Settings(home=tmp_path), "now")}
    assert found["fine"] is indexed


def test_the_bundle_in_use_must_be_readable(bundle, tmp_path) -> None:
    bundle.save(tmp_path / "models" / "default")
    HARMS["without tokens"](tmp_path / "models" / "default" / "bundle.json")
    with pytest.raises(BundleError, match="default cannot be read"):
        list_bundles(Settings(home=tmp_path), "")
