"""A signed plan and the days after it: what the tests of a plan's life need, in few words."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.actions.life.act_on_plans import act_on_plans
from portal.actions.payments.receive_payment_event import receive_payment_event
from portal.actions.payments.record_payment import record_payment
from portal.actions.payments.start_payment import Wish, start_payment
from portal.core.money import Money
from portal.core.payments import Kind, PageWish
from portal.store import agreements, lives, payments
from portal.store.tables.identity import messages
from tests import build
from tests.actions.chain import Chain, PageGateway, a_chain, a_notice

BASE = "https://pay.northwind.example"


@dataclass
class Living:
    """A plan that was signed, and the clock that its days go by."""

    chain: Chain
    agreement_id: UUID
    agreement_ref: str

    @property
    def work(self):
        return self.chain.work

    @property
    def rows(self):
        with self.work.read() as tx:
            return agreements.list_installments(tx, agreement_id=self.agreement_id)

    @property
    def state(self):
        with self.work.read() as tx:
            return agreements.find_agreement(tx, agreement_id=self.agreement_id).state

    @property
    def kept(self):
        with self.work.read() as tx:
            return lives.load_life(tx, agreement_id=self.agreement_id)

    def act(self, now):
        """Let the lender's plans act until none is due; gives how many acts happened."""
        self.chain.now = now
        acts = 0
        while (done := act_on_plans(self.work, now=now, base_url=BASE)).plans:
            acts += done.acts
        return acts

    def after(self, row, *, days=0, hours=20):
        """Give a moment so many days after a payment is due."""
        due = datetime(row.due_on.year, row.due_on.month, row.due_on.day, tzinfo=build.NOW.tzinfo)
        return due + timedelta(days=days, hours=hours)

    def pay(self, amount, *, at=None):
        self.chain.now = at or self.chain.now
        gone = start_payment(
            self.work,
            wish=Wish(account_id=self.chain.account_id, amount=Money(amount, "USD"), purpose="installment"),
            debtor_id=self.chain.debtor_id,
            gateway=PageGateway(),
            page_for=lambda ref: PageWish(
                success_url=f"https://x.example/{ref}", cancel_url="https://x.example/"
            ),
            form_token=secrets.token_urlsafe(24),
            now=self.chain.now,
        )
        with self.work.read() as tx:
            payment = payments.find_payment(tx, payment_ref=gone.payment_ref)
        self.tell(payment, Kind.SUCCEEDED)
        return payment

    def tell(self, payment, kind, **more):
        notice = a_notice(payment, kind, at=self.chain.now, **more)
        receive_payment_event(self.work, source="stripe", notice=notice, now=self.chain.now)
        return record_payment(
            self.work, source="stripe", outside_id=notice.event_id, now=self.chain.now
        ).result

    def events(self, *types):
        found = build.events_of(self.work, account_ref=self.chain.account().account_ref)
        return [one for one in found if not types or one.type in types]

    def types(self, *nouns):
        wanted = nouns or ("installment", "agreement")
        return [one.type for one in self.events() if one.type.partition(".")[0] in wanted]

    def messages(self):
        with self.work.read() as tx:
            rows = tx.execute(
                select(messages.c.template, messages.c.state, messages.c.due_at)
                .where(messages.c.lender_id == tx.lender_id, messages.c.debtor_id == self.chain.debtor_id)
                .order_by(messages.c.queued_at, messages.c.message_id)
            )
            return [(row.template, row.state) for row in rows]


def a_living(work, lender, **wish):
    chain = a_chain(work, lender)
    agreement = chain.signed(**wish)
    return Living(chain, agreement.agreement_id, agreement.agreement_ref)
