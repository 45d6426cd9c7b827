"""A model bundle: everything needed to score, versioned together and named by one hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mmrec_core.errors import BundleError
from mmrec_core.features.projection import Projection
from mmrec_core.files import replace_folder
from mmrec_core.fusion.base import FUSIONS, TokenBatch
from mmrec_core.types import FUSED, Concept, Modality, Tokens, told

if TYPE_CHECKING:
    import torch

WEIGHTS = "weights.safetensors"
DESCRIPTION = "bundle.json"
SHOWN_CONCEPTS = 5
DESCRIBED = ("hash", "name", "fusion", "encoders", "class_names", "tokens", "metadata")
"""What a description holds at least."""


@dataclass
class ModelBundle:
    """A trained fusion with the projections and encoder versions it was trained on.

    Args:
        name: of the bundle's folder.
        fusion: the trained module, in evaluation mode, on ``device``.
        projections: by modality, what turns encoder tokens into the fusion's tokens.
        encoders: by modality, the plugin name of its encoder.
        encoder_versions: by modality, the version its tokens must have.
        class_names: by modality, what its encoder's own classifier can name.
        metadata: training data, recipe, metrics; shown to users and written to the card.
        hash: SHA-256 of weights and architecture; an index stores it.
    """

    name: str
    fusion: Any
    projections: Mapping[Modality, Projection]
    encoders: Mapping[Modality, str]
    encoder_versions: Mapping[Modality, str]
    class_names: Mapping[Modality, Sequence[str]]
    metadata: dict[str, Any] = field(default_factory=dict)
    hash: str = ""
    device: str = "cpu"

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of the categories that the fusion reads off an embedding, in its order; empty where it reads none."""
        return tuple(self.metadata.get("categories", {}).get("names", ()))

    def project(self, modality: Modality, values: np.ndarray) -> np.ndarray:
        """Encoder tokens (n, D) -> the fusion's tokens (n, k)."""
        return self.projections[modality].project(values)

    def batch(self, rows: Sequence[Mapping[Modality, Tokens]], projected: bool = False) -> dict[Modality, TokenBatch]:
        """Pad the tokens of several queries or items into one batch; ``projected`` tokens come from the token cache."""
        present = [m for m in FUSED if any(m in row for row in rows)]
        return {m: self._pad(m, [row.get(m) for row in rows], projected) for m in present}

    def _pad(self, modality: Modality, tokens: Sequence[Tokens | None], projected: bool) -> TokenBatch:
        import torch

        longest = max(len(t.mask) for t in tokens if t is not None)
        width = self.projections[modality].width
        values = np.zeros((len(tokens), longest, width), np.float32)
        mask = np.zeros((len(tokens), longest), bool)
        for i, t in enumerate(tokens):
            if t is not None:
                values[i, : len(t.mask)] = t.values if projected else self.project(modality, t.values)
                mask[i, : len(t.mask)] = t.mask
        return TokenBatch(torch.from_numpy(values).to(self.device), torch.from_numpy(mask).to(self.device))

    def concepts(self, modality: Modality, tokens: Tokens, projected: bool = False) -> tuple[Concept, ...]:
        """What the modality's own encoder sees or hears by itself, most probable first; empty where it cannot name things."""
        import torch

        anchor = self.fusion.anchors[modality] if hasattr(self.fusion, "anchors") else None
        if anchor is None or anchor.concept is None:
            return ()
        batch = self._pad(modality, [tokens], projected)
        even = batch.mask / batch.mask.sum(dim=1, keepdim=True)
        with torch.inference_mode():
            pooled = anchor.pool(batch.values, batch.mask, even)
            posterior = anchor.concept.said(anchor.classifier_input(pooled))[0]
        best = torch.topk(posterior, SHOWN_CONCEPTS)
        names = self.class_names[modality]
        return tuple(Concept(names[i], p) for i, p in zip(best.indices.tolist(), best.values.tolist(), strict=True))

    def save(self, folder: Path) -> None:
        """Write the bundle; weights in half precision. ``hash`` is set from what was written."""
        from safetensors.torch import save

        data = save({name: tensor.half().contiguous() for name, tensor in self._tensors().items()})
        description = self._description()
        self.hash = _hash(data, description)
        with replace_folder(folder) as draft:
            (draft / WEIGHTS).write_bytes(data)
            text = json.dumps({"hash": self.hash, **description, "metadata": self.metadata}, indent=1)
            (draft / DESCRIPTION).write_text(text)
            if (folder / "CARD.md").exists():
                (draft / "CARD.md").write_bytes((folder / "CARD.md").read_bytes())

    @classmethod
    def load(cls, folder: Path, device: str = "cpu") -> ModelBundle:
        """Read a bundle and check its hash; raises BundleError where it is missing, damaged or of another version."""
        from safetensors.torch import load

        description = read_description(folder)
        with readable(folder):
            data = (folder / WEIGHTS).read_bytes()
        stored, metadata = description.pop("hash"), description.pop("metadata")
        if _hash(data, description) != stored:
            raise BundleError(
                told(
                    "The bundle at {folder} is damaged: its hash is not {hash}. Fetch it again.",
                    folder=folder,
                    hash=stored[:12],
                )
            )
        tensors = {name: tensor.float() for name, tensor in load(data).items()}
        with readable(folder):
            return cls._assemble(folder.name, tensors, description, metadata, stored, device)

    @classmethod
    def _assemble(
        cls, name: str, tensors: dict[str, torch.Tensor], description: dict, metadata: dict, stored: str, device: str
    ) -> ModelBundle:
        from mmrec_core.fusion.attention import lay_out_for_few_rows

        spec = description["fusion"]
        fusion = FUSIONS.build(spec["plugin"], spec["config"].pop("modalities"), **spec["config"])
        inner = {key.removeprefix("fusion."): value for key, value in tensors.items() if key.startswith("fusion.")}
        _fill(fusion, inner)
        lay_out_for_few_rows(fusion)
        by_modality = {Modality(m): e for m, e in description["encoders"].items()}
        return cls(
            name=name,
            fusion=fusion.to(device).eval().requires_grad_(False),
            projections={m: Projection.from_arrays(_projection_arrays(tensors, m)) for m in by_modality},
            encoders={m: e["name"] for m, e in by_modality.items()},
            encoder_versions={m: e["version"] for m, e in by_modality.items()},
            class_names={Modality(m): tuple(n) for m, n in description["class_names"].items()},
            metadata=metadata,
            hash=stored,
            device=device,
        )

    def _tensors(self) -> dict[str, torch.Tensor]:
        import torch

        tensors = {f"fusion.{key}": value.cpu() for key, value in self.fusion.state_dict().items()}
        for modality, projection in self.projections.items():
            for key, array in projection.to_arrays().items():
                tensors[f"projection.{modality}.{key}"] = torch.from_numpy(np.asarray(array, np.float32))
        return tensors

    def _description(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "fusion": {"plugin": self.fusion.name, "config": self.fusion.config()},
            "encoders": {
                str(m): {"name": self.encoders[m], "version": self.encoder_versions[m]} for m in self.projections
            },
            "class_names": {str(m): list(names) for m, names in self.class_names.items()},
            "tokens": self.token_version,
        }

    @property
    def token_version(self) -> str:
        """What the fusion's tokens depend on: a retrained fusion with the same projections reads the same token cache."""
        digest = hashlib.sha256(json.dumps({str(m): v for m, v in self.encoder_versions.items()}).encode())
        for modality in self.projections:
            for array in self.projections[modality].to_arrays().values():
                digest.update(np.asarray(array, np.float16).tobytes())
        return digest.hexdigest()


