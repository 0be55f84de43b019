"""A debtor whose lender says another figure reads it on the plan's home, with what follows and what does not."""

import pytest

from portal.store import case_balances
from tests.web.debtor.conftest import words_of
from tests.web.debtor.planned import a_planned


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ("keep", "Your signed plan stays exactly as it is"),
        ("requote", "you may sign it or stay with yours"),
        ("freeze", "Your plan rests until a person has looked at it"),
    ],
)
def test_the_home_says_why_a_figure_is_another_one(phone, door, clock, effect, words):
    plan = a_planned(door, clock)
    phone.enter()
    assert "we were told another figure" not in words_of(phone.get(phone.account + "/home?view=plan"))
    account = plan.chain.account()
    with door.work.begin() as tx:
        case_balances.save_told(
            tx,
            account_id=account.account_id,
            parts=(account.principal_minor + 500, account.interest_minor, account.fees_minor),
            ours_minor=account.balance_minor,
            effect=effect,
            now=clock.now(),
        )
    page = words_of(phone.get(phone.account + "/home?view=plan"))
    assert "we were told another figure" in page
    assert words in page
