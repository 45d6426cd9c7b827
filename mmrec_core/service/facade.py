"""The facade that pages and the command line call: one object, safe to share among threads.

It owns the device and one lock around model calls, so concurrent sessions take turns; a warm query takes a fraction of
a second. Queries of several sessions are not yet put into one batch (micro-batching): that pays on a GPU under load.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from mmrec_core.catalogue.summary import summarise
from mmrec_core.encoders.language import LANGUAGES
from mmrec_core.errors import UnknownNameError
from mmrec_core.recommend import media
from mmrec_core.recommend.encode import QueryEncoder, query_kind
from mmrec_core.recommend.engine import Engine, Filters
from mmrec_core.recommend.examples import choose_examples
from mmrec_core.recommend.timing import Stopwatch
from mmrec_core.report.content import METHODS
from mmrec_core.service.profiles import Profiles, make_reranker, read_history
from mmrec_core.service.voice import Voice
from mmrec_core.settings import Settings, get_settings
from mmrec_core.types import (
    Audio,
    BundleChoice,
    BundleInfo,
    CatalogueSummary,
    Comparison,
    Contrast,
    Counterfactual,
    DeviceInfo,
    Example,
    Explained,
    Item,
    Matches,
    Modality,
    PairExplanation,
    Profile,
    Query,
    Recommendations,
    Report,
    Rerank,
    Spectrogram,
    TokenMap,
    Transcript,
    Verdict,
)

if TYPE_CHECKING:
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.explain.case import Case
    from mmrec_core.explain.scorer import SideName
    from mmrec_core.feedback.store import FeedbackStore
    from mmrec_core.fusion.bundle import ModelBundle
    from mmrec_core.recommend.encode import Encoded
    from mmrec_core.recommend.profile import History
    from mmrec_core.registry import Plugin


class Service:
    """Recommendations and their reasons. Open it with ``Service.open``; one is enough for a process.

    Args:
        catalogue: the items.
        encoder: queries and items -> what the fusion needs; kept as ``encoder``, for benches.
        engine: ranks; kept as ``engine``, for benches.
        feedback: what users said; ``profiles`` reads it.
        device: where models run.
        settings: where the speech model lies; by default those of the process.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        encoder: QueryEncoder,
        engine: Engine,
        feedback: FeedbackStore,
        device: Any,
        settings: Settings | None = None,
    ) -> None:
        self._catalogue = catalogue
        self.encoder = encoder
        self.engine = engine
        self._feedback = feedback
        self.profiles = Profiles(feedback)
        self._device = device
        self._voice = Voice(get_settings() if settings is None else settings)
        self._model_lock = Lock()

    @classmethod
    def open(cls, settings: Settings | None = None) -> Service:
        """Load everything that set-up made.

        Raises:
            NotSetUpError: where a part is missing; the message names the command that brings it.
            BundleError: where bundle, tokens and index do not belong together.
        """
        from mmrec_core.assembly import open_parts
        from mmrec_core.encoders.threads import limit_threads

        limit_threads()
        settings = settings or get_settings()
        return cls(**open_parts(settings), settings=settings)

    def bundles(self, settings: Settings | None = None) -> tuple[BundleChoice, ...]:
        """Every model bundle there is, the one in use first."""
        from mmrec_core.service.bundles import list_bundles

        return list_bundles(settings or get_settings())

    def index_bundle(self, name: str, report: Report, settings: Settings | None = None) -> None:
        """Embed the catalogue with another bundle, so that ``beside`` can open it; quick where that is done.

        Raises:
            BundleError: where the bundle is missing or reads other tokens than those that are encoded.
        """
        from mmrec_core.service.bundles import make_index

        make_index(settings or get_settings(), name, report)

    def beside(self, name: str, settings: Settings | None = None) -> Service:
        """A service on another bundle that shares catalogue, encoders, tokens and turns with this one.

        Raises:
            BundleError: where the bundle is missing or reads other tokens than those that are encoded.
            NotSetUpError: where it is not indexed.
        """
        from mmrec_core.service.bundles import open_beside

        parts = open_beside(self, settings or get_settings(), name)
        opened = Service(**parts, feedback=self._feedback, device=self._device)
        opened._model_lock = self._model_lock
        return opened

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
        """The ``k`` best items for the query, each with exact shares of its score.

        The query's own item is left out, and so is what the profile holds. With a profile the query may be empty.

        Args:
            query: what was brought.
            k: how many, at least 1.
            categories: only items of these categories; all where empty.
            sources: only items of these sources; all where empty.
            profile: what the person liked.
            rerank: how the ranking is rearranged; scores stay what they are.

        Raises:
            QueryError: for an empty query without a profile that counts, or ``k`` below 1.
            UnknownNameError: for an ``item_id`` that is not in the catalogue.
        """
        watch = Stopwatch()
        self._check_item(query.item_id)
        with self._model_lock:
            history, notices = read_history(self.engine, self.encoder, profile, query)
            rules, basis = make_reranker(self.engine, self._feedback, rerank, history)
            encoded = self._encode(query, history, watch)
            filters = Filters.of(categories, sources)
            results = self.engine.recommend(
                encoded, k, exclude=query.item_id, filters=filters, history=history, rerank=rules, watch=watch
            )
        notices += basis
        if filters and not results:
            notices += ("No item passes the filters. Choose more categories or sources.",)
        where = self._bundle_name, str(self._device)
        return Recommendations(results, dict(watch.timings_ms), *where, notices, encoded.language)

    def explain(self, query: Query, item_id: str, *, profile: Profile | None = None) -> PairExplanation:
        """Why the item gets its score for the query: both sides, the pairs between them, where the model looked.

        With a profile, it is a player beside the query's modalities, and what it holds are players within it.

        Raises:
            QueryError: for an empty query without a profile that counts.
            UnknownNameError: for an item that is not in the catalogue.
        """
        from mmrec_core.explain.counterfactual import without_modalities
        from mmrec_core.explain.pair import explain_pair

        watch = Stopwatch()
        with self._model_lock:
            case = self._case(query, item_id, watch, profile)
            ranked = case.standing.row not in case.standing.excluded
            rank = case.standing.place(case.vector).rank if ranked else None
            with watch.stage("rank without each modality"):
                without = without_modalities(case) if ranked else ()
            shown = case.query, case.answer
            return explain_pair(case.pair, case.item, rank, shown, self._bundle_name, watch, without)

    def explain_with(
        self,
        query: Query,
        item_id: str,
        method: str,
        side: SideName,
        modality: Modality,
        *,
        profile: Profile | None = None,
        **options: Any,
    ) -> Explained:
        """What one method says about one medium, tested against random maps.

        Args:
            query: what was brought.
            item_id: the item whose score is explained.
            method: name of an explainer; see ``methods``.
            side: "query" or "item".
            modality: a medium that this side holds.
            profile: what the person liked; it is part of the score, as in the ranking.
            options: as the method declares them; ``side`` is filled in.

        Raises:
            QueryError: where the side lacks the modality, or the method does not apply.
            UnknownNameError, OptionError, MissingPackageError: for a method that cannot be built so.
        """
        return self.compare(query, item_id, {method: options}, side, modality, profile=profile).explained[0]

    def compare(
        self,
        query: Query,
        item_id: str,
        methods: Mapping[str, Mapping[str, Any]],
        side: SideName,
        modality: Modality,
        fill: str | None = None,
        *,
        profile: Profile | None = None,
    ) -> Comparison:
        """Several methods, by name with their options, on one medium, against the same random maps; see ``explain_with``.

        ``fill``, one of ``fills(modality)``, edits the medium and encodes it again (faithful); without, tokens are hidden
        (fast).
        """
        from mmrec_core.explain.fidelity import compare_edited
        from mmrec_core.explain.medium import compare

        with self._model_lock:
            case = self._case(query, item_id, profile=profile)
            if fill is not None:
                return compare_edited(case, self.encoder, methods, side, modality, fill)
            return compare(case.pair, side, modality, methods, case.text(side))

    def compare_fills(
        self, query: Query, item_id: str, side: SideName, modality: Modality, *, profile: Profile | None = None
    ) -> Comparison:
        """The same map under everything that can stand in the place of hidden parts: how far it owes to that choice."""
        from mmrec_core.explain.fidelity import compare_fills

        with self._model_lock:
            return compare_fills(self._case(query, item_id, profile=profile), self.encoder, side, modality)

    def fills(self, modality: Modality) -> tuple[str, ...]:
        """What can stand in the place of hidden parts of a medium; the first is the default."""
        from mmrec_core.explain.fills import FILLS

        return FILLS[modality]

    def methods(self) -> dict[str, Plugin]:
        """Every explainer by name, with the options that it declares."""
        from mmrec_core.explain.base import EXPLAINERS

        return EXPLAINERS.plugins

    def counterfactual(
        self,
        query: Query,
        item_id: str,
        *,
        k: int = 10,
        rival: str | None = None,
        modalities: Collection[Modality] = (),
        most: int = 24,
        profile: Profile | None = None,
    ) -> Counterfactual:
        """The smallest removal from the query that drops the item out of the first ``k``, or lets ``rival`` overtake it.

        Args:
            query: what was brought.
            item_id: the item whose place is to change.
            k: at least 1; an item further down is asked about its own rank.
            rival: id of the item that is to overtake it, instead of ``k``.
            modalities: what may be edited; all where empty.
            most: how many parts may be taken out at once.
            profile: what the person liked; nothing is taken out of it, and it counts in every ranking.

        Raises:
            QueryError: where the question has no answer; the message says why.
        """
        from mmrec_core.explain.counterfactual import drop_out, overtaken

        self._check_item(rival)
        with self._model_lock:
            case = self._case(query, item_id, profile=profile)
            if rival:
                return overtaken(case, rival, modalities or None, most)
            return drop_out(case, k, modalities or None, most)

    def contrast(
        self,
        query: Query,
        item_a: str,
        item_b: str,
        *,
        evaluations: int = 2000,
        seed: int = 0,
        profile: Profile | None = None,
    ) -> Contrast:
        """Why ``item_a`` ranks above ``item_b``: shares of the difference of their scores; no parts at 0 ``evaluations``."""
        from mmrec_core.explain.contrast import contrast

        self._check_item(item_b)
        with self._model_lock:
            case = self._case(query, item_a, profile=profile)
            return contrast(case, item_b, evaluations=evaluations, seed=seed)

    def matches(self, query: Query, item_id: str, *, best: int = 12, profile: Profile | None = None) -> Matches:
        """Which patch, word or second of the query answers to which of the item; the ``best`` pairs and every similarity."""
        from mmrec_core.explain.matches import find_matches

        with self._model_lock:
            case = self._case(query, item_id, profile=profile)
            return find_matches(case.pair, case.query.text, case.answer.text, best)

    def report_html(
        self, query: Query, item_id: str, *, methods: Sequence[str] = METHODS, profile: Profile | None = None
    ) -> str:
        """Everything about one pair as one HTML file that needs no network: maps, numbers, seeds, bundle and versions."""
        from mmrec_core.report.gather import gather
        from mmrec_core.report.html import report_html

        return report_html(gather(self, query, item_id, methods, profile))

    def report_pdf(
        self, query: Query, item_id: str, *, methods: Sequence[str] = METHODS, profile: Profile | None = None
    ) -> bytes:
        """The same as a PDF, for printing and sending; what can be hovered or played is left out."""
        from mmrec_core.report.gather import gather
        from mmrec_core.report.pdf import report_pdf

        return report_pdf(gather(self, query, item_id, methods, profile))

    def item(self, item_id: str) -> Item:
        """The item with this id; raises UnknownNameError."""
        self._check_item(item_id)
        return self._catalogue.get(item_id)

    def items(self) -> tuple[Item, ...]:
        """Every item, in the order of the catalogue; for pages that offer all of them."""
        return self._catalogue.items

    def find_items(self, text: str, limit: int = 20) -> list[Item]:
        """Items whose title or tags hold the words, best first; without words, all items in catalogue order."""
        return self._catalogue.find(text, limit) if text.strip() else list(self._catalogue.items[:limit])

    def image_bytes(self, item: Item) -> bytes | None:
        """The item's picture file, or None where it has none."""
        return media.image_bytes(self._catalogue, item)

    def audio_bytes(self, item: Item) -> bytes | None:
        """The item's sound file, or None where it has none."""
        return media.audio_bytes(self._catalogue, item)

    def examples(self) -> list[Example]:
        """One-click queries that this catalogue can answer."""
        return choose_examples(self._catalogue.items)

    def query_of(self, example: Example) -> Query:
        """The query that an example, or a deep link made of catalogue items and text, stands for."""
        self._check_item(example.image_of)
        self._check_item(example.audio_of)
        return media.query_of(self._catalogue, example)

    def read_query(
        self,
        *,
        image: bytes | None = None,
        text: str | None = None,
        audio: bytes | None = None,
        item_id: str | None = None,
        language: str | None = None,
    ) -> Query:
        """Decode uploads into a query; raises MediaError with a message for the user.

        ``language`` is that of the text, one of ``languages``; without it, it is detected.
        """
        return media.read_query(image, text, audio, item_id, language)

    def languages(self) -> Mapping[str, str]:
        """Names of the languages that a text may be in, by ISO 639-1 code."""
        return LANGUAGES

    def language_of(self, query: Query) -> str | None:
        """Code of the language that the query's text is read in: the one it names, else the one that is detected.

        None without a text, and where the preset reads every language with one encoder.
        """
        return self.encoder.language_of(query)

    def transcribe(self, audio: Audio, report: Report) -> Transcript:
        """The English words of a recording, or why there are none; nothing is written, nothing is sent.

        Args:
            audio: the recording.
            report: receives seconds done; it may raise to stop.

        Raises:
            NotSetUpError: where the speech model is not on this machine.
        """
        return self._voice.transcribe(audio, report)

    def spectrogram(self, audio: Audio) -> Spectrogram:
        """The sound as a picture, in the bands that the encoder hears."""
        from mmrec_core.explain.spectrogram import spectrogram

        return spectrogram(audio)

    def strongest_only(self, audio: Audio, token_map: TokenMap, share: float = 0.2) -> Audio:
        """The sound with all but the highest ``share`` of the map's cells silenced."""
        from mmrec_core.explain.strongest import strongest_only

        return strongest_only(audio, token_map, share)

    def like(
        self, item_id: str, *, session: str, query: Query, rank: int | None = None, profile: str = "default"
    ) -> int:
        """Store a like, in place of what the session said before; returns its number. Only the kind of query is kept."""
        return self._say(Verdict.LIKE, item_id, session, query, rank, profile)

    def dislike(
        self, item_id: str, *, session: str, query: Query, rank: int | None = None, profile: str = "default"
    ) -> int:
        """Store a dislike; see ``like``."""
        return self._say(Verdict.DISLIKE, item_id, session, query, rank, profile)

    def undo(self, item_id: str, *, session: str) -> bool:
        """Take back what the session said about the item; False where it had said nothing."""
        return self._feedback.undo(item_id, session=session)

    def verdicts(self, session: str) -> dict[str, Verdict]:
        """What the session said, by item id."""
        return {entry.item_id: entry.verdict for entry in self._feedback.entries(session=session)}

    def device_info(self) -> DeviceInfo:
        """Where models run, at which precision (once encoders are loaded), with how much memory."""
        from mmrec_core.assembly import LazyEncoders
        from mmrec_core.encoders.device import device_info

        encoders = self.encoder.encoders
        loaded = encoders.loaded if isinstance(encoders, LazyEncoders) else encoders.values()
        precisions = {getattr(e, "precision", "float32") for e in loaded}
        return device_info(self._device, " and ".join(sorted(precisions)) or "encoders are loading")

    def bundle_info(self) -> BundleInfo:
        """The model in use and what training measured."""
        bundle = self._bundle
        metrics = {k: v for k, v in bundle.metadata.get("metrics", {}).items() if isinstance(v, int | float)}
        return BundleInfo(bundle.name, bundle.hash, bundle.fusion.name, dict(bundle.encoders), metrics)

    def catalogue_summary(self) -> CatalogueSummary:
        """How many items there are, by modality, category and source, most first."""
        return summarise(self._catalogue.items)

    def warm_up(self) -> None:
        """Run every path once, so that the first person does not wait for lazy loading."""
        from mmrec_core.recommend.warm import warm_query

        query = warm_query()
        best = self.recommend(query, 1).results[0]
        self.explain(query, best.item.id)
        self.encoder.warm_languages()

    @property
    def _bundle(self) -> ModelBundle:
        return self.encoder.bundle

    @property
    def _bundle_name(self) -> str:
        return f"{self._bundle.name}@{self._bundle.hash[:12]}"

    def _check_item(self, item_id: str | None) -> None:
        if item_id and item_id not in self._catalogue.rows:
            close = [item.id for item in self._catalogue.find(item_id.rsplit("/", 1)[-1], 3)]
            raise UnknownNameError("item", item_id, close)

    def _say(self, verdict: Verdict, item_id: str, session: str, query: Query, rank: int | None, profile: str) -> int:
        self._check_item(item_id)
        kind, bundle = query_kind(query), self._bundle.hash
        entry = self._feedback.add(
            item_id, verdict, session=session, profile=profile, query_kind=kind, rank=rank, bundle=bundle
        )
        return entry.id

    def _encode(self, query: Query, history: History | None, watch: Stopwatch) -> Encoded:
        """The query; with a profile alone, an empty one."""
        if query.is_empty and history:
            return self.encoder.encode_item(self._catalogue.items[0].id, watch).emptied()
        return self.encoder.encode_query(query, watch)

    def _case(self, query: Query, item_id: str, watch: Stopwatch | None = None, profile: Profile | None = None) -> Case:
        """The pair, encoded, in the catalogue it is ranked in, with its media; the caller holds the model's lock."""
        from mmrec_core.explain.case import build_case

        self._check_item(query.item_id)
        self._check_item(item_id)
        history, _ = read_history(self.engine, self.encoder, profile, query)
        return build_case(self.engine, self.encoder, query, item_id, watch or Stopwatch(), history)
