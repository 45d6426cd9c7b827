"""Putting the parts together that set-up made: bundle, encoders, tokens and index that belong to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from mmrec_core.errors import BundleError, NotSetUpError
from mmrec_core.settings import Settings
from mmrec_core.types import Modality, told

if TYPE_CHECKING:
    from mmrec_core.encoders.base import Encoder, ManyLanguages
    from mmrec_core.encoders.known_texts import KnownTexts
    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.index.stored import IndexKey


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
    from mmrec_core.index.stored import open_index
    from mmrec_core.recommend.encode import QueryEncoder
    from mmrec_core.recommend.engine import Engine

    catalogue = Catalogue.open(settings.catalogue)
    index = open_index(settings.index, index_key(settings, catalogue.fingerprint), settings.index_engine)
    tokens = TokenCache.open(settings.catalogue_tokens, token_key(settings))
    device = choose_device(settings.device)
    bundle = ModelBundle.load(settings.bundle_folder, device=str(device))
    check_weights(settings)
    encoders = LazyEncoders(settings, bundle)
    encoder = QueryEncoder(encoders, bundle, tokens, foreign_texts(settings, bundle, encoders))
    return {
        "catalogue": catalogue,
        "encoder": encoder,
        "engine": Engine(catalogue, index, bundle.fusion, attribute_results),
        "feedback": FeedbackStore(settings.feedback),
        "device": device,
    }


class LazyEncoders(Mapping[Modality, "Encoder"]):
    """The encoders that the bundle was trained on, each loaded when it is first asked for; safe among threads.

    Importing what they are made of takes seconds, and neither the first page nor a query made of catalogue items needs them.
    Asking raises BundleError where an encoder's tokens are not the ones that the bundle was trained on.
    """

    def __init__(self, settings: Settings, bundle: ModelBundle) -> None:
        self._settings, self._bundle = settings, bundle
        self._loaded: dict[Modality, Encoder] = {}
        self._lock = Lock()

    def __getitem__(self, modality: Modality) -> Encoder:
        if modality not in self._bundle.encoders:
            raise KeyError(modality)
        with self._lock:
            if modality not in self._loaded:
                self._loaded[modality] = build_encoder(self._settings, self._bundle, modality)
        return self._loaded[modality]

    def __iter__(self) -> Iterator[Modality]:
        return iter(self._bundle.encoders)

    def __len__(self) -> int:
        return len(self._bundle.encoders)

    @property
    def loaded(self) -> tuple[Encoder, ...]:
        """Those that are there by now."""
        return tuple(self._loaded.values())


def check_weights(settings: Settings) -> None:
    """Raise NotSetUpError where an encoder's weights are missing; a look at the folders only.

    What reads other languages and recordings may be missing: the first query that needs it says so.
    """
    from mmrec_core.encoders.hub import missing_hub_weights
    from mmrec_core.encoders.weights import EXTRAS, missing_weights

    hub = settings.preset == "hub"
    missing = (
        missing_hub_weights(settings) if hub else [f for f in missing_weights(settings) if f.package not in EXTRAS]
    )
    if missing:
        raise NotSetUpError(told("The encoders' weights are not on this machine. Run: python -m mmrec_core setup"))


def build_encoders(settings: Settings, bundle: ModelBundle) -> dict[Modality, Encoder]:
    """All encoders that the bundle reads, loaded; raises as ``build_encoder``."""
    return {modality: build_encoder(settings, bundle, modality) for modality in bundle.encoders}


def build_encoder(settings: Settings, bundle: ModelBundle, modality: Modality) -> Encoder:
    """One encoder.

    Raises:
        BundleError: where its tokens are not the ones that the bundle was trained on.
        NotSetUpError: where weights are missing.
    """
    from mmrec_core.encoders.base import ENCODERS

    encoder: Encoder = ENCODERS.build(bundle.encoders[modality], settings)
    if encoder.version != bundle.encoder_versions[modality]:
        raise BundleError(
            told(
                "The bundle {bundle!r} was trained on {modality} tokens of {trained!r}, but {installed!r} is "
                "installed. Train again with: python -m mmrec_core train",
                bundle=bundle.name,
                modality=modality,
                trained=bundle.encoder_versions[modality],
                installed=encoder.version,
            )
        )
    return encoder


def foreign_texts(
    settings: Settings, bundle: ModelBundle, encoders: Mapping[Modality, Encoder]
) -> Callable[[], ManyLanguages] | None:
    """Opens what reads other languages, into the space of the word encoder; None where a preset reads them itself."""
    from mmrec_core.encoders.foreign import open_foreign

    if settings.preset != "embedded":
        return None
    target, words = bundle.encoder_versions[Modality.TEXT], partial(encoders.__getitem__, Modality.TEXT)
    return partial(open_foreign, settings, target, partial(known_texts, settings), words)


def known_texts(settings: Settings) -> KnownTexts | None:
    """The catalogue's own texts; None where set-up did not read them, which pages and commands say."""
    from mmrec_core.features.keep_texts import are_kept, open_texts

    key = text_key(settings)
    return open_texts(settings.known_texts, key) if are_kept(settings.known_texts, key) else None


def bundle_description(settings: Settings) -> dict[str, Any]:
    """``bundle.json`` of the bundle in use, without its weights; raises BundleError where there is none that can be read."""
    from mmrec_core.fusion.bundle import read_description

    return read_description(settings.bundle_folder)


def index_key(settings: Settings, catalogue_fingerprint: str) -> IndexKey:
    """What an index must have been built with."""
    from mmrec_core.index.stored import IndexKey

    return IndexKey(bundle=bundle_description(settings)["hash"], catalogue=catalogue_fingerprint)


def token_key(settings: Settings) -> str:
    """What the token cache must have been built with: the encoders and projections that the bundle was trained on."""
    return bundle_description(settings)["tokens"]


def text_key(settings: Settings) -> str:
    """What the catalogue's texts must have been read with: the multilingual encoder and the bundle's word encoder."""
    from mmrec_core.encoders.use import VERSION

    return f"{VERSION}+{bundle_description(settings)['encoders'][Modality.TEXT]['version']}"
