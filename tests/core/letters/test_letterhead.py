from datetime import date, timedelta

import pytest

from portal.core.evidence.papers import ANSWERS
from portal.core.letters import needs
from portal.core.letters.frame import Creditor, Sender
from portal.core.letters.letterhead import creditor_of, lines_of, sender_of
from portal.core.letters.standing import LetterFate, standing_of

TODAY = date(2026, 12, 1)


def test_without_a_letterhead_the_name_and_the_phone_are_all():
    sender = sender_of({"phone": "+1 202"}, lender_name="Northwind")
    assert (sender.name, sender.phone, sender.address) == ("Northwind", "+1 202", ())
    assert creditor_of({}, creditor_ref="x", brand="Tamarind") == Creditor(brand="Tamarind", name="Tamarind")


def test_a_letterhead_is_taken_as_it_is_kept():
    kept = {
        "letterhead": {
            "name": "Northwind Ltd",
            "address": ["12 Harbor Street", "", "London"],
            "collects_for_others": True,
            "is_law_firm": "yes",
            "creditors": {"t": {"name": "Tamarind Bank", "address": "Ring 1\nBerlin"}},
        }
    }
    sender = sender_of(kept, lender_name="Northwind")
    assert (sender.name, sender.address) == ("Northwind Ltd", ("12 Harbor Street", "London"))
    assert sender.collects_for_others
    assert not sender.is_law_firm
    assert creditor_of(kept, creditor_ref="t", brand="Tamarind").address == ("Ring 1", "Berlin")


@pytest.mark.parametrize("strange", [None, 7, "x", [], {"creditors": 3, "address": 4}])
def test_settings_that_are_no_letterhead_break_nothing(strange):
    assert sender_of({"letterhead": strange}, lender_name="N").name == "N"
    assert creditor_of({"letterhead": strange}, creditor_ref="t", brand="B").name == "B"


def test_lines_are_few_and_short():
    assert lines_of("a\n\n  b  c \n" + "x" * 500) == ("a", "b c", "x" * 120)
    assert len(lines_of(["l"] * 50)) == 8


@pytest.mark.parametrize(
    ("kind", "place", "missing"),
    [
        ("validation_notice", "US", ("address",)),
        ("itemization", "DE", ("address", "authority", "creditor")),
        ("itemization", "FR", ("address", "creditor")),
        ("receipt", "DE", ()),
    ],
)
def test_what_the_law_fills_needs_a_letterhead(kind, place, missing):
    bare = {"sender": Sender(name="N"), "creditor": Creditor(brand="B", name="B")}
    assert needs.lacking(kind, place=place, **bare) == missing
    whole = {
        "sender": Sender(name="N", address=("a",), authority=("b",)),
        "creditor": Creditor(brand="B", name="B", address=("c",)),
    }
    assert needs.lacking(kind, place=place, **whole) == ()


def test_the_letters_of_a_law_are_made_where_it_holds():
    own, service = Sender(name="N"), Sender(name="N", collects_for_others=True)
    assert needs.first_letter("US", service) == "validation_notice"
    assert needs.first_letter("US", own) is None, "a creditor who writes itself is not bound"
    assert needs.first_letter("DE", Sender(name="N", is_law_firm=True)) == "itemization"
    assert needs.first_letter("TH", service) is None
    assert needs.can_make("itemization", "FR", service)
    assert not needs.can_make("itemization", "FR", own)
    assert not needs.can_make("validation_notice", "FR", service)
    assert needs.can_make("statement", "FR", own)


@pytest.mark.parametrize(
    ("fate", "word"),
    [
        ({"kind": "receipt"}, "genuine"),
        ({"kind": "receipt", "has_gone_back": True}, "withdrawn"),
        ({"kind": "paid_in_full", "has_gone_back": True, "is_replaced": True}, "withdrawn"),
        ({"kind": "statement", "has_gone_back": True}, "genuine"),
        ({"kind": "statement", "is_replaced": True}, "superseded"),
        ({"kind": "payoff_quote", "valid_until": TODAY}, "genuine"),
        ({"kind": "payoff_quote", "valid_until": TODAY - timedelta(days=1)}, "ended"),
    ],
)
def test_how_a_letter_stands(fate, word):
    assert standing_of(LetterFate(**fate), today=TODAY) == word
    assert word in ANSWERS
