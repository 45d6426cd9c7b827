"""What a file is, by its first bytes: a name for people, used to choose decoders and in refusals."""

from __future__ import annotations

import re

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"II*\x00", "TIFF image"),
    (b"MM\x00*", "TIFF image"),
    (b"II+\x00", "TIFF image"),
    (b"MM\x00+", "TIFF image"),
    (b"BM", "BMP image"),
    (b"8BPS", "Photoshop file"),
    (b"\x00\x00\x01\x00", "icon file"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000 image"),
    (b"%PDF-", "PDF document"),
    (b"%!PS", "PostScript document"),
    (b"fLaC", "FLAC sound"),
    (b"OggS", "Ogg file"),
    (b"ID3", "MP3 sound"),
    (b".snd", "AU sound"),
    (b"caff", "CAF sound"),
    (b"riff\x2e\x91\xcf\x11", "Wave64 sound"),
    (b"wvpk", "WavPack sound"),
    (b"#!AMR", "AMR sound"),
    (b"MThd", "MIDI file"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media file"),
    (b"FLV", "Flash video"),
    (b"\x1a\x45\xdf\xa3", "Matroska or WebM file"),
    (b"\x00\x00\x01\xba", "MPEG video"),
    (b"\x00\x00\x01\xb3", "MPEG video"),
    (b"#EXTM3U", "playlist"),
    (b"ffconcat", "playlist"),
    (b"[playlist]", "playlist"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"PK\x05\x06", "ZIP archive"),
    (b"\x1f\x8b", "gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"Rar!", "RAR archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\x00", "xz archive"),
    (b"\x7fELF", "program"),
    (b"MZ", "Windows program"),
    (b"#!", "script"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"{\\rtf", "RTF document"),
)
_BRANDS: dict[bytes, str] = {
    b"heic": "HEIC image",
    b"heix": "HEIC image",
    b"mif1": "HEIC image",
    b"msf1": "HEIC image",
    b"avif": "AVIF image",
    b"avis": "AVIF image",
    b"M4A ": "M4A sound",
    b"M4B ": "M4A sound",
    b"qt  ": "QuickTime file",
}
_RIFF: dict[bytes, str] = {b"WAVE": "WAV sound", b"WEBP": "WebP image", b"AVI ": "AVI video", b"RMID": "MIDI file"}
_MARKUP: tuple[tuple[str, str], ...] = (
    (r"<svg\b", "SVG drawing"),
    (r"<!doctype\s+html|<html\b|<head\b|<body\b|<script\b", "HTML page"),
    (r"<MPD\b|<smil\b|<asx\b", "playlist"),
    (r"<\?xml\b", "XML document"),
)


def sniff(data: bytes) -> str | None:
    """Name of the file type, e.g. ``"PNG image"`` or ``"HTML page"``; None where the first bytes tell nothing."""
    head = data[:4096]
    if head[:4] in (b"RIFF", b"RF64", b"RIFX"):
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "AIFF sound"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "MP4 file")
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    return _mpeg_audio(head) or _markup(head) or _plain_text(head)


def _mpeg_audio(head: bytes) -> str | None:
    """MP3 and AAC streams begin with a frame header (11 or 12 set bits), whose layer bits tell them apart."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "AAC sound"
    valid = (
        head[1] & 0x18 != 0x08 and head[1] & 0x06 != 0 and head[2] & 0xF0 not in (0x00, 0xF0) and head[2] & 0x0C != 0x0C
    )
    return "MP3 sound" if valid else None


def _markup(head: bytes) -> str | None:
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if not text.startswith("<"):
        return None
    return next((name for pattern, name in _MARKUP if re.search(pattern, text, re.IGNORECASE)), None)


def _plain_text(head: bytes) -> str | None:
    """Text holds no NUL and decodes as UTF-8 (the last character may be cut)."""
    if not head or b"\x00" in head:
        return None
    try:
        head[: max(1, len(head) - 3)].decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "text file"
