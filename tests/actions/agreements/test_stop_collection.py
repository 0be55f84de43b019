from datetime import timedelta

import pytest

from portal.actions.agreements.withdraw_agreement import withdraw_agreement
from portal.actions.links.send_link import send_link
from portal.store import messages
from tests import build
from tests.actions.chain import a_chain
from tests.fakes import SmsFake


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def first_link(chain, *, at=None):
    return send_link(
        chain.work,
        debtor_id=chain.debtor_id,
        now=at or chain.now,
        sms=None,
        base_url="https://help.example.org",
    )


def states(chain):
    with chain.work.read() as tx:
        found = messages.list_messages_of(tx, debtor_id=chain.debtor_id, limit=20)
    return [(one.template, one.state, one.reason) for one in found]


def test_a_signature_holds_back_what_waits_about_the_debt_and_says_so(chain, work):
    assert first_link(chain).kind == "queued"
    chain.signed()
    assert states(chain) == [("link_first", "suppressed", "planned")]
    (told,) = [row for row in build.events_of(work) if row.type == "message.suppressed"]
    assert told.payload["reason"] == "planned"


def test_nothing_new_about_the_debt_is_sent_while_the_plan_runs(chain, work):
    agreement = chain.signed()
    later = chain.now + timedelta(days=30)
    refused = first_link(chain, at=later)
    assert (refused.kind, refused.reason) == ("suppressed", "planned")
    asked_for = send_link(
        work,
        debtor_id=chain.debtor_id,
        now=later,
        sms=SmsFake(),
        base_url="https://help.example.org",
        at_request=True,
    )
    assert asked_for.kind == "sent"
    withdraw_agreement(
        work,
        agreement_ref=agreement.agreement_ref,
        debtor_id=chain.debtor_id,
        now=chain.now + timedelta(days=1),
    )
    assert first_link(chain, at=later + timedelta(days=30)).kind == "queued"


def test_another_open_account_may_still_be_written_about(chain, work, lender):
    build.an_account(work, creditor_id=lender.creditor_id, debtor_id=chain.debtor_id)
    first_link(chain)
    chain.signed()
    assert [state for _, state, _ in states(chain)] == ["queued"]
