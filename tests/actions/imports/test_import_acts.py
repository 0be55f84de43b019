"""Files of transactions, lines and recalls: the same acts as by the console and the API, once."""

import io

import pytest

from portal.actions.accounts.itemize_account import LINES_MAX
from portal.actions.imports.apply_act import apply_act
from portal.actions.imports.import_file import SentFile, import_file
from portal.core.actors import LENDER_API
from portal.core.imports.files import Options
from portal.store import accounts, imports
from tests import build
from tests.actions.accounts.acts import hold, told
from tests.actions.accounts.files import PLACES
from tests.actions.imports.test_queue_import import queue, run, seen

TRANSACTIONS = "transaction_ref,account_ref,kind,amount,currency,booked_on,component,method\n"
LINES = "account_ref,kind,label,on_date,amount,currency\n"
RECALLS = "account_ref,reason,force\n"


@pytest.fixture
def account(chain):
    """AC-1, which owes 1,200.00 + 186.40 + 30.00."""
    return chain.account


def send(work, bulk, text, **options):
    sent = SentFile(
        file=io.BytesIO(text.encode()),
        name="acts.csv",
        options=Options(**options),
        places=PLACES,
        actor=LENDER_API,
        now=build.NOW,
    )
    return import_file(work, bulk, sent)


def reasons(done):
    return [(number, one.column, one.reason) for number, one in done.rejects]


def counted(done):
    return {name: done.counts[name] for name in ("rows", "updated", "unchanged", "kept", "rejected")}


def test_transactions_are_booked_once(work, bulk, account):
    before = account()
    text = TRANSACTIONS + (
        "T-1,AC-1,payment,100.00,USD,2026-11-30,,cash\n"
        "T-2,AC-1,fee_charged,12.50,USD,2026-11-30,,\n"
        "T-3,AC-1,correction_down,5.00,USD,2026-11-30,interest,\n"
        "T-4,nobody,payment,1.00,USD,2026-11-30,,\n"
        "T-5,AC-1,fee_waived,9999.00,USD,2026-11-30,,\n"
        "T-6,AC-1,payment,1.00,EUR,2026-11-30,,\n"
    )
    done = send(work, bulk, text, kind="transactions")
    assert counted(done) == {"rows": 6, "updated": 3, "unchanged": 0, "kept": 0, "rejected": 3}
    assert reasons(done) == [
        (5, "account_ref", "row.account_unknown"),
        (6, "amount", "amount.below_zero"),
        (7, "currency", "row.account_currency"),
    ]
    assert before.balance_minor - account().balance_minor == 10_000 - 1_250 + 500
    heard = told(work)
    again = send(work, bulk, text, kind="transactions")
    assert counted(again) == {"rows": 6, "updated": 0, "unchanged": 3, "kept": 0, "rejected": 3}
    assert again.before is not None
    assert told(work) == heard


def test_a_reference_stands_for_one_transaction(work, bulk, account):
    send(work, bulk, TRANSACTIONS + "T-1,AC-1,credit,1.00,USD,2026-11-30,,\n", kind="transactions")
    for other in ("2.00,USD,2026-11-30,,", "1.00,USD,2026-11-29,,", "1.00,USD,2026-11-30,fees,"):
        done = send(work, bulk, f"{TRANSACTIONS}T-1,AC-1,credit,{other}\n", kind="transactions")
        assert reasons(done) == [(2, "transaction_ref", "transaction.differs")]
    assert account().balance_minor > 0


def test_lines_are_written_whole_or_not(work, bulk, account):
    balance = account().balance_minor
    part = f"{(balance - 500) // 100}.{(balance - 500) % 100:02d}"
    good = f"AC-1,principal,,2024-03-05,{part},USD\nAC-1,fees,late_fee,2026-10-01,10.00,USD\nAC-1,waiver,,,5.00,USD\n"
    done = send(work, bulk, LINES + good, kind="lines")
    assert counted(done) == {"rows": 3, "updated": 3, "unchanged": 0, "kept": 0, "rejected": 0}
    with work.read() as tx:
        lines = accounts.list_lines(tx, account_id=account().account_id)
    assert [(line.kind, line.label_key, line.amount_minor) for line in lines] == [
        ("principal", "principal", balance - 500),
        ("fees", "late_fee", 1_000),
        ("waiver", "waiver", -500),
    ]
    assert told(work)[-1] == "account.updated"
    assert counted(send(work, bulk, LINES + good, kind="lines"))["unchanged"] == 3
    short = send(
        work, bulk, LINES + good.replace("5.00,USD", "6.00,USD") + "AC-9,fees,,,1.00,USD\n", kind="lines"
    )
    assert reasons(short) == [
        *((number, "amount", "lines.differ") for number in (2, 3, 4)),
        (5, "account_ref", "row.account_unknown"),
    ]
    mixed = send(work, bulk, LINES + "AC-1,fees,,,1.00,USD\nAC-1,fees,,,1.00,EUR\n", kind="lines")
    assert {one.reason for _, one in mixed.rejects} == {"row.account_currency"}
    many = send(work, bulk, LINES + "AC-1,fees,,,0.01,USD\n" * (LINES_MAX + 1), kind="lines")
    assert {one.reason for _, one in many.rejects} == {"lines.too_many"}


