"""Putting the parts together that set-up made: bundle, encoders, tokens and index that belong to each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mmrec_core.errors import BundleError
from mmrec_core.settings import Settings

if TYPE_CHECKING:
    from mmrec_core.encoders.base import Encoder
    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.index.faiss_flat import IndexKey
    from mmrec_core.types import Modality


def open_parts(settings: Settings) -> dict[str, Any]:
    """The arguments of ``Service``, loaded.

    Raises:
        NotSetUpError: where set-up did not make a part yet.
        BundleError: where the parts do not belong together.
    """
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.encoders.device import choose_device
    from mmrec_core.explain.modality_shapley import attribute_results
    from mmrec_core.features.token_cache import TokenCache
    from mmrec_core.feedback.store import FeedbackStore
    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.index.faiss_flat import FlatIndex
    from mmrec_core.recommend.encode import QueryEncoder
    from mmrec_core.recommend.engine import Engine

    catalogue = Catalogue.open(settings.catalogue)
    index = FlatIndex.open(settings.index, index_key(settings, catalogue.fingerprint))
    tokens = TokenCache.open(settings.catalogue_tokens, token_key(settings))
    device = choose_device(settings.device)
    bundle = ModelBundle.load(settings.bundle_folder, device=str(device))
    encoder = QueryEncoder(build_encoders(settings, bundle), bundle, tokens)
    return {
        "catalogue": catalogue,
        "encoder": encoder,
        "engine": Engine(catalogue, index, bundle.fusion, attribute_results),
        "feedback": FeedbackStore(settings.feedback),
        "device": device,
    }


def build_encoders(settings: Settings, bundle: ModelBundle) -> dict[Modality, Encoder]:
    """The encoders that the bundle was trained on.

    Raises:
        BundleError: where an encoder's tokens are not the ones that the bundle was trained on.
        NotSetUpError: where weights are missing.
    """
    from mmrec_core.encoders.base import ENCODERS

    encoders = {modality: ENCODERS.build(name, settings) for modality, name in bundle.encoders.items()}
    for modality, encoder in encoders.items():
        if encoder.version != bundle.encoder_versions[modality]:
            raise BundleError(
                f"The bundle {bundle.name!r} was trained on {modality} tokens of {bundle.encoder_versions[modality]!r}, "
                f"but {encoder.version!r} is installed. Train again with: python -m mmrec_core train"
            )
    return encoders


def bundle_description(settings: Settings) -> dict[str, Any]:
    """``bundle.json`` of the bundle in use, without loading any weights; raises BundleError where there is none."""
    path = settings.bundle_folder / "bundle.json"
    if not path.exists():
        raise BundleError(f"There is no model bundle at {path.parent}. Train one with: python -m mmrec_core train")
    return json.loads(path.read_text(encoding="utf-8"))


def index_key(settings: Settings, catalogue_fingerprint: str) -> IndexKey:
    """What an index must have been built with."""
    from mmrec_core.index.faiss_flat import IndexKey

    return IndexKey(bundle=bundle_description(settings)["hash"], catalogue=catalogue_fingerprint)


def token_key(settings: Settings) -> str:
    """What the token cache must have been built with: the encoders and projections that the bundle was trained on."""
    return bundle_description(settings)["tokens"]
