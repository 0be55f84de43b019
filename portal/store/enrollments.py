"""A debtor on a course: the learner code that a provider sees, the milestones, and what each is worth.

A provider never sees a debt, an amount, a lender's case or the reason (SCREENS.md 5): the code leads to the lender
through the shared directory, and only the course and the dates stand beside it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from portal.core.plans.grammar import Milestone
from portal.core.states import check_move
from portal.store.directory import save_entry
from portal.store.guest_lenders import note_lender
from portal.store.tables.agreements import enrollments, milestones
from portal.store.tables.shared import courses, providers
from portal.store.work import SharedTransaction, Transaction

_CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 26  # 128 bits: the code alone leads to an enrollment


@dataclass(frozen=True, kw_only=True)
class Course:
    """A course of the shared catalog; `titles` by language, `details` with hours, place, cost and dates."""

    course_id: UUID
    course_ref: str
    provider_id: UUID
    provider_slug: str
    provider_name: str
    titles: Mapping[str, str]
    details: Mapping[str, Any]
    languages: Sequence[str]
    countries: Sequence[str]
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Enrollment:
    enrollment_id: UUID
    enrollment_code: str
    agreement_id: UUID
    provider_id: UUID
    course_id: UUID
    state: str
    chosen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class KeptMilestone:
    """A milestone of an enrollment; `reward` holds kind, worth in minor units and share in basis points."""

    enrollment_id: UUID
    kind: str
    position: int
    due_by: date
    reward: Mapping[str, Any]
    state: str
    verified_at: datetime | None
    evidence: str | None


_COURSE = (
    courses.c.course_id,
    courses.c.course_ref,
    courses.c.provider_id,
    providers.c.slug.label("provider_slug"),
    providers.c.name.label("provider_name"),
    courses.c.titles,
    courses.c.details,
    courses.c.languages,
    courses.c.countries,
    courses.c.is_open,
)
_WITH_PROVIDER = courses.join(providers, providers.c.provider_id == courses.c.provider_id)
_ENROLLMENT = tuple(enrollments.c[name] for name in Enrollment.__dataclass_fields__)
_MILESTONE = tuple(milestones.c[name] for name in KeptMilestone.__dataclass_fields__)


def list_courses(tx: Transaction | SharedTransaction, *, country: str) -> list[Course]:
    """List the open courses that can be taken from a country."""
    rows = tx.execute(
        select(*_COURSE)
        .select_from(_WITH_PROVIDER)
        .where(courses.c.is_open, courses.c.countries.overlap([country, "*"]))
        .order_by(courses.c.course_ref)
        .limit(50)
    )
    return [Course(**row._mapping) for row in rows]


def list_courses_of(tx: SharedTransaction, *, provider_id: UUID) -> list[Course]:
    """List the courses of a provider, open or not."""
    rows = tx.execute(
        select(*_COURSE)
        .select_from(_WITH_PROVIDER)
        .where(courses.c.provider_id == provider_id)
        .order_by(courses.c.course_ref)
        .limit(200)
    )
    return [Course(**row._mapping) for row in rows]


def find_course(
    tx: Transaction | SharedTransaction, *, course_ref: str | None = None, course_id: UUID | None = None
) -> Course | None:
    wanted = (
        courses.c.course_ref == course_ref if course_ref is not None else courses.c.course_id == course_id
    )
    row = tx.execute(select(*_COURSE).select_from(_WITH_PROVIDER).where(wanted)).one_or_none()
    return None if row is None else Course(**row._mapping)


def save_enrollment(
    tx: Transaction, *, agreement_id: UUID, course: Course, steps: Sequence[Milestone], now: datetime
) -> Enrollment:
    """Put a debtor on a course: a fresh learner code and the milestones of the signed plan."""
    enrollment = Enrollment(
        enrollment_id=tx.new_id(),
        enrollment_code="".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH)),
        agreement_id=agreement_id,
        provider_id=course.provider_id,
        course_id=course.course_id,
        state="chosen",
        chosen_at=now,
        ended_at=None,
    )
    tx.execute(insert(enrollments).values(lender_id=tx.lender_id, **vars(enrollment)))
    note_lender(tx, house_id=course.provider_id)
    save_entry(
        tx,
        kind="enrollment",
        secret=enrollment.enrollment_code,
        lender_id=tx.lender_id,
        subject_id=enrollment.enrollment_id,
        now=now,
    )
    tx.execute(
        insert(milestones),
        [
            {
                "lender_id": tx.lender_id,
                "enrollment_id": enrollment.enrollment_id,
                "kind": step.kind,
                "position": position,
                "due_by": step.due_by,
                "reward": {"kind": step.reward, "worth": step.worth, "share_bp": step.share_bp},
                "state": "waiting",
            }
            for position, step in enumerate(steps, 1)
        ],
    )
    return enrollment


def find_enrollment(
    tx: Transaction,
    *,
    enrollment_id: UUID | None = None,
    enrollment_code: str | None = None,
    agreement_id: UUID | None = None,
) -> Enrollment | None:
    """Find an enrollment by its id, its learner code, or its agreement (the newest)."""
    wanted = {
        "enrollment_id": enrollment_id,
        "enrollment_code": enrollment_code,
        "agreement_id": agreement_id,
    }
    conditions = [enrollments.c[name] == value for name, value in wanted.items() if value is not None]
    if not conditions:
        raise ValueError("name the enrollment")
    row = tx.execute(
        select(*_ENROLLMENT)
        .where(enrollments.c.lender_id == tx.lender_id, *conditions)
        .order_by(enrollments.c.enrollment_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Enrollment(**row._mapping)


def list_enrollments(
    tx: Transaction, *, provider_id: UUID, before: UUID | None = None, limit: int = 200
) -> list[Enrollment]:
    """List a provider's learners of this lender, newest first; those made before one if it is named."""
    wanted = [enrollments.c.lender_id == tx.lender_id, enrollments.c.provider_id == provider_id]
    if before is not None:
        wanted.append(enrollments.c.enrollment_id < before)
    rows = tx.execute(
        select(*_ENROLLMENT).where(*wanted).order_by(enrollments.c.enrollment_id.desc()).limit(limit)
    )
    return [Enrollment(**row._mapping) for row in rows]


