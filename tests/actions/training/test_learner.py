from portal.actions.training.learner import find_place, lock_learner
from tests.guests import a_learner, a_trainer


def test_a_code_leads_to_its_lender_and_enrollment_and_anything_else_nowhere(database, work, lender):
    learner = a_learner(work, lender, a_trainer(database))
    place = find_place(database, code=learner.code)
    assert (place.lender_id, place.enrollment_id) == (lender.lender_id, learner.enrollment.enrollment_id)
    for code in ("", "a" * 26, learner.code.upper(), learner.code[:-1], "\x00" * 26):
        assert find_place(database, code=code) is None


def test_a_locked_learner_comes_with_course_agreement_and_accounts(database, work, lender):
    trainer = a_trainer(database)
    learner = a_learner(work, lender, trainer)
    with work.begin() as tx:
        locked = lock_learner(tx, enrollment_id=learner.enrollment.enrollment_id)
        nobody = lock_learner(tx, enrollment_id=learner.chain.debtor_id)
    assert nobody is None
    assert locked.agreement.agreement_ref == learner.agreement.agreement_ref
    assert [one.account_id for one in locked.accounts] == [learner.chain.account_id]
    assert (locked.provider.kind, locked.provider.ref) == ("provider", trainer.slug)
