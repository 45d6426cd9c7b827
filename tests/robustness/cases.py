"""Every hostile file, by what it claims to be."""

from __future__ import annotations

from tests.robustness import hostile_m4a, hostile_pictures, hostile_sounds, hostile_tiff

PICTURES = hostile_pictures.CASES | hostile_tiff.CASES
SOUNDS = hostile_sounds.CASES | hostile_m4a.CASES