def list_milestones(tx: Transaction, *, enrollment_id: UUID) -> list[KeptMilestone]:
    rows = tx.execute(
        select(*_MILESTONE)
        .where(milestones.c.lender_id == tx.lender_id, milestones.c.enrollment_id == enrollment_id)
        .order_by(milestones.c.position)
    )
    return [KeptMilestone(**row._mapping) for row in rows]


def count_steps(tx: Transaction, *, enrollment_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Map enrollments to how many of their steps are confirmed, and how many there are; rewards share a step."""
    rows = tx.execute(
        select(milestones.c.enrollment_id, milestones.c.kind, milestones.c.state)
        .where(milestones.c.lender_id == tx.lender_id, milestones.c.enrollment_id.in_(enrollment_ids))
        .distinct()
    ).all()
    found: dict[UUID, tuple[int, int]] = {}
    for row in rows:
        done, steps = found.get(row.enrollment_id, (0, 0))
        found[row.enrollment_id] = (done + (row.state == "verified"), steps + 1)
    return found


def list_overdue(tx: Transaction, *, due_before: date, limit: int) -> list[KeptMilestone]:
    """List waiting milestones of courses that run, due before a day, the oldest first."""
    same = (enrollments.c.lender_id == milestones.c.lender_id) & (
        enrollments.c.enrollment_id == milestones.c.enrollment_id
    )
    rows = tx.execute(
        select(*_MILESTONE)
        .select_from(milestones.join(enrollments, same))
        .where(
            milestones.c.lender_id == tx.lender_id,
            milestones.c.state == "waiting",
            milestones.c.due_by < due_before,
            enrollments.c.state.in_(["chosen", "enrolled"]),
        )
        .order_by(milestones.c.due_by, milestones.c.enrollment_id, milestones.c.position)
        .limit(limit)
    )
    return [KeptMilestone(**row._mapping) for row in rows]


def move_enrollment(tx: Transaction, *, enrollment_id: UUID, before: str, after: str, now: datetime) -> bool:
    """Move an enrollment's state by compare-and-set; False when it was not in `before`."""
    check_move(noun="enrollment", before=before, after=after)
    ends = {"ended_at": now} if after in {"ended", "completed"} else {}
    step = (
        update(enrollments)
        .where(
            enrollments.c.lender_id == tx.lender_id,
            enrollments.c.enrollment_id == enrollment_id,
            enrollments.c.state == before,
        )
        .values(state=after, **ends)
    )
    return tx.execute(step).rowcount == 1


def move_milestone(
    tx: Transaction,
    *,
    enrollment_id: UUID,
    kind: str,
    before: str,
    after: str,
    evidence: str | None = None,
    now: datetime,
) -> bool:
    """Move a milestone, with each of its rewards, by compare-and-set; False when it was not in `before`."""
    check_move(noun="milestone", before=before, after=after)
    verified = {"verified_at": now, "evidence": evidence} if after == "verified" else {}
    step = (
        update(milestones)
        .where(
            milestones.c.lender_id == tx.lender_id,
            milestones.c.enrollment_id == enrollment_id,
            milestones.c.kind == kind,
            milestones.c.state == before,
        )
        .values(state=after, **verified)
    )
    return tx.execute(step).rowcount > 0
