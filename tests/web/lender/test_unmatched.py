"""Money that fits nothing, at the desk: one asks, another says yes; what cannot be is said where it was typed."""

import re

import pytest

from tests.actions.chain import a_notice
from tests.actions.life.living import a_living
from tests.actions.payments.test_record_payment import tell
from tests.actions.payments.test_unmatched import Somebody

PATH = "/lender/books/unmatched"


@pytest.fixture
def plan(world):
    return a_living(world.work, world.lender)


@pytest.fixture
def notice(plan):
    notice = a_notice(Somebody())
    assert tell(plan.chain, notice) == "ignored"
    return notice


def ask(console, notice, step="match", account=""):
    return console.post(
        PATH, page=PATH, source="stripe", outside_id=notice.event_id, step=step, account=account
    )


def test_two_people_put_money_where_it_belongs(plan, notice, desk):
    agent = desk("agent")
    assert "$75.00" in agent.text(PATH)
    account = plan.chain.account()
    assert ask(agent, notice, account=account.account_ref).location == f"{PATH}?done=step-asked"
    approver = desk("approver")
    (form,) = re.findall(rf"{PATH}/ums_\w+/decide", approver.get(PATH).get_data(as_text=True))
    assert approver.post(form, page=PATH, decision="approved").location == f"{PATH}?done=step-approved"
    assert plan.chain.account().balance_minor < account.balance_minor
    assert "Every notice fits a payment." in approver.text(PATH)


def test_what_cannot_be_is_said_and_what_was_typed_stays(notice, desk):
    done = ask(desk("agent"), notice, account="No-Such-1")
    text = done.get_data(as_text=True)
    assert done.status_code == 422
    assert "There is no such account" in text
    assert 'value="No-Such-1"' in text


def test_one_may_not_say_yes_to_oneself_and_an_auditor_only_looks(notice, desk):
    both = desk("agent", "approver")
    ask(both, notice, step="send_back")
    assert "somebody else decides" in both.text(PATH)
    assert both.post(f"{PATH}/ums_none/decide", page=PATH, decision="approved").status_code == 404
    assert both.post(f"{PATH}/ums_none/decide", page=PATH, decision="maybe").status_code == 400
    assert ask(desk("auditor"), notice).status_code == 403
