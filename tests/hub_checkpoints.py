"""Tiny randomly initialised checkpoints, laid out as set-up would leave the hub's."""

from __future__ import annotations

import json

import torch

from mmrec_core.encoders.hub import CLAP, OPENCLIP, pin_files
from mmrec_core.settings import Settings

OPENCLIP_CONFIG = {
    "model_cfg": {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8},
        "text_cfg": {"context_length": 20, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2},
    },
    "preprocess_cfg": {"mean": [0.48, 0.46, 0.41], "std": [0.27, 0.26, 0.28]},
}


def save_openclip(settings: Settings) -> None:
    """A ViT with 4 x 4 patches and a text transformer, two layers each."""
    import open_clip
    from safetensors.torch import save_file

    folder = OPENCLIP.folder(settings)
    folder.mkdir(parents=True)
    torch.manual_seed(0)
    model = open_clip.CLIP(**OPENCLIP_CONFIG["model_cfg"])
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, folder / "open_clip_model.safetensors")
    (folder / "open_clip_config.json").write_text(json.dumps(OPENCLIP_CONFIG))
    pin_files(folder, OPENCLIP.files)


def save_clap(settings: Settings) -> None:
    """An HTSAT of the usual geometry and hardly any width."""
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

    folder = CLAP.folder(settings)
    audio = {
        "patch_embeds_hidden_size": 8,
        "hidden_size": 64,
        "depths": [2, 1, 1, 1],
        "num_attention_heads": [1, 1, 2, 4],
    }
    audio |= {"projection_dim": 16, "enable_fusion": True, "aff_block_r": 2}
    text = {
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "vocab_size": 50,
    }
    torch.manual_seed(0)
    config = ClapConfig(audio_config=audio, text_config=text | {"projection_dim": 16}, projection_dim=16)
    ClapModel(config).eval().save_pretrained(folder, safe_serialization=True)
    ClapFeatureExtractor(truncation="fusion").save_pretrained(folder)
    pin_files(folder, CLAP.files)
