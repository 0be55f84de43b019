import pytest

from portal.actions.accounts import take_rows
from portal.store import accounts, debtors, staging
from tests import build
from tests.actions.accounts.files import a_row, send


def test_an_account_that_somebody_else_creates_meanwhile_is_looked_at_again(bulk, work, lender, monkeypatch):
    """The first look finds nothing; before the rows are written, another transaction creates the same account."""
    known, calls = staging.known_accounts, []

    def known_then_created(tx, **more):
        found = known(tx, **more)
        if not calls:
            debtor_id = build.a_debtor(work, source_ref="P-1")
            build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id, account_ref="AC-1")
        calls.append(found)
        return found

    monkeypatch.setattr(staging, "known_accounts", known_then_created)
    done = send(bulk, a_row(1), a_row(2))
    assert len(calls) == 2
    assert (done.counts["created"], done.counts["updated"]) == (1, 1)
    with work.read() as tx:
        assert accounts.find_account(tx, account_ref="AC-1").fees_minor == 3_000


def test_a_collision_without_end_stops_the_import(bulk, work, monkeypatch):
    monkeypatch.setattr(staging, "insert_accounts", lambda *_, **__: False)
    with pytest.raises(take_rows.ImportCollisionError):
        send(bulk, a_row(1))
    with work.read() as tx:
        assert accounts.find_account(tx, account_ref="AC-1") is None


def test_the_security_word_is_the_same_for_the_same_debtor_of_the_same_lender(bulk, work):
    send(bulk, a_row(1), a_row(2))
    with work.read() as tx:
        words = [debtors.find_debtor_by_source(tx, source_ref=f"P-{n}").security_word for n in (1, 2)]
    send(bulk, a_row(1, fees="31.00"), a_row(2, full_name="Other Name"))
    with work.read() as tx:
        assert words == [debtors.find_debtor_by_source(tx, source_ref=f"P-{n}").security_word for n in (1, 2)]
