"""Turns at the model: one at a time, in the order of asking, and long work lets others in between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from mmrec_core.explain.ticks import listening, tick
from mmrec_core.explain.token_shap import seeded
from mmrec_core.service.turns import Turns

SECONDS = 10


def test_two_never_compute_at_once():
    turns, inside, most = Turns(), [], []

    def work(number: int) -> None:
        with turns.taken():
            inside.append(number)
            most.append(len(inside))
            threading.Event().wait(0.002)
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    assert max(most) == 1 and len(most) == 40


def test_who_waits_has_a_turn_between_two_batches_of_long_work():
    turns, begun, served = Turns(), threading.Event(), threading.Event()

    def long_work() -> bool:
        with turns.taken():
            begun.set()
            for _ in range(2000):
                tick(1)
                if served.wait(0.005):
                    return True
        return False

    def search() -> None:
        with turns.taken():
            served.set()

    with ThreadPoolExecutor(2) as pool:
        long = pool.submit(long_work)
        assert begun.wait(SECONDS)
        pool.submit(search).result(SECONDS)
        assert long.result(SECONDS)


def test_work_that_breaks_gives_its_turn_back():
    turns = Turns()
    try:
        with turns.taken():
            raise ValueError
    except ValueError:
        pass
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: turns.taken().__enter__() is None).result(SECONDS)


def test_an_outer_listener_hears_what_is_computed_in_a_turn():
    heard: list[int] = []
    with listening(heard.append), Turns().taken():
        tick(7)
    assert heard == [7]


def test_two_that_sample_by_turns_both_end_and_draw_what_each_draws_alone():
    turns, together = Turns(), threading.Barrier(2)

    def sample(seed: int, wait: bool) -> list[float]:
        if wait:
            together.wait(SECONDS)
        with turns.taken(), seeded(seed):
            drawn = []
            for _ in range(20):
                tick(1)
                drawn.append(float(np.random.random()))
                threading.Event().wait(0.002)
            return drawn

    alone = [sample(seed, wait=False) for seed in (1, 2)]
    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(sample, seed, True) for seed in (1, 2)]
        assert [one.result(SECONDS) for one in found] == alone
