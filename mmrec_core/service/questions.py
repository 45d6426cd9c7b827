"""Questions about one (query, item) pair that are asked on demand: maps, what if, against another, matches, reports."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mmrec_core.recommend.encode import reading_notes
from mmrec_core.recommend.timing import Stopwatch
from mmrec_core.report.content import METHODS
from mmrec_core.service.profiles import read_history
from mmrec_core.service.shelf import Shelf
from mmrec_core.service.turns import Turns
from mmrec_core.types import (
    Audio,
    Comparison,
    Contrast,
    Counterfactual,
    Explained,
    ImageArray,
    Matches,
    Modality,
    PairExplanation,
    Placed,
    Profile,
    Query,
    Say,
    Spectrogram,
    TokenMap,
    english,
)

if TYPE_CHECKING:
    from mmrec_core.explain.case import Case
    from mmrec_core.explain.measured import FidelityFact
    from mmrec_core.explain.scorer import SideName
    from mmrec_core.recommend.encode import QueryEncoder
    from mmrec_core.recommend.engine import Engine
    from mmrec_core.registry import Plugin


class Questions(Shelf):
    """The part of the facade that takes a pair apart; callers take turns at the model."""

    encoder: QueryEncoder
    engine: Engine
    _turns: Turns

    def explain(self, query: Query, item_id: str, *, profile: Profile | None = None) -> PairExplanation:
        """Why the item gets its score for the query: both sides, the pairs between them, where the model looked.

        With a profile, it is a player beside the query's modalities, and what it holds are players within it.

        Raises:
            QueryError: for an empty query without a profile that counts.
            UnknownNameError: for an item that is not in the catalogue.
        """
        from mmrec_core.explain.category_part import category_part
        from mmrec_core.explain.counterfactual import without_modalities
        from mmrec_core.explain.pair import explain_pair

        watch = Stopwatch()
        with self._turns.taken():
            case = self._case(query, item_id, watch, profile)
            ranked = case.standing.row not in case.standing.excluded
            rank = case.standing.place(case.vector).rank if ranked else None
            with watch.stage("rank without each modality"):
                without = without_modalities(case) if ranked else ()
            shown = case.query, case.answer
            found = explain_pair(case.pair, case.item, rank, shown, self._bundle_name, watch, without)
            category = category_part(case.pair, self._bundle.categories)
        return replace(found, notices=reading_notes(query, case.pair.query), category=category)

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

    def explain_media(
        self,
        query: Query,
        item_id: str,
        method: str,
        media: Sequence[tuple[SideName, Modality]],
        *,
        profile: Profile | None = None,
        **options: Any,
    ) -> tuple[Explained, ...]:
        """``explain_with`` for several media of one pair, which is encoded once; others take their turn between two media."""
        from mmrec_core.explain.fidelity import compare_hidden

        with self._turns.taken():
            case = self._case(query, item_id, profile=profile)
        found = []
        for side, modality in media:
            with self._turns.taken():
                found.append(compare_hidden(case, {method: options}, side, modality).explained[0])
        return tuple(found)

    def compare(
        self,
        query: Query,
        item_id: str,
        methods: Mapping[str, Mapping[str, Any]],
        side: SideName,
        modality: Modality,
        fill: str | None = None,
        *,
        superpixels: bool = False,
        profile: Profile | None = None,
    ) -> Comparison:
        """Several methods, by name with their options, on one medium, against the same random maps; see ``explain_with``.

        ``fill``, one of ``fills(modality)``, edits the medium and encodes it again (faithful); without, tokens are hidden
        (fast). ``superpixels`` shares the score of a picture among regions that look alike, not among its patches.
        """
        from mmrec_core.explain.fidelity import compare_edited, compare_hidden

        with self._turns.taken():
            case = self._case(query, item_id, profile=profile)
            if fill is not None:
                return compare_edited(case, self.encoder, methods, side, modality, fill, superpixels)
            return compare_hidden(case, methods, side, modality, superpixels)

    def compare_fills(
        self, query: Query, item_id: str, side: SideName, modality: Modality, *, profile: Profile | None = None
    ) -> Comparison:
        """The same map under everything that can stand in the place of hidden parts: how far it owes to that choice."""
        from mmrec_core.explain.fidelity import compare_fills

        with self._turns.taken():
            return compare_fills(self._case(query, item_id, profile=profile), self.encoder, side, modality)

    def why_no_attention(self, query: Query, side: SideName, modality: Modality) -> str | None:
        """A sentence where the encoder of one medium has no attention to look into, else None; nothing is loaded to tell."""
        return self.encoder.why_no_attention(modality, self.encoder.language_of(query) if side == "query" else None)

    def fills(self, modality: Modality) -> tuple[str, ...]:
        """What can stand in the place of hidden parts of a medium; the first is the default."""
        from mmrec_core.explain.fills import FILLS

        return FILLS[modality]

    def fidelity_facts(self) -> Mapping[Modality, FidelityFact]:
        """How far maps of hidden tokens were measured to agree with maps of the edited medium; empty where never."""
        from mmrec_core.explain.measured import fidelity_facts

        return fidelity_facts()

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
        with self._turns.taken():
            case = self._case(query, item_id, profile=profile)
            if rival:
                return overtaken(case, rival, modalities or None, most)
            return drop_out(case, k, modalities or None, most)

    def around(
        self, query: Query, item_id: str, *, before: int = 10, after: int = 20, profile: Profile | None = None
    ) -> tuple[Placed, ...]:
        """The item among those that the whole catalogue has ranked next to it, whatever filters and rearranging show."""
        with self._turns.taken():
            case = self._case(query, item_id, profile=profile)
            return case.standing.around(case.vector, before, after)

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
        with self._turns.taken():
            case = self._case(query, item_a, profile=profile)
            return contrast(case, item_b, evaluations=evaluations, seed=seed)

    def matches(self, query: Query, item_id: str, *, best: int = 12, profile: Profile | None = None) -> Matches:
        """Which patch, word or second of the query answers to which of the item; the ``best`` pairs and every similarity."""
        from mmrec_core.explain.matches import find_matches

        with self._turns.taken():
            case = self._case(query, item_id, profile=profile)
            query_shown, item_shown = case.query, case.answer
            pictures: dict[SideName, ImageArray | None] = {"query": query_shown.image, "item": item_shown.image}
            return find_matches(case.pair, query_shown.text, item_shown.text, best, pictures)

    def report_html(
        self,
        query: Query,
        item_id: str,
        *,
        methods: Sequence[str] = METHODS,
        profile: Profile | None = None,
        say: Say = english,
    ) -> str:
        """Everything about one pair as one HTML file that needs no network: maps, numbers, seeds, bundle and versions.

        ``say`` is its language.
        """
        from mmrec_core.report.gather import gather
        from mmrec_core.report.html import report_html

        return report_html(replace(gather(self, query, item_id, methods, profile), say=say))

    def report_pdf(
        self, query: Query, item_id: str, *, methods: Sequence[str] = METHODS, profile: Profile | None = None
    ) -> bytes:
        """The same as a PDF, for printing and sending; what can be hovered or played is left out."""
        from mmrec_core.report.gather import gather
        from mmrec_core.report.pdf import report_pdf

        return report_pdf(gather(self, query, item_id, methods, profile))

    def spectrogram(self, audio: Audio) -> Spectrogram:
        """The sound as a picture, in the bands that the encoder hears."""
        from mmrec_core.explain.spectrogram import spectrogram

        return spectrogram(audio)

    def strongest_only(self, audio: Audio, token_map: TokenMap, share: float = 0.2) -> Audio:
        """The sound with all but the highest ``share`` of the map's cells silenced."""
        from mmrec_core.explain.strongest import strongest_only

        return strongest_only(audio, token_map, share)

    def _case(self, query: Query, item_id: str, watch: Stopwatch | None = None, profile: Profile | None = None) -> Case:
        """The pair, encoded, in the catalogue it is ranked in, with its media; the caller has its turn."""
        from mmrec_core.explain.case import build_case

        self._check_item(query.item_id)
        self._check_item(item_id)
        history, _ = read_history(self.engine, self.encoder, profile, query)
        return build_case(self.engine, self.encoder, query, item_id, watch or Stopwatch(), history)
