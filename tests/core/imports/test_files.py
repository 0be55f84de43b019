import pytest

from portal.core.imports.columns import COLUMNS, OPTIONAL
from portal.core.imports.faults import Fault
from portal.core.imports.files import Options, Places, plan_reading
from tests.core.imports.rows import GOOD, TODAY, phone_like

PLACES = Places(today=TODAY, countries=frozenset({"US"}), time_zones=frozenset(), normalize_phone=phone_like)


def plan(header, *, head=(), remembered=None, **options):
    return plan_reading(
        header=header, head=head, options=Options(**options), remembered=remembered or {}, places=PLACES
    )


def test_missing_and_doubled_columns_are_named():
    missing = plan([name for name in COLUMNS if name not in ("fees", "email")])
    assert missing == Fault("", "file.columns", params={"missing": "fees"})
    assert plan([*COLUMNS, "Fees"]).params == {"doubled": "fees"}
    assert "email" in OPTIONAL


def test_a_mapping_is_used_checked_and_remembered():
    header = ["Konto-Nr" if name == "account_ref" else name for name in COLUMNS]
    mapping = {"konto-nr": "account_ref"}
    assert plan(header, mapping=mapping).header.positions["account_ref"] == 0
    assert plan(header, remembered=mapping).header.is_usable
    assert plan(header).reason == "file.columns"
    assert plan(header, mapping={"konto-nr": "reference"}).reason == "file.mapping"


@pytest.mark.parametrize(
    ("amounts", "decimal", "reason"),
    [(["1.50"], "point", None), (["1,50"], "comma", None), (["1.234"], None, "file.decimal_unclear"),
     (["1.5", "1,5"], None, "file.decimal_mixed")],
)  # fmt: skip
def test_the_decimal_mark_is_seen_or_the_file_is_refused(amounts, decimal, reason):
    rest = {"interest": "0", "fees": "0", "original_amount": ""}
    rows = [GOOD | rest | {"principal": amount} for amount in amounts]
    head = [[row[name] for name in COLUMNS] for row in rows]
    found = plan(list(COLUMNS), head=head)
    assert (found.reason if reason else found.decimal) == (reason or decimal)
    assert plan(list(COLUMNS), head=head, decimal="comma").decimal == "comma"


def test_options_are_words_that_exist():
    for wrong in ({"date_order": "ydm"}, {"decimal": "dot"}):
        with pytest.raises(ValueError, match="one of"):
            Options(**wrong)
