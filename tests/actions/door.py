"""The way from a text message to a verified visit, in the few words that the tests need."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text

from portal.actions.identity.check_code import IDENTITY, check_identity_code
from portal.actions.identity.send_code import send_code
from portal.actions.identity.verify_identity import verify_identity
from portal.actions.links.open_link import open_link
from portal.actions.links.send_link import send_link
from portal.core.actors import DEBTOR
from portal.store import debtors, links, messages, sessions
from portal.store.tables.events import events
from portal.store.tables.identity import codes
from portal.store.tables.identity import sessions as rows
from tests import build
from tests.fakes import SmsFake

BASE = "https://pay.northwind.example"
DAY = build.NOW + timedelta(hours=7)  # Tuesday, 11:30 in New York
BORN = "1986-11-17"


@dataclass
class Door:
    """One debtor with one account, and a carrier that keeps what it was given."""

    work: object
    creditor_id: UUID
    now: object = DAY
    sms: SmsFake = field(default_factory=SmsFake)
    person: dict = field(default_factory=dict)

    def __post_init__(self):
        self.debtor_id = build.a_debtor(self.work, **self.person)
        self.account_id = build.an_account(self.work, creditor_id=self.creditor_id, debtor_id=self.debtor_id)

    def send(self, **changes):
        return send_link(
            self.work, **{"debtor_id": self.debtor_id, "now": self.now, "sms": self.sms, "base_url": BASE,
                          "requested_by": DEBTOR} | changes,
        )  # fmt: skip

    def open(self, token=None):
        opened = open_link(self.work, token=token or self.sms.last_token, language="en", now=self.now)
        return self.session(opened) if opened else None

    def enter(self):
        self.send()
        return self.open()

    def session(self, token):
        with self.work.read() as tx:
            return sessions.find_session(tx, token=token, now=self.now)

    def answer(self, session, text=BORN, *, device=None):
        return verify_identity(
            self.work,
            session_id=session.session_id,
            debtor_id=session.subject_id,
            link_id=session.link_id,
            answer=text,
            state=session.state,
            device=device,
            now=self.now,
        )

    def ask_code(self, session, *, purpose=IDENTITY, bound_to=None):
        return send_code(
            self.work,
            session_id=session.session_id,
            debtor_id=self.debtor_id,
            purpose=purpose,
            bound_to=bound_to,
            now=self.now,
            sms=self.sms,
            base_url=BASE,
        )

    def give_code(self, session, code, *, device=None):
        return check_identity_code(
            self.work,
            session_id=session.session_id,
            debtor_id=self.debtor_id,
            link_id=session.link_id,
            state=session.state,
            code=code,
            device=device,
            now=self.now,
        )

    def debtor(self):
        with self.work.read() as tx:
            return debtors.find_debtor(tx, debtor_id=self.debtor_id)

    def link(self, link_id):
        with self.work.read() as tx:
            return links.find_link(tx, link_id=link_id)

    def told(self, type_=None):
        """List the payloads of the lender's events of one type, or all types told."""
        with self.work.read() as tx:
            rows = tx.execute(
                select(events.c.type, events.c.payload)
                .where(events.c.lender_id == tx.lender_id)
                .order_by(
                    text("xmin::text::bigint, cmin::text::bigint")
                )  # as written: ids of one ms have no order
            ).all()
        return [row.payload for row in rows if row.type == type_] if type_ else [row.type for row in rows]

    def link_of(self, token):
        with self.work.read() as tx:
            return links.find_link(tx, token=token)

    def session_state(self, session):
        with self.work.read() as tx:
            row = tx.execute(
                rows.select().where(rows.c.lender_id == tx.lender_id, rows.c.session_id == session.session_id)
            ).one()
        return row.state

    def code_state(self):
        with self.work.read() as tx:
            return tx.execute(select(codes).where(codes.c.lender_id == tx.lender_id)).all()

    def message(self, message_id):
        with self.work.read() as tx:
            return messages.find_message(tx, message_id=message_id)

    def wait(self, **span):
        self.now += timedelta(**span)
