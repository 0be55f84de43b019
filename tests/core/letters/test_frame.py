import json
from hashlib import sha256

import pytest

from portal.core.letters import frame as frames
from portal.core.letters.blocks import boxes, head, money, pairs, points, say, table, term, text_ids, total
from portal.core.letters.frame import KINDS, Sender, asked_texts, compose, facts_hash, written
from tests.core.letters.samples import a_frame, a_receipt, every_letter


def test_every_kind_is_made_and_is_plain_data():
    made = every_letter()
    assert {letter["kind"] for letter in made.values()} == set(KINDS)
    for letter in made.values():
        assert json.loads(written(letter)) == letter
        assert written(letter).isascii() or "ü" in written(letter)


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no letter"):
        compose(a_frame(), kind="threat", title="x", blocks=())


def test_the_bytes_are_canonical_and_the_hash_is_theirs():
    letter = a_receipt(a_frame())
    plain = json.dumps(letter, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert written(letter) == plain
    said = {name: value for name, value in letter.items() if name not in ("letter", "made_on")}
    again = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert facts_hash(letter) == sha256(again.encode()).hexdigest()


def test_another_number_is_the_same_letter_and_another_figure_is_not():
    first = facts_hash(a_receipt(a_frame()))
    assert facts_hash(a_receipt(a_frame(letter_ref="ltr_2"))) == first
    assert facts_hash(a_receipt(a_frame(), balance=1)) != first
    assert facts_hash(a_receipt(a_frame(language="th"))) != first


def test_a_collector_in_the_us_says_so_on_every_letter_and_nobody_else_does():
    for name, letter in every_letter().items():
        is_us = name[:2] not in ("de", "fr")
        assert ("us_collector" in asked_texts(letter)) is is_us, name
    own = a_frame(sender=Sender(name="Tamarind Bank"))
    assert "us_collector" not in asked_texts(a_receipt(own))


def test_every_text_of_a_block_is_found():
    blocks = [
        head("a"),
        say("b", step=term("c")),
        points(say("d", x=term("e")), say("f")),
        boxes(say("g")),
        pairs(("h", term("i"))),
        total([("j", None, money(1, "USD"))], "k", money(1, "USD")),
        table("l", ("m", "n"), [(term("o"), money(1, "USD"))]),
    ]
    assert sorted(set(text_ids(blocks))) == sorted("abcdefghijklmno")


def test_no_word_of_a_person_stands_outside_its_field():
    for letter in every_letter().values():
        without = letter | {"debtor": {}}
        assert "Maria Lopez" not in written(without)
    assert frames.ON_DEMAND == ("statement", "payoff_quote")