def read_description(folder: Path) -> dict[str, Any]:
    """``bundle.json`` of a bundle, without its weights; raises BundleError where there is none, or none of this version."""
    if not (folder / DESCRIPTION).exists():
        raise BundleError(
            told("There is no model bundle at {folder}. Train one with: python -m mmrec_core train", folder=folder)
        )
    with readable(folder):
        about: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        if missing := [name for name in DESCRIBED if name not in about]:
            raise ValueError(f"{DESCRIPTION} lacks {', '.join(missing)}")
    return about


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Let what is half copied or of another version fail as BundleError, with the place where it lies."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleError(
            told(
                "{folder} cannot be read ({why}): it is half copied or of another version. Copy it again, or move it away.",
                folder=folder,
                why=f"{type(error).__name__}: {error}",
            )
        ) from error


def _fill(fusion: Any, tensors: Mapping[str, torch.Tensor]) -> None:
    """Put the weights into the fusion; raises ValueError where they are those of another one."""
    try:
        fusion.load_state_dict(tensors)
    except RuntimeError as error:
        raise ValueError(str(error)) from error


def _projection_arrays(tensors: Mapping[str, torch.Tensor], modality: Modality) -> dict[str, np.ndarray]:
    prefix = f"projection.{modality}."
    return {key.removeprefix(prefix): t.numpy() for key, t in tensors.items() if key.startswith(prefix)}


def _hash(data: bytes, description: Mapping[str, Any]) -> str:
    digest = hashlib.sha256(data)
    digest.update(json.dumps(description, sort_keys=True).encode())
    return digest.hexdigest()
