"""The MovieLens table: every method on every line, leads against the model, peers from another Python."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from mmrec_core.errors import MissingPackageError, MMRecError
from mmrec_core.evaluate import movielens, movielens_methods, peers, peers_script
from mmrec_core.evaluate.movielens_methods import MODEL, Subject, methods
from mmrec_core.evaluate.movielens_report import SHOWN, movielens_table
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.interactions.baselines.ials import IALS
from mmrec_core.interactions.content import Content
from mmrec_core.interactions.movielens import MovieLens
from mmrec_core.interactions.split import split_ratings
from mmrec_core.settings import Settings
from mmrec_core.types import Movie, Viewer
from tests.unit.test_interactions_baselines import PARITY, TEXTS, two_tastes

CONTENT = Content({"text": PARITY})


@pytest.fixture
def settings(tmp_path, monkeypatch):
    movies = tuple(Movie(str(n), TEXTS[n], 1990, ("Drama",)) for n in range(40))
    viewers = tuple(Viewer(str(n), 30, "F", "writer") for n in range(40))
    monkeypatch.setattr(movielens, "open_movielens", lambda _: MovieLens(movies, viewers, two_tastes(), ()))
    monkeypatch.setattr(movielens, "movie_content", lambda *_: CONTENT)
    monkeypatch.setattr(movielens_methods, "IALS_GRID", ((4, 0.1),))
    return Settings(home=tmp_path)


@pytest.mark.parametrize("split", ["per-user", "cold"])
def test_every_method_is_on_every_line_and_the_table_is_kept(settings, split):
    found = movielens.evaluate_movielens(settings, split, lambda _: None)
    assert len(found) == (3 if split == "cold" else 1)
    for evaluation in found:
        assert {"popularity", "item-kNN", "EASE", "iALS", "BM25", "rank fusion"} <= set(evaluation.methods)
        assert {"profile, ID only", "profile, random features", "profile, constant features"} <= set(evaluation.methods)
        assert set(SHOWN) <= set(evaluation.lines)
        assert len(evaluation.cells) == len(evaluation.methods) * len(evaluation.lines)
        assert all((cell.lead is None) == (cell.method == MODEL or ("@10" in cell.line and not cell.values))
                   for cell in evaluation.cells)  # fmt: skip
        assert movielens_table(evaluation).row_count == len(evaluation.methods)
    assert len(EvaluationStore(settings.evaluations).all()) == len(found)


def test_the_same_run_twice_gives_the_same_figures(settings):
    first, again = (movielens.evaluate_movielens(settings, "per-user", lambda _: None)[0] for _ in range(2))
    assert first.cells == again.cells


def test_baselines_are_chosen_among_values_beyond_the_best_known():
    assert {dim for dim, _ in movielens_methods.IALS_GRID} >= {32, 64, 128, 256}
    assert min(movielens_methods.SHARE_GRID) < 0.5


def test_what_is_random_follows_the_seed_and_no_part_is_the_copy_of_another(monkeypatch):
    monkeypatch.setattr(movielens_methods, "IALS_GRID", ((4, 0.1),))
    subject = Subject(
        [Movie(str(n), TEXTS[n], 1990, ("Drama",)) for n in range(40)], Content({"text": PARITY, "poster": PARITY}), 7
    )
    found = methods(subject, split_ratings(two_tastes(), "per-user"), lambda _: None)
    assert found["iALS"] == IALS(4, 0.1, seed=7)
    random = found["profile, random features"].content.parts
    assert np.abs(np.sum(random["text"] * random["poster"], axis=1)).min() < 0.9, (
        "one vector for both would be one medium"
    )


def fake_peer(tmp_path, monkeypatch, body):
    script = tmp_path / "script.py"
    script.write_text("import sys, numpy as np, pathlib\nfolder = pathlib.Path(sys.argv[1])\n" + body)
    monkeypatch.setattr(peers.peers_script, "__file__", str(script))
    notes = []
    found = peers.peer_scores(
        sys.executable, two_tastes(), CONTENT, 1.0, tmp_path / "kept", lambda progress: notes.append(progress.note)
    )
    return dict(found), notes


def test_peers_get_likes_and_features_and_give_scores(tmp_path, monkeypatch):
    body = "shape = np.load(folder / 'in-shape.npy')\nprint('0/1 Some Peer', flush=True)\nnp.save(folder / 'Some Peer.npy', np.ones(shape))\n"
    scores, notes = fake_peer(tmp_path, monkeypatch, body)
    assert np.shape(scores["Some Peer"]) == (40, 40) and list(scores) == ["Some Peer"]
    assert notes == ["Some Peer"]


def test_a_peer_that_is_not_installed_names_its_package(tmp_path, monkeypatch):
    with pytest.raises(MissingPackageError, match="no_such_peer"):
        fake_peer(tmp_path, monkeypatch, "import no_such_peer\n")


def test_a_peer_that_fails_says_why(tmp_path, monkeypatch):
    with pytest.raises(MMRecError, match="out of luck"):
        fake_peer(tmp_path, monkeypatch, "raise RuntimeError('out of luck')\n")


def test_a_python_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MMRecError, match="MMREC_PEERS_PYTHON"):
        list(peers.peer_scores("/no/such/python", two_tastes(), CONTENT, 1.0, tmp_path, lambda _: None))


def test_the_table_is_kept_after_each_peer(settings, monkeypatch):
    def stopped(*_):
        yield "Some Peer", np.random.default_rng(0).random((40, 40))
        raise KeyboardInterrupt

    monkeypatch.setattr(movielens, "peer_scores", stopped)
    with pytest.raises(KeyboardInterrupt):
        movielens.evaluate_movielens(settings, "per-user", lambda _: None, with_peers=True)
    (kept,) = EvaluationStore(settings.evaluations).all()
    cell = kept.cell("Some Peer", "NDCG@10")
    assert cell.lead.mean == pytest.approx(kept.cell(MODEL, "NDCG@10").value.mean - cell.value.mean)


def test_peers_whose_library_knows_no_cold_items_are_not_asked_for_them():
    scores = dict.fromkeys(("EASE", *peers_script.BY_FEATURES), np.zeros((40, 40)))
    cold, warm, _ = split_ratings(two_tastes(), "cold")
    assert set(movielens.asked_fairly(scores, cold)) == {"EASE"}
    assert set(movielens.asked_fairly(scores, warm)) == set(scores)
    assert set(peers_script.BY_FEATURES) < set(peers_script.PEERS)


def test_an_interrupted_run_of_peers_goes_on_where_it_was(tmp_path, monkeypatch):
    fitted = []

    def peer(name, fails=False):
        def run(given):
            fitted.append(name)
            if fails:
                raise KeyboardInterrupt
            return np.full(tuple(given.shape), 1.0)

        return run

    for key, value in {"users": [0], "items": [1], "shape": [2, 3], "features": [[1.0]], "regularisation": 1.0}.items():
        np.save(tmp_path / f"in-{key}.npy", np.array(value))
    monkeypatch.setattr(peers_script, "PEERS", {"quick": peer("quick"), "slow": peer("slow", fails=True)})
    with pytest.raises(KeyboardInterrupt):
        peers_script.main(tmp_path)
    assert np.load(tmp_path / "quick.npy").shape == (2, 3) and not (tmp_path / "slow.npy").exists()
    monkeypatch.setattr(peers_script, "PEERS", {"quick": peer("quick"), "slow": peer("slow")})
    peers_script.main(tmp_path)
    assert fitted == ["quick", "slow", "slow"] and (tmp_path / "slow.npy").exists()
