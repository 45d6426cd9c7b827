"""Every number of a training run, validated, beside what it means."""

from __future__ import annotations

from pydantic import BaseModel, Field

from mmrec_core.training.closed_form import Blocks


class Recipe(BaseModel, frozen=True):
    """Configuration of one run; it is written into the bundle."""

    epochs: int = Field(14, ge=0, description="Upper limit; training stops earlier when validation no longer improves.")
    patience: int = Field(8, ge=1, description="Epochs without improvement before stopping.")
    batch_size: int = Field(384, ge=8)
    learning_rate: float = Field(1e-3, gt=0, description="Of the attention and the transformer.")
    anchor_rate: float = Field(2e-3, gt=0, description="Of the anchors, which start from a closed form.")
    weight_decay: float = Field(0.05, ge=0)
    averaging: float = Field(0.95, ge=0, lt=1, description="Decay of the moving average of the weights, per step.")
    modality_dropout: float = Field(0.3, ge=0, lt=1)
    token_dropout: float = Field(
        0.7, ge=0, lt=1, description="Up to this share of a row's tokens is hidden in training."
    )
    alignment_weight: float = 1.0
    mixup_weight: float = Field(1.0, ge=0, description="Of the alignment of mixed items, relative to alignment.")
    distillation_weight: float = 1.0
    category_weight: float = 1.0
    teacher_sharpness: float = Field(
        1.5, gt=0, description="Inverse temperature of the teacher's standardised similarities."
    )
    category_scale: float = Field(16.0, gt=0, description="Inverse temperature of the category loss.")
    audio_boost: float = Field(3.0, ge=1, description="How much oftener an item with a sound is drawn.")
    token_dims: dict[str, int] = {"image": 384, "text": 384, "audio": 512}
    views: dict[str, int] = {"image": 3, "text": 4, "audio": 3}
    blocks: Blocks = Blocks()
    seed: int = 0
