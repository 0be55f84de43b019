import itertools
from uuid import UUID

from portal.core.imports.sorting import GoodRow, KnownAccount, KnownDebtor, sort_rows
from tests.core.imports.rows import read


def good(number, **changes):
    row = read(**changes)
    return GoodRow(
        number=number, row=row, digest=row.canonical().encode(), person_digest=row.person.canonical().encode()
    )


def sort(rows, *, accounts=None, debtors=None):
    numbers = itertools.count(1)
    return sort_rows(
        rows, accounts=accounts or {}, debtors=debtors or {}, new_id=lambda: UUID(int=next(numbers))
    )


def known(one, **changes):
    plain = {
        "account_id": UUID(int=91), "debtor_id": UUID(int=92), "source_ref": one.row.person.source_ref,
        "currency": "USD", "row_digest": one.digest, "is_in_file": False,
    }  # fmt: skip
    return {one.row.account_ref: KnownAccount(**plain | changes)}


def test_one_debtor_with_several_accounts_is_one_person():
    result = sort([good(2), good(3, account_ref="AC-2"), good(4, account_ref="AC-3")])
    assert [step.kind for step in result.steps] == ["new", "new", "new"]
    assert len(result.people) == 1
    assert len({step.debtor_id for step in result.steps}) == 1


def test_a_person_told_in_two_ways_is_sent_back():
    result = sort([good(2), good(3, account_ref="AC-2", full_name="Ana Lima Costa")])
    assert [(number, faults[0].reason) for number, faults in result.faults] == [(3, "row.person_differs")]


def test_the_same_account_twice_is_sent_back():
    result = sort([good(2), good(3, fees="9.00")])
    assert [(number, faults[0].reason) for number, faults in result.faults] == [(3, "row.duplicate")]
    earlier = good(2)
    assert sort([earlier], accounts=known(earlier, is_in_file=True)).faults[0][1][0].reason == "row.duplicate"


def test_an_equal_row_says_nothing_new_and_another_is_a_change():
    one = good(2)
    assert sort([one], accounts=known(one)).steps[0].kind == "same"
    changed = sort([one], accounts=known(one, row_digest=b"old"), debtors={})
    assert changed.steps[0].kind == "change"
    assert changed.steps[0].account_id == UUID(int=91)


def test_an_account_keeps_its_currency_and_its_debtor():
    one = good(2)
    assert sort([one], accounts=known(one, currency="THB")).faults[0][1][0].reason == "row.currency_changed"
    assert sort([one], accounts=known(one, source_ref="P-9")).faults[0][1][0].reason == "row.debtor_changed"


def test_a_known_person_is_written_only_when_told_anew():
    one = good(2)
    same = KnownDebtor(debtor_id=UUID(int=7), row_digest=one.person_digest, file_digest=None)
    assert sort([one], debtors={"P-1": same}).people == []
    old = KnownDebtor(debtor_id=UUID(int=7), row_digest=b"old", file_digest=None)
    told = sort([one, good(3, account_ref="AC-2")], debtors={"P-1": old})
    assert [(step.is_new, step.debtor_id) for step in told.people] == [(False, UUID(int=7))]
    said = KnownDebtor(debtor_id=UUID(int=7), row_digest=b"old", file_digest=b"otherwise")
    assert sort([one], debtors={"P-1": said}).faults[0][1][0].reason == "row.person_differs"
