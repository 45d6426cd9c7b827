"""Uploads on their way through streamlit's own route: never on disk."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile

import pytest
from starlette.applications import Starlette
from starlette.formparsers import MultiPartParser
from starlette.testclient import TestClient
from streamlit import config
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import DeletedFile
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

from pages._ui import uploads

LARGE = b"x" * (3 << 20)
PLACE = "/_stcore/upload_file"


class Visits:
    """Stands for streamlit's runtime: every visit is known."""

    def is_active_session(self, session: str) -> bool:
        return True


@pytest.mark.parametrize("told", [True, False])
def test_a_large_upload_goes_to_disk_unless_it_is_told_to_stay_in_memory(monkeypatch, told):
    written = []
    roll_over = SpooledTemporaryFile.rollover
    monkeypatch.setattr(SpooledTemporaryFile, "rollover", lambda file: written.append(file) or roll_over(file))
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)
    monkeypatch.setattr(config, "get_option", lambda name, get=config.get_option: "Xsrf" not in name and get(name))
    if told:
        uploads.stay_in_memory()
    else:
        MultiPartParser.spool_max_size = 1 << 20
    kept = MemoryUploadedFileManager(PLACE)
    server = TestClient(Starlette(routes=create_upload_routes(Visits(), kept, "")))
    answer = server.put(f"{PLACE}/visit/file", files={"file": ("photo.jpg", LARGE, "image/jpeg")})
    assert answer.status_code == 204
    assert kept.get_files("visit", ["file"])[0].data == LARGE
    assert bool(written) is not told


def test_what_was_forgotten_is_no_file(monkeypatch):
    monkeypatch.setattr(uploads.st, "session_state", {"key": DeletedFile("file")})
    assert uploads.take("key") is None
