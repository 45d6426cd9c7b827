"""Examples are chosen so that none leads nowhere."""

from __future__ import annotations

from dataclasses import replace

from mmrec_core.recommend.examples import MOST_EXAMPLES, RULES, Rule, choose_examples
from tests.fake_media import make_items


def test_every_part_of_an_example_exists():
    by_id = {item.id: item for item in make_items()}
    examples = choose_examples(make_items())
    assert 4 <= len(examples) <= MOST_EXAMPLES
    for example in examples:
        assert example.image_of is None or by_id[example.image_of].image
        assert example.audio_of is None or by_id[example.audio_of].audio
        assert example.text or example.image_of or example.audio_of
        assert "{" not in example.title


def test_the_order_of_the_catalogue_does_not_matter():
    assert choose_examples(make_items()[::-1]) == choose_examples(make_items())


def test_without_sounds_no_example_needs_one():
    silent = [replace(item, audio=None) for item in make_items()]
    assert all(example.audio_of is None for example in choose_examples(silent))
    assert choose_examples(silent)


def test_an_empty_catalogue_has_none():
    assert choose_examples([]) == []


def test_each_example_shows_another_item():
    used = [i for e in choose_examples(make_items()) for i in (e.image_of, e.audio_of) if i]
    assert len(used) == len(set(used))


def test_rules_have_a_way_to_be_checked():
    assert all(not rule.text or rule.about for rule in RULES)


def test_a_picture_called_so_comes_before_shorter_titles():
    rule = Rule("{image}", image_called=("Dog", "Owl"), image_from=("birds", "animals"))
    plain = Rule("{image}", image_from=("birds", "animals"))
    called, other = (choose_examples(make_items(), [r])[0].image_of for r in (rule, plain))
    assert called == "fake/dog" and other != called
