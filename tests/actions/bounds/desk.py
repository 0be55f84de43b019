"""A lender with bounds in force and people to change them, in the few words that these tests need."""

from dataclasses import dataclass, field
from uuid import UUID

from portal.actions.bounds.activate_bounds import activate_bounds
from portal.actions.bounds.count_plans import count_plans
from portal.actions.bounds.decide_approval import decide_approval
from portal.actions.bounds.request_approval import request_approval
from portal.actions.bounds.start_draft import start_draft
from portal.core.actors import staff_actor
from portal.core.bounds.schema import parse_bounds
from portal.gateways.ids import new_id
from portal.store import bounds
from tests import build

STAFF = staff_actor("stf_1")


@dataclass
class RulesDesk:
    work: object
    now: object = build.NOW
    ravi: UUID = field(default_factory=new_id)
    ana: UUID = field(default_factory=new_id)

    def start(self, *, currency="USD", source_id=None, by=None):
        return start_draft(
            self.work, currency=currency, source_id=source_id, staff_id=by or self.ravi, now=self.now
        )

    def version(self, bounds_id):
        with self.work.read() as tx:
            return bounds.find_bounds(tx, bounds_id=bounds_id)

    def count(self, bounds_id):
        draft = parse_bounds(self.version(bounds_id).body)
        return count_plans(self.work, draft=draft, today=self.now.date(), now=self.now, sample=5)

    def ask(self, bounds_id, *, by=None):
        return request_approval(
            self.work,
            bounds_id=bounds_id,
            counted=self.count(bounds_id),
            staff_id=by or self.ravi,
            actor=STAFF,
            now=self.now,
        )

    def decide(self, bounds_id, decision="approved", *, by=None):
        return decide_approval(
            self.work,
            bounds_id=bounds_id,
            decision=decision,
            note="",
            staff_id=by or self.ana,
            actor=STAFF,
            now=self.now,
        )

    def activate(self, bounds_id):
        return activate_bounds(self.work, bounds_id=bounds_id, actor=STAFF, now=self.now)

    def approved(self, **start):
        draft = self.start(**start).draft
        assert self.ask(draft.bounds_id) == "requested"
        assert self.decide(draft.bounds_id) == "decided"
        return draft

    def told(self):
        wanted = ("bounds.", "approval.")
        return [(row.type, row.payload) for row in build.events_of(self.work) if row.type.startswith(wanted)]
