"""Members of a staff and what is told about them, in the few words that these tests need."""

from portal.actions.staff.invite_staff import invite_staff
from portal.core.actors import SYSTEM
from tests import build


def invited(work, now, roles=("owner",), email="ana@acme.example"):
    return invite_staff(work, email=email, full_name="Ana Duarte", roles=roles, actor=SYSTEM, now=now)


def staff_events(work):
    return [row.payload for row in build.events_of(work) if row.type == "staff.changed"]
