"""A training provider confirms a step of a course: once, and the reward of that step is the debtor's for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.actions.training.learner import Learner, find_place, lock_learner, tell
from portal.actions.training.vest_reward import vest_rewards
from portal.core.enrollments import is_in_time, is_to_come
from portal.store import enrollments, inbox, jobs
from portal.store.enrollments import KeptMilestone
from portal.store.work import Database, Transaction

START = "enrolled"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The signed call that brought the confirmation: its unique id and its body, kept in the lender's inbox."""

    outside_id: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """What a provider says: this step was reached on this day. `evidence` is provider_webhook or provider_portal."""

    code: str
    milestone: str
    on: date
    evidence: str
    letter: Letter | None = None


@dataclass(frozen=True, kw_only=True)
class Verified:
    """The step is confirmed; `was_verified` tells that it had been before and nothing changed now."""

    was_verified: bool


@dataclass(frozen=True, kw_only=True)
class NotVerified:
    """Nothing changed. `reason`: unknown (no such learner of this provider), no_step, ended, late, to_come."""

    reason: str


UNKNOWN = NotVerified(reason="unknown")


def verify_milestone(
    database: Database, *, provider_id: UUID, confirmation: Confirmation, now: datetime
) -> Verified | NotVerified:
    """Confirm a step of a learner's course; repeated and parallel confirmations change nothing.

    A code that is unknown and one of another provider's learner answer alike. A step counts until a week after it
    was due.
    """
    place = find_place(database, code=confirmation.code)
    if place is None:
        return UNKNOWN
    with database.work(place.lender_id).begin() as tx:
        learner = lock_learner(tx, enrollment_id=place.enrollment_id)
        if learner is None or learner.enrollment.provider_id != provider_id:
            return UNKNOWN
        every = enrollments.list_milestones(tx, enrollment_id=place.enrollment_id)
        steps = [one for one in every if one.kind == confirmation.milestone]
        reason = _why_not(learner, steps, confirmation, now)
        if reason:
            return NotVerified(reason=reason)
        if not _keep_letter(tx, learner, confirmation, now=now):
            return Verified(was_verified=True)
        return Verified(was_verified=not _confirm(tx, learner, every, confirmation, now=now))


def _why_not(learner: Learner, steps: Sequence[KeptMilestone], said: Confirmation, now: datetime) -> str:
    is_done = bool(steps) and all(one.state == "verified" for one in steps)
    checks = (
        ("no_step", not steps and said.milestone != START),
        ("", is_done),
        ("ended", learner.enrollment.state == "ended"),
        ("to_come", is_to_come(on=said.on, now=now)),
        ("late", any(not is_in_time(on=said.on, due_by=one.due_by) for one in steps)),
    )
    return next((reason for reason, holds in checks if holds), "")


def _keep_letter(tx: Transaction, learner: Learner, said: Confirmation, *, now: datetime) -> bool:
    """Keep the signed call by its id; False when it was taken before."""
    if said.letter is None:
        return True
    named = {"source": f"training:{learner.course.provider_slug}", "outside_id": said.letter.outside_id}
    is_new = inbox.keep(tx, body=said.letter.body, now=now, **named)
    if is_new:
        inbox.finish(tx, state="done", now=now, **named)
    return is_new


def _confirm(
    tx: Transaction, learner: Learner, every: Sequence[KeptMilestone], said: Confirmation, *, now: datetime
) -> bool:
    """Move the enrollment and the step on and tell each; False when both had been there before."""
    has_started = _start(tx, learner, said, count=len({one.kind for one in every}), now=now)
    steps = [one for one in every if one.kind == said.milestone and one.state != "verified"]
    for before in sorted({one.state for one in steps}):
        enrollments.move_milestone(
            tx,
            enrollment_id=learner.enrollment.enrollment_id,
            kind=said.milestone,
            before=before,
            after="verified",
            evidence=said.evidence,
            now=now,
        )
    if steps:
        tell(
            tx,
            learner,
            type_="training.milestone_verified",
            actor=learner.provider,
            now=now,
            milestone=said.milestone,
            number=min(one.position for one in steps),
            verified_on=said.on.isoformat(),
            evidence=said.evidence,
        )
        vest_rewards(tx, learner, steps, actor=learner.provider, now=now)
        _confirm_on_paper(tx, learner, said.milestone)
    _complete(tx, learner, now=now)
    return bool(steps) or has_started


def _confirm_on_paper(tx: Transaction, learner: Learner, milestone: str) -> None:
    """Let a worker write the letter that the step is reached."""
    account_id = learner.accounts[0].account_id.hex
    jobs.defer(tx, "issue_milestone_letter", queue="documents", account_id=account_id, milestone=milestone)


def _start(tx: Transaction, learner: Learner, said: Confirmation, *, count: int, now: datetime) -> bool:
    """Enroll a learner whose first confirmation this is, whichever step it is about."""
    is_new = enrollments.move_enrollment(
        tx, enrollment_id=learner.enrollment.enrollment_id, before="chosen", after="enrolled", now=now
    )
    if is_new:
        more = {"starts_on": said.on.isoformat()} if said.milestone == START else {}
        tell(
            tx, learner, type_="training.enrolled", actor=learner.provider, now=now, milestones=count, **more
        )
    return is_new


def _complete(tx: Transaction, learner: Learner, *, now: datetime) -> None:
    """End a course whose every step was settled."""
    enrollment_id = learner.enrollment.enrollment_id
    steps = enrollments.list_milestones(tx, enrollment_id=enrollment_id)
    if not steps or any(one.state == "waiting" for one in steps):
        return
    if enrollments.move_enrollment(
        tx, enrollment_id=enrollment_id, before="enrolled", after="completed", now=now
    ):
        tell(tx, learner, type_="training.ended", actor=learner.provider, now=now, outcome="finished")
