from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.letters import itemizations, itemized, notices
from portal.core.letters.frame import asked_texts
from portal.core.letters.itemized import LINE_KEYS, DebtFacts, DebtLine, line_key, split
from portal.core.packs.holidays import is_holiday
from tests.core.letters.samples import TODAY, a_debt, a_frame, a_notice, an_itemization


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (date(2026, 12, 1), date(2026, 12, 8)),  # Tuesday; one weekend
        (date(2026, 12, 21), date(2026, 12, 29)),  # Christmas and a weekend between
        (date(2026, 11, 25), date(2026, 12, 3)),  # Thanksgiving
    ],
)
def test_a_notice_is_taken_to_be_received_after_five_days_of_business(sent, received):
    assert notices.received_on(sent) == received
    assert notices.period_end(sent) == received + timedelta(days=30)


@given(st.dates(date(2026, 1, 1), date(2028, 11, 1)))
def test_five_days_that_count_lie_between(sent):
    received = notices.received_on(sent)
    days = [sent + timedelta(days=n) for n in range(1, (received - sent).days + 1)]
    assert sum(one.weekday() < 5 and not is_holiday("US", one) for one in days) == 5
    assert days[-1].weekday() < 5


LINES = st.lists(
    st.builds(
        DebtLine,
        key=st.sampled_from((*LINE_KEYS, "strange")),
        on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 1)),
        amount=st.integers(-10_000, 100_000),
    ),
    max_size=12,
)


@given(LINES, st.dates(date(2026, 1, 1), date(2026, 12, 1)))
def test_the_parts_since_a_day_add_up_to_what_is_owed(lines, on):
    balance = sum(line.amount for line in lines)
    made = split(a_debt(lines=lines, balance=balance), on)
    assert made.owed + made.interest + made.fees - made.less == balance
    assert made.owed == sum(line.amount for line in lines if line.on is None or line.on <= on)
    assert min(made.interest, made.fees) >= 0


def test_the_notice_splits_at_the_last_payment_and_else_at_the_transaction():
    paid, never = a_notice(a_frame()), a_notice(a_frame(), last_payment_on=None)
    (figures,) = [one for one in paid["blocks"] if "sum" in one]
    first, *changes = [row[2]["minor"] for row in figures["sum"]]
    assert first + sum(changes) == figures["total"][1]["minor"]
    assert {"us_last_payment"} == asked_texts(paid) - asked_texts(never)
    assert {"us_transaction"} == asked_texts(never) - asked_texts(paid)


def test_the_notice_has_the_parts_of_the_model_form_in_their_order():
    letter = a_notice(a_frame())
    heads = [one["head"] for one in letter["blocks"] if "head" in one]
    assert heads == ["us_information", "us_dispute", "us_else", "us_reply"]
    until = notices.period_end(TODAY).isoformat()
    told = [
        one["with"]["day"]["day"]
        for block in letter["blocks"]
        for one in block.get("points", ())
        if "day" in one["with"]
    ]
    assert told == [until] * 3
    (ticks,) = [one["boxes"] for one in letter["blocks"] if "boxes" in one]
    assert len(ticks) == 4


def test_germany_gets_every_line_the_interest_and_the_authority():
    letter = an_itemization("DE")
    (lines,) = [one for one in letter["blocks"] if "sum" in one]
    assert sum(row[2]["minor"] for row in lines["sum"]) == lines["total"][1]["minor"]
    pairs = {row[0]: row[1] for one in letter["blocks"] for row in one.get("pairs", ())}
    assert pairs["de_interest_rate"] == {"rate": "0.05"}
    assert pairs["de_authority_name"]["words"].startswith("Bundesamt")
    assert pairs["items_creditor_name"]["words"] == "Tamarind Bank AG, Ring 1, 10115 Berlin"
    costs = next(one for one in letter["blocks"] if one.get("say") == "de_costs")
    assert costs["with"]["amount"]["minor"] == 700 + 300


def test_a_law_firm_names_its_own_rule():
    firm, service = an_itemization("DE", is_law_firm=True), an_itemization("DE")
    assert "de_brao" in asked_texts(firm) - asked_texts(service)
    assert "de_rdg" in asked_texts(service) - asked_texts(firm)


def test_france_gets_principal_interest_and_the_rest_apart_and_who_bears_the_costs():
    letter = an_itemization("FR")
    parts, _lines = [one for one in letter["blocks"] if "sum" in one]
    assert [row[0] for row in parts["sum"]] == ["items_principal", "items_interest", "items_fees"]
    assert sum(row[2]["minor"] for row in parts["sum"]) == parts["total"][1]["minor"]
    assert {"fr_costs_creditor", "fr_costs_judge", "fr_reference"} <= asked_texts(letter)


def test_no_other_place_gets_an_itemization():
    with pytest.raises(ValueError, match="TH"):
        an_itemization("TH")
    assert itemizations.PLACES == ("DE", "FR")


def test_a_line_is_known_by_its_label_then_its_kind():
    assert line_key("fees", "penalty") == "penalty"
    assert line_key("interest", "own words") == "interest"
    assert line_key("x", "y") == "other"
    assert itemized.Since.__slots__
    assert DebtFacts.__slots__
