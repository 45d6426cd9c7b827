"""YAMNet's network (MobileNet v1 on log-mel patches), read from its published ONNX file, whose batch norms are folded in."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def load(path: Path) -> tuple[torch.nn.Module, torch.nn.Linear]:
    """Patches (n, 1, 96, 64) -> maps (n, 1024, 3, 2), and the classifier of their means: logits (n, 521).

    Args:
        path: the archive that holds the ONNX file and the data beside it.
    """
    import torch
    from onnx import numpy_helper

    graph = _read_graph(path)
    tensors = {stored.name: torch.from_numpy(numpy_helper.to_array(stored).copy()) for stored in graph.initializer}
    layers: list[torch.nn.Module] = []
    for node in graph.node:
        if node.op_type == "Conv":
            layers += _convolution(node, *(tensors[name] for name in node.input[1:]))
    trunk = torch.nn.Sequential(*layers).eval().requires_grad_(False)
    weight, bias = (tensors[name] for name in graph.node[-1].input[1:])
    return trunk.to(memory_format=torch.channels_last), _linear(weight, bias)


def _read_graph(path: Path) -> Any:
    import onnx

    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        return onnx.load(next(Path(folder).rglob("*.onnx"))).graph


def _convolution(node: Any, weight: torch.Tensor, bias: torch.Tensor) -> list[torch.nn.Module]:
    """Padding as TensorFlow's SAME does it, the convolution and its ReLU."""
    import torch
    from onnx.helper import get_node_attr_value

    stride, groups = get_node_attr_value(node, "strides")[0], get_node_attr_value(node, "group")
    top, left, bottom, right = get_node_attr_value(node, "pads")
    width, inputs, kernel, _ = weight.shape
    layer = torch.nn.Conv2d(inputs * groups, width, kernel, stride, groups=groups)
    layer.load_state_dict({"weight": weight, "bias": bias})
    return [torch.nn.ZeroPad2d((left, right, top, bottom)), layer, torch.nn.ReLU(inplace=True)]


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> torch.nn.Linear:
    import torch

    layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer.eval().requires_grad_(False)
