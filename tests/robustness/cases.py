"""Every hostile file, by what it claims to be."""

from __future__ import annotations

from tests.robustness import hostile_m4a, hostile_pictures, hostile_sounds

PICTURES = hostile_pictures.CASES
SOUNDS = hostile_sounds.CASES | hostile_m4a.CASES
