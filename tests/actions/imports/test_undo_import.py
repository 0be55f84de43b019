"""An import is taken back as a whole, or not at all."""

import pytest

from portal.actions.accounts.hold_account import hold_account
from portal.actions.imports.undo_import import undo_import
from portal.core.actors import LENDER_API
from portal.store import accounts, debtors, imports
from tests import build
from tests.actions.accounts.files import a_row, send


def undo(work, import_id):
    return undo_import(work, import_id=import_id, reason="wrong_file", actor=LENDER_API, now=build.NOW)


def is_there(work, *refs):
    with work.read() as tx:
        return [accounts.find_account(tx, account_ref=ref) is not None for ref in refs]


def test_what_it_made_is_gone_and_told_once(bulk, work):
    first = send(bulk, a_row(1))
    wrong = send(bulk, a_row(2), a_row(3, debtor_ref="P-1"))
    assert undo(work, wrong.import_id) == "undone"
    assert is_there(work, "AC-1", "AC-2", "AC-3") == [True, False, False]
    with work.read() as tx:
        assert debtors.find_debtor_by_source(tx, source_ref="P-1") is not None
        assert debtors.find_debtor_by_source(tx, source_ref="P-2") is None
        assert imports.find_import(tx, import_id=wrong.import_id).state == "undone"
    assert undo(work, wrong.import_id) == "not_finished"
    told = [row.payload for row in build.events_of(work) if row.type == "import.undone"]
    assert told == [{"id": f"imp_{wrong.import_id}", "accounts": 2, "reason": "wrong_file"}]
    assert undo(work, first.import_id) == "undone"
    assert send(bulk, a_row(2)).counts["created"] == 1


def test_the_same_file_again_makes_it_anew(bulk, work):
    done = send(bulk, a_row(1))
    undo(work, done.import_id)
    assert send(bulk, a_row(1)).counts["created"] == 1


def test_not_when_something_was_told_of_an_account(bulk, work):
    done = send(bulk, a_row(1), a_row(2))
    hold_account(work, account_ref="AC-2", cause="adviser", until=None, actor=LENDER_API, now=build.NOW)
    assert undo(work, done.import_id) == "touched"
    assert is_there(work, "AC-1", "AC-2") == [True, True]


def test_not_when_it_changed_what_was_known(bulk, work):
    send(bulk, a_row(1))
    done = send(bulk, a_row(1, fees="1.00"), a_row(2))
    assert undo(work, done.import_id) == "changed"


@pytest.mark.parametrize("kind", ["unknown"])
def test_an_import_of_nobody_is_unknown(work, kind):
    with work.read() as tx:
        assert undo(work, tx.new_id()) == kind
