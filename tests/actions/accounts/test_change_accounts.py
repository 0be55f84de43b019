from portal.store import accounts
from portal.store.tables.debtors import accounts as account_table
from tests import build
from tests.actions.accounts.files import a_row, send
from tests.actions.chain import Chain


def a_chain(work, bulk):
    """An imported account whose debtor can plan."""
    send(bulk, a_row(1))
    build.active_bounds(work)
    with work.read() as tx:
        account = accounts.find_account(tx, account_ref="AC-1")
    return Chain(work=work, account_id=account.account_id, debtor_id=account.debtor_id)


def test_a_signed_plan_is_never_altered_by_a_file(bulk, work):
    chain = a_chain(work, bulk)
    chain.signed(payment_minor=10_000)
    before = chain.account()
    told = len(build.events_of(work))
    for _ in range(2):
        done = send(bulk, a_row(1, fees="999.00", phone="+12015550199"))
        assert (done.counts["kept"], done.counts["updated"], done.counts["rejected"]) == (1, 0, 0)
        ((number, fault),) = done.rejects
        assert (number, fault.reason) == (2, "kept.plan_active")
        assert fault.params == {
            "before": before.balance_minor,
            "after": before.balance_minor + 96_900,
            "currency": "USD",
        }
    assert chain.account() == before
    changed = [event for event in build.events_of(work) if event.type == "account.balance_changed"]
    assert [event.payload["effect"] for event in changed] == ["keep"], "the same figure is told once"
    assert len(build.events_of(work)) > told


def test_a_changed_balance_is_told_where_a_case_is_open(bulk, work):
    chain = a_chain(work, bulk)
    chain.choose(payment_minor=10_000)
    send(bulk, a_row(1, fees="35.00"), a_row(2))
    send(bulk, a_row(1, fees="35.00"), a_row(2, fees="36.00"))
    told = [event for event in build.events_of(work) if event.type == "account.balance_changed"]
    assert len(told) == 1, "the other account has no case"
    assert told[0].payload["difference"] == {"minor": 500, "currency": "USD"}
    assert told[0].payload["import"].startswith("imp_")
    assert told[0].account_sequence is not None


def test_a_recalled_and_a_settled_account_stay_as_they_are(bulk, work):
    send(bulk, a_row(1), a_row(2), a_row(3))
    with work.begin() as tx:
        for ref, state in (("AC-1", "recalled"), ("AC-2", "settled"), ("AC-3", "settled")):
            account = accounts.find_account(tx, account_ref=ref)
            accounts.move_account(
                tx, account_id=account.account_id, before="open", after=state, now=build.NOW
            )
    closing = {"status": "closed", "delinquent_since": "", "principal": "0", "interest": "0", "fees": "0"}
    done = send(bulk, a_row(1, fees="35.00"), a_row(2, fees="35.00"), a_row(3, **closing))
    assert [one.reason for _, one in done.rejects] == ["kept.recalled", "kept.settled"]
    with work.read() as tx:
        states = [accounts.find_account(tx, account_ref=f"AC-{n}").state for n in (1, 2, 3)]
    assert states == ["recalled", "settled", "closed"]


def test_what_changes_under_the_import_is_seen_before_it_is_written(bulk, work, monkeypatch):
    """A plan that is signed after its row was read is kept all the same."""
    chain = a_chain(work, bulk)
    agreement = chain.prepare(chain.choose(payment_minor=10_000).offer_ref).agreement

    def signing(*args, **more):
        chain.sign(agreement)
        return change(*args, **more)

    change = __import__("portal.actions.accounts.change_accounts", fromlist=["x"]).change_accounts
    monkeypatch.setattr("portal.actions.accounts.import_accounts.change_accounts", signing)
    done = send(bulk, a_row(1, fees="35.00"))
    assert done.counts["kept"] == 1
    with work.read() as tx:
        fees = (
            tx.execute(account_table.select().where(account_table.c.lender_id == tx.lender_id))
            .one()
            .fees_minor
        )
    assert fees == 3_000
