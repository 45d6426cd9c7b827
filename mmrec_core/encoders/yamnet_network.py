"""YAMNet's network (MobileNet v1 on log-mel patches), read from its published ONNX file, whose batch norms are folded in."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmrec_core.encoders.fused import RELU, fuse, has_fused_convolutions

if TYPE_CHECKING:
    import torch


def load(path: Path) -> tuple[list[torch.nn.Conv2d], torch.nn.Linear]:
    """The convolutions, patches (n, 1, 96, 64) -> maps (n, 1024, 3, 2), and the classifier of their means: logits (n, 521).

    Args:
        path: the archive that holds the ONNX file and the data beside it.
    """
    import torch
    from onnx import numpy_helper

    graph = _read_graph(path)
    tensors = {stored.name: torch.from_numpy(numpy_helper.to_array(stored).copy()) for stored in graph.initializer}
    layers = [
        _convolution(node, *(tensors[name] for name in node.input[1:])) for node in graph.node if node.op_type == "Conv"
    ]
    weight, bias = (tensors[name] for name in graph.node[-1].input[1:])
    return layers, _linear(weight, bias)


def trunk(layers: Sequence[torch.nn.Conv2d], device: torch.device) -> Callable[[torch.Tensor], torch.Tensor]:
    """The convolutions one after the other, each with its ReLU: fused on a processor, as torch runs them elsewhere."""
    import torch

    if has_fused_convolutions(device):
        steps = [fuse(layer, RELU) for layer in layers]
        return lambda patches: reduce(lambda x, step: step(x), steps, patches)
    modules = [module for layer in layers for module in (_margin(layer), layer, torch.nn.ReLU(inplace=True))]
    return torch.nn.Sequential(*modules).to(device).to(memory_format=torch.channels_last)


def _read_graph(path: Path) -> Any:
    import onnx

    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        return onnx.load(next(Path(folder).rglob("*.onnx"))).graph


def _convolution(node: Any, weight: torch.Tensor, bias: torch.Tensor) -> torch.nn.Conv2d:
    import torch
    from onnx.helper import get_node_attr_value

    stride, groups = get_node_attr_value(node, "strides")[0], get_node_attr_value(node, "group")
    width, inputs, kernel, _ = weight.shape
    layer = torch.nn.Conv2d(inputs * groups, width, kernel, stride, groups=groups)
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer.eval().requires_grad_(False)


def _margin(layer: torch.nn.Conv2d) -> torch.nn.Module:
    """Padding as TensorFlow's SAME does it on even sides."""
    import torch

    after = (layer.kernel_size[0] - 1) // 2
    before = max(0, after - layer.stride[0] + 1)
    return torch.nn.ZeroPad2d((before, after, before, after))


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> torch.nn.Linear:
    import torch

    layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer.eval().requires_grad_(False)
