"""Uploads on their way through the server: never on disk, and forgotten once they are read."""

from __future__ import annotations

import asyncio

import pytest
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser

from pages._ui import uploads

LARGE = b"x" * (3 << 20)


def received() -> tuple[bytes, bool]:
    """What the server makes of a file of three MiB, and whether it was written to disk on the way."""
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f.png"\r\n\r\n' + LARGE + b"\r\n--b--\r\n"

    async def stream():
        for start in range(0, len(body), 1 << 16):
            yield body[start : start + (1 << 16)]

    async def parse() -> tuple[bytes, bool]:
        form = await MultiPartParser(Headers({"content-type": "multipart/form-data; boundary=b"}), stream()).parse()
        file = form["f"]
        return await file.read(), file.file._rolled

    return asyncio.run(parse())


@pytest.mark.parametrize("told", [True, False])
def test_a_large_upload_goes_to_disk_unless_it_is_told_to_stay_in_memory(monkeypatch, told):
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1 << 20)
    if told:
        uploads.stay_in_memory()
    data, on_disk = received()
    assert data == LARGE and on_disk is not told
