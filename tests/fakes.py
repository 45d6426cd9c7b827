"""The facade without a model: it answers from an invented catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mmrec_core.encoders.language import LANGUAGES, detect
from mmrec_core.errors import MMRecError, NotSetUpError, QueryError
from mmrec_core.explain.shapley import coalitions, shapley_values, two_sided
from mmrec_core.feedback.store import FeedbackStore
from mmrec_core.service.profiles import Profiles
from mmrec_core.types import (
    FUSED,
    Attribution,
    Audio,
    AudioGrid,
    BundleChoice,
    CategoryPart,
    Concept,
    FusionAttention,
    ImageArray,
    ImageGrid,
    Item,
    Modality,
    PairAttribution,
    PairExplanation,
    Profile,
    Progress,
    Query,
    Recommendation,
    Recommendations,
    Report,
    Rerank,
    Side,
    TextGrid,
    TokenMap,
    Transcript,
    Verdict,
)
from tests.fake_depth import FakeDepth
from tests.fake_media import RATE, draw_picture, make_items, make_sound, seed_of, word_spans
from tests.fake_profile import rearranged, with_profile
from tests.fake_shelf import FakeShelf, fake_hash


def brought(query: Query, items: dict[str, Item]) -> tuple[Modality, ...]:
    """The modalities of a query, those of its item included."""
    own = {
        Modality.IMAGE: query.image is not None,
        Modality.TEXT: bool(query.text),
        Modality.AUDIO: query.audio is not None,
    }
    filled = items[query.item_id].modalities if query.item_id else ()
    return tuple(m for m in FUSED if own[m] or m in filled)


class FakeService(FakeDepth, FakeShelf):
    """The facade of ``mmrec_core.service.Service`` over twelve invented items; scores are drawn from the item's name.

    ``fail`` makes every call that asks the model raise that error, for tests of failing services.
    """

    def __init__(self, fail: MMRecError | None = None, bundle: str = "fake") -> None:
        self.bundle = bundle
        self.by_id = {item.id: item for item in make_items()}
        self.fail = fail
        self.feedback = FeedbackStore(Path(":memory:"))
        self.profiles = Profiles(self.feedback)
        self.heard = Transcript("", "No speech was heard.", 0.0, 0.0, 1.0)
        self.language_lack: str | None = None

    @classmethod
    def open(cls, settings: Any = None) -> FakeService:
        return cls()

    def bundles(self, settings: Any = None) -> tuple[BundleChoice, ...]:
        return tuple(
            BundleChoice(name, f"{name}_level", fake_hash(name), name != "foreign", name != "third")
            for name in ("fake", "other", "third", "foreign")
        )

    def index_bundle(self, name: str, report: Report, settings: Any = None) -> None:
        report(Progress("Embedding", 1, 2, "items"))

    def beside(self, name: str, settings: Any = None) -> FakeService:
        return FakeService(self.fail, name)

    def recommend(
        self,
        query: Query,
        k: int = 10,
        *,
        categories: Collection[str] = (),
        sources: Collection[str] = (),
        profile: Profile | None = None,
        rerank: Rerank | None = None,
    ) -> Recommendations:
        self._check(query, profile)
        known = (*profile.liked, *profile.disliked) if profile else ()
        kept = [
            item
            for item in self.by_id.values()
            if item.id not in (query.item_id, *known)
            and (not categories or item.category in categories)
            and (not sources or item.source in sources)
        ]
        shares = [self._shares(query, item, profile) for item in kept]
        ranked = sorted(zip(shares, kept, strict=True), key=lambda pair: (-pair[0].target, pair[1].id))[:k]
        results = tuple(Recommendation(rank, item, share.target, share) for rank, (share, item) in enumerate(ranked, 1))
        timings = {"encode image + text + audio": 57.0, "search": 1.0, "attribute": 2.0}
        notices = ("What is in your profile is not recommended back.",) if known else ()
        facts = "fake@0123456789ab", "cpu", notices, self.language_of(query)
        return Recommendations(rearranged(results, rerank), timings, *facts)

    def recommend_by_votes(self, query: Query, rule: str, k: int = 10) -> Recommendations:
        found = self.recommend(query, k)
        voted = tuple(replace(r, attribution=replace(r.attribution, method=rule)) for r in reversed(found.results))
        return replace(found, results=tuple(replace(r, rank=rank) for rank, r in enumerate(voted, 1)))

    def explain(self, query: Query, item_id: str, *, profile: Profile | None = None) -> PairExplanation:
        self._check(query, profile)
        item = self.item(item_id)
        players = brought(query, self.by_id)
        query_shares = self._shares(query, item, profile)
        names, answers = query_shares.players, tuple(map(str, item.modalities))
        table = self._table(query, item, len(names), len(answers))
        shares = two_sided(table)
        pairs = PairAttribution(
            names,
            answers,
            shares.matrix,
            shares.query_only,
            shares.item_only,
            shares.baseline,
            shares.target,
            table.size,
        )
        media = self._media(query)
        return PairExplanation(
            item=item,
            rank=next((r.rank for r in self.recommend(query, profile=profile).results if r.item.id == item_id), None),
            score=query_shares.target,
            query=self._side(query_shares, players, *media),
            answer=self._side(
                Attribution(
                    "modality_shapley",
                    answers,
                    shapley_values(table[-1], len(answers)),
                    float(table[-1, 0]),
                    shares.target,
                    table.size,
                ),
                item.modalities,
                *self._media(Query(item_id=item_id)),
            ),
            pairs=pairs,
            sentence=f"Recommended mainly for what the {query_shares.players[0]} says.",
            timings_ms={"encode": 60.0, "attribute": 2.0},
            bundle="fake@0123456789ab",
            category=CategoryPart(0.05, Concept("animals", 0.8), Concept(item.category, 0.9)) if players else None,
        )

    def languages(self) -> Mapping[str, str]:
        return LANGUAGES

    def language_of(self, query: Query) -> str | None:
        return (query.language or detect(query.text)) if query.text else None

    def english_words(self, query: Query) -> list[str]:
        return [] if self.language_of(query) == "en" else ["old", "lighthouse"]

    def text_note(self, query: Query) -> str | None:
        return self.language_lack if self.language_of(query) not in (None, "en") else None

    def transcribe(self, audio: Audio, report: Report) -> Transcript:
        report(Progress("Listening for words", 0, audio.seconds, "s"))
        return self.heard

    def like(self, item_id: str, *, session: str, query: Query, rank: int | None = None) -> int:
        return self._say(item_id, session, Verdict.LIKE)

    def dislike(self, item_id: str, *, session: str, query: Query, rank: int | None = None) -> int:
        return self._say(item_id, session, Verdict.DISLIKE)

    def undo(self, item_id: str, *, session: str) -> bool:
        return self.feedback.undo(item_id, session=session)

    def verdicts(self, session: str) -> dict[str, Verdict]:
        return {entry.item_id: entry.verdict for entry in self.feedback.entries(session=session)}

    def warm_up(self) -> None:
        return None

    def _check(self, query: Query, profile: Profile | None = None) -> None:
        if self.fail:
            raise self.fail
        if query.is_empty and (profile is None or profile.is_empty):
            raise QueryError("The query is empty. Bring an image, a text or a sound.")

    def _say(self, item_id: str, session: str, verdict: Verdict) -> int:
        self.item(item_id)
        entry = self.feedback.add(item_id, verdict, session=session, query_kind="text", rank=None, bundle="fake")
        return entry.id

    def _shares(self, query: Query, item: Item, profile: Profile | None) -> Attribution:
        own = None if query.is_empty else self._attribution(query, item, brought(query, self.by_id))
        return with_profile(own, profile, item)

    def _table(self, query: Query, item: Item, a: int, b: int) -> np.ndarray:
        name = () if self.bundle == "fake" else (self.bundle,)
        rng = np.random.default_rng(seed_of(query.text, query.item_id, item.id, *name))
        gains = rng.uniform(-0.05, 0.25, (a, b))
        return 0.05 + coalitions(a).astype(float) @ gains @ coalitions(b).T.astype(float)

    def _attribution(self, query: Query, item: Item, players: tuple[Modality, ...]) -> Attribution:
        values = self._table(query, item, len(players), len(item.modalities))[:, -1]
        shares = shapley_values(values, len(players))
        return Attribution(
            "modality_shapley", tuple(map(str, players)), shares, float(values[0]), float(values[-1]), len(values)
        )

    def _media(self, query: Query) -> tuple[ImageArray | None, str | None, Audio | None]:
        item = self.by_id.get(query.item_id or "")
        image = draw_picture(item.id) if query.image is None and item and item.image else query.image
        audio = make_sound(item.id) if query.audio is None and item and item.audio else query.audio
        return image, query.text or (item.reading if item else None), audio

    def _side(
        self,
        attribution: Attribution,
        players: tuple[Modality, ...],
        image: ImageArray | None,
        text: str | None,
        audio: Audio | None,
    ) -> Side:
        slots = ("cls", *map(str, players))
        alpha = np.random.default_rng(3).dirichlet(np.ones(len(slots)), len(slots))
        grids = {
            Modality.IMAGE: ImageGrid(7, 7),
            Modality.TEXT: TextGrid(word_spans(text or "")),
            Modality.AUDIO: AudioGrid(tuple(np.linspace(0, 1, 11)), tuple(np.linspace(0, RATE / 2, 13))),
        }
        sizes = {Modality.IMAGE: 49, Modality.TEXT: len(grids[Modality.TEXT].spans), Modality.AUDIO: 120}
        maps = {
            m: TokenMap(m, grids[m], np.random.default_rng(i).dirichlet(np.ones(sizes[m])), "attention")
            for i, m in enumerate(players)
            if sizes[m]
        }
        seen = {Modality.IMAGE: (Concept("robin", 0.61), Concept("house finch", 0.12))} if image is not None else {}
        heard = {Modality.AUDIO: (Concept("Bird", 0.93), Concept("Owl", 0.08))} if audio is not None else {}
        return Side(attribution, FusionAttention(slots, alpha), maps, image, text, audio, seen | heard)


class UnsetService(FakeService):
    """A machine that is not set up."""

    @classmethod
    def open(cls, settings: Any = None) -> FakeService:
        raise NotSetUpError("Nothing is set up on this machine. Run: python -m mmrec_core setup")
