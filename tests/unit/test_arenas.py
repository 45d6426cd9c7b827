"""Threads share memory that is free again."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from mmrec_core.settings import REPOSITORY
from pages._ui.arenas import ARENAS

PROGRAM = """
import ctypes, threading
from pages._ui import arenas
{share}
libc = ctypes.CDLL(None)
libc.fdopen.restype = libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(12)
def use():
    together.wait()
    libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=use) for _ in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
stream = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, stream)
libc.fflush(stream)
"""


def arenas_of(share: str) -> int:
    command = [sys.executable, "-c", PROGRAM.format(share=share)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True, text=True).stdout.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps arenas")
def test_threads_share_few_arenas():
    assert arenas_of("arenas.share()") <= ARENAS < arenas_of("")
