from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from portal.core.life.acts import moves_left
from portal.core.life.clock import Clock, Frozen, count_days, day_of
from portal.core.life.options import Options, options_for
from portal.core.life.state import Row
from portal.store import agreements, lives
from portal.store.lives import KeptLife
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """How a person's plan stands at a moment: what is missed, the hold that freezes it, what can be done."""

    kept: KeptLife
    now: datetime

    @property
    def missed(self) -> tuple[Row, ...]:
        """The payments whose grace ran out."""
        return self.kept.life.missed

    @property
    def frozen(self) -> Frozen | None:
        """The hold that freezes the dates now."""
        held = [
            one
            for one in self.kept.world.frozen
            if one.start <= self.now and (one.end is None or self.now < one.end)
        ]
        return held[0] if held else None

    @property
    def needs_choice(self) -> bool:
        """Whether a person should be asked first what would help: something is missed and nothing is frozen."""
        return bool(self.missed) and self.frozen is None and self.kept.life.state in {"active", "broken"}

    @property
    def moves(self) -> int:
        """How many payments can still be moved in twelve months."""
        return moves_left(replace(self.kept.life, as_of=self.now), self.kept.world)

    @property
    def catch_up(self) -> Clock | None:
        """Until when the same plan comes back by paying the gap; None while it runs."""
        life, world = self.kept.life, self.kept.world
        if life.state != "broken" or life.broken_on is None:
            return None
        return count_days(start=life.broken_on, days=world.terms.cure_days, pauses=world.pauses)

    def grace_of(self, row: Row) -> Clock:
        """Return the clock of a payment's grace, with the days that were given back."""
        world = self.kept.world
        base = max(row.due_on, day_of(row.since, world.zone))
        return count_days(start=base, days=world.terms.grace_days, pauses=world.pauses)

    def options(self, number: int) -> Options | None:
        """Return what can be done about one payment now."""
        return options_for(replace(self.kept.life, as_of=self.now), number, self.kept.world)


def view_plan(work: Work, *, account_id: UUID, debtor_id: UUID, now: datetime) -> PlanView | None:
    """Read how the running plan of a person's account stands; None when none runs. Nothing is written."""
    with work.read() as tx:
        active = agreements.find_active(tx, account_id=account_id)
        if active is None or active.debtor_id != debtor_id:
            return None
        kept = lives.load_life(tx, agreement_id=active.agreement_id)
    return None if kept is None else PlanView(kept=kept, now=now)
