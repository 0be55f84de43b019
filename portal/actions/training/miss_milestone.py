from datetime import datetime, timedelta

from portal.actions.training.learner import lock_learner, tell
from portal.core.actors import SYSTEM
from portal.core.enrollments import REVIEW_DAYS
from portal.store import enrollments
from portal.store.work import Work


def miss_milestone(work: Work, *, now: datetime) -> bool:
    """Note one step that nobody confirmed until a week after it was due; False when there is none. Safe to run twice.

    Nothing that is owed changes: with every step missed the plan is exactly the plain one.
    """
    due_before = now.date() - timedelta(days=REVIEW_DAYS)
    with work.begin() as tx:
        step = next(iter(enrollments.list_overdue(tx, due_before=due_before, limit=1)), None)
        if step is None:
            return False
        learner = lock_learner(tx, enrollment_id=step.enrollment_id)
        is_missed = enrollments.move_milestone(
            tx, enrollment_id=step.enrollment_id, kind=step.kind, before="waiting", after="missed", now=now
        )
        if learner is not None and is_missed:
            tell(
                tx,
                learner,
                type_="training.milestone_missed",
                actor=SYSTEM,
                now=now,
                milestone=step.kind,
                number=step.position,
                due_on=step.due_by.isoformat(),
                reason="date",
            )
    return True
