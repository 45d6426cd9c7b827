"""Other libraries' recommenders on the identical split and features, in a Python of their own."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from mmrec_core.errors import MissingPackageError, MMRecError
from mmrec_core.evaluate import peers_script
from mmrec_core.interactions.content import Content
from mmrec_core.interactions.ratings import Ratings, Scores
from mmrec_core.types import Progress, Report


def peer_scores(
    python: str, train: Ratings, content: Content, regularisation: float, kept: Path, report: Report
) -> Iterator[tuple[str, Scores]]:
    """Name and scores (n_users, n_items) of each peer, fitted on the likes in ``train``, as soon as they are there.

    Args:
        python: an interpreter with the packages of ``requirements-bench.txt``.
        content: VBPR and AMR get its encoded parts, side by side.
        regularisation: of Cornac's EASE, as chosen on validation for ours.
        kept: where each peer's scores are written as soon as it is fitted; a later run on the same input goes on from there.

    Raises:
        MissingPackageError: that Python lacks a peer.
        MMRecError: a peer failed; the message ends in its last line.
    """
    likes = train.likes
    arrays: Mapping[str, np.ndarray] = {
        "users": likes.user,
        "items": likes.item,
        "shape": np.array([len(train.users), len(train.items)]),
        "features": np.concatenate(list(content.encoded.values()), axis=1),
        "regularisation": np.array(regularisation),
    }
    folder = kept / _digest(arrays)
    folder.mkdir(parents=True, exist_ok=True)
    for key, array in arrays.items():
        np.save(folder / f"in-{key}.npy", array)
    given: set[str] = set()
    for _ in _run(python, folder, report):
        for path in sorted(folder.glob("*.npy")):
            if not path.name.startswith("in-") and path.stem not in given:
                given.add(path.stem)
                yield path.stem, np.load(path)


def _digest(arrays: Mapping[str, np.ndarray]) -> str:
    """Of what peers are given and of the code that runs them."""
    parts = [np.ascontiguousarray(array).tobytes() for array in arrays.values()]
    return hashlib.sha256(b"".join([Path(peers_script.__file__).read_bytes(), *parts])).hexdigest()[:16]


def _run(python: str, folder: Path, report: Report) -> Iterator[None]:
    """Run the peers; comes back whenever one more may be there, and at the end."""
    command = [python, str(Path(peers_script.__file__)), str(folder)]
    try:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
    except OSError as error:
        raise MMRecError(f"MMREC_PEERS_PYTHON names {python!r}, which cannot be run: {error}.") from error
    last = ""
    with child:
        for line in child.stdout or ():
            last = line.strip() or last
            done, slash, name = last.partition("/")
            if slash and done.isdecimal():
                report(Progress("Fitting peers", int(done), int(name.split()[0]), "peers", name.partition(" ")[2]))
                yield
    if "No module named" in last:
        raise MissingPackageError("evaluate --peers", last.rpartition(" ")[2].strip("'"))
    if child.returncode:
        raise MMRecError(f"The peers stopped with exit code {child.returncode}. Last line: {last}")
    yield
