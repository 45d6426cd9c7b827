"""Peers, run by a Python that has them: reads a folder of arrays, writes ``NAME.npy`` scores (n_users, n_items) beside them.

It stands alone, so that Cornac and LensKit may live in an environment whose pins differ from the app's (requirements-bench.txt).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

FACTORS, NEIGHBOURS = 32, 100


@dataclass(frozen=True)
class Given:
    """What every peer is fitted on: likes as pairs, (n_users, n_items), a row of features an item, EASE's regularisation."""

    users: np.ndarray
    items: np.ndarray
    shape: np.ndarray
    features: np.ndarray
    regularisation: np.ndarray

    @classmethod
    def read(cls, folder: Path) -> Given:
        """The arrays that were left in the folder."""
        return cls(**{field.name: np.load(folder / f"in-{field.name}.npy") for field in fields(cls)})


def main(folder: Path) -> None:
    """Fit every peer whose scores are not in the folder yet; each is written as soon as it is there."""
    given = Given.read(folder)
    for done, (name, run) in enumerate(PEERS.items()):
        print(f"{done}/{len(PEERS)} {name}", flush=True)
        if not (folder / f"{name}.npy").exists():
            unfinished = folder / f"in-work-{name}.npy"
            np.save(unfinished, run(given).astype(np.float32))
            unfinished.replace(folder / f"{name}.npy")


def cornac(name: str, given: Given, **options: Any) -> np.ndarray:
    """A Cornac model with the items' features; items that nobody likes, which Cornac leaves out, stand last, in no order of their own.

    VBPR and AMR could tell such items by their features, but are not asked by Cornac; ``movielens.asked_fairly`` leaves them out there.
    """
    import cornac.models
    from cornac.data import Dataset, ImageModality

    pairs = [(int(u), int(i), 1.0) for u, i in zip(given.users, given.items, strict=True)]
    data = Dataset.from_uir(pairs, seed=0)
    known = np.array(list(data.item_ids), int)
    data.add_modalities(
        item_image=ImageModality(features=given.features[known], ids=list(known), normalized=False).build(
            id_map=data.iid_map
        )
    )
    model = getattr(cornac.models, name)(verbose=False, **options).fit(data)
    scores = np.zeros(tuple(given.shape), np.float32)
    for user, number in data.uid_map.items():
        found = model.score(number)
        scores[user] = found.min() - 1
        scores[user, known] = found
    return scores


def lenskit_item_knn(given: Given) -> np.ndarray:
    """LensKit's item-kNN for implicit feedback; an item it has no score for stands last."""
    import pandas
    from lenskit.data import ItemList, RecQuery, from_interactions_df
    from lenskit.knn import ItemKNNScorer

    frame = pandas.DataFrame({"user_id": given.users, "item_id": given.items})
    data = from_interactions_df(frame)
    model = ItemKNNScorer(max_nbrs=NEIGHBOURS, feedback="implicit")
    model.train(data)
    everything = ItemList(item_ids=np.arange(given.shape[1]))
    scores = np.full(tuple(given.shape), -1.0, np.float32)
    for user, liked in frame.groupby("user_id").item_id:
        found = model(RecQuery(user_id=user, history_items=ItemList(item_ids=liked.to_numpy())), everything)
        scores[user] = np.nan_to_num(found.scores(), nan=-1.0)
    return scores


BY_FEATURES = ("Cornac VBPR", "Cornac AMR")
PEERS: Mapping[str, Callable[[Given], np.ndarray]] = {
    "Cornac EASE": lambda given: cornac("EASE", given, lamb=float(given.regularisation), posB=False),
    "LensKit item-kNN": lenskit_item_knn,
    "Cornac VBPR": lambda given: cornac("VBPR", given, k=FACTORS, k2=FACTORS, seed=0),
    "Cornac AMR": lambda given: cornac("AMR", given, k=FACTORS, k2=FACTORS, seed=0),
}
"""By name, quick ones first."""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
