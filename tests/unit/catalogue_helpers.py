"""Makes small packages, mirrors, pictures and sounds for the catalogue tests."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType

import numpy as np
import soundfile
import zstandard
from PIL import Image

PACKERS = {"gz": gzip.compress, "xz": lzma.compress, "zst": zstandard.ZstdCompressor().compress, "": bytes}


def make_deb(files: dict[str, bytes], suffix: str = "xz", links: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """A .deb that holds ``files`` by path, and symbolic ``links`` to where they lead: an ar archive of debian-binary, control.tar.gz and data.tar.*."""
    control = gzip.compress(
        _tar({"./control": b"Package: made-up\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n"})
    )
    name = f"data.tar.{suffix}" if suffix else "data.tar"
    members = {"debian-binary": b"2.0\n", "control.tar.gz": control, name: PACKERS[suffix](_tar(files, links))}
    archive = b"!<arch>\n"
    for member, data in members.items():
        archive += (
            f"{member:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) % 2)
        )
    return archive


def _tar(files: dict[str, bytes], links: Mapping[str, str] = MappingProxyType({})) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path, data in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for path, target in links.items():
            info = tarfile.TarInfo(path)
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)
    return packed.getvalue()


def index_of(debs: dict[str, bytes], version: str = "1:2.0-1", sha256: str | None = None) -> bytes:
    """A ``Packages.xz`` that lists ``debs`` by package name."""
    stanzas = [
        f"Package: {name}\nVersion: {version}\nArchitecture: all\nDescription: made up\n in two lines\n"
        f"Filename: pool/main/{name}.deb\nSize: {len(deb)}\nSHA256: {sha256 or hashlib.sha256(deb).hexdigest()}\n"
        for name, deb in debs.items()
    ]
    return lzma.compress("\n".join(stanzas).encode())


class Mirror:
    """What a served mirror holds, and the requests it saw as (path, Range header)."""

    def __init__(self, url: str, files: dict[str, bytes]) -> None:
        self.url = url
        self.files = files
        self.seen: list[tuple[str, str | None]] = []


@contextmanager
def serve(files: dict[str, bytes]) -> Iterator[Mirror]:
    """A mirror on the loopback interface that honours byte ranges."""
    mirror = Mirror("", files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            span = self.headers.get("Range")
            mirror.seen.append((self.path, span))
            data = files.get(self.path.lstrip("/"))
            if data is None:
                self.send_error(404)
                return
            start = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
            self.send_response(206 if span else 200)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            with suppress(ConnectionError):  # a test hangs up on purpose
                self.wfile.write(data[start:])

        def log_message(self, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    mirror.url = f"http://127.0.0.1:{server.server_port}/debian"
    mirror.files = files
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield mirror
    finally:
        server.shutdown()
        server.server_close()


def picture(seed: int, size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    """A picture of soft random blobs; each seed gives another one."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 6, 3), dtype=np.uint8)
    data = io.BytesIO()
    Image.fromarray(small).resize(size, Image.Resampling.BICUBIC).save(data, kind)
    return data.getvalue()


def tone(hertz: float = 440.0, seconds: float = 0.3, loudness: float = 0.5, kind: str = "WAV") -> bytes:
    """A sine tone at 8 kHz."""
    samples = loudness * np.sin(2 * np.pi * hertz * np.arange(int(8000 * seconds)) / 8000)
    data = io.BytesIO()
    soundfile.write(data, samples.astype(np.float32), 8000, format=kind)
    return data.getvalue()
