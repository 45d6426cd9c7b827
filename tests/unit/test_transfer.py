"""Sources that are kept out, names of sounds, microphones, the corpus's soundfont."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import torch

from mmrec_core.evaluate.microphone import RATE, through_microphone
from mmrec_core.evaluate.names import names_of, words_of
from mmrec_core.evaluate.transfer import Trial, trial_lines
from mmrec_core.evaluate.transfer_run import trained_without
from mmrec_core.training.blend import blend
from mmrec_core.training.corpus.hydrogen import drum_name
from mmrec_core.training.corpus.soundfont import SoundFont, play
from mmrec_core.training.recipe import recipe_of
from mmrec_core.training.split import split_items, with_corpus, without
from mmrec_core.training.tables import TokenTable, project_table
from mmrec_core.types import Audio, Modality
from tests.tiny import tiny_items


def test_a_left_out_source_is_neither_trained_nor_validated_on() -> None:
    items = tiny_items(200)
    left_out = [n % 3 == 0 for n in range(len(items))]
    split = with_corpus(without(split_items(items), left_out), range(200, 205))
    learned = set(split.trained.tolist()) | set(split.validation.tolist())
    assert not learned & {n for n in range(200) if left_out[n]}
    assert {200, 204} <= set(split.trained.tolist()) and 200 not in split.train


def test_what_was_trained_by_another_recipe_or_seed_is_kept_beside_the_other() -> None:
    recipes = [recipe_of({}), recipe_of({"seed": 1}), recipe_of({"epochs": 1})]
    names = [trained_without(("gcompris", "tuxpaint"), recipe) for recipe in recipes]
    assert len(set(names)) == 3 and all(name.startswith("trained without gcompris, tuxpaint@") for name in names)
    assert trained_without(("gcompris", "tuxpaint"), recipe_of({})) == names[0]


def test_names_know_kin_and_leave_out_what_is_no_name() -> None:
    assert "rooster" in names_of("Brown hen") and "brown" not in names_of("Brown hen")
    assert names_of("Music of Japan") == frozenset()
    assert words_of("Dog (drawing)") == {"dog"}


def test_trial_counts_names_only_where_the_gallery_holds_them() -> None:
    titles = ("Dog barking", "Unicorn", "Puppy", "House")
    base = tiny_items(4)
    items = tuple(
        replace(item, id=f"{source}/{n}", title=title, source=source, category="animals", audio="a/b.ogg")
        for n, (item, title, source) in enumerate(zip(base, titles, ("q", "q", "g", "g"), strict=True))
    )
    trial = Trial("t", "q", Modality.AUDIO, named=True)

    def scorer(queries, asked, gallery, held):
        return np.ones((len(queries), len(gallery)), np.float32)

    lines = {line.name: line.values for line in trial_lines(trial, scorer, items, np.array([2, 3]), np.zeros(4, int))}
    assert lines["t: category P@10"].tolist() == [1.0, 1.0]
    assert lines["t: same name in 10"].tolist() == [1.0]


def test_a_microphone_hears_three_noisy_seconds_at_sixteen_kilohertz() -> None:
    time = np.arange(5 * 44100) / 44100
    heard = through_microphone(Audio(np.sin(2000 * time).astype(np.float32), 44100), seed=1)
    assert heard.rate == RATE and heard.seconds == 3.0
    spectrum = np.abs(np.fft.rfft(heard.samples)) ** 2
    tone = spectrum[np.abs(np.fft.rfftfreq(len(heard.samples), 1 / RATE) - 2000 / (2 * np.pi)) < 5].sum()
    assert 8 < 10 * np.log10(tone / (spectrum.sum() - tone)) < 12


def test_a_table_is_projected_chunk_by_chunk() -> None:
    table = TokenTable(torch.arange(12.0).view(6, 2).half(), torch.ones(6, dtype=torch.bool), torch.tensor([0, 2, 6]))
    projected = project_table(table, lambda values: values[:, :1] * 2, chunk=4)
    assert projected.values[:, 0].tolist() == [0, 4, 8, 12, 16, 20]
    assert len(table.sample(torch.tensor([1]), 3, seed=0)) == 3


def test_drums_are_named_by_their_files() -> None:
    assert drum_name("HiHatClosed-0") == "Hi-hat cymbal" and drum_name("EE_Kick_Hard_1") == "Bass drum"
    assert drum_name("beats_08-15") == ""


def test_a_note_of_a_soundfont_has_its_pitch(tmp_path) -> None:
    path = tmp_path / "one.sf2"
    path.write_bytes(one_note_font())
    zone = SoundFont(path).zones(0, 40)[0]
    note = play(zone, zone.root + 12, 1.0, 44100)
    peak = np.abs(np.fft.rfft(note)).argmax() * 44100 / len(note)
    assert len(note) == 44100 and abs(peak - 882) < 5
    assert SoundFont(path).zones(0, 41) == []


def one_note_font() -> bytes:
    """A SoundFont with one preset (bank 0, program 40) that loops a 441 Hz sine of root 69."""
    sine = (np.sin(2 * np.pi * 441 * np.arange(4410) / 44100) * 20000).astype("<i2").tobytes()

    def chunk(name: bytes, data: bytes) -> bytes:
        return name + struct.pack("<I", len(data)) + data

    pdta = b"pdta" + b"".join(
        [
            chunk(b"phdr", struct.pack("<20sHHHIII", b"one", 40, 0, 0, 0, 0, 0) + struct.pack("<20sHHHIII", b"EOP", 0, 0, 1, 0, 0, 0)),
            chunk(b"pbag", struct.pack("<HHHH", 0, 0, 1, 0)),
            chunk(b"pgen", struct.pack("<HHHH", 41, 0, 0, 0)),
            chunk(b"inst", struct.pack("<20sH", b"one", 0) + struct.pack("<20sH", b"EOI", 1)),
            chunk(b"ibag", struct.pack("<HHHH", 0, 0, 2, 0)),
            chunk(b"igen", struct.pack("<HHHHHH", 54, 1, 53, 0, 0, 0)),
            chunk(b"shdr", struct.pack("<20sIIIIIBbHH", b"sine", 0, 4410, 100, 4100, 44100, 69, 0, 0, 1) + bytes(46)),
        ]
    )  # fmt: skip
    body = b"sfbk" + chunk(b"LIST", b"sdta" + chunk(b"smpl", sine)) + chunk(b"LIST", pdta)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_half_of_what_training_changed_is_kept() -> None:
    layer = torch.nn.Linear(2, 2)
    start = {name: weight.clone() for name, weight in layer.state_dict().items()}
    with torch.no_grad():
        layer.weight += 1
    blend(layer, start, 0.25)
    torch.testing.assert_close(layer.weight.detach(), start["weight"] + 0.25)
    torch.testing.assert_close(layer.bias.detach(), start["bias"])


def test_pooled_fusions_are_trained_longer_unless_told_otherwise() -> None:
    assert recipe_of({"fusion": "feature_level"}).epochs > recipe_of({}).epochs
    assert recipe_of({"fusion": "decision_level", "epochs": "2"}).epochs == 2
