"""Looking into the encoders of one pair: its media, encoded once more where attention can be read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmrec_core.encoders.attending import Attended
from mmrec_core.explain.pair import Shown
from mmrec_core.recommend.encode import QueryEncoder
from mmrec_core.types import Medium, Modality, told


@dataclass(frozen=True)
class EncoderInside:
    """See ``explain.base.Inside``.

    Args:
        encoder: of queries and items.
        query, item: their media.
        language: of the query's text; items are read in English.
    """

    encoder: QueryEncoder
    query: Shown
    item: Shown
    language: str | None = None

    def why_not(self, side: str, modality: Modality) -> str | None:
        """A sentence where the medium cannot be read again, or its encoder has no attention."""
        if self._medium(side, modality) is None:
            text = "The {modality} of the {side} cannot be read, so its encoder cannot be looked into."
            return told(text, modality=told(modality), side=told(side))
        return self.encoder.why_no_attention(modality, self._language(side))

    def attend(self, side: str, modality: Modality) -> Attended:
        """The medium's tokens, projected, with the attention that made them."""
        medium = self._medium(side, modality)
        assert medium is not None  # noqa: S101 - why_not says so
        one = self.encoder.attentive(modality, self._language(side)).attend(medium)
        return replace(one, tokens=self.encoder.bundle.projections[modality].project_tensor(one.tokens))

    def _language(self, side: str) -> str | None:
        return self.language if side == "query" else None

    def _medium(self, side: str, modality: Modality) -> Medium | None:
        shown = self.query if side == "query" else self.item
        return {Modality.IMAGE: shown.image, Modality.TEXT: shown.text, Modality.AUDIO: shown.audio}[modality]
