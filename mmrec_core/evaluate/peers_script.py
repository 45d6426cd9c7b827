"""Peers, run by a Python that has them: reads a folder of arrays, writes ``NAME.npy`` scores (n_users, n_items) beside them.

It stands alone, so that Cornac and LensKit may live in an environment whose pins differ from the app's (requirements-bench.txt).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

FACTORS, NEIGHBOURS = 32, 100


def main(folder: Path) -> None:
    """Fit every peer on the likes in ``folder`` and write its scores."""
    users, items, shape = (np.load(folder / f"in-{name}.npy") for name in ("users", "items", "shape"))
    features = np.load(folder / "in-features.npy")
    regularisation = float(np.load(folder / "in-regularisation.npy"))
    peers: dict[str, Callable[[], np.ndarray]] = {
        "Cornac EASE": lambda: cornac("EASE", users, items, shape, features, lamb=regularisation, posB=False),
        "Cornac VBPR": lambda: cornac("VBPR", users, items, shape, features, k=FACTORS, k2=FACTORS, seed=0),
        "Cornac AMR": lambda: cornac("AMR", users, items, shape, features, k=FACTORS, k2=FACTORS, seed=0),
        "LensKit item-kNN": lambda: lenskit_item_knn(users, items, shape),
    }
    for done, (name, run) in enumerate(peers.items()):
        print(f"{done}/{len(peers)} {name}", flush=True)
        np.save(folder / f"{name}.npy", run().astype(np.float32))


def cornac(name: str, users: Any, items: Any, shape: Any, features: Any, **options: Any) -> np.ndarray:
    """A Cornac model with the items' features; items that nobody likes keep a score of zero."""
    import cornac.models
    from cornac.data import Dataset, ImageModality

    pairs = [(int(u), int(i), 1.0) for u, i in zip(users, items, strict=True)]
    data = Dataset.from_uir(pairs, seed=0)
    known = np.array(list(data.item_ids), int)
    data.add_modalities(
        item_image=ImageModality(features=features[known], ids=list(known), normalized=False).build(id_map=data.iid_map)
    )
    model = getattr(cornac.models, name)(verbose=False, **options).fit(data)
    scores = np.zeros(tuple(shape), np.float32)
    for user, number in data.uid_map.items():
        scores[user, known] = model.score(number)
    return scores


def lenskit_item_knn(users: Any, items: Any, shape: Any) -> np.ndarray:
    """LensKit's item-kNN for implicit feedback; an item it has no score for stands last."""
    import pandas
    from lenskit.data import ItemList, RecQuery, from_interactions_df
    from lenskit.knn import ItemKNNScorer

    frame = pandas.DataFrame({"user_id": users, "item_id": items})
    data = from_interactions_df(frame)
    model = ItemKNNScorer(max_nbrs=NEIGHBOURS, feedback="implicit")
    model.train(data)
    everything = ItemList(item_ids=np.arange(shape[1]))
    scores = np.full(tuple(shape), -1.0, np.float32)
    for user, liked in frame.groupby("user_id").item_id:
        found = model(RecQuery(user_id=user, history_items=ItemList(item_ids=liked.to_numpy())), everything)
        scores[user] = np.nan_to_num(found.scores(), nan=-1.0)
    return scores


if __name__ == "__main__":
    main(Path(sys.argv[1]))
