"""What the fake facade answers when it is asked to go deeper: invented, but with the shapes and sums of the real thing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mmrec_core.explain.agreement import agreement
from mmrec_core.explain.base import EXPLAINERS
from mmrec_core.explain.faithfulness import judge_all
from mmrec_core.explain.fills import FILLS
from mmrec_core.explain.measured import FidelityFact
from mmrec_core.explain.phrases import contrast_words, counterfactual_words
from mmrec_core.registry import Plugin
from mmrec_core.report.content import METHODS
from mmrec_core.types import (
    Attribution,
    Audio,
    Comparison,
    Contrast,
    Counterfactual,
    Edited,
    Explained,
    Match,
    Matches,
    Modality,
    Placed,
    Profile,
    Query,
    RemovedPart,
    Say,
    TokenMap,
    english,
)


def _difference(first: Attribution, second: Attribution) -> Attribution:
    return replace(
        first,
        values=first.values - second.values,
        baseline=first.baseline - second.baseline,
        target=first.target - second.target,
        within={name: _difference(inside, second.within[name]) for name, inside in first.within.items()},
    )


class FakeDepth:
    """Mixed into ``FakeService``: the first word of the text decides everything, and the first map is an honest one."""

    def methods(self) -> dict[str, Plugin]:
        return EXPLAINERS.plugins

    def explain_with(
        self,
        query: Query,
        item_id: str,
        method: str,
        side: str,
        modality: Modality,
        *,
        profile: Profile | None = None,
        **options: Any,
    ) -> Explained:
        return self.compare(query, item_id, {method: options}, side, modality, profile=profile).explained[0]

    def explain_media(self, query, item_id, method, media, *, profile=None, **options):
        return tuple(self.explain_with(query, item_id, method, *medium, profile=profile, **options) for medium in media)

    def compare(
        self,
        query: Query,
        item_id: str,
        methods: Mapping[str, Mapping[str, Any]],
        side: str,
        modality: Modality,
        fill: str | None = None,
        *,
        superpixels: bool = False,
        profile: Profile | None = None,
    ) -> Comparison:
        found = self.explain(query, item_id, profile=profile)
        drawn = (found.query if side == "query" else found.answer).maps[modality]
        n = len(drawn.weights)
        parts = tuple(f"part {number}" for number in range(1, n + 1))
        worth = np.random.default_rng(5).normal(0, 0.02, n)
        values = {name: worth if number == 0 else -worth for number, name in enumerate(methods)}
        trusts = judge_all(lambda keep: keep @ worth, values)
        explained = tuple(
            Explained(
                method=name,
                title=EXPLAINERS.get(name).title,
                side=side,
                modality=modality,
                options=dict(options),
                parts=parts,
                values=values[name],
                map=replace(drawn, weights=values[name], method=name),
                shares=Attribution(
                    name, parts, values[name], 0.1, 0.1 + float(values[name].sum()), 2000, np.full(n, 0.001), 0
                ),
                fit=None,
                attribution=None,
                interactions=None,
                trust=trusts[name],
                milliseconds=12.0,
            )
            for name, options in methods.items()
        )
        return Comparison(side, modality, parts, explained, agreement(values), fill, (0, 1))

    def compare_fills(
        self, query: Query, item_id: str, side: str, modality: Modality, *, profile: Profile | None = None
    ) -> Comparison:
        found = self.compare(query, item_id, {"token_shap": {}, "token_lime": {}}, side, modality, profile=profile)
        fills = self.fills(modality)[:2]
        named = tuple(replace(e, method=f, title=f, trust=None) for e, f in zip(found.explained, fills, strict=True))
        return replace(found, explained=named, agreement=agreement({e.method: e.values for e in named}))

    def fidelity_facts(self) -> dict[Modality, FidelityFact]:
        return {Modality.TEXT: FidelityFact(0.3, 0.1, 0.5, False, "Quick text maps hardly agree.", "fake")}

    def why_no_attention(self, query: Query, side: str, modality: Modality) -> str | None:
        return None if modality is Modality.TEXT else f"FakeNet ({modality}) has no attention inside."

    def fills(self, modality: Modality) -> tuple[str, ...]:
        return FILLS[modality]

    def strongest_only(self, audio: Audio, token_map: TokenMap, share: float = 0.2) -> Audio:
        return Audio(audio.samples * share, audio.rate)

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
        first = tuple(Placed(r.rank, r.item, r.score) for r in self.recommend(query, profile=profile).results)
        item = self.item(item_id)
        before = next((p for p in first if p.item == item), Placed(len(first) + 1, item, 0.0))
        after = Placed(before.rank + k, item, before.score - 0.1)
        found = Counterfactual(
            item=item,
            rival=self.item(rival) if rival else None,
            k=k,
            succeeded=True,
            removed=(RemovedPart(Modality.TEXT, "bird", (1,), (2, 6)),),
            smallest=True,
            parts=9,
            most=most,
            before=before,
            after=after,
            encoded_again=after.rank,
            confirmed=True,
            ranking_before=first,
            ranking_after=first,
            edited=Edited(text=(query.text or "").replace("bird", "").strip() or None, audio=query.audio),
            evaluations=9,
            sentence="",
        )
        return replace(found, sentence=counterfactual_words(found))

    def around(
        self, query: Query, item_id: str, *, before: int = 10, after: int = 20, profile: Profile | None = None
    ) -> tuple[Placed, ...]:
        return tuple(Placed(r.rank, r.item, r.score) for r in self.recommend(query, profile=profile).results)

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
        first, second = (self.explain(query, i, profile=profile).query.attribution for i in (item_a, item_b))
        difference = _difference(first, second)
        above, below = Placed(1, self.item(item_a), first.target), Placed(2, self.item(item_b), second.target)
        words = contrast_words(above, below, difference, ())
        return Contrast(above, below, difference, first, second, {}, {}, (), words)

    def matches(self, query: Query, item_id: str, *, best: int = 12, profile: Profile | None = None) -> Matches:
        found = self.explain(query, item_id, profile=profile)
        ours, theirs = (
            {m: tuple(f"part {n}" for n in range(1, 5)) for m in side.maps} for side in (found.query, found.answer)
        )
        rng = np.random.default_rng(1)
        matrices = {(q, i): rng.uniform(-1, 1, (4, 4)) for q in ours for i in theirs}
        extent = {Modality.IMAGE: (0.0, 0.0, 0.5, 0.5), Modality.TEXT: (0, 1), Modality.AUDIO: (0.0, 0.5)}
        pairs = tuple(Match(q, "part 1", extent[q], i, "part 2", extent[i], 0.9) for q in ours for i in theirs)
        return Matches(pairs[:best], matrices, ours, theirs, "Invented for tests.")

    def report_html(
        self,
        query: Query,
        item_id: str,
        *,
        methods: Sequence[str] = METHODS,
        profile: Profile | None = None,
        say: Say = english,
    ) -> str:
        from mmrec_core.report.gather import gather
        from mmrec_core.report.html import report_html

        return report_html(replace(gather(self, query, item_id, methods, profile), say=say))

    def report_pdf(
        self, query: Query, item_id: str, *, methods: Sequence[str] = METHODS, profile: Profile | None = None
    ) -> bytes:
        from mmrec_core.report.gather import gather
        from mmrec_core.report.pdf import report_pdf

        return report_pdf(gather(self, query, item_id, methods, profile))
