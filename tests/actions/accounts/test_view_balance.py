from portal.actions.accounts.view_balance import complete, view_balance
from portal.store import accounts
from tests import build


def visit(door):
    return door.session(door.answer(door.enter()).session_token)


def look(door, session, account_id=None):
    return view_balance(
        door.work,
        debtor_id=door.debtor_id,
        account_id=account_id or door.account_id,
        session_id=session.session_id,
        state=door.session_state(session),
        now=door.now,
    )


def test_the_lines_add_up_and_the_first_view_is_told(door):
    session = visit(door)
    for _ in range(3):
        view = look(door, session)
    assert view.balance.minor == 141_640 == sum(line.amount_minor for line in view.lines)
    told = door.told("account.viewed")
    assert told == [{"balance": {"minor": 141_640, "currency": "USD"}, "as_of": "2026-12-01T09:30:00.000Z"}]
    assert (view.is_old, view.has_others, view.dispute) == (False, False, None)


def test_a_figure_older_than_a_day_says_so(door):
    door.wait(days=2)
    assert look(door, visit(door)).is_old


def test_what_changed_since_is_a_line_of_its_own(door):
    with door.work.begin() as tx:
        accounts.save_balance(
            tx,
            account_id=door.account_id,
            principal_minor=100_000,
            interest_minor=0,
            fees_minor=0,
            now=door.now,
        )
    view = look(door, visit(door))
    assert view.lines[-1].kind == "other_changes"
    assert sum(line.amount_minor for line in view.lines) == view.balance.minor == 100_000


def test_no_lines_are_one_line():
    assert [line.amount_minor for line in complete([], 500)] == [500]
    assert complete([], 0) == []


def test_what_is_somebody_elses_is_not_found_and_not_told(door, lender):
    other = build.a_debtor(door.work)
    theirs = build.an_account(door.work, creditor_id=lender.creditor_id, debtor_id=other)
    session = visit(door)
    assert look(door, session, theirs) is None
    assert "account.viewed" not in door.told()


def test_a_recalled_account_is_not_shown(door):
    with door.work.begin() as tx:
        accounts.move_account(tx, account_id=door.account_id, before="open", after="recalled", now=door.now)
    assert look(door, visit(door)) is None
