"""EfficientNet-Lite0 with its last stages tuned on the training part of the catalogue and on captioned photographs."""

from __future__ import annotations

from mmrec_core.encoders.efficientnet import EfficientNetLite0
from mmrec_core.encoders.lite_tuning import Tuning
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings


def build(settings: Settings) -> EfficientNetLite0:
    """Load the encoder.

    Raises:
        NotSetUpError: where its published weights are missing.
        BundleError: where what was tuned is missing or of another network.
    """
    return EfficientNetLite0(settings, Tuning.load())


PLUGIN = Plugin("efficientnet_tuned", "EfficientNet-Lite0, tuned (image)", build, requires=("torch", "timm"))
