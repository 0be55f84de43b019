"""A learner leaves a course: their own choice, or the provider says so. What was taken off the plan stays off."""

from datetime import datetime
from uuid import UUID

from portal.actions.training.learner import Learner, find_place, lock_learner, tell
from portal.core.actors import DEBTOR, Actor
from portal.store import agreements, enrollments
from portal.store.work import Database, Transaction, Work


def stop_course(work: Work, *, agreement_ref: str, debtor_id: UUID, now: datetime) -> bool:
    """Stop the course of a debtor's plan, no question why; False when there is none. Repeating changes nothing.

    The plain plan goes on: nothing is added, no reward that vested is taken back.
    """
    with work.begin() as tx:
        agreement = agreements.find_agreement(tx, agreement_ref=agreement_ref)
        if agreement is None or agreement.debtor_id != debtor_id:
            return False
        enrollment = enrollments.find_enrollment(tx, agreement_id=agreement.agreement_id)
        if enrollment is None:
            return False
        learner = lock_learner(tx, enrollment_id=enrollment.enrollment_id)
        if learner is not None:
            _end(tx, learner, actor=DEBTOR, outcome="stopped", now=now)
    return True


def report_leaving(database: Database, *, provider_id: UUID, code: str, now: datetime) -> bool:
    """Take a provider's word that a learner left; False when no learner of this provider has this code."""
    place = find_place(database, code=code)
    if place is None:
        return False
    with database.work(place.lender_id).begin() as tx:
        learner = lock_learner(tx, enrollment_id=place.enrollment_id)
        if learner is None or learner.enrollment.provider_id != provider_id:
            return False
        _end(tx, learner, actor=learner.provider, outcome="left", now=now)
    return True


def _end(tx: Transaction, learner: Learner, *, actor: Actor, outcome: str, now: datetime) -> None:
    before = learner.enrollment.state
    if before in {"chosen", "enrolled"} and enrollments.move_enrollment(
        tx, enrollment_id=learner.enrollment.enrollment_id, before=before, after="ended", now=now
    ):
        tell(tx, learner, type_="training.ended", actor=actor, now=now, outcome=outcome)
