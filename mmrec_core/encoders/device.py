"""Where models run, how much memory is there, and at which precision."""

from __future__ import annotations

import os
import platform
import resource
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mmrec_core.errors import MMRecError
from mmrec_core.types import DeviceInfo, told

if TYPE_CHECKING:
    import torch

Precision = Literal["float32", "bfloat16"]
_GIB = 2**30


def choose_device(wanted: str = "auto") -> torch.device:
    """The device to run on: what was forced, else cuda, else mps, else cpu.

    Raises:
        MMRecError: the forced device is not there, or the name is unknown.
    """
    import torch

    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return torch.device(next(kind for kind, there in available.items() if there))
    if not available.get(wanted, False):
        usable = ", ".join(kind for kind, there in available.items() if there)
        raise MMRecError(
            told(
                "Device {wanted!r} is not available here. Usable: {usable}. Set MMREC_DEVICE to one of them, or "
                "to auto.",
                wanted=wanted,
                usable=usable,
            )
        )
    return torch.device(wanted)


def autocast(device: torch.device, precision: Precision) -> AbstractContextManager[object]:
    """bf16 autocast on ``device``, or nothing where the precision is float32. Per thread and per call."""
    import torch

    return torch.autocast(device.type, torch.bfloat16) if precision == "bfloat16" else nullcontext()


def device_info(device: torch.device, precision: str = "float32") -> DeviceInfo:
    """Name and memory of ``device``: its own memory for cuda, the machine's for cpu and mps; used and total, in GiB."""
    import torch

    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        return DeviceInfo("cuda", torch.cuda.get_device_name(device), precision, (total - free) / _GIB, total / _GIB)
    used, total_host = _host_memory()
    return DeviceInfo(device.type, device_name(device), precision, used, total_host)


def device_name(device: torch.device) -> str:
    """What a person would call the device."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    capability = torch.backends.cpu.get_cpu_capability() if device.type == "cpu" else "Metal"
    threads = torch.get_num_threads()
    words = {"name": platform.processor() or platform.machine(), "capability": capability}
    if threads == 1:
        return told("{name} ({capability}, 1 thread a medium)", **words)
    return told("{name} ({capability}, {n} threads a medium)", **words, n=threads)


def _host_memory() -> tuple[float, float]:
    """Resident memory of this process (its peak where the system does not tell the present), and of the machine, in GiB."""
    page, total = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * page / _GIB, total / _GIB
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / _GIB, total / _GIB
