"""How often words are heard where none were said, and how many are misheard: catalogue sounds and synthetic voices."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mmrec_core.catalogue.store import Catalogue
from mmrec_core.media.audio import decode_audio
from mmrec_core.metrics import bootstrap
from mmrec_core.speech.transcriber import Transcriber
from mmrec_core.training.split import TEST_SHARE, position
from mmrec_core.types import Progress, Report, Transcript

SENTENCES = (
    "a dog barking at night",
    "show me a calm bird by the water",
    "an old wooden violin",
    "the sound of heavy rain on a roof",
    "a red fire truck with a ladder",
    "I am looking for a picture of a castle on a hill",
    "drums and cymbals in a rock band",
    "a cat sleeping on a chair",
    "a space ship flying past a planet",
    "fresh apples and bananas in a basket",
    "a frog jumping into a pond",
    "find me a warrior with a sword and a shield",
    "a steam train leaving the station",
    "church bells ringing in the morning",
    "a snowy mountain under a blue sky",
    "children playing in the park",
    "an elephant drinking water",
    "a piano playing a slow song",
    "a sailing boat on the ocean",
    "the wind blowing through the trees",
)
FOREIGN = {
    "de": ("Ein Hund bellt in der Nacht", "Ein altes Schloss auf einem Hügel", "Zeige mir einen roten Apfel"),
    "es": ("un perro ladrando en la noche", "un viejo castillo en una colina", "muéstrame una manzana roja"),
    "fr": ("un chien qui aboie la nuit", "un vieux château sur une colline", "montre moi une pomme rouge"),
    "it": ("un cane che abbaia di notte", "un vecchio castello su una collina", "mostrami una mela rossa"),
    "ru": ("собака лает ночью", "старый замок на холме", "покажи мне красное яблоко"),
    "cmn": ("一只狗在夜里叫", "山上的老城堡", "给我看一个红苹果"),
}
FLITE_VOICES = ("slt", "rms", "awb", "kal16")
MOST_SOUNDS = 100


def evaluate_speech(catalogue: Catalogue, transcriber: Transcriber, report: Report) -> dict[str, Any]:
    """Listen to held-out sounds of the catalogue and, where a synthesiser is installed, to sentences.

    Returns:
        ``{sounds: {false_words: interval, heard: {id: words}}, english: {voice: {word_error, silent}},
        foreign: {words_shown, of_them_unsure}}``; a synthesiser that is not installed is named with None.
    """
    spoken: dict[str, Any] = dict.fromkeys(("flite", "espeak-ng"))
    for name in spoken:
        if shutil.which(name):
            spoken[name] = _english(name, transcriber, report)
    foreign = _foreign(transcriber, report) if shutil.which("espeak-ng") else None
    return {"sounds": _sounds(catalogue, transcriber, report), "english": spoken, "foreign": foreign}


def word_errors(said: str, heard: str) -> int:
    """Edits from one to the other, in words (Levenshtein 1966); case and punctuation do not count."""
    a, b = _words(said), _words(heard)
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        previous, row = row, [i]
        for j, other in enumerate(b, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (word != other)))
    return row[-1]


def _sounds(catalogue: Catalogue, transcriber: Transcriber, report: Report) -> dict[str, Any]:
    items = [item for item in catalogue.items if item.audio and position(item.title) < TEST_SHARE][:MOST_SOUNDS]
    heard = {}
    for done, item in enumerate(items):
        report(Progress("Listening to the catalogue", done, len(items), "sounds"))
        path = catalogue.audio_path(item)
        if path and (found := transcriber.transcribe(decode_audio(path.read_bytes(), item.title), _quiet)).text:
            heard[item.id] = found.text
    rate = bootstrap(np.array([item.id in heard for item in items], float))
    return {"false_words": rate.mean, "low": rate.low, "high": rate.high, "n": rate.n, "heard": heard}


def _english(program: str, transcriber: Transcriber, report: Report) -> dict[str, Any]:
    report(Progress(f"Listening to {program}", 0, len(SENTENCES), "sentences"))
    errors, words, silent = 0, 0, 0
    for said, found in _said(program, SENTENCES, transcriber):
        silent += not found.text
        errors, words = errors + word_errors(said, found.text), words + len(_words(said))
    return {"word_error": errors / words, "silent": silent, "n": len(SENTENCES)}


def _foreign(transcriber: Transcriber, report: Report) -> dict[str, Any]:
    report(Progress("Listening to other languages", 0, len(FOREIGN), "languages"))
    found = [t for voice, said in FOREIGN.items() for _, t in _said("espeak-ng", said, transcriber, voice)]
    shown = [t for t in found if t.text]
    return {"n": len(found), "words_shown": len(shown), "of_them_unsure": sum(bool(t.notice) for t in shown)}


def _said(
    program: str, sentences: Sequence[str], transcriber: Transcriber, voice: str = "en-us"
) -> Iterator[tuple[str, Transcript]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        for number, sentence in enumerate(sentences):
            flite = [program, "-voice", FLITE_VOICES[number % len(FLITE_VOICES)], "-t", sentence, "-o", str(file)]
            espeak = [program, "-v", voice, "-s", "150", "-w", str(file), sentence]
            subprocess.run(flite if program == "flite" else espeak, check=True, capture_output=True)  # noqa: S603
            yield sentence, transcriber.transcribe(decode_audio(file.read_bytes(), "speech"), _quiet)


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def _quiet(_: Progress) -> None:
    """Single sounds are short."""
