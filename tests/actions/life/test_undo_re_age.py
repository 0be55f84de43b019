"""Only the account of this lender, and only what stands, is taken back (the rest: `test_re_age_accounts`)."""

from portal.actions.life.undo_re_age import undo_re_age
from portal.core.actors import staff_actor
from tests.actions.life.living import a_living


def test_where_nothing_was_re_aged_nothing_is_taken_back(work, lender):
    plan = a_living(work, lender)
    staff = staff_actor("stf_1")
    assert undo_re_age(work, account_id=plan.chain.account_id, actor=staff, now=plan.chain.now) == "nothing"
    assert not plan.events("account.re_age_undone")
