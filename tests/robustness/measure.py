"""Decodes one hostile file in a process of its own and prints what it took, as JSON: ``measure.py image|sound NAME``."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from mmrec_core.errors import MMRecError
from mmrec_core.media.audio import decode_audio
from mmrec_core.media.image import decode_image
from tests.robustness.cases import PICTURES, SOUNDS

_ROOM = 1_500 << 20
"""Address space a decoder may ask for beyond what the process has; without this a bomb would take the machine."""


def _peak_megabytes() -> float:
    """The most this process ever held. (ru_maxrss would be inherited from the parent, which may have torch loaded.)"""
    return _memory_now("VmHWM") / (1 << 20)


def _memory_now(field: str) -> int:
    """A field of /proc/self/status in bytes."""
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith(field))
    return int(line.split()[1]) * 1024


def main(kind: str, name: str) -> dict[str, object]:
    import av  # noqa: F401  (so that its own size is not counted)

    cases, decode = {
        "image": (PICTURES, decode_image),
        "sound": (SOUNDS, decode_audio),
    }[kind]
    data = cases[name][0]()
    # Without an address space limit there would be no proof that a refusal comes before the allocation.
    room = _memory_now("VmSize") + _ROOM
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    before, started = _memory_now("VmRSS") / (1 << 20), time.process_time()
    try:
        decode(data, name)
        outcome, message = "decodes", ""
    except MMRecError as error:
        outcome, message = "refused", str(error)
    seconds = time.process_time() - started
    return {"outcome": outcome, "message": message, "seconds": seconds, "extra_mb": _peak_megabytes() - before}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:3])))
