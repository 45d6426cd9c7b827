"""The command line over a fake service: shapes of JSON, what goes to which stream, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest
from typer.testing import CliRunner

from mmrec_core import cli
from mmrec_core.cli import shared
from mmrec_core.cli.asked import read_file
from mmrec_core.errors import NotSetUpError, QueryError, UnreadableError
from mmrec_core.evaluate.bench_query import SECONDS, bench_query, wav_of
from mmrec_core.media.limits import LIMITS
from mmrec_core.service.languages import text_note
from mmrec_core.settings import Settings
from mmrec_core.types import Profile
from tests.fake_media import draw_picture, make_sound, png_bytes, wav_bytes
from tests.fakes import FakeService

RUNNER = CliRunner()
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def service(monkeypatch):
    fake = FakeService()
    monkeypatch.setattr("mmrec_core.service.Service.open", lambda settings: fake)
    return fake


@pytest.fixture
def files(tmp_path):
    (tmp_path / "p.png").write_bytes(png_bytes(draw_picture("p")))
    (tmp_path / "s.wav").write_bytes(wav_bytes(make_sound("s")))
    return tmp_path


def run(*arguments):
    return RUNNER.invoke(cli.app, [str(a) for a in arguments])


def test_recommend_json_has_exactly_the_promised_shape(service, files):
    result = run(
        "recommend", "--image", files / "p.png", "--text", "a bird", "--audio", files / "s.wav", "-k", 3, "--json"
    )
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert set(answer) == {"results", "timings_ms", "bundle", "device"}
    assert len(answer["results"]) == 3
    first = answer["results"][0]
    assert set(first) == {
        "rank", "id", "title", "category", "tags", "modalities", "score", "attributions", "baseline", "residual"
    }  # fmt: skip
    assert set(first["attributions"]) == {"image", "text", "audio"}
    assert first["score"] == pytest.approx(first["baseline"] + sum(first["attributions"].values()) + first["residual"])


def test_recommend_prints_a_table(service):
    result = run("recommend", "--text", "a bird", "-k", 2)
    assert result.exit_code == 0
    assert "score" in result.stdout
    assert "fake/" in result.stdout


def test_a_text_without_a_known_word_is_told_beside_its_results(service, monkeypatch):
    note = lambda query: text_note(Settings(), query.text, service.language_of(query))  # noqa: E731
    monkeypatch.setattr(service, "text_note", note)
    result = run("recommend", "--text", "asdkjfh qwpoeiru zxmcnb", "-k", 2, "--json")
    assert len(json.loads(result.stdout)["results"]) == 2
    assert "No word of this text is known" in result.stderr
    assert "No word" not in run("recommend", "--text", "a guittar", "-k", 2, "--json").stderr


def test_recommend_from_an_item_leaves_it_out(service):
    answer = json.loads(run("recommend", "--item", "fake/robin", "-k", 12, "--json").stdout)
    assert "fake/robin" not in [r["id"] for r in answer["results"]]


def test_filters_reach_the_service(service):
    answer = json.loads(run("recommend", "--text", "x", "--category", "birds", "--category", "food", "--json").stdout)
    assert {r["category"] for r in answer["results"]} == {"birds", "food"}


def test_explain_json_carries_both_sides(service):
    result = run("explain", "--item", "fake/robin", "--text", "a bird", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["item"]["id"] == "fake/robin"
    assert list(found["query"]["attribution"]["values"]) == ["text"]
    assert len(found["pairs"]["matrix"][0]) == 3
    assert len(found["query"]["maps"]["text"]) == 2


def test_explain_prints_the_sentence(service):
    result = run("explain", "--item", "fake/robin", "--text", "a bird")
    assert result.stdout.startswith("Recommended mainly")


def test_explain_by_methods_shows_maps_with_their_test(service):
    arguments = (
        "explain",
        "--item",
        "fake/robin",
        "--text",
        "a bird",
        "--method",
        "attention",
        "--method",
        "token_shap",
    )
    maps = json.loads(run(*arguments, "--json").stdout)["maps"]
    assert {(m["side"], m["modality"]) for m in maps} == {
        ("query", "text"), ("item", "image"), ("item", "text"), ("item", "audio")
    }  # fmt: skip
    assert {m["method"] for m in maps} == {"attention", "token_shap"}
    assert all(len(m["values"]) == len(m["parts"]) for m in maps)
    assert {"better", "p", "deletion", "insertion"} <= set(maps[0]["trust"])
    assert "better than random" in " ".join(run(*arguments).stdout.split())


@pytest.mark.parametrize(("name", "start"), [("r.html", b"<!doctype html>"), ("r.pdf", b"%PDF")])
def test_explain_writes_a_report(service, files, name, start):
    arguments = ("explain", "--item", "fake/robin", "--image", files / "p.png", "--method", "token_shap")
    result = run(*arguments, "--out", files / name)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert (files / name).read_bytes().startswith(start)


def test_a_report_of_another_kind_is_refused(service, files):
    result = run("explain", "--item", "fake/robin", "--text", "x", "--out", files / "r.docx")
    assert result.exit_code == 2
    assert ".html or .pdf" in result.stderr


@pytest.mark.parametrize("error", [NotSetUpError("Run set-up."), QueryError("It is [empty].")])
def test_a_known_error_is_one_line_on_stderr(service, error):
    service.fail = error
    result = run("recommend", "--text", "x", "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip() == f"error: {error}"


def test_an_empty_query_is_a_known_error(service):
    assert run("recommend").exit_code == 2


def test_a_file_that_is_not_there(service, tmp_path):
    result = run("recommend", "--image", tmp_path / "none.png")
    assert result.exit_code == 2
    assert "none.png cannot be read" in result.stderr


def test_a_file_beyond_the_limit_is_not_read(service, tmp_path):
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(LIMITS.max_bytes + 1)
    with pytest.raises(UnreadableError, match=r"huge\.png has 50\.0 MB"):
        read_file(tmp_path / "huge.png")
    result = run("recommend", "--image", tmp_path / "huge.png")
    assert result.exit_code == 2
    assert "the limit is 50 MB" in result.stderr


def test_ctrl_c_says_how_to_go_on(service, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "recommend", interrupted)
    result = run("recommend", "--text", "x")
    assert result.exit_code == 130
    assert "stopped; run again to resume" in result.stderr


def test_brackets_in_titles_are_not_taken_for_markup(service):
    result = run("recommend", "--text", "x", "--category", "[/nothing]")
    assert result.exit_code == 0, result.output


def test_help_loads_no_heavy_package():
    code = (
        "import sys; from typer.testing import CliRunner; from mmrec_core.cli import app;"
        "r = CliRunner().invoke(app, ['--help']); assert r.exit_code == 0;"
        "print({'torch', 'shap', 'transformers', 'faiss', 'streamlit', 'av'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"


def test_bench_query_reports_every_stage(service):
    figures = bench_query(service, lambda progress: None, queries=3)
    assert figures["queries"] == 3
    assert {"decode", "encode image + text + audio", "search"} <= set(figures["stages_ms"])
    assert 0 < figures["total_ms"]["p50"] <= figures["total_ms"]["p95"]
    assert figures["memory_mib"] > 10


def test_bench_sounds_are_five_seconds_long():
    import io

    import soundfile

    samples, rate = soundfile.read(io.BytesIO(wav_of(make_sound("x"), SECONDS)))
    assert len(samples) / rate == SECONDS


def test_a_profile_and_its_moves_are_added_to_the_json(service):
    liked = ("--like", "fake/robin", "--like", "fake/owl", "--dislike", "fake/drum", "--profile-weight", 0.5)
    result = run("recommend", "--text", "a bird", *liked, "--diversity", 0.4, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    first = answer["results"][0]
    assert first["attributions"]["profile"] == pytest.approx(sum(first["profile"]["values"].values()))
    assert set(first["profile"]["values"]) == {"like:fake/robin", "like:fake/owl", "dislike:fake/drum"}
    assert first["moves"]["diversity"] > 0
    assert not {"fake/robin", "fake/owl", "fake/drum"} & {r["id"] for r in answer["results"]}
    assert "not recommended back" in answer["notices"][0]


def test_a_stored_profile_is_enough_without_a_query(service):
    service.profiles.save("anna", Profile(liked=("fake/robin",)))
    answer = json.loads(run("recommend", "--profile", "anna", "-k", 3, "--json").stdout)
    assert list(answer["results"][0]["attributions"]) == ["profile"]
    assert run("recommend", "--profile", "ben", "--text", "x").exit_code == 2
    assert run("recommend", "--like", "no/such", "--text", "x").exit_code == 2


def test_explain_knows_the_profile(service):
    found = json.loads(run("explain", "--item", "fake/dog", "--text", "x", "--like", "fake/robin", "--json").stdout)
    assert list(found["query"]["attribution"]["profile"]["values"]) == ["like:fake/robin"]


def test_a_word_of_a_command_is_journalled_once(monkeypatch):
    """Else the job would be told to have finished before it began."""
    begun = []

    @contextmanager
    def counted():
        begun.append(True)
        yield

    monkeypatch.setattr(shared, "journalled", counted)
    refused = RUNNER.invoke(cli.app, ["train", "movielens", "--name", "default"])
    assert (refused.exit_code, begun) == (2, [True]) and "shipped model" in refused.stderr


@pytest.mark.parametrize("name", ["a/b", ".mine", "", "Mine"])
def test_a_model_of_movies_whose_name_cannot_be_used_is_not_trained(name):
    refused = RUNNER.invoke(cli.app, ["train", "movielens", "--name", name])
    assert refused.exit_code == 2 and "cannot be a name" in " ".join(refused.stderr.split())


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("evaluate", "--bundle", "nosuch", "--json", "languages"), "--bundle stands before 'languages'"),
        (("evaluate", "--json", "languages"), "evaluate languages --json"),
        (("train", "--name", "anna", "movielens"), "train movielens --name"),
        (("evaluate", "--split", "cold"), "--split is for --catalogue movielens, not open-media"),
        (("evaluate", "--peers"), "add: --catalogue movielens"),
        (("evaluate", "--catalogue", "movielens", "--bundle", "x"), "--bundle is for --catalogue open-media"),
        (("evaluate", "--catalogue", "movielens", "--robustness"), "--robustness is for --catalogue open-media"),
    ],
)
def test_an_option_that_would_be_lost_is_refused(words, remedy, monkeypatch):
    for reached in ("evaluate.open_service", "evaluate.get_settings", "train.get_settings"):
        monkeypatch.setattr(f"mmrec_core.cli.{reached}", Mock(side_effect=NotSetUpError("Run set-up.")))
    refused = run(*words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert remedy in refused.stderr and len(refused.stderr.splitlines()) == 1


def test_a_word_of_a_command_without_options_before_it_is_run(monkeypatch):
    monkeypatch.setattr("mmrec_core.cli.evaluate.open_service", Mock(side_effect=NotSetUpError("Run set-up.")))
    assert run("evaluate", "languages", "--json").stderr.strip() == "error: Run set-up."