def test_recalls_meet_the_same_guards_as_everywhere(work, bulk, chain):
    chain.signed(payment_minor=10_000)
    hold(work)
    done = send(work, bulk, RECALLS + "AC-1,sold,\nnobody,sold,\n", kind="recalls")
    assert reasons(done) == [(2, "force", "recall.guarded"), (3, "account_ref", "row.account_unknown")]
    assert done.rejects[0][1].params == {"guards": "plan_active, disputed"}
    forced = send(work, bulk, RECALLS + "AC-1,sold,yes\n", kind="recalls")
    assert counted(forced)["updated"] == 1
    payload = build.events_of(work, account_ref="AC-1")[-1].payload
    assert (payload["is_forced"], payload["reason"]) == (True, "sold")
    assert counted(send(work, bulk, RECALLS + "AC-1,sold,yes\n", kind="recalls"))["unchanged"] == 1


def test_a_dry_run_does_nothing(work, bulk, account):
    before = account()
    text = TRANSACTIONS + "T-1,AC-1,payment,100.00,USD,2026-11-30,,\nT-1,AC-1,credit,x,USD,2026-11-30,,\n"
    done = send(work, bulk, text, kind="transactions", is_dry_run=True)
    assert (done.state, done.counts["updated"], done.counts["rejected"]) == ("checked", 1, 1)
    assert account() == before
    assert told(work) == []


def test_a_file_that_breaks_at_its_end_does_nothing(work, bulk, account):
    before = account()
    text = TRANSACTIONS + 'T-1,AC-1,payment,100.00,USD,2026-11-30,,\n"T-2,AC-1'
    done = send(work, bulk, text, kind="transactions")
    assert (done.state, done.refused.reason) == ("refused", "file.quote_open")
    assert account() == before
    done = send(work, bulk, "a,b\n1,2\n", kind="recalls")
    assert (done.state, done.refused.reason) == ("refused", "file.columns")


def test_a_worker_that_takes_over_goes_on_where_the_other_died(work, bulk, account, monkeypatch):
    monkeypatch.setattr("portal.actions.imports.import_acts.SAVED_AFTER", 2)
    rows = "".join(f"T-{number},AC-1,fee_charged,1.00,USD,2026-11-30,,\n" for number in range(5))
    bad = "T-9,nobody,payment,1.00,USD,2026-11-30,,\n"
    import_id = queue(work, (TRANSACTIONS + bad + rows).encode(), name="t.csv", kind="transactions")
    before, calls = account().balance_minor, []

    def dies_after_the_fourth(teller, acts):
        done = apply_act(teller, acts)
        calls.append(acts[0].transaction_ref)
        if len(calls) == 4:
            raise ConnectionError
        return done

    with monkeypatch.context() as patch:
        patch.setattr("portal.actions.imports.import_acts.apply_act", dies_after_the_fourth)
        with pytest.raises(ConnectionError):
            run(work, bulk, import_id)
    assert (seen(work, import_id).state, calls) == ("running", ["T-9", "T-0", "T-1", "T-2"])
    done = run(work, bulk, import_id)
    assert counted(done) == {"rows": 6, "updated": 3, "unchanged": 2, "kept": 0, "rejected": 1}
    assert account().balance_minor - before == 500, "each fee once"
    with work.read() as tx:
        assert [one.row_number for one in imports.list_rejects(tx, import_id=import_id)] == [2]
    finished = [event for event in build.events_of(work) if event.type == "import.finished"]
    assert [event.payload["kind"] for event in finished] == ["transactions"]


def test_a_mapping_is_remembered_for_each_kind(work, bulk, chain):
    theirs = "Konto,Grund,force\nAC-1,sold,\n"
    mapping = {"Konto": "account_ref", "Grund": "reason"}
    assert send(work, bulk, theirs, kind="recalls", mapping=mapping).state == "finished"
    assert send(work, bulk, theirs, kind="recalls").state == "finished"
    assert send(work, bulk, theirs, kind="lines").state == "refused"
