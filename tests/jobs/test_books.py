from types import SimpleNamespace

from portal.gateways.clock import FrozenClock
from portal.jobs.books import check_books_of
from portal.store import books
from tests import build
from tests.actions.life.living import a_living


def test_the_job_tells_how_many_postings_are_not_balanced(database, work, lender, monkeypatch):
    a_living(work, lender).pay(1_000)
    house = SimpleNamespace(work=database.work, clock=FrozenClock(build.NOW))
    assert check_books_of(house, lender.lender_id) == 0
    monkeypatch.setattr(books, "list_unbalanced", lambda *_args, **_named: [lender.creditor_id])
    assert check_books_of(house, lender.lender_id) == 1
