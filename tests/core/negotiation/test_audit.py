from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.audit import bounds_hash
from portal.core.negotiation.facts import facts_hash
from tests.core.negotiation.helpers import BOUNDS, some_facts


def test_a_row_says_what_was_decided_from_what():
    facts = some_facts()
    found = answer(facts=facts, bounds=BOUNDS, ask=Ask(pay_minor=8_000))
    row = found.audit
    assert (row.facts_hash, row.bounds_hash) == (facts_hash(facts), bounds_hash(BOUNDS))
    assert row.n_candidates >= 2_600 >= row.n_policy * 0
    assert row.menu == tuple(offer.plan.id for offer in found.offers)
    assert (row.answer, row.model) == ("accept", "literature prior v1")
    assert row.to_dict()["menu"] == list(row.menu)


def test_the_set_behind_the_answer_is_the_same_whatever_was_asked():
    roots = {
        answer(facts=some_facts(), bounds=BOUNDS, ask=ask).audit.policy_root for ask in (None, Ask(months=9))
    }
    assert len(roots) == 1
    assert answer(facts=some_facts(days_past_due=40), bounds=BOUNDS).audit.policy_root not in roots
