"""Weights of the ``hub`` preset: fetched from the model hub once, safetensors only, then read from a local folder."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from mmrec_core.encoders.watched import run_watched
from mmrec_core.errors import IntegrityError, NotSetUpError, SourceUnavailableError
from mmrec_core.files import sha256_of, write_atomically
from mmrec_core.settings import Settings
from mmrec_core.types import Progress, Report, told

_PINS = "sha256.json"
_FETCH = "import json, sys; from huggingface_hub import snapshot_download; snapshot_download(**json.loads(sys.argv[1]))"


@dataclass(frozen=True)
class HubModel:
    """One repository of the hub: ``revision`` is a commit, ``files`` are fetched and nothing else."""

    name: str
    repository: str
    revision: str
    files: tuple[str, ...]
    size_mb: float
    licence: str

    def folder(self, settings: Settings) -> Path:
        """Where it lies after set-up."""
        return settings.weights / "hub" / self.name


OPENCLIP = HubModel(
    "openclip-vit-b-32",
    "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
    "1a25a446712ba5ee05982a381eed697ef9b435cf",
    ("open_clip_config.json", "open_clip_model.safetensors"),
    605.0,
    "MIT",
)
CLAP = HubModel(
    "clap-htsat-fused",
    "laion/clap-htsat-fused",
    "0ebdccc578498c90ecb34353b57d2f197cae6e0a",  # the commit that holds safetensors
    ("config.json", "preprocessor_config.json", "model.safetensors"),
    614.0,
    "Apache-2.0",
)
HUB_MODELS = (OPENCLIP, CLAP)


def missing_hub_weights(settings: Settings) -> list[HubModel]:
    """The models that are not there yet, or not wholly."""
    return [model for model in HUB_MODELS if not (model.folder(settings) / _PINS).is_file()]


def fetch_hub_weights(settings: Settings, report: Report) -> None:
    """Fetch what is missing; an interrupted download resumes. The SHA-256 of what came is kept, and checked at every load.

    Raises:
        SourceUnavailableError: the hub cannot be reached, or does not hold the files.
    """
    for model in missing_hub_weights(settings):
        _fetch(model, model.folder(settings), report)


def verified_folder(settings: Settings, model: HubModel) -> Path:
    """The model's folder, each file as it was fetched; raises NotSetUpError or IntegrityError."""
    folder = model.folder(settings)
    if not (folder / _PINS).is_file():
        raise NotSetUpError(
            told(
                "The weights {weights} are not on this machine. Run: python -m mmrec_core setup --preset hub",
                weights=model.name,
            )
        )
    for name, pin in json.loads((folder / _PINS).read_text()).items():
        if not (folder / name).is_file() or sha256_of(folder / name) != pin:
            raise IntegrityError(
                told(
                    "{path} is not the file that was fetched. Delete the folder and run: python -m mmrec_core setup "
                    "--preset hub",
                    path=folder / name,
                )
            )
    return folder


def hub_sha(settings: Settings, model: HubModel) -> str:
    """The first 12 hexadecimal digits of the weights' SHA-256, for an encoder's version."""
    pins = json.loads((model.folder(settings) / _PINS).read_text())
    return next(pin for name, pin in sorted(pins.items()) if name.endswith(".safetensors"))[:12]


def pin_files(folder: Path, files: tuple[str, ...]) -> None:
    """Write down the SHA-256 of each file; this marks the model as fetched."""
    write_atomically(folder / _PINS, json.dumps({name: sha256_of(folder / name) for name in files}, indent=1).encode())


def _fetch(model: HubModel, folder: Path, report: Report) -> None:
    title = told("Downloading {package}", package=model.name)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        "repo_id": model.repository,
        "revision": model.revision,
        "allow_patterns": list(model.files),
        "local_dir": str(folder),
    }
    command = [sys.executable, "-c", _FETCH, json.dumps(wanted)]
    ended = run_watched(
        command,
        folder,
        lambda done: report(Progress(title, done, model.size_mb, "MB")),
        {"HF_HUB_DISABLE_PROGRESS_BARS": "1"},
    )
    absent = [name for name in model.files if not (folder / name).is_file()]
    if ended.status or absent:
        raise SourceUnavailableError(
            told(
                "The model hub did not deliver {repository} ({missing}). The preset 'embedded' needs no hub: "
                "run setup without --preset hub. It said: {said}",
                repository=model.repository,
                missing=", ".join(absent) or "incomplete",
                said=ended.last_line,
            )
        )
    pin_files(folder, model.files)
    report(Progress(title, model.size_mb, model.size_mb, "MB"))
