from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.letters import money as money_letters
from portal.core.letters.frame import asked_texts
from portal.core.payables import Due, payable
from tests.core.letters.samples import TODAY, a_frame, a_quote, a_receipt, a_statement, some_dues


def block(letter, kind, number=0):
    return [one for one in letter["blocks"] if kind in one][number]


def said(letter, text_id):
    return next((one["with"] for one in letter["blocks"] if one.get("say") == text_id), None)


def test_a_receipt_adds_up_and_leaves_out_what_is_nothing():
    letter = a_receipt(a_frame(), allocation={"fees": 300, "principal": 9_700, "interest": 0}, given_back=0)
    rows = block(letter, "sum")["sum"]
    assert [(row[0], row[2]["minor"]) for row in rows] == [("part_fees", 300), ("part_principal", 9_700)]
    assert block(letter, "sum")["total"][1]["minor"] == 10_000
    assert said(letter, "receipt_given_back") is None
    assert [row[1]["minor"] for row in block(letter, "pairs", 1)["pairs"]] == [70_000, 90_000]


def test_without_a_plan_a_receipt_names_the_debt_alone():
    letter = a_receipt(a_frame(), plan_left=None, installments=())
    assert "receipt_plan_left" not in asked_texts(letter)
    assert not [one for one in letter["blocks"] if "table" in one]


def test_what_went_back_is_said():
    letter = a_receipt(a_frame(), allocation={"principal": 6_000}, given_back=4_000)
    assert said(letter, "receipt_given_back")["amount"]["minor"] == 4_000
    assert block(letter, "sum")["total"][1]["minor"] == 6_000


def test_a_statement_runs_from_opening_to_closing():
    letter = a_statement(a_frame(), causes=("payment", "import"))
    rows = block(letter, "table")["rows"]
    opening = block(letter, "pairs")["pairs"][0][1]["minor"]
    assert opening + sum(row[2]["minor"] for row in rows) == 5_000 == rows[-1][3]["minor"]
    assert [row[1]["term"] for row in rows] == ["cause_other", "cause_payment"]


@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.integers(1, 50_000), st.integers(0, 9_000)), min_size=1, max_size=6
    ),
    st.integers(1, money_letters.QUOTE_DAYS_MAX),
    st.integers(0, 60),
)
def test_each_day_of_a_quote_is_what_paying_all_on_that_day_asks_for(rows, days, signed_before):
    dues = [
        Due(
            number=n,
            due_on=TODAY + timedelta(days=gap * n),
            left=left + interest,
            interest=interest,
            unpaid_interest=interest,
        )
        for n, (gap, left, interest) in enumerate(rows, 1)
    ]
    starts_on = TODAY - timedelta(days=signed_before)
    letter = a_quote(a_frame(), dues=dues, starts_on=starts_on, days=days)
    until, last = (row[1] for row in block(letter, "pairs")["pairs"])
    assert date.fromisoformat(until["day"]) == TODAY + timedelta(days=days)
    asked = [
        payable(balance=0, dues=dues, starts_on=starts_on, today=TODAY + timedelta(days=n), least=0).all
        for n in range(days + 1)
    ]
    assert said(letter, "payoff_ends")["amount"]["minor"] == asked[0]
    assert last["minor"] == asked[-1]
    daily = said(letter, "payoff_daily")
    if daily is None:
        assert len(set(asked)) == 1
    else:
        assert [row[1]["minor"] for row in block(letter, "table")["rows"]] == asked
        steps = [asked[n + 1] - asked[n] for n in range(days)]
        assert daily["amount"]["minor"] == max(steps) > 0


def test_without_a_plan_the_amount_stays_and_the_contracts_interest_is_told():
    letter = a_quote(a_frame())
    assert "payoff_same" in asked_texts(letter)
    assert said(letter, "payoff_contract")["amount"]["minor"] == 12  # 25,000 × 0.18 / 365 = 12.33
    assert said(a_quote(a_frame(), annual_rate=Decimal(0)), "payoff_contract") is None
    assert said(a_quote(a_frame(), dues=some_dues(), starts_on=TODAY), "payoff_contract") is None


@pytest.mark.parametrize("days", [0, -1, money_letters.QUOTE_DAYS_MAX + 1])
def test_a_quote_holds_for_a_few_days(days):
    with pytest.raises(ValueError, match="days"):
        a_quote(a_frame(), days=days)
