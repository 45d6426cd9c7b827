"""Model bundles to choose from: which there are, and opening one beside the one in use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmrec_core.assembly import index_key, token_key
from mmrec_core.bootstrap import encoding
from mmrec_core.errors import BundleError
from mmrec_core.fusion.bundle import DESCRIPTION, read_description, readable
from mmrec_core.settings import REPOSITORY, Settings
from mmrec_core.types import BundleChoice, Report, told

if TYPE_CHECKING:
    from mmrec_core.service.facade import Service


def list_bundles(settings: Settings, catalogue: str) -> tuple[BundleChoice, ...]:
    """Every bundle of the repository and of ``MMREC_HOME``, the one in use first, then by name.

    One that cannot be read has a ``problem``; raises BundleError where it is the one in use. ``catalogue`` is the fingerprint
    of the catalogue that is to be indexed.
    """
    places = (REPOSITORY / "assets" / "models", settings.home / "models")
    names = {path.parent.name for place in places for path in place.glob(f"[!.]*/{DESCRIPTION}")}
    if settings.bundle_name not in names:
        return ()
    own = token_key(settings)
    ordered = sorted(names, key=lambda name: (name != settings.bundle_name, name))
    return tuple(_choice(settings, name, own, catalogue) for name in ordered)


def _choice(settings: Settings, name: str, tokens: str, catalogue: str) -> BundleChoice:
    folder = settings.folder_of(name)
    try:
        about = read_description(folder)
        with readable(folder):
            fusion = about["fusion"]["plugin"]
        indexed_with = _indexed_with(settings.home / "index" / name)
    except BundleError as error:
        return BundleChoice(name, fusion="", hash="", shares_tokens=False, indexed=False, problem=error.message)
    return BundleChoice(
        name=name,
        fusion=fusion,
        hash=about["hash"],
        shares_tokens=about["tokens"] == tokens,
        indexed=indexed_with == {"bundle": about["hash"], "catalogue": catalogue},
    )


def _indexed_with(folder: Path) -> Any:
    path = folder / "index.json"
    with readable(folder):
        return json.loads(path.read_text()) if path.exists() else None


def make_index(settings: Settings, name: str, report: Report) -> None:
    """Embed the catalogue with the bundle ``name`` where that is not done yet.

    Args:
        settings: with the bundle in use whose tokens are encoded.
        report: progress in items; may raise to stop.

    Raises:
        BundleError: where there is no such bundle, or it reads other tokens than those that are encoded.
    """
    own = _sharing(settings, name)
    if encoding.index_done(own) is None:
        encoding.build_index(own, report)


def open_beside(service: Service, settings: Settings, name: str) -> dict[str, Any]:
    """The arguments of a ``Service`` on the bundle ``name`` that shares catalogue, encoders and tokens with ``service``.

    Args:
        settings: with the bundle of ``service`` in use.

    Raises:
        BundleError: where there is no such bundle, or it reads other tokens than those that are encoded.
        NotSetUpError: where its index is missing; ``make_index`` builds it.
    """
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.explain.modality_shapley import attribute_results
    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.index.stored import open_index
    from mmrec_core.recommend.engine import Engine

    own = _sharing(settings, name)
    engine, encoder = service.engine, service.encoder
    bundle = ModelBundle.load(own.bundle_folder, device=encoder.bundle.device)
    catalogue: Catalogue = engine.catalogue
    index = open_index(own.index, index_key(own, catalogue.fingerprint), own.index_engine)
    return {
        "catalogue": catalogue,
        "encoder": encoder.with_bundle(bundle),
        "engine": Engine(catalogue, index, bundle.fusion, attribute_results),
    }


def _sharing(settings: Settings, name: str) -> Settings:
    own = settings.with_bundle(name)
    if token_key(own) != token_key(settings):
        raise BundleError(
            told(
                "The bundle {name!r} reads other tokens than {in_use!r}. Train it with --projections-of "
                "{in_use}, or encode the catalogue for it: MMREC_BUNDLE={name} python -m mmrec_core setup",
                name=name,
                in_use=settings.bundle_name,
            )
        )
    return own
