"""A file of interactions: every flaw is counted by row, and repaired as documented or refused."""

from __future__ import annotations

import pytest

from mmrec_core.errors import InteractionsError
from mmrec_core.interactions.read import read_interactions

ITEMS = ("1", "2", "3")
GOOD = "user,item,rating,timestamp\na,1,5,10\nb,2,4,20\n"


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    return read_interactions(path, ITEMS)


def test_a_good_file_has_nothing_to_report(tmp_path):
    ratings, findings = read(tmp_path, GOOD)
    assert findings == ()
    assert (ratings.users, ratings.items) == (("a", "b"), ITEMS)
    assert ratings.rating.tolist() == [5, 4]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("a,9,5,30", "an item that the catalogue does not hold"),
        ("a,3,,30", "a rating that is missing"),
        ("a,3,great,30", "a rating that is missing"),
        ("a,3,nan,30", "a rating that is missing"),
        ("a,3,5,", "a timestamp that is missing"),
        ("a,3,5,inf", "a timestamp that is missing"),
        ("a,3,5,1e30", "a timestamp that is missing"),
        ("a,3", "a rating that is missing"),
        (",3,5,30", "no user"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_named(tmp_path, row, what):
    ratings, (finding,) = read(tmp_path, GOOD + row + "\n")
    assert len(ratings) == 2
    assert what in finding.what
    assert finding.rows == (4,)
    assert "1 row" in finding.sentence and "(row 4)" in finding.sentence


@pytest.mark.parametrize(("time", "kept", "dropped"), [(5, 5.0, 4), (10, 1.0, 2), (15, 1.0, 2)])
def test_of_a_pair_that_comes_again_the_latest_is_kept(tmp_path, time, kept, dropped):
    ratings, findings = read(tmp_path, f"{GOOD}a,1,1,{time}\n")
    assert ratings.rating[0] == kept
    assert next(f for f in findings if "again" in f.what).rows == (dropped,)


def test_rows_out_of_order_are_sorted_and_reported(tmp_path):
    ratings, (finding,) = read(tmp_path, GOOD + "a,2,3,5\n")
    assert ratings.time.tolist() == [5, 10, 20]
    assert finding.rows == (4,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no column user, item, rating, timestamp"),
        ("user,item,rating\na,1,5\n", "no column timestamp"),
        ("user,item,rating,timestamp\n", "no row that can be used"),
        ("user,item,rating,timestamp\na,1,5,10\na,2,5,10\n", "one user only ('a')"),
        ("user,item,rating,timestamp\na,1,3,10\nb,2,1,10\n", "nobody likes anything"),
        ("user,item,rating,timestamp\na,9,5,10\n", "(row 2)"),
    ],
)
def test_what_cannot_be_repaired_is_refused(tmp_path, text, reason):
    with pytest.raises(InteractionsError) as refused:
        read(tmp_path, text)
    assert reason in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    with pytest.raises(InteractionsError, match="UTF-8"):
        read(tmp_path, GOOD.replace("a", "ä"), "latin-1")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InteractionsError, match="cannot be read"):
        read_interactions(tmp_path / "none.csv", ITEMS)
