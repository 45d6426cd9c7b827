"""Which steps features go through before a feature-level fusion, each switchable."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class FeatureSteps(BaseModel, frozen=True):
    """Normalise, select, denoise: in this order."""

    normalise: bool = Field(True, description="Pooled features of every modality are brought to length one.")
    select: Literal["none", "importance", "l1"] = Field("none", description="Which features are kept; see select.py.")
    keep: float = Field(0.5, gt=0, le=1, description="Share of the features that selection keeps at most.")
    components: int = Field(
        192, ge=0, description="Principal components kept a modality; 0 leaves the features as they are."
    )
    noise_filter: bool = Field(True, description="Components that noise alone explains are left out; see denoise.py.")
