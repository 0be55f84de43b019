"""Rows that are acts: read whole or not at all, with the direction that their kind says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.imports.acts import ADJUSTMENTS, LINE_KINDS, ActReader, LineRow, RecallRow, TransactionRow
from portal.core.imports.cells import Rules
from portal.core.imports.columns import KINDS
from portal.core.imports.faults import REASONS
from tests.core.imports.rows import TODAY, phone_like

GOOD = {
    "transactions": {
        "transaction_ref": "T-1", "account_ref": "AC-1", "kind": "payment", "amount": "1,250.50",
        "currency": "usd", "booked_on": "2026-11-30", "component": "", "method": "cash",
    },
    "lines": {
        "account_ref": "AC-1", "kind": "principal", "label": "", "on_date": "", "amount": "12.00", "currency": "USD",
    },
    "recalls": {"account_ref": "AC-1", "reason": "Sold", "force": "yes"},
}  # fmt: skip
RULES = Rules(today=TODAY, normalize_phone=phone_like, countries=frozenset({"US"}), time_zones=frozenset())


def read(kind, /, **changes):
    columns = KINDS[kind].columns
    reader = ActReader(
        kind=kind,
        positions={name: place for place, name in enumerate(columns)},
        width=len(columns),
        rules=RULES,
    )
    row = GOOD[kind] | changes
    return reader.read([row[name] for name in columns])


def reasons(found):
    return [(one.column, one.reason) for one in found]


def test_good_rows_of_each_kind():
    assert read("transactions") == TransactionRow(
        transaction_ref="T-1", account_ref="AC-1", kind="payment", component="", amount_minor=125_050,
        currency="USD", booked_on=date(2026, 11, 30), method="cash",
    )  # fmt: skip
    assert read("lines", label="late_fee").label_key == "late_fee"
    assert read("lines") == LineRow(
        account_ref="AC-1",
        kind="principal",
        label_key="principal",
        on_date=None,
        amount_minor=1_200,
        currency="USD",
    )
    assert read("recalls") == RecallRow(account_ref="AC-1", reason="sold", is_forced=True)
    assert read("recalls", force="").is_forced is False


@pytest.mark.parametrize("kind", LINE_KINDS)
def test_the_kind_of_a_line_says_its_sign(kind):
    assert read("lines", kind=kind).amount_minor == LINE_KINDS[kind] * 1_200


@pytest.mark.parametrize("kind", ADJUSTMENTS)
def test_the_kind_of_a_transaction_says_its_component_or_the_row_does(kind):
    own = ADJUSTMENTS[kind][1]
    assert read("transactions", kind=kind).component == (own or "principal")
    assert read("transactions", kind=kind, component="fees").component == (own or "fees")


@pytest.mark.parametrize(
    ("kind", "changes", "wanted"),
    [
        ("transactions", {"kind": "gift"}, [("kind", "word.unknown")]),
        ("transactions", {"amount": "0"}, [("amount", "amount.zero")]),
        ("transactions", {"amount": "-5"}, [("amount", "amount.negative")]),
        ("transactions", {"booked_on": "2027-01-01"}, [("booked_on", "date.future")]),
        ("transactions", {"transaction_ref": "", "currency": "XXX"},
         [("transaction_ref", "required"), ("currency", "currency.unknown")]),
        ("transactions", {"kind": "credit", "component": "penalty"}, [("component", "word.unknown")]),
        ("lines", {"kind": "gift", "label": "two words"}, [("kind", "word.unknown"), ("label", "code.format")]),
        ("recalls", {"reason": "", "force": "maybe"}, [("reason", "required"), ("force", "word.unknown")]),
    ],
)  # fmt: skip
def test_every_fault_of_a_row_is_named(kind, changes, wanted):
    assert reasons(read(kind, **changes)) == wanted


def test_a_row_of_another_width_comes_back():
    reader = ActReader(kind="recalls", positions={}, width=3, rules=RULES)
    assert reasons(reader.read(["a"])) == [("", "row.cells")]


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_no_cell_whatever_is_in_it_raises(kind, data):
    cells = st.one_of(st.text(max_size=30), st.none(), st.integers(), st.dates(), st.booleans(), st.floats())
    changes = data.draw(st.dictionaries(st.sampled_from(KINDS[kind].columns), cells, max_size=4))
    found = read(kind, **changes)
    if isinstance(found, list):
        assert found
        assert all(one.reason in REASONS for one in found)
