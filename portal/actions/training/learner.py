"""Finds who stands behind a learner code, for the provider that the code was given to and for nobody else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor, provider_actor
from portal.core.enrollments import is_code
from portal.store import accounts, agreements, debtors, directory, enrollments, events
from portal.store.accounts import Account
from portal.store.agreements import Agreement
from portal.store.debtors import new_ref
from portal.store.enrollments import Course, Enrollment
from portal.store.rows import known
from portal.store.work import Database, Transaction


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a learner code leads: the lender, and the enrollment there."""

    lender_id: int
    enrollment_id: UUID


@dataclass(frozen=True, kw_only=True)
class Learner:
    """An enrollment with its course, agreement and accounts, whose rows are locked."""

    enrollment: Enrollment
    course: Course
    agreement: Agreement
    accounts: tuple[Account, ...]
    debtor_ref: str

    @property
    def provider(self) -> Actor:
        """The provider as events name it."""
        return provider_actor(self.course.provider_slug)


def find_place(database: Database, *, code: str) -> Place | None:
    """Find where a learner code leads; None for anything that is none."""
    if not is_code(code):
        return None
    with database.shared().read() as shared:
        entry = directory.find_entry(shared, kind="enrollment", secret=code)
    if entry is None or entry.lender_id is None or entry.subject_id is None:
        return None
    return Place(lender_id=entry.lender_id, enrollment_id=entry.subject_id)


def lock_learner(tx: Transaction, *, enrollment_id: UUID) -> Learner | None:
    """Lock accounts, then the agreement, then load the enrollment: the order of every action."""
    found = enrollments.find_enrollment(tx, enrollment_id=enrollment_id)
    if found is None:
        return None
    ids = agreements.list_account_ids(tx, agreement_id=found.agreement_id)
    covered = tuple(known(accounts.lock_account(tx, account_id=one)) for one in ids)
    agreement = known(agreements.lock_agreement(tx, agreement_id=found.agreement_id))
    return Learner(
        enrollment=known(enrollments.find_enrollment(tx, enrollment_id=enrollment_id)),
        course=known(enrollments.find_course(tx, course_id=found.course_id)),
        agreement=agreement,
        accounts=covered,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref,
    )


def tell(
    tx: Transaction, learner: Learner, *, type_: str, actor: Actor, now: datetime, **more: object
) -> None:
    """Append one event of a training to each account of its agreement."""
    events.append_for_accounts(
        tx,
        accounts=learner.accounts,
        type=type_,
        actor=actor,
        at=now,
        debtor_ref=learner.debtor_ref,
        payload={
            "enrollment": new_ref("enr", learner.enrollment.enrollment_id),
            "course": learner.course.course_ref,
            "provider": learner.course.provider_slug,
            "agreement": learner.agreement.agreement_ref,
            **more,
        },
    )
