import json
import secrets

import click
import pytest

from portal.actions.cases.propose_plan import propose_plan
from portal.actions.cases.show_offers import show_offers
from portal.cli.decisions import records_of
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.replay import replay
from portal.store import cases
from tests.actions.chain import a_chain


def test_every_decision_of_a_case_replays_byte_by_byte(database, work, lender):
    chain = a_chain(work, lender)
    named = {
        "account_id": chain.account_id,
        "debtor_id": chain.debtor_id,
        "today": chain.today,
        "now": chain.now,
    }
    shown = show_offers(work, **named)
    for ask in (Ask(pay_minor=2_000), Ask(pay_minor=20_000), Ask(pay_minor=100, waiver_bp=9_000)):
        propose_plan(work, ask=ask, words=None, form_token=secrets.token_urlsafe(24), **named)
    records = records_of(database, slug=lender.slug, case_ref=shown.case_ref)
    assert len(records) == 4
    assert all(replay(json.loads(json.dumps(record))).is_equal for record in records)


def test_the_audit_rows_of_a_case_are_chained(work, lender):
    chain = a_chain(work, lender)
    named = {
        "account_id": chain.account_id,
        "debtor_id": chain.debtor_id,
        "today": chain.today,
        "now": chain.now,
    }
    for _ in range(3):
        shown = show_offers(work, **named)
    with work.read() as tx:
        case = cases.find_case(tx, case_ref=shown.case_ref)
        rows = cases.list_decisions(tx, case_id=case.case_id)
    assert [row.prev_hash for row in rows] == [None, rows[0].hash, rows[1].hash]
    assert case.decision_digest == rows[-1].hash


def test_no_such_case_is_said(database, lender):
    with pytest.raises(click.ClickException, match="no case"):
        records_of(database, slug=lender.slug, case_ref="cas_none")
    with pytest.raises(click.ClickException, match="no lender"):
        records_of(database, slug="nobody", case_ref="cas_none")
