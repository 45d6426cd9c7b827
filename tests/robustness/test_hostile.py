"""Every hostile file ends in a valid array or in a clear message, quickly and in little memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from mmrec_core.errors import MMRecError
from mmrec_core.media.audio import decode_audio
from mmrec_core.media.encode import encode_jpeg
from mmrec_core.media.image import decode_image
from tests.robustness.cases import PICTURES, SOUNDS

SECONDS = 5.0
"""Of processor time, which does not depend on what else the machine does."""
EXTRA_MB = 600.0
REPOSITORY = Path(__file__).resolve().parents[2]

IN_A_CHILD = {
    "image": {
        "png_bomb",
        "png_large_but_allowed",
        "tiff_bomb",
        "tiff_of_one_huge_tile",
        "bmp_bomb",
        "gif_bomb",
        "webp_bomb",
        "png_comment_that_inflates_to_2_gb",
        "jpeg_exif_that_repeats_itself",
        "jpeg_of_two_thousand_scans",
        "gif_40_mb_comment",
        "tiff_tags_that_share_40_mb",
    },
    "sound": {
        "flac_of_forty_minutes_that_hides_its_length",
        "m4a_of_bare_samples_that_are_pictures",
        "m4a_of_pictures_that_last_as_long_as_samples",
        "m4a_of_many_tracks_that_declare_millions_of_packets",
        "m4a_that_declares_eighty_million_packets",
        "m4a_that_declares_its_packets_in_a_fragment",
        "m4a_with_compressed_tables",
        "mp3_with_a_cover_that_is_a_bomb",
        "wav_that_claims_4_gb",
    },
}
"""Those that would fill memory if a guard failed: run under a memory limit, and measured."""


def check_message(message: str) -> None:
    assert 20 < len(message) < 400
    assert message.isprintable()
    assert message.endswith(".")
    assert not re.search(r'Traceback|File "|0x[0-9a-f]{6}|Error\(|<_io|site-packages', message)


def in_process(cases: dict, skip: set[str]) -> list:
    return [pytest.param(*case, id=name) for name, case in cases.items() if name not in skip]


def outcome_of(decode, data: bytes, name: str) -> tuple[str, object]:
    started = time.process_time()
    try:
        result, outcome = decode(data, name), "decodes"
    except MMRecError as error:
        check_message(str(error))
        result, outcome = None, "refused"
    assert time.process_time() - started < SECONDS
    return outcome, result


@pytest.mark.parametrize(("make", "wanted"), in_process(PICTURES, IN_A_CHILD["image"]))
def test_pictures(make, wanted: str) -> None:
    outcome, image = outcome_of(decode_image, make(), make.__name__ + ".png")
    assert outcome == wanted
    if image is not None:
        assert image.dtype == np.uint8
        assert image.ndim == 3
        assert image.shape[2] == 3
        assert b"SECRETCAMERA" not in encode_jpeg(image)


@pytest.mark.parametrize(("make", "wanted"), in_process(SOUNDS, IN_A_CHILD["sound"]))
def test_sounds(make, wanted: str) -> None:
    outcome, audio = outcome_of(decode_audio, make(), make.__name__ + ".mp3")
    assert wanted in (outcome, "either")
    if audio is not None:
        assert audio.samples.dtype == np.float32
        assert np.isfinite(audio.samples).all()
        assert np.abs(audio.samples).max() <= 1


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in IN_A_CHILD.items() for name in sorted(names)]
)
def test_memory_stays_small(kind: str, name: str) -> None:
    command = [sys.executable, "-m", "tests.robustness.measure", kind, name]
    child = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)
    assert child.returncode == 0, child.stderr[-2_000:]
    measured = json.loads(child.stdout)
    cases = {"image": PICTURES, "sound": SOUNDS}[kind]
    assert cases[name][1] in (measured["outcome"], "either")
    if measured["outcome"] == "refused":
        check_message(measured["message"])
    assert measured["seconds"] < SECONDS
    assert measured["extra_mb"] < EXTRA_MB


def test_there_are_enough_of_them() -> None:
    assert len(PICTURES) + len(SOUNDS) >= 40
