"""The example of ARCHITECTURE.md runs as it stands there."""

from __future__ import annotations

import re

import numpy as np

from mmrec_core.explain.base import Pair
from mmrec_core.registry import Plugin
from mmrec_core.settings import REPOSITORY
from tests.fake_media import make_items
from tests.fake_model import FakeFusion, make_encoder


def example() -> Plugin:
    code = re.search(r"```python\n(.*?)```", (REPOSITORY / "ARCHITECTURE.md").read_text(), re.DOTALL)
    assert code, "ARCHITECTURE.md shows no example"
    namespace: dict[str, object] = {}
    exec(code.group(1), namespace)  # noqa: S102 - our own page
    plugin = namespace["PLUGIN"]
    assert isinstance(plugin, Plugin)
    return plugin


def test_the_example_explains_a_pair() -> None:
    encoder = make_encoder()
    query, item = (encoder.encode_item(i.id) for i in make_items()[:2])
    explanation = example().build().explain(Pair(FakeFusion(), query, item))
    shares = explanation.query.attribution
    assert shares is not None
    assert shares.players == tuple(map(str, query.players))
    assert np.isfinite(shares.values).all() and np.abs(shares.values).max() > 0
