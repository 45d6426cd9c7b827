"""The facade that pages and the command line call: one object, safe to share among threads.

It owns the device, and concurrent sessions take turns at the model; a warm query takes a fraction of a second, and long
explanations let others in between. Queries of several sessions are not put into one batch: that pays on a GPU under load.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from mmrec_core.encoders.language import LANGUAGES
from mmrec_core.recommend.encode import QueryEncoder, query_kind, reading_notes
from mmrec_core.recommend.engine import Engine, Filters
from mmrec_core.recommend.timing import Stopwatch
from mmrec_core.service.languages import text_note
from mmrec_core.service.profiles import Profiles, make_reranker, read_history
from mmrec_core.service.questions import Questions
from mmrec_core.service.turns import Turns
from mmrec_core.service.voice import Voice
from mmrec_core.settings import Settings, get_settings
from mmrec_core.types import (
    Audio,
    BundleChoice,
    Profile,
    Query,
    Recommendations,
    Report,
    Rerank,
    Transcript,
    Verdict,
    told,
)

if TYPE_CHECKING:
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.feedback.store import FeedbackStore
    from mmrec_core.recommend.encode import Encoded
    from mmrec_core.recommend.profile import History


class Service(Questions):
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
        self._settings = get_settings() if settings is None else settings
        self._voice = Voice(self._settings)
        self._turns = Turns()

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

        return list_bundles(settings or get_settings(), self._catalogue.fingerprint)

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

        settings = settings or get_settings()
        parts = open_beside(self, settings, name)
        opened = Service(**parts, feedback=self._feedback, device=self._device, settings=settings)
        opened._share(self)
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
        with self._turns.taken():
            history, notices = read_history(self.engine, self.encoder, profile, query)
            rules, basis = make_reranker(self.engine, self._feedback, rerank, history)
            encoded = self._encode(query, history, watch)
            filters = Filters.of(categories, sources)
            results = self.engine.recommend(
                encoded, k, exclude=query.item_id, filters=filters, history=history, rerank=rules, watch=watch
            )
        notices += basis
        notices += reading_notes(query, encoded)
        if not results:
            notices += (self._why_nothing(filters),)
        where = self._bundle_name, str(self._device)
        return Recommendations(results, dict(watch.timings_ms), *where, notices, encoded.language)

    def recommend_by_votes(self, query: Query, rule: str, k: int = 10) -> Recommendations:
        """The ``k`` best items by a rule of ``fusion.votes`` over the rankings of the query's single modalities.

        Raises:
            QueryError: for an empty query, or ``k`` below 1.
            UnknownNameError: for an ``item_id`` that is not in the catalogue, or a rule that does not exist.
        """
        from mmrec_core.fusion.votes import rule_of
        from mmrec_core.recommend.votes import recommend_by_votes

        watch, chosen = Stopwatch(), rule_of(rule)
        self._check_item(query.item_id)
        with self._turns.taken():
            encoded = self.encoder.encode_query(query, watch)
            with watch.stage("vote"):
                results = recommend_by_votes(self.engine, encoded, chosen, k, query.item_id)
        return Recommendations(
            results, dict(watch.timings_ms), self._bundle_name, str(self._device), (), encoded.language
        )

    def languages(self) -> Mapping[str, str]:
        """Names of the languages that a text may be in, by ISO 639-1 code."""
        return LANGUAGES

    def language_of(self, query: Query) -> str | None:
        """Code of the language that the query's text is read in: the one it names, else the one that is detected.

        None without a text, and where the preset reads every language with one encoder.
        """
        return self.encoder.language_of(query)

    def english_words(self, query: Query) -> list[str]:
        """The English of those words of the query's text that are known one by one; none for an English text.

        Raises:
            NotSetUpError: where what reads other languages is missing.
        """
        return self.encoder.english_words(query)

    def text_note(self, query: Query) -> str | None:
        """Why the query's text may find little: set-up left out what its language needs, or it cannot be read, or no word is known."""
        language, chosen = self.language_of(query), query.language is not None
        return text_note(self._settings, query.text or "", language, chosen, self._catalogue.mentions)

    def transcribe(self, audio: Audio, report: Report) -> Transcript:
        """The English words of a recording, or why there are none; nothing is written, nothing is sent.

        Args:
            audio: the recording.
            report: receives seconds done; it may raise to stop.

        Raises:
            NotSetUpError: where the speech model is not on this machine.
        """
        return self._voice.transcribe(audio, report)

    def like(self, item_id: str, *, session: str, query: Query, rank: int | None = None) -> int:
        """Store a like, in place of what the session said before; returns its number. Only the kind of query is kept."""
        return self._say(Verdict.LIKE, item_id, session, query, rank)

    def dislike(self, item_id: str, *, session: str, query: Query, rank: int | None = None) -> int:
        """Store a dislike; see ``like``."""
        return self._say(Verdict.DISLIKE, item_id, session, query, rank)

    def undo(self, item_id: str, *, session: str) -> bool:
        """Take back what the session said about the item; False where it had said nothing."""
        return self._feedback.undo(item_id, session=session)

    def verdicts(self, session: str) -> dict[str, Verdict]:
        """What the session said, by item id."""
        return {entry.item_id: entry.verdict for entry in self._feedback.entries(session=session)}

    def warm_up(self) -> None:
        """Run every path once, so that the first person does not wait for lazy loading."""
        from mmrec_core.recommend.warm import warm_query

        query = warm_query()
        best = self.recommend(query, 1).results[0]
        self.explain(query, best.item.id)
        self.encoder.warm_languages()

    def _why_nothing(self, filters: Filters) -> str:
        """Why there are no results at all."""
        if not any(filters.allow(item) for item in self._catalogue.items):
            return told("No item passes the filters. Choose more categories or sources.")
        return told("All that could be recommended is in your profile, or is what you ask with.")

    def _share(self, first: Service) -> None:
        """Take turns at the model with another service, and use its speech model."""
        self._turns, self._voice = first._turns, first._voice

    def _say(self, verdict: Verdict, item_id: str, session: str, query: Query, rank: int | None) -> int:
        self._check_item(item_id)
        kind, bundle = query_kind(query), self._bundle.hash
        entry = self._feedback.add(item_id, verdict, session=session, query_kind=kind, rank=rank, bundle=bundle)
        return entry.id

    def _encode(self, query: Query, history: History | None, watch: Stopwatch) -> Encoded:
        """The query; with a profile alone, an empty one."""
        if query.is_empty and history:
            return self.encoder.encode_item(self._catalogue.items[0].id, watch).emptied()
        return self.encoder.encode_query(query, watch)
