"""Sentences: English as text, and the same in another language from the template and the values that they remember."""

from __future__ import annotations

import copy
import json

import pytest

from mmrec_core.errors import LimitError, MMRecError, UnknownNameError
from mmrec_core.jobs.journal import Journal
from mmrec_core.jobs.reading import DESCRIPTION, read_job
from mmrec_core.types import JobStatus, Progress, label, told
from mmrec_core.types.sentence import (
    OR,
    SEMICOLON,
    capitalised,
    english,
    enumerated,
    in_a_row,
    joined,
    packed,
    unpacked,
)

GERMAN = {
    "{n} patches": "{n} Felder",
    "Without {removed} it ranks {rank}.": "Ohne {removed} steht es auf {rank}.",
    "{rank}nd": "Platz {rank}",
    "{first} or {last}": "{first} oder {last}",
    "birds": "Vögel",
}
NESTED = told("Without {removed} it ranks {rank}.", removed=told("{n} patches", n=3), rank=told("{rank}nd", rank=2))


def german(text: str) -> str:
    return GERMAN.get(text, text)


def test_a_sentence_is_english_text():
    assert NESTED == "Without 3 patches it ranks 2nd."
    assert f"{NESTED}" == str(NESTED) == "Without 3 patches it ranks 2nd."


def test_it_is_said_in_another_language_with_all_it_holds():
    assert NESTED.render(german) == "Ohne 3 Felder steht es auf Platz 2."


def test_values_that_are_a_persons_words_stay():
    assert told("the word “{word}”", word="birds").render(german) == "the word “birds”"


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda s: unpacked(json.loads(json.dumps(packed(s))))],
)
def test_copies_remember_too(copied):
    again = copied(capitalised(NESTED))
    assert again == NESTED
    assert again.render(german) == NESTED.render(german)


def test_lists_rows_and_capitals():
    assert enumerated(["a", "b", "c"]) == "a, b and c"
    assert enumerated(["a", "b"], OR).render(german) == "a oder b"
    assert enumerated(["a"]) == "a" and enumerated([]) == ""
    assert in_a_row(["One.", "", "Two."]) == "One. Two."
    assert capitalised(joined(["one", "two"], SEMICOLON)) == "One; two"


def test_english_fills_places():
    assert english("{n:,} items", n=5000) == "5,000 items"
    assert english("50 % of {this}") == "50 % of {this}"


def test_errors_carry_their_sentence():
    assert LimitError("A", "5", "4", "Cut it.").message.render(german) == "A is 5; the limit is 4. Cut it."
    assert UnknownNameError("split", "x", []).message == "Unknown split 'x'. There are none."
    assert MMRecError("plain").message == "plain"


def test_a_job_tells_sentences_across_processes(tmp_path):
    (tmp_path / DESCRIPTION).write_text(
        json.dumps(
            {"kind": "train", "title": packed(told("{n} patches", n=2)), "arguments": [], "about": {}, "started": ""}
        )
    )
    journal = Journal(tmp_path)
    journal.begin()
    journal.progress(Progress(told("{n} patches", n=4), 1, 2, "files", "note"))
    journal.end(JobStatus.FAILED, NESTED)
    job = read_job(tmp_path, alive=False)
    assert job.title.render(german) == "2 Felder"
    assert [step.render(german) for step in job.progress] == ["4 Felder"]
    assert job.problem == NESTED and job.problem.render(german).startswith("Ohne")


def test_labels_fall_apart_into_known_words():
    assert label("image + text category P@10") == "image + text category P@10"
    assert (
        label("image diversity@10").render(lambda text: {"image": "Bild", "diversity": "Vielfalt"}.get(text, text))
        == "Bild Vielfalt@10"
    )


def test_labels_speak_of_sounds_as_pages_do_and_leave_names_alone():
    german = {"sound": "Klang", "item": "Ding"}
    assert label("audio → item R@1") == "sound → item R@1"
    assert label("audio → item R@1").render(lambda text: german.get(text, text)) == "Klang → Ding R@1"
    assert label("item-kNN").render(lambda text: german.get(text, text)) == "item-kNN"
