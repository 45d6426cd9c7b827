"""Ask the facade everything that a report shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol

from mmrec_core.errors import MMRecError, StoppedError, UnknownItemError, UnknownNameError
from mmrec_core.explain.scorer import SIDES, SideName
from mmrec_core.explain.telling import tellings
from mmrec_core.explain.words import sentence
from mmrec_core.report.content import Content
from mmrec_core.types import (
    Audio,
    BundleInfo,
    Comparison,
    Contrast,
    Counterfactual,
    DeviceInfo,
    Item,
    Matches,
    Modality,
    PairExplanation,
    Profile,
    Query,
    Spectrogram,
    told,
)

PACKAGES = ("torch", "transformers", "timm", "shap", "lime", "numpy", "scikit-learn", "faiss-cpu", "plotly")
"""Whose versions are stated: those that can change a number or a picture."""
ENDS_ALL = (StoppedError, UnknownNameError)
"""What ends the whole report: a request to stop, and a method that does not exist. Any other error costs its own part."""


class Facade(Protocol):
    """What is asked: the facade of ``service.Service``, which lies to the right of this layer."""

    def explain(self, query: Query, item_id: str, *, profile: Profile | None) -> PairExplanation: ...
    def compare(
        self,
        query: Query,
        item_id: str,
        methods: Mapping[str, Mapping[str, Any]],
        side: SideName,
        modality: Modality,
        *,
        profile: Profile | None,
    ) -> Comparison: ...
    def counterfactual(self, query: Query, item_id: str, *, profile: Profile | None) -> Counterfactual: ...
    def contrast(
        self, query: Query, item_a: str, item_b: str, *, evaluations: int, profile: Profile | None
    ) -> Contrast: ...
    def matches(self, query: Query, item_id: str, *, profile: Profile | None) -> Matches: ...
    def spectrogram(self, audio: Audio) -> Spectrogram: ...
    def item(self, item_id: str) -> Item: ...
    def bundle_info(self) -> BundleInfo: ...
    def device_info(self) -> DeviceInfo: ...


def gather(
    service: Facade, query: Query, item_id: str, methods: Sequence[str], profile: Profile | None = None
) -> Content:
    """Explain the pair by every method asked for; what cannot be had is noted, never left out silently.

    Raises:
        QueryError: for an empty query without a profile that counts.
        UnknownNameError: for an unknown item or method.
    """
    found = service.explain(query, item_id, profile=profile)
    notes: list[str] = []
    comparisons = all_comparisons(service, query, found, methods, notes, profile)
    counterfactual = _counterfactual(service, query, item_id, notes, profile)
    ours = [e for comparison in comparisons for e in comparison.explained if comparison.side == "query"]
    shares = found.query.attribution
    sides = {"query": found.query, "item": found.answer}
    return Content(
        explanation=found,
        words=sentence(shares, found.pairs, found.rank, without=found.without, telling=tellings(ours)),
        comparisons=comparisons,
        counterfactual=counterfactual,
        contrast=_contrast(service, query, item_id, counterfactual, profile),
        matches=service.matches(query, item_id, profile=profile),
        spectrograms={name: service.spectrogram(side.audio) for name, side in sides.items() if side.audio is not None},
        bundle=service.bundle_info(),
        device=service.device_info(),
        versions=versions(),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        titles=_titles(service, found),
        notes=tuple(dict.fromkeys(notes)),
    )


def _titles(service: Facade, found: PairExplanation) -> dict[str, str]:
    """Of the profile's items that are in the catalogue, by id."""
    inside = found.query.attribution.within.get("profile")
    ids = [player.partition(":")[2] for player in inside.players] if inside else []
    titles = {}
    for item_id in filter(None, ids):
        with suppress(UnknownItemError):
            titles[item_id] = service.item(item_id).title
    return titles


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that took part; a package that is not installed is said to be so."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = told("not installed")
    return found


def all_comparisons(
    service: Facade,
    query: Query,
    found: PairExplanation,
    methods: Sequence[str],
    notes: list[str] | None = None,
    profile: Profile | None = None,
) -> tuple[Comparison, ...]:
    """Every medium of both sides by every method.

    Args:
        notes: receives a sentence for each medium that could not be explained; without it, that is an error.
        profile: what the person liked.

    Raises:
        MMRecError: where a method cannot work and there are no ``notes``.
    """
    chosen: dict[str, Mapping[str, Any]] = {method: {} for method in methods}
    compared = []
    said = [] if notes is None else notes
    for name in SIDES if chosen else ():
        side = found.query if name == "query" else found.answer
        for modality in (Modality(player) for player in side.attribution.players if player in set(Modality)):
            try:
                compared.append(service.compare(query, found.item.id, chosen, name, modality, profile=profile))
            except ENDS_ALL:
                raise
            except MMRecError as error:
                if notes is None:
                    raise
                notes.append(
                    told(
                        "No maps of the {side}'s {modality}: {why}",
                        side=told(name),
                        modality=told(modality),
                        why=error.message,
                    )
                )
                continue
            mapless = [told(e.title) for e in compared[-1].explained if e.map is None]
            words = {"side": told(name), "modality": told(modality)}
            said += [told("{method}: no map of the {side}'s {modality}.", method=title, **words) for title in mapless]
    return tuple(compared)


def _counterfactual(
    service: Facade, query: Query, item_id: str, notes: list[str], profile: Profile | None
) -> Counterfactual | None:
    try:
        return service.counterfactual(query, item_id, profile=profile)
    except ENDS_ALL:
        raise
    except MMRecError as error:
        notes.append(told("No counterfactual: {why}", why=error.message))
        return None


def _contrast(
    service: Facade, query: Query, item_id: str, known: Counterfactual | None, profile: Profile | None
) -> Contrast | None:
    """Against the best other item: the second where the item is first, the first where it is not."""
    others = [p.item.id for p in known.ranking_before if p.item.id != item_id] if known else []
    return service.contrast(query, item_id, others[0], evaluations=0, profile=profile) if others else None
