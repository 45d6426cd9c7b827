"""The steps from nothing to an index: weights, catalogue, model, tokens. Each has a quick look and a run."""

from __future__ import annotations

import json
from pathlib import Path

from mmrec_core.assembly import index_key, token_key
from mmrec_core.files import write_atomically
from mmrec_core.settings import Settings
from mmrec_core.types import Progress, Report, told


def weights_done(settings: Settings) -> str | None:
    """What is there, or None where something is missing."""
    from mmrec_core.encoders.hub import HUB_MODELS, missing_hub_weights
    from mmrec_core.encoders.weights import WEIGHTS, WHISPER, missing_weights

    if settings.preset == "hub":
        missing = [*missing_hub_weights(settings), *missing_weights(settings, (WHISPER,))]
        return None if missing else told("{n} models of the hub", n=len(HUB_MODELS))
    return None if missing_weights(settings) else told("{n} files", n=len(WEIGHTS))


def fetch_weights(settings: Settings, report: Report) -> None:
    """Fetch the weights of the preset's encoders, and of what writes speech down, which is the same in every preset."""
    from mmrec_core.encoders.hub import fetch_hub_weights
    from mmrec_core.encoders.weights import WHISPER, fetch_weights

    if settings.preset == "hub":
        fetch_hub_weights(settings, report)
        fetch_weights(settings, report, (WHISPER,))
    else:
        fetch_weights(settings, report)


def catalogue_done(settings: Settings) -> str | None:
    """What the catalogue holds and lacks, or None where it is missing or older than the code."""
    from mmrec_core.catalogue.build import build_report, is_built

    found = build_report(settings.catalogue) if is_built(settings) else None
    if found is None:
        return None
    if found.unavailable:
        return told("{n:,} items; without {sources}", n=found.kept, sources=", ".join(found.unavailable))
    return told("{n:,} items", n=found.kept)


def build_catalogue(settings: Settings, report: Report) -> None:
    """Fetch packages and build the catalogue; a source that cannot be had is reported and left out."""
    from mmrec_core.catalogue.build import build_catalogue

    built = build_catalogue(settings, report)
    for name, reason in built.unavailable.items():
        report(Progress(told("Going on without {name}", name=name), 1, 1, note=reason))


def bundle_done(settings: Settings) -> str | None:
    """Which bundle is in use; the repository carries the one of the embedded preset."""
    return settings.bundle_name if (settings.bundle_folder / "bundle.json").exists() else None


def train_bundle(settings: Settings, report: Report) -> None:
    """Train a fusion for encoders that no bundle is shipped for."""
    from mmrec_core.evaluate.train_and_report import train_and_report
    from mmrec_core.training.recipe import Recipe

    folder = settings.home / "models" / settings.bundle_name
    train_and_report(settings, Recipe(seed=settings.seed), folder, report, lambda _: None)


def tokens_done(settings: Settings) -> str | None:
    """Whether this catalogue is encoded for the bundle in use."""
    from mmrec_core.features.token_cache import TokenCache

    marker = _token_marker(settings)
    if not marker.exists() or catalogue_done(settings) is None:
        return None
    state = _token_state(settings)
    whole = TokenCache.is_complete(settings.catalogue_tokens, state["tokens"])
    return told("encoded") if whole and _state_in(marker) == state else None


def encode_tokens(settings: Settings, report: Report) -> None:
    """Encode what is not encoded yet, project it as the bundle does, and keep it."""
    from mmrec_core.assembly import build_encoders
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.encoders.threads import limited_threads
    from mmrec_core.features.encode_catalogue import encode_catalogue
    from mmrec_core.fusion.bundle import ModelBundle

    state = _token_state(settings)
    bundle = ModelBundle.load(settings.bundle_folder)
    encoders = build_encoders(settings, bundle)
    catalogue = Catalogue.open(settings.catalogue)
    with limited_threads():
        encode_catalogue(catalogue, encoders, settings.catalogue_tokens, token_key(settings), bundle.project, report)
    write_atomically(_token_marker(settings), json.dumps(state).encode())


def index_done(settings: Settings) -> str | None:
    """Whether the index belongs to the bundle and the catalogue in use."""
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.index.stored import belongs_to

    if tokens_done(settings) is None:
        return None
    key = index_key(settings, Catalogue.open(settings.catalogue).fingerprint)
    return told("built") if belongs_to(settings.index, key) else None


def build_index(settings: Settings, report: Report) -> None:
    """Embed every item from its tokens and write the index."""
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.encoders.device import choose_device
    from mmrec_core.features.token_cache import TokenCache
    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.index.stored import save_index
    from mmrec_core.recommend.embed import embed_items

    catalogue = Catalogue.open(settings.catalogue)
    cache = TokenCache.open(settings.catalogue_tokens, token_key(settings))
    bundle = ModelBundle.load(settings.bundle_folder, device=str(choose_device(settings.device)))
    embeddings = embed_items(bundle, cache, [item.id for item in catalogue.items], report)
    save_index(settings.index, embeddings, index_key(settings, catalogue.fingerprint))


def _token_marker(settings: Settings) -> Path:
    return settings.catalogue_tokens / "made_of.json"


def _state_in(marker: Path) -> object:
    try:
        return json.loads(marker.read_text())
    except ValueError:  # cut off: nothing is known, so all is looked at again
        return None


def _token_state(settings: Settings) -> dict[str, str]:
    """What tokens are made of: encoders and projections, and the catalogue, by their hashes."""
    from mmrec_core.catalogue.store import Catalogue

    return {"tokens": token_key(settings), "catalogue": Catalogue.open(settings.catalogue).fingerprint}
