from portal.core.negotiation.ask import Ask
from portal.core.negotiation.reasons import longest, reasons_for
from tests.core.negotiation.helpers import a_policy, some_facts

POLICY = a_policy(some_facts(surplus=None))


def test_a_term_reason_says_what_the_payment_would_need():
    (found,) = reasons_for(POLICY.case, POLICY, Ask(pay_minor=2_000))
    assert found.code == "TERM_MAX"
    assert (found.get("months"), found.get("payments"), found.get("need")) == (60, 60, 113)
    assert found.get("pay").minor == 2_000


def test_the_longest_plan_in_weeks():
    assert longest(POLICY.case, "weekly") == (60, 260)


def test_no_single_public_bound_means_the_combination_and_a_budget_helps():
    codes = [one.code for one in reasons_for(POLICY.case, POLICY, Ask(pay_minor=9_000, months=12))]
    assert codes == ["COMBINATION", "NEED_BUDGET"]
