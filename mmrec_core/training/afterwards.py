"""What may be set in a fusion once it is trained."""

from __future__ import annotations

from mmrec_core.errors import OptionError
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.model_level import ModelLevelFusion


def checked(fusion: AnchoredFusion, share: float, what: str) -> ModelLevelFusion:
    """The fusion, where it can be given ``what`` with this share.

    Raises:
        OptionError: for a share outside [0, 1], or another fusion than a model-level one.
    """
    if not 0 <= share <= 1:
        raise OptionError(f"The share is {share:g}; it must lie between 0 and 1.")
    if not isinstance(fusion, ModelLevelFusion):
        raise OptionError(f"A {fusion.name} fusion has no {what}; only a model_level one has.")
    return fusion
