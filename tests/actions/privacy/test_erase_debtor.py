"""Erasure leaves no trace of a person in any table but what the law keeps, and every proof stays what it was."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.actions.care.open_complaint import open_complaint
from portal.actions.evidence.audit_log import audit_log
from portal.actions.evidence.seal_log import seal_log
from portal.actions.privacy.erase_debtor import erase_debtor
from portal.core.actors import SYSTEM
from portal.core.evidence.documents import write_proof
from portal.core.evidence.files import verify_file
from portal.gateways.log_keys import is_signed_by, make_key_pairs
from portal.store import debtors, keys, log_keys, messages, proofs
from portal.store.tables import metadata, tenant_tables
from portal.store.tables.agreements import agreements
from portal.store.tables.debtors import accounts
from portal.store.tables.debtors import complaints as complaint_table
from tests import build
from tests.actions.chain import Chain

YEARS = timedelta(days=366 * 8)
CANARIES = (
    "Zyxwina",
    "Canarybird",
    "+12015559173",
    "canary.example",
    "1986-11-17",
    "9173",
    "quetzalword",
    "P-CANARY",
)
WORDS = "private words of Zyxwina"


@pytest.fixture
def person(work, lender):
    """A canary with an account, a signed agreement, a message, a complaint and a budget."""
    build.active_bounds(work)
    debtor_id = build.a_debtor(
        work, full_name="Zyxwina Canarybird", phone="+12015559173", email="zyxwina@canary.example", id_last4="9173",
        security_word="quetzalword", source_ref="P-CANARY",
    )  # fmt: skip
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    Chain(work=work, account_id=account_id, debtor_id=debtor_id).signed()
    open_complaint(
        work, debtor_id=debtor_id, topic="other", words=WORDS, language="en", token="t" * 30, now=build.NOW
    )
    with work.begin() as tx:
        letter = messages.Letter(recipient="+12015559173", body=f"Dear Zyxwina, {WORDS}")
        messages.save_message(
            tx, debtor_id=debtor_id, template="link", language="en", letter=letter, segments=1, due_at=build.NOW,
            now=build.NOW,
        )  # fmt: skip
    with work.read() as tx:
        return debtors.find_debtor(tx, debtor_id=debtor_id)


def found_in(work):
    """Give the places, `table.column`, where a canary can be read by who has the keys."""
    places = set()
    sealed = {(table.name, column.name) for table, column in keys.sealed_columns()}
    with work.read() as tx:
        for name in tenant_tables:
            table = metadata.tables[name]
            own = [one for one in table.primary_key.columns if one.name != "lender_id"]
            for row in tx.execute(select(table).where(table.c.lender_id == tx.lender_id)).all():
                for column in table.columns:
                    value = row._mapping[column.name]
                    if value is None:
                        continue
                    if (name, column.name) in sealed:
                        label = keys.row_label([row._mapping[one.name] for one in own])
                        value = tx.unseal(column=f"{name}.{column.name}", row=label, sealed=value)
                    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                    if any(re.search(rf"(?<![0-9a-f]){re.escape(one)}", text) for one in CANARIES):
                        places.add(f"{name}.{column.name}")
    return places


def close_everything(work, person):
    with work.begin() as tx:
        for table, state in ((accounts, "closed"), (agreements, "completed"), (complaint_table, "closed")):
            own = (table.c.lender_id == tx.lender_id, table.c.debtor_id == person.debtor_id)
            tx.execute(update(table).where(*own).values(state=state))


def erase(work, person, now):
    return erase_debtor(work, debtor_ref=person.debtor_ref, reason="request", actor=SYSTEM, now=now)


def test_while_something_is_open_only_what_nobody_needs_goes(work, person):
    done = erase(work, person, build.NOW)
    assert set(done.erasure.reasons) == {"account_open", "agreement_running", "matter_open", "retention"}
    left = found_in(work)
    assert "debtors.email" not in left
    assert {"debtors.full_name", "debtors.phone", "complaints.words", "messages.body"} <= left
    told = build.events_of(work)[-1]
    assert (told.type, told.payload["reason"]) == ("data.erased", "request")
    assert told.payload["fields"] == ["email", "monthly_income", "budgets", "devices"]


def test_when_its_time_has_come_no_table_knows_the_person_and_every_proof_holds(work, person):
    seal_log(work, make_keys=make_key_pairs, now=build.NOW + timedelta(minutes=2))
    signed = next(row for row in build.events_of(work) if row.type == "agreement.signed")
    with work.read() as tx:
        before = write_proof(proofs.prove_event(tx, event_id=signed.id))
    close_everything(work, person)
    assert found_in(work)
    done = erase(work, person, build.NOW + YEARS)
    assert done.erasure.kept == ()
    assert found_in(work) == set()
    seal_log(work, make_keys=make_key_pairs, now=build.NOW + YEARS)
    assert audit_log(work, check=is_signed_by).finding is None
    with work.read() as tx:
        trusted = log_keys.list_public_keys(tx)
        after = write_proof(proofs.prove_event(tx, event_id=signed.id))
    for content in (before, after):
        assert verify_file(content, check=is_signed_by, trusted=trusted).faults == ()


def test_twice_is_no_more_than_once_and_nobody_is_nobody(work, person):
    close_everything(work, person)
    erase(work, person, build.NOW + YEARS)
    again = erase(work, person, build.NOW + YEARS)
    assert again.erasure.kept == ()
    assert found_in(work) == set()
    assert erase_debtor(work, debtor_ref="dbt_nobody", reason="request", actor=SYSTEM, now=build.NOW) is None
    with work.read() as tx:
        assert debtors.list_ids_by_name(tx, words="Zyxwina", limit=5) == []
